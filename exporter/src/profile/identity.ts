import { createHash } from 'node:crypto';
import type { ColumnReference, Reference } from '@modelwatch/contract';

/** What `referenceId` reads of a reference. */
export type Identified = Pick<Reference, 'schema' | 'missingValues' | 'features' | 'target' | 'prediction'>;

/**
 * The identity of a reference: 48 bits of a hash over everything that a drift score depends on. Two references with the
 * same identity have the same bins and the same counts in them, so counts and shares that carry it may be compared;
 * name, model, importance, baseline, moments and segments can change without it. The order of the features does not matter.
 */
export function referenceId({ schema, missingValues, features, target, prediction }: Identified): string {
  const byName = [...features].sort((a, b) => (a.name < b.name ? -1 : 1));
  const content = {
    schema,
    missingValues: [...new Set(missingValues)].sort(),
    features: byName.map(columnContent),
    target: target ? columnContent(target) : null,
    prediction: prediction ? columnContent(prediction) : null,
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
}

function columnContent(column: ColumnReference): unknown[] {
  const special = Object.entries(column.special)
    .map(([bin, { count }]) => [bin, count] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (column.type === 'numeric') {
    return [column.name, column.type, column.bins.map(({ from, to, count }) => [from, to, count]), special];
  }
  const { complete, categories } = column.otherCategories;
  const bins = column.bins.map(({ category, count }) => [category, count]);
  return [column.name, column.type, bins, special, complete, [...categories].sort()];
}
