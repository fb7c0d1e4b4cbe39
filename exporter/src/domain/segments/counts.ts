/** What is counted of one model by segment: predictions, bins and pairs, as far as there is room. */
import { DECISIONS } from '@modelwatch/contract';
import type { ClassPair, NumberPair } from '../accuracy/compare';
import { sentAnswer } from '../accuracy/record';
import { layoutOf } from '../accuracy/counts';
import type { AccuracyPlan } from '../accuracy/settings';
import type { WatchedColumn, WatchPlan } from '../events/plan';
import type { SeriesRoom } from '../events/slot';
import type { FairnessPlan } from '../fairness/settings';
import { placeOf, type Segment } from './plan';

/** Of the series of a model, the share that its segments may have: versions and features come first. */
export const SEGMENT_SHARE = 0.5;

/** What stands in a row of a table: one number, one for each decision, the bins of a column, or sums over pairs. */
export type TableContent =
  | { readonly kind: 'predictions' }
  | { readonly kind: 'decisions'; readonly plan: FairnessPlan }
  | { readonly kind: 'pairs'; readonly plan: AccuracyPlan }
  | { readonly kind: 'bins'; readonly reference: string; readonly column: WatchedColumn };

/** Numbers of one segment: a row for each of its places. */
export interface SegmentTable {
  readonly key: string;
  readonly segment: Segment;
  readonly content: TableContent;
  readonly width: number;
  /** Rows one after the other. */
  readonly counts: Float64Array;
  /** Was in a scrape, with 0 at first: from then on its counts are shown. */
  seen: boolean;
}

/** Places of the sums over pairs of a regression; a classification has three of each class behind the first. */
export const PAIR_SUMS = { pairs: 0, squaredError: 1, over: 2, under: 3 } as const;
export const CLASS_SUMS = { predicted: 1, actual: 2, both: 3 } as const;

export interface SegmentBasis {
  readonly segments: readonly Segment[];
  readonly plans: readonly WatchPlan[];
  /** Only where predictions are joined with their actuals. */
  readonly accuracy: AccuracyPlan | undefined;
  readonly fairness?: FairnessPlan | undefined;
  /** Series that another version of the model would need. */
  readonly reserve: number;
}

/** What is counted of one prediction. */
export interface SegmentedRow {
  readonly features: Readonly<Record<string, unknown>>;
  readonly prediction: unknown;
  readonly score?: number | undefined;
}

export class SegmentCounts {
  #segments: readonly Segment[] = [];
  #tables: readonly SegmentTable[] = [];
  #series = 0;
  /** Series that there is no room for. */
  refused = 0;

  constructor(private readonly room: SeriesRoom) {}

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  get tables(): readonly SegmentTable[] {
    return this.#tables;
  }

