/** Columns by which shares are told apart: their values from the first reading, their rows from the second. */
import {
  isSegmentRest,
  MOST_SEGMENT_VALUES,
  SEGMENT_RESTS,
  type ColumnReference,
  type SegmentColumn,
} from '@modelwatch/contract';
import { segmentFinder, segmentPlaces, type FindSegment } from '../domain/segments/values';
import type { MissingValues } from '../domain/values';
import { DEFAULT_OPTIONS } from './options';
import { isOfIds, planColumn } from './plan';
import { categoryText, type ColumnScan } from './scan';
import { TableError, type Batch, type Cell } from './table';

/** The most frequent values of each. @throws TableError of columns that tell nothing apart */
export function planSegments(scans: readonly ColumnScan[]): { column: string; values: string[] }[] {
  const problems: string[] = [];
  const planned = scans.map((scan) => {
    const plan = planColumn(scan, { ...DEFAULT_OPTIONS, name: '', categories: MOST_SEGMENT_VALUES });
    const bins = plan.kind === 'categorical' && plan.layout.type !== 'numeric' ? plan.layout.bins : [];
    const values = bins.map(({ category }) => category).filter((value) => !isSegmentRest(value));
    const present = scan.rows - scan.missing;
    if (values.length === 0) problems.push(`--segment ${scan.name}: expected values, got none in any row`);
    else if (isOfIds(scan, present)) {
      problems.push(`--segment ${scan.name}: expected few values, got another in almost every row`);
    }
    return { column: scan.name, values };
  });
  if (problems.length > 0) throw new TableError(problems);
  return planned;
}

/** Rows told apart by something: of the batch that was taken last the place of each, of all batches the rows by place. */
export interface Grouping {
  readonly places: readonly string[];
  readonly rows: Float64Array;
  readonly current: Uint8Array | Uint16Array;
}

/** The second reading: the value of each row, and how many rows have it. */
export class SegmentCount implements Grouping {
  readonly places: readonly string[];
  readonly rows: Float64Array;
  /** Of each row of the batch that was taken last, its place among `places`. */
  current = new Uint8Array(0);
  readonly #find: FindSegment;

  constructor(
    readonly column: string,
    readonly values: readonly string[],
    missing: MissingValues
  ) {
    this.places = segmentPlaces(values);
    this.rows = new Float64Array(this.places.length);
    this.#find = segmentFinder(values, missing);
  }

  /** A batch that does not know the column has no value in any row. */
  take({ names, columns, rows }: Batch): void {
    const cells: readonly Cell[] = columns[names.indexOf(this.column)] ?? [];
    if (this.current.length < rows) this.current = new Uint8Array(rows);
    for (let index = 0; index < rows; index++) {
      const cell = cells[index];
      const place = this.#find(typeof cell === 'object' && cell !== null ? categoryText(cell) : cell);
      this.current[index] = place;
      this.rows[place] = (this.rows[place] ?? 0) + 1;
    }
  }

  value(): SegmentColumn {
    const [other = 0, missing = 0] = this.rows.slice(-SEGMENT_RESTS.length);
    const values = this.values.map((value, place) => ({ value, rows: this.rows[place] ?? 0 }));
    return { column: this.column, values, otherRows: other, missingRows: missing };
  }
}

/** Rows by bin of one column for each place of a grouping, such as the values of a segment. */
export class CountByGroup<Of extends Grouping = Grouping> {
  readonly #counts: Float64Array;

  constructor(
    readonly group: Of,
    private readonly bins: number
  ) {
    this.#counts = new Float64Array(group.places.length * bins);
  }

  /** @param row in the batch that the grouping took last */
  add(row: number, bin: number): void {
    const at = (this.group.current[row] ?? 0) * this.bins + bin;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** All rows of the batches before the current one. */
  addBefore(batchRows: number, bin: number): void {
    const before = Float64Array.from(this.group.rows);
    for (const place of this.group.current.subarray(0, batchRows)) before[place] = (before[place] ?? 0) - 1;
    before.forEach((rows, place) => (this.#counts[place * this.bins + bin] = rows));
  }

  /** By place, the rows in each bin. */
  counts(): readonly (readonly number[])[] {
    const of = (place: number) => [...this.#counts.subarray(place * this.bins, (place + 1) * this.bins)];
    return this.group.places.map((_, place) => of(place));
  }

  value(): Readonly<Record<string, readonly number[]>> {
    const counts = this.counts();
    return Object.fromEntries(this.group.places.map((value, place) => [value, counts[place] ?? []]));
  }
}

/** Of one column, by segment. */
export function segmentsOf(counts: readonly CountByGroup<SegmentCount>[]): Pick<ColumnReference, 'segments'> {
  if (counts.length === 0) return {};
  return { segments: Object.fromEntries(counts.map((count) => [count.group.column, count.value()])) };
}
