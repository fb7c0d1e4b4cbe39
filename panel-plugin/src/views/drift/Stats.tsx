import React from 'react';
import { useStyles2 } from '@grafana/ui';
import { wayOut } from '../../model/drift/say';
import { isOver } from '../../model/drift/subjects';
import type { Distribution, Subject } from '../../model/drift/types';
import {
  limitText,
  methodName,
  originText,
  referenceText,
  rowsText,
  scoreOf,
  verdictWord,
  windowText,
} from '../../model/drift/words';
import type { ClockText } from '../../model/words';
import { useDrift } from './context';
import { getStyles } from './styles';

type Stat = readonly [name: string, value: string, detail: string, origin?: string];

function scoreStat(subject: Subject, day: ClockText, origin: string): Stat {
  const { score, sinceMs, verdict, method } = subject;
  if (score === undefined) return [methodName(method), 'unknown', 'not computed', origin];
  const since = isOver(subject) && sinceMs !== undefined ? ` since ${day(sinceMs)}` : '';
  return [`${methodName(method)}, higher is worse`, scoreOf(subject), `${verdictWord(verdict)}${since}`, origin];
}

function gateText({ rows, rowsNeeded }: Subject, bins: number): string {
  if (rowsNeeded === undefined) return '';
  const each = rowsNeeded / bins;
  const passed = rows !== undefined && rows >= rowsNeeded;
  const perBin = Number.isInteger(each) ? `, ${each} per bin` : '';
  return `gate ${rowsText(rowsNeeded)}${passed ? ', passed' : perBin}`;
}

function statsOf({ subject, bins, origins }: Distribution, day: ClockText, end: string): Stat[] {
  const { rows, rowsNeeded, warning, critical, window, referenceRows } = subject;
  const counted: Stat = [
    'Rows',
    rows === undefined ? 'unknown' : rowsText(rows),
    gateText(subject, bins.length),
    originText(origins.minimumRows),
  ];
  const reference: Stat = [
    'Reference',
    referenceRows === undefined ? 'rows unknown' : `${rowsText(referenceRows)}\u00a0rows`,
    referenceText(subject),
  ];
  const score = scoreStat(subject, day, originText(origins.method));
  const spanned: Stat = ['Window', windowText(window), `to ${end}`, originText(origins.window)];
  const way = rows !== undefined && rowsNeeded !== undefined && rows < rowsNeeded ? wayOut(subject) : undefined;
  if (way) return [score, counted, ['Way out', way.text, way.detail], spanned, reference];
  const threshold: Stat = [
    'Threshold',
    `${limitText(warning)} / ${limitText(critical)}`,
    'warn / critical',
    originText(origins.thresholds),
  ];
  return [score, threshold, counted, spanned, reference];
}

interface StatsProps {
  readonly distribution: Distribution;
  readonly width: number;
}

/** Everything that a score travels with, and where what is set of it comes from. */
export function Stats({ distribution, width }: StatsProps) {
  const styles = useStyles2(getStyles);
  const { day, clock, range } = useDrift();
  const stats = statsOf(distribution, day, clock(range.toMs));
  const hollow = distribution.subject.score === undefined;
  // What does not fit beside the key is said by card and table.
  const shown = stats.slice(0, Math.max(2, Math.floor((width - 150) / 118)));
  return (
    <div className={styles.statsRow}>
      <dl className={styles.stats}>
        {shown.map(([name, value, detail, origin]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
            {detail && <dd>{detail}</dd>}
            {origin && (
              <dd className={styles.origin} title={origin}>
                {origin}
              </dd>
            )}
          </div>
        ))}
      </dl>
      <ul className={styles.key} aria-label="Key" style={{ alignItems: 'center' }}>
        <li>
          <svg width={14} height={12} className={styles.svg} aria-hidden="true">
            <rect className={hollow ? 'few' : 'current'} x={0.5} y={1} width={13} height={10} />
          </svg>
          current
        </li>
        <li>
          <svg width={14} height={12} className={styles.svg} aria-hidden="true">
            <path className="reference" d="M1 11V3H13V11" />
          </svg>
          reference
        </li>
      </ul>
    </div>
  );
}
