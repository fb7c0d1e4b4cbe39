/**
 * An even sample of a stream of values: all of them while they are few, then those whose row has a small hash. The same
 * rows give the same sample in every run, and the order of the rows does not tell which are taken.
 */

/** So many values are kept at most; from one more on, half of them. */
export const SAMPLE_SIZE = 100_000;
const FULL_RANGE = 2 ** 32;

export class Sample {
  #values = new Float64Array(1024);
  #hashes = new Uint32Array(1024);
  #length = 0;
  /** Rows with a hash below it are in the sample. */
  #threshold = FULL_RANGE;

  constructor(readonly size = SAMPLE_SIZE) {}

  /** `hash` is `rowHash` of the row. */
  add(value: number, hash: number): void {
    if (hash >= this.#threshold) return;
    if (this.#length === this.#values.length) this.#makeRoom();
    if (hash >= this.#threshold) return;
    this.#values[this.#length] = value;
    this.#hashes[this.#length++] = hash;
  }

  /** The values, sorted; a copy. */
  sorted(): Float64Array {
    return this.#values.slice(0, this.#length).sort();
  }

  get isComplete(): boolean {
    return this.#threshold === FULL_RANGE;
  }

  #makeRoom(): void {
    if (this.#length < this.size) {
      const length = Math.min(this.size, this.#length * 2);
      const [values, hashes] = [new Float64Array(length), new Uint32Array(length)];
      values.set(this.#values);
      hashes.set(this.#hashes);
      [this.#values, this.#hashes] = [values, hashes];
      return;
    }
    this.#threshold /= 2;
    let kept = 0;
    for (let index = 0; index < this.#length; index++) {
      const [hash = 0, value = NaN] = [this.#hashes[index], this.#values[index]];
      if (hash >= this.#threshold) continue;
      this.#values[kept] = value;
      this.#hashes[kept++] = hash;
    }
    this.#length = kept;
  }
}

/** 32 evenly spread bits of a row's number (the finalizer of MurmurHash3). */
export function rowHash(row: number): number {
  let bits = (row | 0) ^ Math.imul(Math.floor(row / FULL_RANGE), 0x9e3779b9);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
