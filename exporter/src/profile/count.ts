/** The second reading: exact counts in the bins that the first one chose. */
import { binnerOf, type BinLayout, type Binner } from '../domain/binning';
import type { MissingValues } from '../domain/values';
import { categoryText } from './scan';
import type { Cell } from './table';

export class ColumnCount {
  readonly binner: Binner;
  readonly counts: Float64Array;
  rows = 0;

  constructor(layout: BinLayout, missing: MissingValues) {
    this.binner = binnerOf(layout, missing);
    this.counts = new Float64Array(this.binner.bins);
  }

  add(cells: readonly Cell[]): void {
    const { counts, binner } = this;
    for (const cell of cells) {
      // A time has a bin only in a column that is taken as categories.
      const bin = binner.binOf(typeof cell === 'object' && cell !== null ? categoryText(cell) : cell);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    this.rows += cells.length;
  }

  /** Rows that have no value since their batch did not know the column. */
  skip(rows: number): void {
    const missing = this.binner.labels.indexOf('missing');
    this.counts[missing] = (this.counts[missing] ?? 0) + rows;
    this.rows += rows;
  }
}
