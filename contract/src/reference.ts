/**
 * The reference: the profile of the data that a model was trained on, as `modelwatch profile` writes it. Drift compares
 * what a model is asked now with it. docs/reference.schema.json is the same as a JSON Schema.
 */
import { array, boolean, count, DecodeError, number, object, oneOf, optional, record, string, text } from './decode';
import type { Decoder } from './decode';
import { checkSegments, decodeSegments, type SegmentColumn, type SegmentedColumn } from './reference-segments';
import { BASELINE_METRICS, type BaselineMetric } from './vocabulary/accuracy';

/** The version of the document; a change that an older reader would misread gets another number. */
export const REFERENCE_SCHEMA = 'modelwatch-reference/1';

/**
 * How the edges of a numeric feature came about: `quantile` (each bin holds about the same share of the reference),
 * `values` (few values: one bin each), `fixed` (given).
 */
export const BIN_RULES = ['quantile', 'values', 'fixed'] as const;
export type BinRule = (typeof BIN_RULES)[number];

/** Bins beside the range of a numeric feature, in the order of their indexes after the range. */
export const NUMERIC_SPECIAL_BINS = ['below', 'above', 'missing', 'invalid'] as const;
/** Bins beside the named categories. `other`: seen in the reference but not named; `new`: never seen in it. */
export const CATEGORY_SPECIAL_BINS = ['other', 'new', 'missing', 'invalid'] as const;
export type SpecialBin = (typeof NUMERIC_SPECIAL_BINS)[number] | (typeof CATEGORY_SPECIAL_BINS)[number];

/** What a model answers. */
export const TASKS = ['classification', 'regression'] as const;
export type Task = (typeof TASKS)[number];

/** Rows in a bin, and their share of all rows. */
export interface BinCount {
  readonly count: number;
  /** `count` by all rows of the reference, 0 to 1. In a file it is rounded and for readers only. */
  readonly share: number;
}

/** Closed at its upper end, as Prometheus' `le` is: (from, to]. The first bin holds its lower end, too: [from, to]. */
export interface NumericBin extends BinCount {
  readonly from: number;
  readonly to: number;
}

export interface CategoryBin extends BinCount {
  readonly category: string;
}

/** Of the finite values of a numeric column. */
export interface Moments {
  readonly mean: number;
  /** Of the population: divided by the number of values, not by one less. */
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
}

