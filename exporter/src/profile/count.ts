/** The second reading: exact counts in the bins that the first one chose. */
import { binnerOf, type BinLayout, type Binner } from '../domain/binning';
import type { MissingValues } from '../domain/values';
import { categoryText } from './scan';
import { CountByGroup, type Grouping, type SegmentCount } from './segments';
import type { Cell } from './table';

export class ColumnCount {
  readonly binner: Binner;
  readonly counts: Float64Array;
  readonly bySegment: readonly CountByGroup<SegmentCount>[];
  /** By bin of the column that importance is computed from. */
  readonly byOutcome: CountByGroup | undefined;
  rows = 0;
  readonly #groups: readonly CountByGroup[];

  constructor(layout: BinLayout, missing: MissingValues, segments: readonly SegmentCount[] = [], outcome?: Grouping) {
    this.binner = binnerOf(layout, missing);
    this.counts = new Float64Array(this.binner.bins);
    this.bySegment = segments.map((segment) => new CountByGroup(segment, this.binner.bins));
    this.byOutcome = outcome && new CountByGroup(outcome, this.binner.bins);
    this.#groups = [...this.bySegment, ...(this.byOutcome ? [this.byOutcome] : [])];
  }

  add(cells: readonly Cell[]): void {
    const { counts, binner } = this;
    const groups = this.#groups;
    for (let row = 0; row < cells.length; row++) {
      const cell = cells[row];
      // A time has a bin only in a column that is taken as categories.
      const bin = binner.binOf(typeof cell === 'object' && cell !== null ? categoryText(cell) : cell);
      counts[bin] = (counts[bin] ?? 0) + 1;
      for (const count of groups) count.add(row, bin);
    }
    this.rows += cells.length;
  }

  /** Rows of all batches before the current one, which did not know the column. */
  skip(rows: number, batchRows: number): void {
    const missing = this.binner.labels.indexOf('missing');
    for (const count of this.#groups) count.addBefore(batchRows, missing);
    this.counts[missing] = (this.counts[missing] ?? 0) + rows;
    this.rows += rows;
  }
}
