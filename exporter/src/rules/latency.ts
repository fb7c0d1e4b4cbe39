/** How long requests of a model took, waited and were worked on. */
import { METRICS, RECORDED, type MetricFamily } from '@modelwatch/contract';
import { mean, quantile, quotient, REPLICA, type Measures } from './measures';
import { POLLED } from './polled';
import { ID } from './promql';
import type { SeenBy } from './quantiles';
import type { RecordingRule, ResolvedOptions } from './types';

/**
 * Thresholds of slow requests with the bound at which these are counted. They outlive the news of what servers can say
 * (`presentWindow`), so that a model whose exporter goes is stale, and not one without a threshold.
 */
export function slowThresholds({ intervalSeconds }: ResolvedOptions): string {
  return `last_over_time(${METRICS.modelSlowThreshold.name}{le!=""}[${5 * intervalSeconds}s])`;
}

const FAST = RECORDED.inferenceReplicaFastRate.name;

function fast(measures: Measures, family: MetricFamily, options: ResolvedOptions): string {
  const buckets = measures.rate({ family, part: 'bucket', bound: 'finite' });
  return `max by (${REPLICA}) (
  ${buckets}
  and on (${ID}, le) ${slowThresholds(options)}
)`;
}

/** Where no server has the bound, the proxies before it, which are always polled: as for quantiles, decision 13. */
function fastRules(measures: Measures, options: ResolvedOptions): RecordingRule[] {
  const { inferenceDuration, inferenceRouteDuration } = METRICS;
  return [
    { record: FAST, expr: fast(measures, inferenceDuration, options), labels: { seen_by: 'server' } },
    {
      record: FAST,
      expr: `${fast(POLLED, inferenceRouteDuration, options)}\nunless on (${ID}) ${FAST}{seen_by="server"}`,
      labels: { seen_by: 'proxy' },
    },
  ];
}

/**
 * Of the replicas that have the bound, those without it on neither side: a share of requests of which nobody knows how
 * many were slow would be too low.
 */
function slowRatio(measures: Measures): string {
  const seen = (by: SeenBy, source: Measures, family: MetricFamily) =>
    `(${source.rate({ family, part: 'count' })} and on (${REPLICA}) ${FAST}{seen_by="${by}"})`;
  const server = seen('server', measures, METRICS.inferenceDuration);
  const proxy = seen('proxy', POLLED, METRICS.inferenceRouteDuration);
  return `clamp_min(1 - ${quotient(`sum by (${ID}) (${FAST})`, `sum by (${ID}) (${server} or ${proxy})`)}, 0)`;
}

export function latencyRules(measures: Measures, options: ResolvedOptions): RecordingRule[] {
  const { inferenceDuration: duration, inferenceQueue: queue } = METRICS;
  return [
    { record: RECORDED.inferenceDurationMean.name, expr: mean(measures, duration) },
    ...fastRules(measures, options),
    { record: RECORDED.inferenceSlowRatio.name, expr: slowRatio(measures) },
    { record: RECORDED.inferenceExecutionMean.name, expr: mean(measures, METRICS.inferenceExecution) },
    { record: RECORDED.inferenceQueueMean.name, expr: mean(measures, queue) },
    { record: RECORDED.inferenceQueueP95.name, expr: quantile(measures, 0.95, queue) },
    { record: RECORDED.inferenceBatchSizeMean.name, expr: mean(measures, METRICS.inferenceBatchSize) },
  ];
}
