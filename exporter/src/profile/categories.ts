/**
 * Counts of categories in bounded memory (Misra and Gries): exact while there are at most `capacity` of them. Beyond
 * that a category that holds more than one row in `capacity` is certain to be kept; its exact count is left to a second reading.
 */
const CATEGORY_CAPACITY = 10_000;
/** A longer text is no category but prose: it is counted with the others. */
const CATEGORY_LENGTH = 200;

export class Categories {
  readonly #counts = new Map<string, number>();
  #isComplete = true;

  constructor(readonly capacity = CATEGORY_CAPACITY) {}

  add(category: string): void {
    const count = this.#counts.get(category);
    if (count !== undefined) this.#counts.set(category, count + 1);
    else if (category.length > CATEGORY_LENGTH) this.#isComplete = false;
    else if (this.#counts.size < this.capacity) this.#counts.set(own(category), 1);
    else this.#makeRoom();
  }

  /** One less of each and of the newcomer: paid for by the rows that brought the counts. */
  #makeRoom(): void {
    this.#isComplete = false;
    for (const [category, count] of this.#counts) {
      if (count === 1) this.#counts.delete(category);
      else this.#counts.set(category, count - 1);
    }
  }

  /** False when categories were lost, or too long. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  get size(): number {
    return this.#counts.size;
  }

  /** The largest count; at most one row in `capacity` too low. */
  get most(): number {
    let most = 0;
    for (const count of this.#counts.values()) most = Math.max(most, count);
    return most;
  }

  /** By count, largest first; equal counts by name. */
  ranked(): string[] {
    return [...this.#counts]
      .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
      .map(([category]) => category);
  }
}

/** A text of its own: one cut out of a chunk of a file would keep the whole chunk in memory. */
function own(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
