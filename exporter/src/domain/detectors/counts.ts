/** What detectors that others run said of one model. */
import {
  DETECTION_FRESH_SECONDS,
  DETECTION_OUTCOMES,
  type DetectionOutcome,
  type DetectorKind,
  type DetectorSource,
  type DetectorThreshold,
} from '@modelwatch/contract';
import { MOST_REFUSED, type SeriesRoom } from '../events/slot';

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
    readonly identity: Identity,
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

  /** @returns whether any of it had room */
  count({ results, ...identity }: Detection, nowSeconds: number): boolean {
    // Where all of it is known as it is now, nothing is of another: no need to look at all slots.
    const isKnown = ({ feature }: DetectorResult) => {
      const slot = this.slots.get(keyOf(identity, feature));
      return slot !== undefined && isSame(slot.identity, identity);
    };
    if (!results.every(isKnown)) this.#forgetOther(identity);
    let counted = false;
    for (const result of results) {
      const slot = this.#slotOf(identity, result, nowSeconds);
      if (!slot) continue;
      counted = true;
      slot.last = result;
      slot.lastSeconds = nowSeconds;
      for (const outcome of DETECTION_OUTCOMES) slot.outcomes[outcome] += result.outcomes[outcome];
    }
    return counted;
  }

  /** Lets go of detectors that are silent: stale for as long as they were fresh. @returns whether any is gone */
  expire(nowSeconds: number): boolean {
    const before = this.slots.size;
    for (const [key, slot] of this.slots) {
      if (nowSeconds - slot.lastSeconds > 2 * DETECTION_FRESH_SECONDS) this.#forget(key);
    }
    return this.slots.size !== before;
  }

  #slotOf(identity: Identity, result: DetectorResult, nowSeconds: number): DetectorSlot | undefined {
    const key = keyOf(identity, result.feature);
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
  #forgetOther(identity: Identity): void {
    for (const [key, slot] of this.slots) {
      if (slot.identity.detector === identity.detector && !isSame(slot.identity, identity)) this.#forget(key);
    }
  }

  #forget(key: string): void {
    this.#room.take(-SLOT_SERIES);
    this.slots.delete(key);
    this.#refused.clear();
  }
}

type Identity = Omit<Detection, 'results'>;

function keyOf({ detector }: Identity, feature: string): string {
  return `${detector}\0${feature}`;
}

function isSame(one: Identity, other: Identity): boolean {
  return one.kind === other.kind && one.source === other.source && one.method === other.method;
}
