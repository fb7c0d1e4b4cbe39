/** How long actuals take to come. */

/** Upper bounds in seconds: from clicks within minutes to charge-backs after weeks. */
export const DELAY_BUCKETS = [60, 600, 3_600, 21_600, 86_400, 259_200, 604_800, 1_209_600, 2_592_000] as const;

export class DelayHistogram {
  readonly #counts = new Float64Array(DELAY_BUCKETS.length);
  sum = 0;
  count = 0;

  observe(seconds: number): void {
    const bucket = DELAY_BUCKETS.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.sum += seconds;
    this.count += 1;
  }

  /** Cumulative, without +Inf. */
  buckets(): { le: number; count: number }[] {
    let count = 0;
    return DELAY_BUCKETS.map((le, index) => ({ le, count: (count += this.#counts[index] ?? 0) }));
  }
}
