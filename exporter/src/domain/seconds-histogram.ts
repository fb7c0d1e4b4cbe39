/** Durations by upper bound, as a histogram of Prometheus has them. */
export class SecondsHistogram {
  readonly #counts: Float64Array;
  sum = 0;
  count = 0;

  /** @param bounds upper bounds in seconds, ascending, without +Inf */
  constructor(readonly bounds: readonly number[]) {
    this.#counts = new Float64Array(bounds.length);
  }

  observe(seconds: number): void {
    const bucket = this.bounds.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.sum += seconds;
    this.count += 1;
  }

  /** Cumulative, without +Inf. */
  buckets(): { le: number; count: number }[] {
    let count = 0;
    return this.bounds.map((le, index) => ({ le, count: (count += this.#counts[index] ?? 0) }));
  }
}
