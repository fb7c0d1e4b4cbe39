/** The first reading: what the values of a column are, and what its bins can be made of. */
import { categoryOf, numberOf, type MissingValues } from '../domain/values';
import { Categories } from './categories';
import { MomentsOf } from './moments';
import { Sample } from './sample';
import type { Cell } from './table';

/** What a value was, for the decision on the column's type. */
export type ValueKind = 'number' | 'infinity' | 'boolean' | 'time' | 'text';

/** A type that was asked for; without one the values decide. */
export type WantedType = 'numeric' | 'categorical';

const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?$/;

export class ColumnScan {
  rows = 0;
  missing = 0;
  /** Values of each kind. */
  readonly counts: Record<ValueKind, number> = { number: 0, infinity: 0, boolean: 0, time: 0, text: 0 };
  /** The first value of each kind, and its row. */
  readonly first: { [Kind in ValueKind]?: { readonly row: number; readonly value: string } } = {};
  readonly sample = new Sample();
  readonly moments = new MomentsOf();
  readonly categories = new Categories();
  /** The different numbers, while there are at most `values` of them. */
  readonly distinct = new Set<number>();
  #numbers = new Float64Array(0);

  constructor(
    readonly name: string,
    readonly options: {
      readonly wanted?: WantedType | undefined;
      readonly missing: MissingValues;
      /** How many different numbers are remembered. */
      readonly values: number;
    }
  ) {}

  /** @param hashes `rowHash` of each row */
  add(cells: readonly Cell[], firstRow: number, hashes: Uint32Array): void {
    if (this.#numbers.length < cells.length) this.#numbers = new Float64Array(cells.length);
    const numbers = this.#numbers;
    const isCategorical = this.options.wanted === 'categorical';
    let length = 0;
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index];
      if (isCategorical) {
        this.#addCategory(cell);
        continue;
      }
      const value = this.#number(cell, firstRow + index);
      if (Number.isNaN(value)) continue;
      numbers[length++] = value;
      this.sample.add(value, hashes[index] ?? 0);
      if (this.distinct.size <= this.options.values) this.distinct.add(value);
    }
    this.counts.number += length;
    this.moments.addAll(numbers, length);
    this.rows += cells.length;
  }

  /** Rows that have no value since their batch did not know the column. */
  skip(rows: number): void {
    this.rows += rows;
    this.missing += rows;
  }

  /** The finite number that a cell is; NaN when it is something else, which is then counted. */
  #number(cell: Cell, row: number): number {
    if (typeof cell === 'string') {
      const value = numberOf(cell);
      return Number.isNaN(value) ? this.#addText(cell, row) : this.#finite(value, row);
    }
    if (typeof cell === 'number' || typeof cell === 'bigint') return this.#finite(Number(cell), row);
    if (cell === null || cell === undefined) this.missing++;
    else if (typeof cell === 'boolean') this.#note('boolean', row, String(cell)).categories.add(String(cell));
    else this.#note('time', row, cell.toISOString());
    return NaN;
  }

  #finite(value: number, row: number): number {
    if (this.options.missing.hasNumber(value)) this.missing++;
    else if (Number.isFinite(value)) {
      this.first.number ??= { row, value: String(value) };
      return value;
    } else this.#note('infinity', row, String(value));
    return NaN;
  }

  #addText(text: string, row: number): number {
    if (this.options.missing.hasText(text)) this.missing++;
    else {
      // One that is no time settles it: the test is not cheap.
      const isTime = this.counts.text === 0 && TIME.test(text);
      this.#note(isTime ? 'time' : 'text', row, text);
      this.categories.add(categoryOf(text));
    }
    return NaN;
  }

  #note(kind: ValueKind, row: number, value: string): this {
    this.counts[kind]++;
    this.first[kind] ??= { row, value };
    return this;
  }

  #addCategory(cell: Cell): void {
    const { missing } = this.options;
    const text = categoryText(cell);
    const isMissing = typeof cell === 'number' ? missing.hasNumber(cell) : text === undefined || missing.hasText(text);
    if (isMissing || text === undefined) this.missing++;
    else {
      this.counts.text++;
      this.categories.add(text);
    }
  }
}

/** A cell as the name of a category; undefined when there is none. */
export function categoryText(cell: Cell): string | undefined {
  if (cell === null || cell === undefined) return undefined;
  if (typeof cell === 'string') return categoryOf(cell);
  return cell instanceof Date ? cell.toISOString() : String(cell);
}
