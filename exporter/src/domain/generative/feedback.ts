/** Feedback on the answers of one model, by version. */
import { FEEDBACK_VERDICTS, type FeedbackVerdict } from '@modelwatch/contract';
import { MOST_REFUSED, type SeriesRoom } from '../events/slot';
import { countedVersion, KEEP_VERSION_SECONDS } from '../events/versions';
import { tallyOf, type Tally } from './counts';

const SERIES = FEEDBACK_VERDICTS.length;

interface Verdicts extends Tally<FeedbackVerdict> {
  lastSeconds: number;
}

export class FeedbackCounts {
  readonly versions = new Map<string, Verdicts>();
  /** Versions that there was no room for. */
  readonly #refused = new Set<string>();

  constructor(private readonly room: SeriesRoom) {}

  get seriesRefused(): number {
    return this.#refused.size * SERIES;
  }

  /** @returns whether there is room for feedback on this version */
  admit(version: string, nowSeconds: number): boolean {
    const name = countedVersion(version, this.versions.keys());
    return (this.versions.get(name) ?? this.#open(name, nowSeconds)) !== undefined;
  }

  /** Of a version that was admitted. */
  count(version: string, verdict: FeedbackVerdict, nowSeconds: number): void {
    const tally = this.versions.get(countedVersion(version, this.versions.keys()));
    if (!tally) return;
    tally.values[verdict] += 1;
    tally.lastSeconds = nowSeconds;
  }

  /**
   * Lets go of versions that got no feedback for a day and are called no more.
   * @param called versions of which predictions are counted
   * @returns whether any is gone
   */
  expire(called: ReadonlyMap<string, unknown>, nowSeconds: number): boolean {
    const before = this.versions.size;
    for (const [version, { lastSeconds }] of this.versions) {
      if (called.has(version) || nowSeconds - lastSeconds <= KEEP_VERSION_SECONDS) continue;
      this.versions.delete(version);
      this.room.take(-SERIES);
      this.#refused.clear();
    }
    return this.versions.size !== before;
  }

  #open(version: string, nowSeconds: number): Verdicts | undefined {
    if (this.room.free() < SERIES) {
      if (this.#refused.size < MOST_REFUSED) this.#refused.add(version);
      return undefined;
    }
    this.#refused.delete(version);
    this.room.take(SERIES);
    const opened = { ...tallyOf(FEEDBACK_VERDICTS), lastSeconds: nowSeconds };
    this.versions.set(version, opened);
    return opened;
  }
}
