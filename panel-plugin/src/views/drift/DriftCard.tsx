import React from 'react';
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
import type { CardAction, CardPlace } from '../shared/CardFrame';
import { FactsCard, type Fact } from '../shared/FactsCard';
import { shareOf } from './binWords';
import { cellWindow, cellWord, rowsAndGate } from './cellWords';
import { useDrift, type DriftContext } from './context';

/** What the card is about: a cell, a feature, or a bin of one. */
export interface CardSubject {
  readonly subject: Subject;
  readonly cell?: Cell;
  readonly bin?: Bin;
}

function limits({ warning, critical }: Subject): string {
  return `${limitText(warning)} / ${limitText(critical)}`;
}

function cellRows(subject: Subject, cell: Cell, { clock }: DriftContext): Fact[] {
  const score = cell.score === undefined ? 'unknown' : scoreText(subject.method, cell.score);
  return [
    ['Window', cellWindow(cell, subject, clock)],
    [`${methodName(subject.method)}, higher is worse`, score],
    ['Threshold', limits(subject)],
    ['Rows', rowsAndGate(cell.rows, subject.rowsNeeded)],
    ['Reference', cell.otherReference ?? referenceText(subject)],
  ];
}

function subjectRows(subject: Subject, context: DriftContext): Fact[] {
  const { method, scoreBefore, importance, weight, rows, rowsNeeded } = subject;
  const since = sinceText(subject, context);
  const before: Fact[] = scoreBefore === undefined ? [] : [['A week before', scoreText(method, scoreBefore)]];
  const carried: Fact[] =
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

function binRows({ method, score }: Subject, { current, reference, rows, adds }: Bin): Fact[] {
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

function content(card: CardSubject, context: DriftContext): { mark: HealthState; word: string; rows: Fact[] } {
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
  const context = useDrift();
  const { subject, bin } = about;
  const { mark, word, rows } = content(about, context);
  const span = spanOf(about);
  // The distribution of the feature is what one is looking at already.
  const links = bin ? [] : context.linksOf(subject, span);
  const actions: CardAction[] = span ? [{ title: 'Set range to this window', run: () => context.onRange(span) }] : [];
  const name = bin ? bin.label : subject.name;
  return (
    <FactsCard
      {...place}
      name={name}
      mark={bin ? undefined : mark}
      word={word}
      rows={rows}
      links={links}
      actions={actions}
      content={about}
    />
  );
}
