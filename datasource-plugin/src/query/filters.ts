import type { ModelSummary } from '@modelwatch/contract';
import { FILTER_FIELDS, type FilterField, type ModelFilters } from './types';

/** Filters without variables: every field is there, an empty list means all. */
export type ResolvedFilters = Readonly<Record<FilterField, readonly string[]>>;

export const NO_FILTERS: ResolvedFilters = {
  cluster: [],
  namespace: [],
  model: [],
  platform: [],
  health: [],
  server: [],
  pipeline: [],
  feature: [],
  version: [],
  segment: [],
  segment_value: [],
  metric: [],
  age: [],
  slo: [],
  custom_metric: [],
};

/** What a variable that stands for everything leaves behind: "All" with a custom value, or nothing at all. */
const MEANS_ALL = new Set(['', '.*', '.+', '*', '$__all']);

/**
 * Replaces the variables of stored filters.
 * @param values the values of one stored text: itself, or those of the variable in it
 */
export function resolveFilters(
  filters: ModelFilters | undefined,
  values: (text: string) => readonly string[]
): ResolvedFilters {
  const resolved: Record<FilterField, readonly string[]> = { ...NO_FILTERS };
  for (const field of FILTER_FIELDS) {
    const found = (filters?.[field] ?? []).flatMap((text) => [...values(text)]);
    // One value that means all makes the whole field mean all, whatever stands beside it.
    resolved[field] = found.some((value) => MEANS_ALL.has(value)) ? [] : [...new Set(found)];
  }
  return resolved;
}

/** The filters as they are stored, without the fields that mean all. */
export function storedFilters(filters: ResolvedFilters): ModelFilters {
  return Object.fromEntries(FILTER_FIELDS.filter((field) => filters[field].length).map((f) => [f, filters[f]]));
}

/** The models of the exporter's API that match; the API knows no cluster, so that filter is not looked at. */
export function filterSummaries(summaries: readonly ModelSummary[], filters: ResolvedFilters): ModelSummary[] {
  const matches = (wanted: readonly string[], value: string): boolean => !wanted.length || wanted.includes(value);
  return summaries.filter(
    ({ namespace, name, platform, health, server }) =>
      matches(filters.namespace, namespace) &&
      matches(filters.model, name) &&
      matches(filters.platform, platform) &&
      matches(filters.health, health) &&
      matches(filters.server, server ?? '')
  );
}
