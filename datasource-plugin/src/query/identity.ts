/** Matchers of what is asked for. */
import { MODEL_LABELS, PREDICTIONS_VALUE } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { anyOf, matcher } from './promql';

export const BY_MODEL = `(${MODEL_LABELS})`;

/** Matchers of a model's identity; without a namespace asked for still one, so that no selector is bare. */
export function identity(filters: ResolvedFilters): string[] {
  const namespace = anyOf('namespace', filters.namespace);
  return [
    ...anyOf('cluster', filters.cluster),
    ...(namespace.length ? namespace : [matcher('namespace', '!=', '')]),
    ...anyOf('model', filters.model),
  ];
}

/** What is recorded of predictions is without a feature. */
export function ofFeature({ feature }: ResolvedFilters): string[] {
  const values = feature.map((value) => (value === PREDICTIONS_VALUE ? '' : value));
  return anyOf('feature', values);
}

/** The same for what is recorded of one feature. */
export function subjectIdentity(filters: ResolvedFilters): string[] {
  return [...identity(filters), ...ofFeature(filters)];
}

/**
 * Matchers of objectives, of models and of pipelines. Each is of one of them: where both are asked for, it may be either.
 */
export function sloIdentity(filters: ResolvedFilters): string[] {
  const { model, pipeline, slo } = filters;
  const none = model.length && pipeline.length ? [''] : [];
  return [
    ...identity({ ...filters, model: [...none, ...model] }),
    ...anyOf('pipeline', [...none, ...pipeline]),
    ...anyOf('slo', slo),
  ];
}
