/** Matchers of what is asked for. */
import type { ResolvedFilters } from './filters';
import { anyOf, matcher } from './promql';

export const BY_MODEL = '(cluster, namespace, model)';

/** Matchers of a model's identity; without a namespace asked for still one, so that no selector is bare. */
export function identity(filters: ResolvedFilters): string[] {
  const namespace = anyOf('namespace', filters.namespace);
  return [
    ...anyOf('cluster', filters.cluster),
    ...(namespace.length ? namespace : [matcher('namespace', '!=', '')]),
    ...anyOf('model', filters.model),
  ];
}

/** The same for what is recorded of one feature. */
export function subjectIdentity(filters: ResolvedFilters): string[] {
  return [...identity(filters), ...anyOf('feature', filters.feature)];
}
