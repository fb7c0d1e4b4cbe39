/** History frames -> scores and rows per subject on one line of times; windows too narrow to draw are merged. */
import type { DataFrame } from '@grafana/data';
import { driftKind } from '../mark';
import { historyFrame, type DecodedHistory } from './frames';
import { driftingKey } from './subjects';
import type { History, Subject, SubjectHistory } from './types';

type Values = Array<number | null>;

interface Gathered {
  readonly byReference: Map<string, Values>;
}

function gather(frames: readonly DecodedHistory[], indexOf: ReadonlyMap<number, number>): Map<string, Gathered> {
  const out = new Map<string, Gathered>();
  for (const { timesMs, series } of frames) {
    for (const { labels, values } of series) {
      const key = driftingKey(labels);
      const one = out.get(key) ?? { byReference: new Map<string, Values>() };
      const reference = labels.reference ?? '';
      const line = one.byReference.get(reference) ?? new Array<number | null>(indexOf.size).fill(null);
      timesMs.forEach((ms, at) => {
        const index = indexOf.get(ms);
        const value = values[at] ?? null;
        if (index !== undefined && value !== null) line[index] = value;
      });
      one.byReference.set(reference, line);
      out.set(key, one);
    }
  }
  return out;
}

/**
 * Where the present reference has no value, one that was in force before it may have.
 * @param others references that are shown in rows of their own
 */
function joined(
  gathered: Gathered | undefined,
  length: number,
  present: string | undefined,
  others: ReadonlySet<string | undefined>
) {
  const values: Values = new Array<number | null>(length).fill(null);
  const other = new Map<number, string>();
  const entries = [...(gathered?.byReference ?? [])].filter(
    ([reference]) => reference === present || !others.has(reference)
  );
  entries.sort(([a], [b]) => Number(b === present) - Number(a === present));
  for (const [reference, line] of entries) {
    line.forEach((value, index) => {
      if (value === null || values[index] !== null) return;
      values[index] = value;
      if (reference !== present) other.set(index, reference);
    });
  }
  return { values, other };
}

/** undefined where no history was asked for. @throws DecodeError for a wrong frame */
export function historyOf(frames: readonly DataFrame[], subjects: readonly Subject[]): History | undefined {
  const of = (kind: string) => frames.filter((frame) => driftKind(frame) === kind).map(historyFrame);
  const [scores, rows] = [of('drift-history'), of('drift-rows-history')];
  const times = new Set([...scores, ...rows].flatMap(({ timesMs }) => [...timesMs]));
  if (!times.size) return undefined;
  const timesMs = [...times].sort((a, b) => a - b);
  const indexOf = new Map(timesMs.map((ms, index) => [ms, index]));
  const [scoresOf, rowsOf] = [gather(scores, indexOf), gather(rows, indexOf)];
  const bySubject = new Map<string, SubjectHistory>();
  const shown = new Map<string, Set<string | undefined>>();
  for (const one of subjects) {
    const drifting = driftingKey(one);
    shown.set(drifting, (shown.get(drifting) ?? new Set()).add(one.reference));
  }
  for (const one of subjects) {
    const drifting = driftingKey(one);
    const others = shown.get(drifting) ?? new Set();
    const { values, other } = joined(scoresOf.get(drifting), timesMs.length, one.reference, others);
    const counted = joined(rowsOf.get(drifting), timesMs.length, one.reference, others);
    bySubject.set(one.key, { scores: values, rows: counted.values, otherReference: other });
  }
  const gaps = timesMs.slice(1).map((ms, index) => ms - (timesMs[index] ?? ms));
  return { timesMs, stepMs: gaps.length ? Math.min(...gaps) : 0, bySubject };
}

/** `few`: rows were there, too few for a score. `none`: nothing was evaluated. */
export type CellKind = 'score' | 'few' | 'none';

export interface Cell {
  readonly kind: CellKind;
  readonly score?: number;
  /** Rows of the window that the score is of; of the fullest one without a score. */
  readonly rows?: number;
  /** End of the window that the score is of, and of the last one merged without a score. */
  readonly endMs: number;
  readonly otherReference?: string;
}

/** One column: the windows from `first` up to, not including, `end`. */
export interface Column {
  readonly first: number;
  readonly end: number;
}

/** Columns of `per` windows each; the newest is whole, so that the last cell stays what it is while time goes on. */
export function columnsOf(windows: number, per: number): Column[] {
  const count = Math.ceil(windows / per);
  return Array.from({ length: count }, (_, index) => {
    const end = windows - (count - 1 - index) * per;
    return { first: Math.max(0, end - per), end };
  });
}

/** Where the largest value of the windows is; undefined where none has one. Of equals the newest. */
function indexOfMost(values: ReadonlyArray<number | null> | undefined, { first, end }: Column): number | undefined {
  let at: number | undefined;
  let most = -Infinity;
  for (let index = first; index < end; index++) {
    const value = values?.[index] ?? null;
    if (value === null || value < most) continue;
    [at, most] = [index, value];
  }
  return at;
}

/** The worst of the merged windows: the maximum, and `few` before `none`, so that no hole passes for calm. */
export function cellOf(history: History, key: string, column: Column): Cell {
  const one = history.bySubject.get(key);
  const best = indexOfMost(one?.scores, column);
  const at = best ?? indexOfMost(one?.rows, column);
  const endMs = history.timesMs[at ?? column.end - 1] ?? 0;
  if (!one || at === undefined) return { kind: 'none', endMs };
  const rows = one.rows[at] ?? undefined;
  const score = one.scores[at] ?? undefined;
  return { kind: best === undefined ? 'few' : 'score', score, rows, endMs, otherReference: one.otherReference.get(at) };
}

/** Rows per column: the mean over its windows of the fullest subject; undefined where nobody counted. */
export function rowsPerColumn(history: History, columns: readonly Column[]): Array<number | undefined> {
  const most = history.timesMs.map((_, index) => {
    let rows: number | undefined;
    for (const one of history.bySubject.values()) {
      const value = one.rows[index] ?? null;
      if (value !== null) rows = Math.max(rows ?? 0, value);
    }
    return rows;
  });
  return columns.map(({ first, end }) => {
    const known = most.slice(first, end).filter((rows) => rows !== undefined);
    return known.length ? known.reduce((sum, rows) => sum + rows, 0) / known.length : undefined;
  });
}

/** A row of cells per subject. */
export function gridOf(history: History, subjects: readonly Subject[], columns: readonly Column[]): Cell[][] {
  return subjects.map(({ key }) => columns.map((column) => cellOf(history, key, column)));
}
