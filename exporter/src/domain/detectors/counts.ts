/** What detectors that others run said of one model. */
import {
  DETECTION_FRESH_SECONDS,
  DETECTION_OUTCOMES,
  type DetectionOutcome,
  type DetectorKind,
  type DetectorSource,
  type DetectorThreshold,
} from '@modelwatch/contract';
import type { SeriesRoom } from '../events/slot';

/** Of what has no room, so many are told apart: names of others have no bound. */
const MOST_REFUSED = 1_000;

/** Of one feature, or of all together. */
export interface DetectorResult {
  /** Empty: all together. */
  readonly feature: string;
  readonly score?: number;
  readonly pValue?: number;
  readonly thresholds: Readonly<Partial<Record<DetectorThreshold, number>>>;
  /** Batches, or rows, by what was said of them. */
  readonly outcomes: Readonly<Record<DetectionOutcome, number>>;
}

/** One answer of a detector. */
export interface Detection {
  readonly detector: string;
  readonly kind: DetectorKind;
  readonly source: DetectorSource;
  readonly method: string;
  readonly results: readonly DetectorResult[];
}

/** Series of one slot, at most. */
const SLOT_SERIES = DETECTION_OUTCOMES.length + 6;

export class DetectorSlot {
  readonly outcomes: Record<DetectionOutcome, number> = { flagged: 0, clear: 0 };
  /** Was in a scrape, with 0 at first: from then on its counters are shown. */
  seen = false;

  constructor(
    readonly identity: Omit<Detection, 'results'>,
    public last: DetectorResult,
    public lastSeconds: number
  ) {}
}

export class DetectorCounts {
  /** By detector and feature. */
  readonly slots = new Map<string, DetectorSlot>();
  readonly #refused = new Set<string>();
  readonly #room: SeriesRoom;

  constructor(room: SeriesRoom) {
    this.#room = room;
  }

  /** What there was no room for. */
  get seriesRefused(): number {
    return this.#refused.size * SLOT_SERIES;
  }

  count({ results, ...identity }: Detection, nowSeconds: number): void {
    this.#forgetOther(identity);
    for (const result of results) {
      const slot = this.#slotOf(identity, result, nowSeconds);
      if (!slot) continue;
      slot.last = result;
      slot.lastSeconds = nowSeconds;
      for (const outcome of DETECTION_OUTCOMES) slot.outcomes[outcome] += result.outcomes[outcome];
    }
  }

  /** Lets go of detectors that are silent: stale for as long as they were fresh. @returns whether any is gone */
  expire(nowSeconds: number): boolean {
    const before = this.slots.size;
    for (const [key, slot] of this.slots) {
      if (nowSeconds - slot.lastSeconds > 2 * DETECTION_FRESH_SECONDS) this.#forget(key);
    }
    return this.slots.size !== before;
  }

  #slotOf(identity: Omit<Detection, 'results'>, result: DetectorResult, nowSeconds: number): DetectorSlot | undefined {
    const key = `${identity.detector}\0${result.feature}`;
    const found = this.slots.get(key);
    if (found) return found;
    if (SLOT_SERIES > this.#room.free()) {
      if (this.#refused.size < MOST_REFUSED) this.#refused.add(key);
      return undefined;
    }
    this.#room.take(SLOT_SERIES);
    const slot = new DetectorSlot(identity, result, nowSeconds);
    this.slots.set(key, slot);
    return slot;
  }

  /** Another detector under the same name: its sums are of something else. */
  #forgetOther(identity: Omit<Detection, 'results'>): void {
    for (const [key, slot] of this.slots) {
      const { detector, kind, source, method } = slot.identity;
      const isSame = kind === identity.kind && source === identity.source && method === identity.method;
      if (detector === identity.detector && !isSame) this.#forget(key);
    }
  }

  #forget(key: string): void {
    this.#room.take(-SLOT_SERIES);
    this.slots.delete(key);
    this.#refused.clear();
  }
}
