import React from 'react';
import { useStyles2 } from '@grafana/ui';
import type { HealthState } from '@modelwatch/contract';
import { countHealth } from '../../model/order';
import type { ModelView } from '../../model/types';
import { countText, shortSpanText, spanText } from '../../model/words';
import { useHealth } from './context';
import { Mark } from '../shared/Mark';
import { getStyles } from './styles';
import { Heard, useModelButton } from './Tiles';

function Row({ model, small }: { model: ModelView; small: boolean }) {
  const styles = useStyles2(getStyles);
  const { nowMs } = useHealth();
  const span = model.sinceMs === undefined ? '' : (small ? shortSpanText : spanText)(nowMs - model.sinceMs);
  return (
    <li>
      <button {...useModelButton(model)} className={small ? styles.smallRow : styles.row}>
        <Mark state={model.health} />
        <span className={styles.rowName}>
          {model.name} {!small && <span className={styles.rowSpace}>{model.namespace}</span>}
          <Heard>{`${small ? `, ${model.namespace}` : ''}: ${model.health}`}</Heard>
        </span>
        <span className={styles.rowSince}>{span}</span>
        <span className={styles.rowWhy}>{(small ? model.shortReason : model.reason) || model.health}</span>
      </button>
    </li>
  );
}

/** Models that need a word, one below the other; scrolls inside when it is longer than its place. */
export function ProblemList({ models, rest }: { models: readonly ModelView[]; rest: readonly ModelView[] }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={`${styles.list} ${styles.listWide}`}>
      <ul aria-label="Models that need a look, worst first">
        {models.map((model) => (
          <Row key={model.key} model={model} small={false} />
        ))}
      </ul>
      {rest.length > 0 && <Foot models={rest} words />}
    </div>
  );
}

/** What is counted together where there is no room for seven counts. */
const FOOT_GROUPS: ReadonlyArray<readonly [word: string, states: readonly HealthState[]]> = [
  ['more', ['failed', 'degraded']],
  ['no verdict', ['stale', 'unknown']],
  ['other', ['progressing', 'idle']],
  ['healthy', ['healthy']],
];

/** `1 more, 2 no verdict, 15 healthy`: what is not in the list, so that nothing is left out silently. */
function Foot({ models, words }: { models: readonly ModelView[]; words: boolean }) {
  const styles = useStyles2(getStyles);
  const counts = countHealth(models);
  const groups = FOOT_GROUPS.map(([word, states]) => ({
    word,
    worst: states.find((state) => counts[state] > 0),
    count: states.reduce((sum, state) => sum + counts[state], 0),
  }));
  return (
    <div className={styles.foot}>
      {groups.map(
        ({ word, worst, count }) =>
          worst && (
            <span key={word} title={word}>
              <Mark state={worst} size={12} />
              <b>{countText(count)}</b>
              <span className={words || word === 'more' ? undefined : styles.hidden}>{word}</span>
            </span>
          )
      )}
    </div>
  );
}

interface SmallListProps {
  readonly models: readonly ModelView[];
  readonly rows: number;
  readonly width: number;
}

/** For narrow panels: as many rows as fit, the counts of the others below. */
export function SmallList({ models, rows, width }: SmallListProps) {
  const styles = useStyles2(getStyles);
  const shown = models.slice(0, Math.max(1, rows));
  return (
    <>
      <ul className={styles.list} aria-label="Models, worst first">
        {shown.map((model) => (
          <Row key={model.key} model={model} small />
        ))}
      </ul>
      <Foot models={models.slice(shown.length)} words={width >= 280} />
    </>
  );
}

/** The smallest form: the worst model, and how many others there are. */
export function WorstOnly({ models }: { models: readonly ModelView[] }) {
  const [worst, ...others] = models;
  return worst ? <Worst worst={worst} others={others} /> : null;
}

function Worst({ worst, others }: { worst: ModelView; others: readonly ModelView[] }) {
  const styles = useStyles2(getStyles);
  const { nowMs } = useHealth();
  const since = worst.sinceMs === undefined || worst.health === 'healthy' ? '' : shortSpanText(nowMs - worst.sinceMs);
  const reason = worst.shortReason.split(': ')[0] ?? '';
  return (
    <>
      <button {...useModelButton(worst)} className={styles.one}>
        <Mark state={worst.health} size={24} />
        <span className={styles.quietText}>
          <span className={styles.rowName}>
            {worst.name}
            <Heard>{`, ${worst.namespace}: ${worst.health}`}</Heard>
          </span>
          <span className={styles.rowWhy}>{[reason || worst.health, since].filter(Boolean).join(', ')}</span>
        </span>
      </button>
      <Foot models={others} words={false} />
    </>
  );
}
