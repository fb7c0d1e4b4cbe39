/** Which value of a segment a row belongs to: the same for the reference and for every event. */
import { SEGMENT_RESTS } from '@modelwatch/contract';
import { binnerOf } from '../binning';
import { booleanOf, type MissingValues } from '../values';

/** From any JSON value to the place in the list of values; behind them `other`, then `missing`. */
export type FindSegment = (value: unknown) => number;

/** Values of a segment, and what is beside them. */
export function segmentPlaces(values: readonly string[]): string[] {
  return [...values, ...SEGMENT_RESTS];
}

/** Truth values are found by every way to write them. */
export function segmentFinder(values: readonly string[], missing: MissingValues): FindSegment {
  const isBoolean = values.every((value) => booleanOf(value) === value);
  const { binOf } = binnerOf(
    {
      type: isBoolean ? 'boolean' : 'categorical',
      bins: values.map((category) => ({ category })),
      otherCategories: { complete: false, categories: [] },
    },
    missing
  );
  const other = values.length;
  // A bin behind the values is other, new, missing or invalid.
  return (value) => {
    const bin = binOf(value);
    if (bin < other) return bin;
    return bin === other + 2 ? other + 1 : other;
  };
}
