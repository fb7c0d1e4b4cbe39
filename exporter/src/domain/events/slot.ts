/** What is counted of one version of a model. */
import { cutPlan, type WatchPlan } from './plan';

/** How many series of bins there may be. */
export interface SeriesRoom {
  /** All that the model may have. */
  readonly limit: number;
  readonly free: () => number;
  /** A negative number gives back. */
  readonly take: (series: number) => void;
}

/** Of what has no room, so many are told apart: names of others have no bound. */
export const MOST_REFUSED = 1_000;

/** Rows by bin, of one version against one reference. */
export interface BinCounts {
  readonly plan: WatchPlan;
  /** Bins of all columns one after the other; whole numbers. */
  readonly counts: Float64Array;
  /** Series that there was no room for. */
  readonly refused: number;
  /** Was in a scrape, with 0 at first: from then on its counts are shown. */
  seen: boolean;
}

export class VersionSlot {
  predictions = 0;
  seen = false;
  /** By the id of the reference. */
  readonly bins = new Map<string, BinCounts>();

  constructor(
    readonly version: string,
    /** Of its last event; of a slot without one, when it was made. */
    public lastSeconds: number
  ) {}

  /** Makes room for the counts of a reference, as far as there is any. */
  open(plan: WatchPlan, room: SeriesRoom): BinCounts {
    const known = this.bins.get(plan.reference.id);
    if (known) return known;
    const cut = cutPlan(plan, room.free());
    room.take(cut.series);
    const opened = { plan: cut, counts: new Float64Array(cut.series), refused: plan.series - cut.series, seen: false };
    this.bins.set(plan.reference.id, opened);
    return opened;
  }

  close(referenceId: string, room: SeriesRoom): BinCounts | undefined {
    const closed = this.bins.get(referenceId);
    if (!closed) return undefined;
    this.bins.delete(referenceId);
    room.take(-closed.plan.series);
    return closed;
  }
}

/** Counts what of two counts of the same reference is watched in both. */
export function carryOver(from: BinCounts, to: BinCounts): void {
  for (const { subject, feature, offset, bins } of to.plan.columns) {
    const before = from.plan.columns.find((each) => each.subject === subject && each.feature === feature);
    if (before) to.counts.set(from.counts.subarray(before.offset, before.offset + bins), offset);
  }
  to.seen = from.seen;
}

/**
 * One row. A value that is not there is missing, whatever the object inherits.
 * @returns how many of the watched features the row does not have at all: one that is null is there
 */
export function countRow(
  { plan, counts }: BinCounts,
  features: Readonly<Record<string, unknown>>,
  prediction: unknown
): number {
  let absent = 0;
  for (const { feature, subject, binOf, offset } of plan.columns) {
    const isPrediction = subject === 'prediction';
    const given = isPrediction ? prediction : features[feature];
    // Only a function can be inherited; JSON has none.
    const value = typeof given === 'function' ? undefined : given;
    if (value === undefined && !isPrediction) absent += 1;
    const at = offset + binOf(value);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return absent;
}
