import { RECORDED } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { BY_MODEL, identity } from './identity';
import { anyOf, selector } from './promql';

/**
 * What `and` is needed for the filters that other series carry.
 * @param at ` @ end()` in a range query: a model is chosen by what it is at the end of the range, with its whole past
 */
export function restriction(filters: ResolvedFilters, at: '' | ' @ end()'): string {
  const ids = identity(filters);
  const info = selector(RECORDED.modelInfo.name, [
    ...ids,
    ...anyOf('platform', filters.platform),
    ...anyOf('server', filters.server),
  ]);
  const health = selector(RECORDED.modelHealth.name, [...ids, ...anyOf('health', filters.health)]);
  return [
    ...(filters.platform.length + filters.server.length ? [` and on ${BY_MODEL} ${info}${at}`] : []),
    ...(filters.health.length ? [` and on ${BY_MODEL} ${health}${at} == 1`] : []),
  ].join('');
}
