/** Rules that read custom metrics from queries of users, one for each. */
import { RECORDED } from '@modelwatch/contract';
import type { ResolvedOptions, RecordingRule, RuleGroup } from '../types';

export interface QueriedMetric {
  readonly namespace: string;
  readonly model: string;
  readonly name: string;
  /** Checked: it gives series. */
  readonly promql: string;
}

/**
 * Its labels are those of the metric, whatever the query gives. Of several series in one cluster nobody said which one
 * counts, so there is no value. On lines of its own a query may end in a comment.
 */
function rule({ namespace, model, name, promql }: QueriedMetric): RecordingRule {
  const query = `(\n${promql}\n)`;
  return {
    record: RECORDED.customMetricQueried.name,
    expr: `max by (cluster) ${query}\nand on (cluster) (count by (cluster) ${query} == 1)`,
    labels: { namespace, model, metric: name },
  };
}

export function queriedGroups(
  metrics: readonly QueriedMetric[],
  { driftIntervalSeconds }: ResolvedOptions
): RuleGroup[] {
  if (metrics.length === 0) return [];
  const recordings = metrics.map(rule);
  return [{ name: 'modelwatch-custom-queries', intervalSeconds: driftIntervalSeconds, recordings, alerts: [] }];
}
