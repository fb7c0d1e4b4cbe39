import React, { type RefObject } from 'react';
import { useStyles2 } from '@grafana/ui';
import { goneWords, type Saying } from '../../model/slo/say';
import type { Slo } from '../../model/slo/types';
import { stateWord } from '../../model/slo/words';
import { countText } from '../../model/words';
import { Mark } from '../shared/Mark';
import { BudgetBar } from './Marks';
import { getStyles } from './styles';

const [ROW, FOOT] = [24, 26];

interface SloListProps {
  readonly slos: readonly Slo[];
  readonly height: number;
  readonly saying: Saying;
  readonly hatchId: string;
  readonly activeIndex: number;
  readonly scroll: RefObject<HTMLDivElement | null>;
}

/** What is left out, never silently: `+ 2 no verdict, 1 idle, 17 met`. */
function restText(rest: readonly Slo[]): string {
  const count = (marks: readonly string[]) => rest.filter(({ mark }) => marks.includes(mark)).length;
  const parts = [
    [count(['failed', 'degraded']), 'burning'],
    [count(['stale', 'unknown']), 'no verdict'],
    [count(['idle']), 'idle'],
    [count(['healthy']), 'met'],
  ] as const;
  const said = parts.filter(([many]) => many > 0).map(([many, word]) => `${countText(many)} ${word}`);
  return said.length ? `+ ${said.join(', ')}` : '';
}

/** The worst ones, as many as fit. */
export function SloList({ slos, height, saying, hatchId, activeIndex, scroll }: SloListProps) {
  const styles = useStyles2(getStyles);
  const fits = Math.max(1, Math.floor((height - FOOT) / ROW));
  // With the keyboard the others come into sight one by one.
  const from = Math.max(0, Math.min(activeIndex - fits + 1, slos.length - fits));
  const shown = slos.slice(from, from + fits);
  const rest = slos.filter((one) => !shown.includes(one));
  return (
    <div
      ref={scroll as RefObject<HTMLDivElement>}
      className={styles.view}
      style={{ padding: 0, flex: 1, minHeight: 0 }}
    >
      <ul className={styles.list} aria-label="Objectives, worst first">
        {shown.map((slo, index) => {
          // The first unit is enough here: the card has the rest.
          const gone = (goneWords(slo, saying) ?? stateWord(slo)).replace(/ .*ago$/, '');
          return (
            <li key={slo.key} data-mw-key={slo.key} tabIndex={from + index === activeIndex ? 0 : -1}>
              <Mark state={slo.mark} size={14} />
              <b>{slo.name}</b>
              <BudgetBar slo={slo} width={60} id={hatchId} />
              <span>{gone}</span>
            </li>
          );
        })}
      </ul>
      <p className={styles.foot}>
        <span>budget left, gone in</span>
        <span>{restText(rest)}</span>
      </p>
    </div>
  );
}
