/** From a value to the index of its bin. Built once per column of a reference, asked for every value of every event. */
import {
  CATEGORY_SPECIAL_BINS,
  NUMERIC_SPECIAL_BINS,
  type CategoricalColumn,
  type ColumnReference,
  type NumericBin,
} from '@modelwatch/contract';
import { booleanSpellings, categoryOf, numberOf, type MissingValues } from './values';

/** Finds the bin of a value. Indexes run from 0 to `bins - 1`: the bins of the reference, then its special bins. */
export interface Binner {
  readonly bins: number;
  /** The label of each bin: `0`, `1`, ... and the names of the special bins. */
  readonly labels: readonly string[];
  /** Any JSON value, NaN, an infinity or undefined; never throws. Allocates nothing for a value that is as expected. */
  readonly binOf: (value: unknown) => number;
}

/** The bins of a column: what counts are kept by. */
export type BinLayout =
  | { readonly type: 'numeric'; readonly bins: readonly Pick<NumericBin, 'from' | 'to'>[] }
  | {
      readonly type: CategoricalColumn['type'];
      readonly bins: readonly { readonly category: string }[];
      readonly otherCategories: CategoricalColumn['otherCategories'];
    };

export function binnerOf(column: ColumnReference | BinLayout, missing: MissingValues): Binner {
  const named = column.bins.map((_, index) => String(index));
  const special = column.type === 'numeric' ? NUMERIC_SPECIAL_BINS : CATEGORY_SPECIAL_BINS;
  const labels = [...named, ...special];
  const binOf = column.type === 'numeric' ? numericBin(column.bins, missing) : categoryBin(column, missing);
  return { bins: labels.length, labels, binOf };
}

function numericBin(bins: readonly Pick<NumericBin, 'from' | 'to'>[], missing: MissingValues): Binner['binOf'] {
  const find = rangeOf(bins);
  const [missingBin, invalidBin] = [bins.length + 2, bins.length + 3];
  const ofNumber = (value: number) => (missing.hasNumber(value) ? missingBin : find(value));
  return (value) => {
    switch (typeof value) {
      case 'number':
        return ofNumber(value);
      case 'string': {
        const parsed = numberOf(value);
        if (Number.isNaN(parsed)) return missing.hasText(value) ? missingBin : invalidBin;
        return ofNumber(parsed);
      }
      case 'bigint':
        return ofNumber(Number(value));
      case 'undefined':
        return missingBin;
      default:
        return value === null ? missingBin : invalidBin;
    }
  };
}

/** Of a number that is there: its bin, or those below and above the range. */
export function rangeOf(bins: readonly Pick<NumericBin, 'from' | 'to'>[]): (value: number) => number {
  const ends = Float64Array.from(bins, ({ to }) => to);
  const last = ends.length - 1;
  const [least, most] = [bins[0]?.from ?? NaN, ends[last] ?? NaN];
  return (value) => {
    if (value < least) return last + 1;
    if (value > most) return last + 2;
    let [low, high] = [0, last];
    while (low < high) {
      const middle = (low + high) >> 1;
      // Bins are closed at their upper end.
      if ((ends[middle] ?? NaN) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function categoryBin(column: Exclude<BinLayout, { type: 'numeric' }>, missing: MissingValues): Binner['binOf'] {
  const { bins, otherCategories } = column;
  const [otherBin, newBin, missingBin, invalidBin] = [0, 1, 2, 3].map((index) => bins.length + index) as [
    number,
    number,
    number,
    number,
  ];
  const unseenBin = otherCategories.complete ? newBin : otherBin;
  const byText = new Map<string, number>();
  // A number as JSON has it is found without making a text of it.
  const byNumber = new Map<number, number>();
  const add = (category: string, bin: number) => {
    const spellings = column.type === 'boolean' ? booleanSpellings(category) : [];
    for (const text of spellings.length > 0 ? spellings : [category]) {
      byText.set(text, bin);
      if (text === String(Number(text))) byNumber.set(Number(text), bin);
    }
  };
  otherCategories.categories.forEach((category) => add(category, otherBin));
  bins.forEach(({ category }, index) => add(category, index));
  const ofText = (text: string): number => {
    const known = byText.get(text);
    if (known !== undefined) return known;
    if (missing.hasText(text)) return missingBin;
    return byText.get(categoryOf(text)) ?? unseenBin;
  };
  return (value) => {
    switch (typeof value) {
      case 'string':
        return ofText(value);
      case 'number':
        return missing.hasNumber(value) ? missingBin : (byNumber.get(value) ?? unseenBin);
      case 'boolean':
        return ofText(value ? 'true' : 'false');
      case 'bigint':
        return ofText(String(value));
      case 'undefined':
        return missingBin;
      default:
        return value === null ? missingBin : invalidBin;
    }
  };
}
