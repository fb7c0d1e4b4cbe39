import type { Moments } from '@modelwatch/contract';

/** Mean and spread of a stream: each batch about its own mean, then joined, so that large means lose no digits. */
export class MomentsOf {
  #count = 0;
  #mean = 0;
  #squares = 0;
  #min = Infinity;
  #max = -Infinity;

  /** Takes the first `length` values. */
  addAll(values: Float64Array, length: number): void {
    if (length === 0) return;
    let sum = 0;
    for (let index = 0; index < length; index++) {
      const value = values[index] ?? NaN;
      // Divided at once: a sum of large values could leave the range of numbers.
      sum += value / length;
      if (value < this.#min) this.#min = value;
      if (value > this.#max) this.#max = value;
    }
    let squares = 0;
    let rest = 0;
    for (let index = 0; index < length; index++) {
      const distance = (values[index] ?? NaN) - sum;
      squares += distance * distance;
      rest += distance;
    }
    // What rounding took from the mean of the batch.
    const mean = sum + rest / length;
    squares -= (rest * rest) / length;
    const total = this.#count + length;
    const apart = mean - this.#mean;
    this.#squares += squares + apart * apart * ((this.#count / total) * length);
    this.#mean += apart * (length / total);
    this.#count = total;
  }

  get count(): number {
    return this.#count;
  }

  get range(): { readonly min: number; readonly max: number } {
    return { min: this.#min, max: this.#max };
  }

  /**
   * Nine digits of mean and deviation: more would be noise of the arithmetic. Undefined without a value, and for values
   * so large that their squares are no numbers any more.
   */
  value(): Moments | undefined {
    const deviation = Math.sqrt(Math.max(0, this.#squares) / this.#count);
    if (this.#count === 0 || !Number.isFinite(deviation)) return undefined;
    const nine = (value: number) => Number(value.toPrecision(9));
    return { mean: nine(this.#mean), standardDeviation: nine(deviation), ...this.range };
  }
}
