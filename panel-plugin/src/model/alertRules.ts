/** What an alert rule on a model asks of Prometheus. That of a feature, a score or an objective stands with its view. */
import { exactMatchers, MODEL_LABELS, RECORDED_STATE, type AlertCondition } from '@modelwatch/contract';
import type { ModelId } from './plain';

/** Matchers of one model. */
export function ofModel({ cluster, namespace, name }: ModelId): string[] {
  return exactMatchers({ cluster, namespace, model: name });
}

/** A model cannot serve. */
export function modelCondition(model: ModelId): AlertCondition {
  const matchers = [...ofModel(model), ...exactMatchers({ state: 'failed' })];
  return {
    title: `${model.name} cannot serve`,
    expr: `max by (${MODEL_LABELS}) (${RECORDED_STATE.modelServing.name}{${matchers.join(', ')}})`,
    ...{ fires: 'above', threshold: 0, holdsFor: '2m', severity: 'critical' },
    summary: `Model ${model.namespace}/${model.name} cannot serve`,
  };
}
