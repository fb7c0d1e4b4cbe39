/** How long predictions take until they are here. */

/** Upper bounds in seconds: a service that posts at once, and jobs that post by the hour or by the day. */
export const LAG_BUCKETS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 21_600, 86_400] as const;

/** Clocks of different machines differ by so much; more is a time that cannot be. */
const SKEW_SECONDS = 5;
const OLDEST_SECONDS = 86_400;

/** The lag of an event, not below 0; undefined where its time cannot be believed. */
export function plausibleLag(timeSeconds: number, nowSeconds: number): number | undefined {
  const lag = nowSeconds - timeSeconds;
  return lag >= -SKEW_SECONDS && lag <= OLDEST_SECONDS ? Math.max(0, lag) : undefined;
}

export class LagHistogram {
  readonly #counts = new Float64Array(LAG_BUCKETS.length);
  sum = 0;
  count = 0;

  observe(seconds: number): void {
    const bucket = LAG_BUCKETS.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.sum += seconds;
    this.count += 1;
  }

  /** Cumulative, without +Inf. */
  buckets(): { le: number; count: number }[] {
    let count = 0;
    return LAG_BUCKETS.map((le, index) => ({ le, count: (count += this.#counts[index] ?? 0) }));
  }
}
