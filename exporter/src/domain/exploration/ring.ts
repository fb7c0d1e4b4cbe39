/** The last rows of one model, in bounded memory. A restart begins with none. */
import { ROW_REMOVALS, type RowRemoval } from '@modelwatch/contract';
import type { Scalar } from '../accuracy/record';
import type { Segment } from '../segments/plan';
import { bytesOf, bytesOfText, rowText, type ExploredEvent, type HeldRow } from './row';
import type { ExplorationPlan } from './settings';

/** Places of rows that are gone are given back once there are so many. */
const TIDY_FROM = 1_024;

export class RowRing {
  readonly removed = Object.fromEntries(ROW_REMOVALS.map((reason) => [reason, 0])) as Record<RowRemoval, number>;
  /** Was in a scrape, with 0 at first: from then on its counters are shown. */
  seen = false;
  /** In the order in which they came; one that is gone leaves its place empty until half of them are. */
  #places: (HeldRow | undefined)[] = [];
  /** Of the row that has, or had, each place: they ascend. */
  #numbers: number[] = [];
  /** Place of the oldest row. */
  #head = 0;
  #next = 1;
  readonly #byKey = new Map<string, HeldRow>();
  #rows = 0;
  #bytes = 0;
  #plan: ExplorationPlan;

  constructor(
    plan: ExplorationPlan,
    /** From 0 to below 1: which rows are held, where it is a share of them. */
    private readonly random: () => number
  ) {
    this.#plan = plan;
  }

  get plan(): ExplorationPlan {
    return this.#plan;
  }

  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What holds from now on. Rows that were held under another redaction go: they may have what must not be held. */
  change(plan: ExplorationPlan): void {
    const isOther = JSON.stringify(plan.redaction) !== JSON.stringify(this.#plan.redaction);
    this.#plan = plan;
    if (isOther) this.#removeWhile('settings', () => true);
    this.#makeRoom();
  }

  /** @param key what its actual and its deletion will come with; undefined: neither can */
  put(event: ExploredEvent, key: string | undefined, segments: readonly Segment[], nowSeconds: number): void {
    const { sampleRatio, redaction, mostBytes } = this.#plan;
    if (sampleRatio < 1 && this.random() >= sampleRatio) return;
    const text = rowText(event, segments, redaction);
    const bytes = bytesOf(text, key);
    if (bytes > mostBytes) {
      this.removed.bytes += 1;
      return;
    }
    const number = this.#next++;
    const row: HeldRow = { number, key, text, bytes, timeSeconds: event.timeSeconds, arrivedSeconds: nowSeconds };
    // One that was let go as a repetition of long ago would be found no more.
    if (key !== undefined) {
      this.#delete(key, 'rows');
      this.#byKey.set(key, row);
    }
    this.#places.push(row);
    this.#numbers.push(number);
    this.#rows += 1;
    this.#bytes += bytes;
    this.#makeRoom();
  }

  /** What came true; a correction replaces it. @returns whether the row is held */
  joined(key: string, actual: Scalar, nowSeconds: number): boolean {
    const row = this.#byKey.get(key);
    if (!row) return false;
    const added = sizeOf(actual) - sizeOf(row.actual);
    // A text that was cut would hold on to what it was cut from.
    row.actual = JSON.parse(JSON.stringify(actual)) as Scalar;
    row.actualSeconds = nowSeconds;
    row.bytes += added;
    this.#bytes += added;
    this.#makeRoom();
    return true;
  }

  /** @returns whether it was held */
  forget(key: string): boolean {
    return this.#delete(key, 'deleted');
  }

  /** Lets go of what is too old. @returns whether anything was */
  expire(nowSeconds: number): boolean {
    const before = this.#rows;
    this.#removeWhile('retention', ({ arrivedSeconds }) => nowSeconds - arrivedSeconds >= this.#plan.retentionSeconds);
    return this.#rows !== before;
  }

  /** The newest first. What comes while somebody reads is not among them. @param before only rows with a lower number */
  *newest(before = Infinity): Generator<HeldRow> {
    let place = this.#placeOf(Math.min(before, this.#next));
    while (place > this.#head) {
      place -= 1;
      const row = this.#places[place];
      if (!row) continue;
      yield row;
      // Places may have been given back meanwhile.
      place = this.#placeOf(row.number);
    }
  }

  /** The first place whose number is not lower. */
  #placeOf(number: number): number {
    let [low, high] = [this.#head, this.#numbers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#numbers[middle] ?? Infinity) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #makeRoom(): void {
    const { mostRows, mostBytes } = this.#plan;
    this.#removeWhile('rows', () => this.#rows > mostRows);
    this.#removeWhile('bytes', () => this.#bytes > mostBytes);
  }

  /** From the oldest on. */
  #removeWhile(reason: RowRemoval, isDue: (row: HeldRow) => boolean): void {
    while (this.#head < this.#places.length) {
      const row = this.#places[this.#head];
      if (row) {
        if (!isDue(row)) break;
        this.#remove(row, reason);
      }
      this.#head += 1;
    }
    this.#tidy();
  }

  /** Ids that come again and again behind an old row, and deletions, leave empty places that are never the oldest. */
  #tidy(): void {
    const gone = this.#places.length - this.#rows;
    if (gone < TIDY_FROM || gone < this.#places.length / 2) return;
    const held = this.#places.filter((row) => row !== undefined);
    this.#places = held;
    this.#numbers = held.map(({ number }) => number);
    this.#head = 0;
  }

  #delete(key: string, reason: RowRemoval): boolean {
    const row = this.#byKey.get(key);
    if (row) this.#remove(row, reason);
    return row !== undefined;
  }

  #remove(row: HeldRow, reason: RowRemoval): void {
    this.#places[this.#placeOf(row.number)] = undefined;
    if (row.key !== undefined && this.#byKey.get(row.key) === row) this.#byKey.delete(row.key);
    this.#rows -= 1;
    this.#bytes -= row.bytes;
    this.removed[reason] += 1;
  }
}

function sizeOf(actual: Scalar | undefined): number {
  return typeof actual === 'string' ? bytesOfText(actual) : 0;
}
