/** References for tests, as somebody's training data would give them. */
import { decodeReference, REFERENCE_SCHEMA, type ColumnReference, type Reference } from '@modelwatch/contract';
import { referenceId } from '../../profile/identity';

const count = (rows: number) => ({ count: rows, share: 0 });

/** A numeric feature with so many rows in each of its bins, from 0 in steps of 10. */
export function numericFeature(name: string, counts: readonly number[], importance?: number): ColumnReference {
  return {
    name,
    type: 'numeric',
    rule: 'quantile',
    bins: counts.map((rows, index) => ({ from: index * 10, to: index * 10 + 10, ...count(rows) })),
    special: { below: count(0), above: count(0), missing: count(0), invalid: count(0) },
    moments: { mean: 12, standardDeviation: 5, min: 0, max: counts.length * 10 },
    ...(importance === undefined ? {} : { importance }),
  };
}

export function categoricalFeature(
  name: string,
  counts: Readonly<Record<string, number>>,
  type: 'categorical' | 'boolean' = 'categorical'
): ColumnReference {
  return {
    name,
    type,
    bins: Object.entries(counts).map(([category, rows]) => ({ category, ...count(rows) })),
    special: { other: count(0), new: count(0), missing: count(0), invalid: count(0) },
    otherCategories: { complete: true, categories: [] },
  };
}

/** As it is read: of model risk in namespace shop, 100 rows: `amount` and `country`. */
export function referenceOf(change: Partial<Reference> = {}): Reference {
  const document = {
    schema: REFERENCE_SCHEMA,
    name: 'train',
    namespace: 'shop',
    model: 'risk',
    rows: 100,
    missingValues: [''],
    features: [numericFeature('amount', [40, 60], 0.75), categoricalFeature('country', { DE: 70, FR: 30 })],
    ...change,
  } as const;
  return decodeReference({ id: referenceId(document), ...document });
}
