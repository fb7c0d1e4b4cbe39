/** What an alert rule on a feature, or on the predictions, asks of Prometheus. */
import {
  DRIFT_WINDOWS,
  exactMatchers,
  inOneOf,
  MODEL_LABELS,
  RECORDED_DRIFT,
  type AlertCondition,
} from '@modelwatch/contract';
import type { Subject } from './types';

/**
 * It has drifted by the statistic and over the window that is shown, or nobody compares it any more.
 * @returns undefined for what no rule records: other windows, and what is compared with nothing
 */
export function driftCondition(one: Subject): AlertCondition | undefined {
  const { cluster, namespace, model, subject, feature, method, window, verdict } = one;
  const isRecorded = DRIFT_WINDOWS.some((known) => known === window);
  if (!isRecorded || !method || verdict === 'unknown') return undefined;
  const ids = exactMatchers({ cluster, namespace, model, subject, feature, method, window });
  const series = (more: readonly string[]) => `${RECORDED_DRIFT.driftState.name}{${[...ids, ...more].join(', ')}}`;
  const what = subject === 'prediction' ? 'the predictions' : feature;
  return {
    title: `${model}: drift of ${what}`,
    expr: inOneOf(`${MODEL_LABELS}, subject, feature`, series, 'state', ['critical', 'stale']),
    ...{ fires: 'above', threshold: 0, holdsFor: '5m', severity: 'warning' },
    summary: `${namespace}/${model}: ${what} drifted past the critical threshold over ${window}, or nothing is compared any more`,
  };
}
