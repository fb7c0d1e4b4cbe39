/** How long requests of a model took, waited and were worked on. */
import { METRICS, RECORDED } from '@modelwatch/contract';
import { mean, quantile, quotient, REPLICA, type Measures } from './measures';
import { ID } from './promql';
import type { RecordingRule, ResolvedOptions } from './types';

/**
 * Thresholds of slow requests with the bound at which these are counted. They outlive the news of what servers can say
 * (`presentWindow`), so that a model whose exporter goes is stale, and not one without a threshold.
 */
export function slowThresholds({ intervalSeconds }: ResolvedOptions): string {
  return `last_over_time(${METRICS.modelSlowThreshold.name}{le!=""}[${5 * intervalSeconds}s])`;
}

const FAST = RECORDED.inferenceReplicaFastRate.name;

function fast(measures: Measures, options: ResolvedOptions): string {
  const buckets = measures.rate({ family: METRICS.inferenceDuration, part: 'bucket', bound: 'finite' });
  return `max by (${REPLICA}) (
  ${buckets}
  and on (${ID}, le) ${slowThresholds(options)}
)`;
}

/**
 * Of the replicas that have the bound, those without it on neither side: a share of requests of which nobody knows how
 * many were slow would be too low.
 */
function slowRatio(measures: Measures): string {
  const all = `(${measures.rate({ family: METRICS.inferenceDuration, part: 'count' })} and on (${REPLICA}) ${FAST})`;
  return `clamp_min(1 - ${quotient(`sum by (${ID}) (${FAST})`, `sum by (${ID}) (${all})`)}, 0)`;
}

export function latencyRules(measures: Measures, options: ResolvedOptions): RecordingRule[] {
  const { inferenceDuration: duration, inferenceQueue: queue } = METRICS;
  return [
    { record: RECORDED.inferenceDurationMean.name, expr: mean(measures, duration) },
    { record: FAST, expr: fast(measures, options) },
    { record: RECORDED.inferenceSlowRatio.name, expr: slowRatio(measures) },
    { record: RECORDED.inferenceExecutionMean.name, expr: mean(measures, METRICS.inferenceExecution) },
    { record: RECORDED.inferenceQueueMean.name, expr: mean(measures, queue) },
    { record: RECORDED.inferenceQueueP95.name, expr: quantile(measures, 0.95, queue) },
    { record: RECORDED.inferenceBatchSizeMean.name, expr: mean(measures, METRICS.inferenceBatchSize) },
  ];
}
