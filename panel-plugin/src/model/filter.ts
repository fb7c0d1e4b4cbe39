/** What a reader has chosen to see; the headline and the counts are never filtered. */
import type { HealthState } from '@modelwatch/contract';
import type { ModelView } from './types';

export interface Filter {
  /** Empty: all states. */
  readonly states: ReadonlySet<HealthState>;
  readonly search: string;
}

export const NO_FILTER: Filter = { states: new Set(), search: '' };

export function isFiltering(filter: Filter): boolean {
  return filter.states.size > 0 || filter.search.trim() !== '';
}

/** Every word must be found in the name, namespace, cluster, owner, version, platform, server or reason. */
export function matches(model: ModelView, filter: Filter): boolean {
  if (filter.states.size && !filter.states.has(model.health)) return false;
  const { name, namespace, cluster, owner, version, platform, server, reason } = model;
  const text = [name, namespace, cluster, owner, version, platform, server, reason].join(' ').toLowerCase();
  return filter.search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function toggled(filter: Filter, state: HealthState): Filter {
  const states = new Set(filter.states);
  if (!states.delete(state)) states.add(state);
  return { ...filter, states };
}
