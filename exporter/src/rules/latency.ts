/** How long requests of a model took, waited and were worked on. */
import { METRICS, RECORDED } from '@modelwatch/contract';
import { mean, quantile, quotient, REPLICA, type Measures } from './measures';
import { POLLED } from './polled';
import { ID } from './promql';
import type { RecordingRule, ResolvedOptions } from './types';

/**
 * Thresholds of slow requests with the bound at which these are counted. They outlive the news of what servers can say
 * (`presentWindow`), so that a model whose exporter goes is stale, and not one without a threshold.
 */
export function slowThresholds({ intervalSeconds }: ResolvedOptions): string {
  return `last_over_time(${METRICS.modelSlowThreshold.name}{le!=""}[${5 * intervalSeconds}s])`;
}

/**
 * Of the replicas that have the bound, those without it on neither side: a share of requests of which nobody knows how
 * many were slow would be too low.
 */
function slowRatio(measures: Measures, options: ResolvedOptions): string {
  const family = METRICS.inferenceDuration;
  const fast = `max by (${REPLICA}) (
  ${measures.rate({ family, part: 'bucket' })}
  and on (${ID}, le) ${slowThresholds(options)}
)`;
  const all = `(${measures.rate({ family, part: 'count' })} and on (${REPLICA}) ${fast})`;
  return `clamp_min(1 - ${quotient(`sum by (${ID}) (${fast})`, `sum by (${ID}) (${all})`)}, 0)`;
}

/** Where a server has no buckets of its own, those of the proxies before it, which are always polled: decision 13. */
export function durationQuantile(measures: Measures, share: number, keep: readonly string[] = []): string {
  return `${quantile(measures, share, METRICS.inferenceDuration, keep)}
or
${quantile(POLLED, share, METRICS.inferenceRouteDuration, keep)}`;
}

export function latencyRules(measures: Measures, options: ResolvedOptions): RecordingRule[] {
  const { inferenceDuration: duration, inferenceQueue: queue } = METRICS;
  return [
    { record: RECORDED.inferenceDurationMean.name, expr: mean(measures, duration) },
    { record: RECORDED.inferenceDurationP50.name, expr: durationQuantile(measures, 0.5) },
    { record: RECORDED.inferenceDurationP90.name, expr: durationQuantile(measures, 0.9) },
    { record: RECORDED.inferenceDurationP95.name, expr: durationQuantile(measures, 0.95) },
    { record: RECORDED.inferenceDurationP99.name, expr: durationQuantile(measures, 0.99) },
    { record: RECORDED.inferenceSlowRatio.name, expr: slowRatio(measures, options) },
    { record: RECORDED.inferenceExecutionMean.name, expr: mean(measures, METRICS.inferenceExecution) },
    { record: RECORDED.inferenceQueueMean.name, expr: mean(measures, queue) },
    { record: RECORDED.inferenceQueueP95.name, expr: quantile(measures, 0.95, queue) },
    { record: RECORDED.inferenceBatchSizeMean.name, expr: mean(measures, METRICS.inferenceBatchSize) },
  ];
}