  /** What is told apart from now on. Counts of what stays as it was go on, others start at 0. */
  declare(basis: SegmentBasis): void {
    const before = new Map(this.#tables.map((table) => [table.key, table]));
    this.room.take(-this.#series);
    const { limit, free } = this.room;
    const most = Math.min(Math.floor(limit * SEGMENT_SHARE), free() - basis.reserve);
    const wanted = tablesOf(basis);
    this.#segments = basis.segments;
    this.#series = 0;
    let at = 0;
    // None after the first that does not fit: what is watched is told by its order.
    for (; at < wanted.length; at++) {
      const cost = wanted[at]?.counts.length ?? 0;
      if (this.#series + cost > most) break;
      this.#series += cost;
    }
    this.refused = wanted.slice(at).reduce((sum, { counts }) => sum + counts.length, 0);
    this.#tables = wanted.slice(0, at).map((table) => carriedOver(before.get(table.key), table));
    this.room.take(this.#series);
  }

  /** @param reference that the row is compared with */
  count(event: SegmentedRow, reference: string | undefined): void {
    if (this.#tables.length === 0) return;
    const places = this.#segments.map((segment) => placeOf(segment, event.features));
    for (const { segment, content, width, counts } of this.#tables) {
      const place = placeInRow(content, event, reference);
      if (place !== undefined) raise(counts, (places[this.#segments.indexOf(segment)] ?? 0) * width + place, 1);
    }
  }

  /** @param kept of the prediction, by `segmentsKept` */
  pair(pair: ClassPair | NumberPair | undefined, kept: readonly string[] = []): void {
    if (!pair) return;
    for (const { segment, content, width, counts } of this.#tables) {
      if (content.kind !== 'pairs') continue;
      const at = kept.findIndex((column, index) => index % 2 === 0 && column === segment.column);
      // A prediction of before the segment was watched has no value that anybody knows.
      if (at < 0) continue;
      const place = segment.places.indexOf(kept[at + 1] ?? '');
      addPair(counts, (place < 0 ? segment.places.indexOf('other') : place) * width, pair);
    }
  }
}

/** Undefined where the table does not count the prediction. */
function placeInRow(content: TableContent, event: SegmentedRow, reference: string | undefined): number | undefined {
  switch (content.kind) {
    case 'predictions':
      return 0;
    case 'decisions': {
      const decision = content.plan.decide(sentAnswer(event));
      return decision && DECISIONS.indexOf(decision);
    }
    case 'bins':
      return content.reference === reference ? binOf(content.column, event.features, event.prediction) : undefined;
    case 'pairs':
      return undefined;
  }
}

function tablesOf({ segments, plans, accuracy, fairness }: SegmentBasis): SegmentTable[] {
  const table = (segment: Segment, content: TableContent, width: number, about: unknown): SegmentTable => ({
    ...{ segment, content, width, seen: false },
    key: JSON.stringify([content.kind, segment.column, segment.labels, segment.places, about]),
    counts: new Float64Array(segment.places.length * width),
  });
  const predictions = segments.map((segment) => table(segment, { kind: 'predictions' }, 1, ''));
  const decisions = segments.flatMap((segment) =>
    fairness?.attributes.some(({ column }) => column === segment.column)
      ? [table(segment, { kind: 'decisions', plan: fairness }, DECISIONS.length, fairness.layout)]
      : []
  );
  const pairs = segments.flatMap((segment) =>
    accuracy?.task === undefined
      ? []
      : [table(segment, { kind: 'pairs', plan: accuracy }, pairWidth(accuracy), layoutOf(accuracy))]
  );
  const ranks = Math.max(0, ...plans.map(({ columns }) => columns.length));
  const bins = Array.from({ length: ranks }, (_, rank) =>
    segments.flatMap((segment) =>
      distinct(plans).flatMap(({ reference, columns }) => {
        const column = columns[rank];
        if (!column?.column.segments?.[segment.column]) return [];
        const content = { kind: 'bins', reference: reference.id, column } as const;
        return [table(segment, content, column.bins, [reference.id, column.subject, column.feature])];
      })
    )
  ).flat();
  return [...predictions, ...decisions, ...pairs, ...bins];
}

/** Versions may share a reference. */
function distinct(plans: readonly WatchPlan[]): WatchPlan[] {
  return [...new Map(plans.map((plan) => [plan.reference.id, plan])).values()];
}

/** Numbers that sums over pairs take. */
export function pairWidth({ task, classes }: AccuracyPlan): number {
  return task === 'regression' ? Object.keys(PAIR_SUMS).length : 1 + 3 * (classes.length + 1);
}

function carriedOver(before: SegmentTable | undefined, table: SegmentTable): SegmentTable {
  return before ? { ...table, counts: before.counts, seen: before.seen } : table;
}

function binOf(column: WatchedColumn, features: Readonly<Record<string, unknown>>, prediction: unknown): number {
  const value = column.subject === 'prediction' ? prediction : features[column.feature];
  // Only a function can be inherited; JSON has none.
  return column.binOf(typeof value === 'function' ? undefined : value);
}

/** @param row where the sums begin */
export function addPair(counts: Float64Array, row: number, pair: ClassPair | NumberPair): void {
  raise(counts, row + PAIR_SUMS.pairs, 1);
  if (pair.task === 'regression') {
    const error = pair.predicted - pair.actual;
    raise(counts, row + PAIR_SUMS.squaredError, error ** 2);
    raise(counts, row + (error > 0 ? PAIR_SUMS.over : PAIR_SUMS.under), Math.abs(error));
    return;
  }
  const { predicted, actual } = pair;
  raise(counts, row + 3 * predicted + CLASS_SUMS.predicted, 1);
  raise(counts, row + 3 * actual + CLASS_SUMS.actual, 1);
  if (predicted === actual) raise(counts, row + 3 * actual + CLASS_SUMS.both, 1);
}

function raise(counts: Float64Array, at: number, by: number): void {
  counts[at] = (counts[at] ?? 0) + by;
}
