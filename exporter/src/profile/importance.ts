import type { Reference } from '@modelwatch/contract';
import { TableError } from './table';

/**
 * Importance as a share of the model: each value by the sum of all. A feature that made the model worse (a negative
 * permutation importance) carries nothing. @throws TableError of names that are no features
 */
export function importanceOf(
  { features }: Reference,
  values: ReadonlyMap<string, number>
): Pick<Reference, 'features'> {
  const unknown = [...values.keys()].filter((name) => !features.some((feature) => feature.name === name));
  if (unknown.length > 0) {
    throw new TableError(unknown.map((name) => `importance: expected a feature, got ${JSON.stringify(name)}`));
  }
  const sum = [...values.values()].reduce((total, value) => total + Math.max(0, value), 0);
  if (!(sum > 0 && sum < Infinity)) throw new TableError(['importance: expected a value above 0']);
  const shared = features.map((feature) => {
    const value = values.get(feature.name);
    if (value === undefined) return feature;
    const { name, type, ...rest } = feature;
    const importance = Number((Math.max(0, value) / sum).toPrecision(6));
    // After its name, where people look for it.
    return { name, type, importance, ...rest } as typeof feature;
  });
  return { features: shared };
}
