import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { HealthState } from '@modelwatch/contract';
import type { Cell } from '../../model/drift/history';
import { sinceText } from '../../model/drift/say';
import { markOf } from '../../model/drift/subjects';
import type { Bin, Subject } from '../../model/drift/types';
import {
  importanceText,
  limitText,
  methodName,
  methodText,
  referenceText,
  rowsText,
  scoreOf,
  scoreText,
  verdictWord,
  windowMs,
  windowText,
} from '../../model/drift/words';
import type { TimeSpan } from '../../model/types';
import { CardFrame, CardKeys, CardLinks, type CardAction, type CardPlace } from '../shared/CardFrame';
import { Mark } from '../shared/Mark';
import { shareOf } from './binWords';
import { cellWindow, cellWord, rowsAndGate } from './cellWords';
import { useDrift, type DriftContext } from './context';

const WIDTH = 316;

function getStyles(theme: GrafanaTheme2) {
  return {
    head: css({
      display: 'flex',
      gap: 6,
      alignItems: 'center',
      marginBottom: 4,
      b: { fontSize: 14, lineHeight: '20px', fontWeight: 500, color: theme.colors.text.maxContrast },
      span: { marginLeft: 'auto', fontSize: 12, color: theme.colors.text.secondary },
    }),
    table: css({
      width: '100%',
      borderCollapse: 'collapse',
      fontSize: 12,
      lineHeight: '18px',
      th: { fontWeight: 400, textAlign: 'left', color: theme.colors.text.secondary, padding: '2px 8px 2px 0' },
      td: { textAlign: 'right', fontVariantNumeric: 'tabular-nums', padding: '2px 0', overflowWrap: 'anywhere' },
    }),
  };
}

/** What the card is about: a cell, a feature, or a bin of one. */
export interface CardSubject {
  readonly subject: Subject;
  readonly cell?: Cell;
  readonly bin?: Bin;
}

type Row = readonly [name: string, value: string];

function limits({ warning, critical }: Subject): string {
  return `${limitText(warning)} / ${limitText(critical)}`;
}

function cellRows(subject: Subject, cell: Cell, { clock }: DriftContext): Row[] {
  const score = cell.score === undefined ? 'unknown' : scoreText(subject.method, cell.score);
  return [
    ['Window', cellWindow(cell, subject, clock)],
    [`${methodName(subject.method)}, higher is worse`, score],
    ['Threshold', limits(subject)],
    ['Rows', rowsAndGate(cell.rows, subject.rowsNeeded)],
    ['Reference', cell.otherReference ?? referenceText(subject)],
  ];
}

function subjectRows(subject: Subject, context: DriftContext): Row[] {
  const { method, scoreBefore, importance, weight, rows, rowsNeeded } = subject;
  const since = sinceText(subject, context);
  const before: Row[] = scoreBefore === undefined ? [] : [['A week before', scoreText(method, scoreBefore)]];
  const carried: Row[] =
    importance === undefined ? [] : [['Importance', `${importanceText(importance)}${weight ? `, ${weight}` : ''}`]];
  return [
    ['Window', windowText(subject.window)],
    [`${methodName(method)}, higher is worse`, subject.score === undefined ? 'unknown' : scoreOf(subject)],
    ...before,
    ['Threshold', limits(subject)],
    ...(since ? [['State', `${verdictWord(subject.verdict)} ${since}`] as const] : []),
    ...carried,
    ['Rows', rowsAndGate(rows, rowsNeeded)],
    ['Reference', referenceText(subject)],
    ['Method', methodText(method)],
  ];
}

function binRows({ method, score }: Subject, { current, reference, rows, adds }: Bin): Row[] {
  const change = current === undefined || reference === undefined ? undefined : (current - reference) * 100;
  const signed = change === undefined ? '–' : `${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(1)}\u00a0points`;
  const of = score === undefined ? '' : ` of ${scoreText(method, score)}`;
  return [
    ['Current', shareOf(current)],
    ['Reference', shareOf(reference)],
    ['Change', signed],
    ['Rows', rows === undefined ? 'unknown' : rowsText(rows)],
    ...(adds === undefined ? [] : [[`Adds to ${methodName(method)}`, `${scoreText(method, adds)}${of}`] as const]),
  ];
}

const CELL_MARK: Readonly<Record<string, HealthState>> = {
  drifted: 'failed',
  shifting: 'degraded',
  'not drifted': 'healthy',
  'too few rows': 'unknown',
  'not evaluated': 'unknown',
};

function content(card: CardSubject, context: DriftContext): { mark: HealthState; word: string; rows: Row[] } {
  const { subject, cell, bin } = card;
  if (bin) return { mark: markOf(subject.verdict), word: '', rows: binRows(subject, bin) };
  if (!cell) {
    return { mark: markOf(subject.verdict), word: verdictWord(subject.verdict), rows: subjectRows(subject, context) };
  }
  const word = cellWord(cell, subject);
  return { mark: CELL_MARK[word] ?? 'unknown', word, rows: cellRows(subject, cell, context) };
}

/** The window of a cell; undefined for cards that are of no single window. */
export function spanOf({ cell, subject }: CardSubject): TimeSpan | undefined {
  const spanMs = windowMs(subject.window);
  return cell && spanMs !== undefined ? { fromMs: cell.endMs - spanMs, toMs: cell.endMs } : undefined;
}

/** The same card for pointer and keyboard. */
export function DriftCard({ about, ...place }: CardPlace & { readonly about: CardSubject }) {
  const styles = useStyles2(getStyles);
  const context = useDrift();
  const { subject, bin } = about;
  const { mark, word, rows } = content(about, context);
  const span = spanOf(about);
  // The distribution of the feature is what one is looking at already.
  const links = bin ? [] : context.linksOf(subject, span);
  const actions: CardAction[] = span ? [{ title: 'Set range to this window', run: () => context.onRange(span) }] : [];
  const name = bin ? bin.label : subject.name;
  return (
    <CardFrame {...place} name={name} width={WIDTH} padding="8px 12px" content={about}>
      <div className={styles.head}>
        {!bin && <Mark state={mark} size={14} />}
        <b>{name}</b>
        <span>{word}</span>
      </div>
      <table className={styles.table}>
        <tbody>
          {rows.map(([title, value]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <CardLinks links={links} actions={actions} />
      <CardKeys links={links.length + actions.length > 0} />
    </CardFrame>
  );
}
