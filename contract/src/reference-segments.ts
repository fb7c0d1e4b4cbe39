/** The part of a reference that tells rows apart by the value of a column. */
import { array, count, DecodeError, object, string, text, type Decoder } from './decode';
import { isSegmentRest, MOST_SEGMENT_VALUES, MOST_SEGMENTS, SEGMENT_RESTS } from './vocabulary/segments';

/** A column by which shares are told apart; it need not be a feature. */
export interface SegmentColumn {
  readonly column: string;
  /** By rows, most first; equal ones by name. */
  readonly values: readonly { readonly value: string; readonly rows: number }[];
  /** Rows with none of the values. */
  readonly otherRows: number;
  /** Rows without a value. */
  readonly missingRows: number;
}

const decodeSegment = object({
  column: text,
  values: array(object({ value: string, rows: count })),
  otherRows: count,
  missingRows: count,
});

/** @throws DecodeError */
export const decodeSegments: Decoder<SegmentColumn[]> = (value, path = '') => {
  const segments = array(decodeSegment)(value, path);
  if (segments.length > MOST_SEGMENTS) {
    throw new DecodeError(path, segments.length, `at most ${MOST_SEGMENTS} columns`);
  }
  segments.forEach(({ column, values }, index) => {
    const at = `${path}[${index}]`;
    if (segments.findIndex((each) => each.column === column) < index) {
      throw new DecodeError(`${at}.column`, column, 'each column once');
    }
    if (values.length === 0 || values.length > MOST_SEGMENT_VALUES) {
      throw new DecodeError(`${at}.values`, values.length, `1 to ${MOST_SEGMENT_VALUES} values`);
    }
    values.forEach(({ value: name }, place) => {
      if (isSegmentRest(name) || values.findIndex((each) => each.value === name) < place) {
        const expected = `each value once, and none that is called ${SEGMENT_RESTS.join(' or ')}`;
        throw new DecodeError(`${at}.values[${place}].value`, name, expected);
      }
    });
  });
  return segments;
};

/** Rows of a segment by value: the values in their order, then `other` and `missing`. */
export function segmentRows({ values, otherRows, missingRows }: SegmentColumn): readonly (readonly [string, number])[] {
  return [
    ...values.map(({ value, rows }) => [value, rows] as const),
    ['other', otherRows] as const,
    ['missing', missingRows] as const,
  ];
}

/** A column of the reference, and where it stands. */
export interface SegmentedColumn {
  readonly path: string;
  readonly bins: readonly { readonly bin: string; readonly count: number }[];
  /** Segment column -> value -> rows per bin. */
  readonly segments: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

/** Every row is in one value of each segment, and in one bin of each column. @throws DecodeError */
export function checkSegments(
  rows: number,
  segments: readonly SegmentColumn[],
  columns: readonly SegmentedColumn[],
  path: string
): void {
  segments.forEach((segment, index) => {
    const all = sum(segmentRows(segment).map(([, each]) => each));
    if (all !== rows) throw new DecodeError(`${path}[${index}]`, all, `rows that add up to ${rows}`);
  });
  for (const column of columns) checkColumn(column, segments);
}

function checkColumn({ path, bins, segments: bySegment }: SegmentedColumn, segments: readonly SegmentColumn[]): void {
  for (const [name, byValue] of Object.entries(bySegment)) {
    const segment = segments.find((each) => each.column === name);
    const place = `${path}.segments.${name}`;
    if (!segment) throw new DecodeError(place, name, 'a column of segments');
    const values = segmentRows(segment);
    const odd = Object.keys(byValue).find((value) => !values.some(([known]) => known === value));
    if (odd !== undefined) throw new DecodeError(`${place}.${odd}`, odd, `a value of the segment ${name}`);
    const sums = bins.map(() => 0);
    for (const [value, rows] of values) {
      const counts = byValue[value] ?? [];
      const at = `${place}.${value}`;
      if (counts.length !== bins.length) throw new DecodeError(at, counts.length, `${bins.length} counts, one a bin`);
      if (sum(counts) !== rows) throw new DecodeError(at, sum(counts), `counts that add up to its ${rows} rows`);
      counts.forEach((each, bin) => (sums[bin] = (sums[bin] ?? 0) + each));
    }
    bins.forEach(({ bin, count: whole }, index) => {
      if (sums[index] !== whole)
        throw new DecodeError(place, sums[index], `${whole} rows in bin ${bin}, as the column`);
    });
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
