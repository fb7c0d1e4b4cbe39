/** Which events were counted already, in bounded memory: of each id a number of 53 bits is kept. */

/** Two ids share a number once in 2^53: of a million remembered ones, one in 10^10 new ids is taken for known. */
export function hashOf(text: string, seed: number): number {
  // Spread over all bits: beside the seed itself, "a" with one seed would be "b" with another.
  let [high, low] = [Math.imul(seed + 1, 0x9e3779b1), Math.imul(seed + 1, 0x85ebca6b)];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x5bd1e995);
    high ^= low >>> 15;
    low ^= high >>> 13;
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}

/** Remembers the last `capacity` ids at least, and twice as many at most. */
export class KnownIds {
  #current = new Set<number>();
  #before = new Set<number>();

  constructor(private readonly capacity: number) {}

  has(id: string, seed: number): boolean {
    return this.#has(hashOf(id, seed));
  }

  /** @returns whether it was new */
  add(id: string, seed: number): boolean {
    const hash = hashOf(id, seed);
    if (this.#has(hash)) return false;
    if (this.#current.size >= this.capacity) {
      this.#before = this.#current;
      this.#current = new Set();
    }
    this.#current.add(hash);
    return true;
  }

  #has(hash: number): boolean {
    return this.#current.has(hash) || this.#before.has(hash);
  }
}
