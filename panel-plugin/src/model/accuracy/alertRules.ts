/** What an alert rule on a score asks of Prometheus. */
import {
  DRIFT_WINDOWS,
  exactMatchers,
  inOneOf,
  MODEL_LABELS,
  RECORDED_ACCURACY,
  type AlertCondition,
} from '@modelwatch/contract';
import type { Score } from './types';

/**
 * The score is past its critical limit over the window that is shown, or no actuals come any more.
 * @returns undefined for a score without a limit, and over windows that no rule records
 */
export function scoreCondition(one: Score): AlertCondition | undefined {
  const { cluster, namespace, model, metric, window, verdict } = one;
  if (!DRIFT_WINDOWS.some((known) => known === window) || verdict === 'none' || verdict === 'unknown') return undefined;
  const ids = exactMatchers({ cluster, namespace, model, metric, window });
  const series = (more: readonly string[]) =>
    `${RECORDED_ACCURACY.accuracyState.name}{${[...ids, ...more].join(', ')}}`;
  return {
    title: `${model}: ${metric} past its limit`,
    expr: inOneOf(`${MODEL_LABELS}, metric`, series, 'state', ['critical', 'stale']),
    ...{ fires: 'above', threshold: 0, holdsFor: '5m', severity: 'warning' },
    summary: `${namespace}/${model}: ${metric} is past its critical limit over ${window}, or no actuals come any more`,
  };
}
