import React from 'react';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { barLength, LIST_BAR } from '../../layout/drift/list';
import { isOver, markOf } from '../../model/drift/subjects';
import type { Subject } from '../../model/drift/types';
import { limitText, methodName, scoreOf, verdictWord, windowText } from '../../model/drift/words';
import { countText } from '../../model/words';
import { Mark } from '../shared/Mark';
import { stateColor } from '../shared/palette';
import { getStyles } from './styles';

interface ScoreListProps {
  readonly subjects: readonly Subject[];
  readonly rows: number;
  readonly activeKey: string | undefined;
}

/** A bar with both limits; cut at its end, where the number beside it says how far it goes. */
function Bar({ subject }: { subject: Subject }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const { score, warning, critical } = subject;
  if (critical === undefined) return <span />;
  const at = (value: number) => barLength(value, critical);
  return (
    <svg width={LIST_BAR} height={14} aria-hidden="true" className={styles.svg}>
      {score !== undefined && (
        <rect y={4} width={at(score)} height={6} fill={stateColor(theme, markOf(subject.verdict))} />
      )}
      <path className="reference" d={`M${at(critical)} 0V14`} />
      {warning !== undefined && <path className="mark" d={`M${at(warning)} 1V13`} />}
    </svg>
  );
}

function foot(subjects: readonly Subject[], rest: number): string {
  const [first] = subjects;
  const limits = new Set(subjects.map(({ warning, critical }) => `${limitText(warning)} and ${limitText(critical)}`));
  const lines = limits.size === 1 ? `, lines at ${[...limits].join('')}` : '';
  const more = rest > 0 ? `, + ${countText(rest)} more` : '';
  return first ? `${methodName(first.method)} ${windowText(first.window)}${lines}${more}` : '';
}

/** The worst features as bars with both limits, for narrow panels. */
export function ScoreList({ subjects, rows, activeKey }: ScoreListProps) {
  const styles = useStyles2(getStyles);
  const shown = subjects.slice(0, rows);
  return (
    <>
      <ul className={styles.list} aria-label="Drift by importance, worst first">
        {shown.map((subject) => (
          <li key={subject.key}>
            <button type="button" data-mw-key={subject.key} tabIndex={activeKey === subject.key ? 0 : -1}>
              <span className={styles.listName}>
                <Mark state={markOf(subject.verdict)} size={13} />
                <span className={isOver(subject) ? styles.over : undefined}>{subject.name}</span>
                <span className={styles.hidden}>: {methodName(subject.method)} </span>
              </span>
              <Bar subject={subject} />
              <span className={`${styles.listScore} ${isOver(subject) ? styles.over : styles.faint}`}>
                {scoreOf(subject)}
                <span className={styles.hidden}>, {verdictWord(subject.verdict)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className={styles.listFoot}>{foot(subjects, subjects.length - shown.length)}</div>
    </>
  );
}