interface ColumnCommon {
  readonly name: string;
  /** Share of the model that the feature carries, 0 to 1; all features of a reference that have one add up to 1. */
  readonly importance?: number;
  /** Segment column -> segment value, `other` or `missing` -> rows per bin: the bins in their order, then the special ones. */
  readonly segments?: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

export interface NumericColumn extends ColumnCommon {
  readonly type: 'numeric';
  readonly rule: BinRule;
  readonly bins: readonly NumericBin[];
  readonly special: Readonly<Record<(typeof NUMERIC_SPECIAL_BINS)[number], BinCount>>;
  /** Absent when the column has no finite value. */
  readonly moments?: Moments;
}

export interface CategoricalColumn extends ColumnCommon {
  readonly type: 'categorical' | 'boolean';
  /** By share, largest first; equal shares by name. */
  readonly bins: readonly CategoryBin[];
  readonly special: Readonly<Record<(typeof CATEGORY_SPECIAL_BINS)[number], BinCount>>;
  /** The categories behind `other`. Not all: what is unknown counts as `other`, and nothing as `new`. */
  readonly otherCategories: { readonly complete: boolean; readonly categories: readonly string[] };
}

/** How one column was in the reference: a feature, the target or the prediction. */
export type ColumnReference = NumericColumn | CategoricalColumn;

export interface Reference {
  readonly schema: typeof REFERENCE_SCHEMA;
  /** Hash of everything that a drift score depends on: columns, types, bins and counts. Label `reference` of the metrics. */
  readonly id: string;
  readonly name: string;
  readonly namespace?: string;
  readonly model?: string;
  readonly version?: string;
  readonly rows: number;
  /** Identities of references whose counts are in the same bins: this one was made of rows that were counted in them. */
  readonly sameBins?: readonly string[];
  /** Texts, and numbers as text, that stand for a missing value, besides an absent, null or NaN one. */
  readonly missingValues: readonly string[];
  readonly features: readonly ColumnReference[];
  readonly target?: ColumnReference;
  readonly prediction?: ColumnReference;
  readonly task?: Task;
  /** Of a classification: all values of the target. */
  readonly classes?: readonly string[];
  /** Columns by which shares are told apart. */
  readonly segments?: readonly SegmentColumn[];
  /** Score on data that the model was not trained on, by metric: what accuracy is compared with. */
  readonly baseline?: Readonly<Partial<Record<BaselineMetric, number>>>;
  /** Columns that were left out, and why. */
  readonly excluded?: readonly { readonly column: string; readonly reason: string }[];
}

const ID = /^[0-9a-f]{12}$/;

/** Reads a reference. Shares are computed from the counts. @throws DecodeError */
export function decodeReference(value: unknown, path = ''): Reference {
  const head = object({ schema: string, rows: count })(value, path);
  if (head.schema !== REFERENCE_SCHEMA) throw new DecodeError(join(path, 'schema'), head.schema, REFERENCE_SCHEMA);
  const { rows } = head;
  const column: Decoder<ColumnReference> = (entry, at) => decodeColumn(entry, rows, at);
  const decoded = object({
    id,
    name: text,
    namespace: optional(text),
    model: optional(text),
    version: optional(text),
    sameBins: optional(array(id)),
    missingValues: array(string),
    features: array(column),
    target: optional(column),
    prediction: optional(column),
    task: optional(oneOf(TASKS)),
    classes: optional(array(string)),
    segments: optional(decodeSegments),
    baseline: optional(decodeBaseline),
    excluded: optional(array(object({ column: string, reason: string }))),
  })(value, path);
  if (decoded.features.length === 0) throw new DecodeError(join(path, 'features'), [], 'at least one feature');
  unique(
    decoded.features.map(({ name }) => name),
    (index) => join(path, `features[${index}].name`)
  );
  checkSegments(rows, decoded.segments ?? [], segmentedColumns(decoded, path), join(path, 'segments'));
  return { schema: REFERENCE_SCHEMA, rows, ...decoded };
}

function segmentedColumns(
  { features, target, prediction }: Pick<Reference, 'features' | 'target' | 'prediction'>,
  path: string
): SegmentedColumn[] {
  const columns = features.map((column, index) => [`features[${index}]`, column] as const);
  const apart = Object.entries({ target, prediction });
  return [...columns, ...apart].flatMap(([key, column]) =>
    column?.segments ? [{ path: join(path, key), bins: binsOf(column), segments: column.segments }] : []
  );
}

/** Every bin of a column in the order of its indexes: the label `bin` and the rows. */
export function binsOf(column: ColumnReference): readonly (BinCount & { readonly bin: string })[] {
  const special = Object.entries(column.special).map(([bin, { count, share }]) => ({ bin, count, share }));
  return [...column.bins.map(({ count, share }, index) => ({ bin: String(index), count, share })), ...special];
}

function decodeColumn(value: unknown, rows: number, path = ''): ColumnReference {
  const { type } = object({ type: oneOf(['numeric', 'categorical', 'boolean']) })(value, path);
  const column = type === 'numeric' ? decodeNumeric(value, rows, path) : decodeCategorical(value, rows, type, path);
  const total = binsOf(column).reduce((sum, { count }) => sum + count, 0);
  if (total !== rows) throw new DecodeError(join(path, 'bins'), total, `counts that add up to the ${rows} rows`);
  return column;
}

const COMMON = {
  name: text,
  importance: optional(ratio),
  segments: optional(record(record(array(count)))),
};

function decodeNumeric(value: unknown, rows: number, path: string): NumericColumn {
  const bin = binCount(rows);
  const decoded = object({
    ...COMMON,
    rule: oneOf(BIN_RULES),
    bins: array((entry, at = '') => {
      const { from, to } = object({ from: number, to: number })(entry, at);
      const { count: rows, share } = bin(entry, at);
      // Written out: an object that is put together from others takes three times the memory, and there are many.
      return { from, to, count: rows, share };
    }),
    special: object({ below: bin, above: bin, missing: bin, invalid: bin }),
    moments: optional(object({ mean: number, standardDeviation: number, min: number, max: number })),
  })(value, path);
  if (decoded.bins.length === 0) throw new DecodeError(join(path, 'bins'), [], 'at least one bin');
  decoded.bins.forEach(({ from, to }, index) => {
    const at = join(path, `bins[${index}]`);
    const before = decoded.bins[index - 1];
    if (before && before.to !== from)
      throw new DecodeError(`${at}.from`, from, `the end of the bin before, ${before.to}`);
    // The first may hold one value alone.
    if (index === 0 ? to < from : to <= from) throw new DecodeError(`${at}.to`, to, `a number above ${from}`);
  });
  return { type: 'numeric', ...decoded };
}

function decodeCategorical(
  value: unknown,
  rows: number,
  type: CategoricalColumn['type'],
  path: string
): CategoricalColumn {
  const bin = binCount(rows);
  const decoded = object({
    ...COMMON,
    bins: array((entry, at = '') => {
      const { category } = object({ category: string })(entry, at);
      const { count: rows, share } = bin(entry, at);
      return { category, count: rows, share };
    }),
    special: object({ other: bin, new: bin, missing: bin, invalid: bin }),
    otherCategories: object({ complete: boolean, categories: array(string) }),
  })(value, path);
  const named = decoded.bins.map(({ category }) => category);
  unique([...named, ...decoded.otherCategories.categories], (index) =>
    join(path, index < named.length ? `bins[${index}].category` : `otherCategories.categories[${index - named.length}]`)
  );
  return { type, ...decoded };
}

function binCount(rows: number): Decoder<BinCount> {
  return (value, path = '') => {
    const decoded = object({ count })(value, path);
    return { count: decoded.count, share: rows === 0 ? 0 : decoded.count / rows };
  };
}

function decodeBaseline(value: unknown, path = ''): Partial<Record<BaselineMetric, number>> {
  const scores = record(number)(value, path);
  for (const metric of Object.keys(scores)) oneOf(BASELINE_METRICS)(metric, join(path, metric));
  return scores;
}

function id(value: unknown, path = ''): string {
  if (typeof value !== 'string' || !ID.test(value)) throw new DecodeError(path, value, '12 hexadecimal digits');
  return value;
}

function ratio(value: unknown, path = ''): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1))
    throw new DecodeError(path, value, 'a number from 0 to 1');
  return value;
}

function unique(names: readonly string[], place: (index: number) => string): void {
  const seen = new Set<string>();
  names.forEach((name, index) => {
    if (seen.has(name)) throw new DecodeError(place(index), name, 'each name once');
    seen.add(name);
  });
}

function join(path: string, key: string): string {
  return path ? `${path}.${key}` : key;
}
