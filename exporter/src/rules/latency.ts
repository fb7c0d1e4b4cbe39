/** How long requests of a model took, waited and were worked on. */
import { METRICS, RECORDED } from '@modelwatch/contract';
import { mean, quantile, type Measures } from './measures';
import type { RecordingRule } from './types';

export function latencyRules(measures: Measures): RecordingRule[] {
  const { inferenceDuration: duration, inferenceQueue: queue } = METRICS;
  return [
    { record: RECORDED.inferenceDurationMean.name, expr: mean(measures, duration) },
    { record: RECORDED.inferenceDurationP50.name, expr: quantile(measures, 0.5, duration) },
    { record: RECORDED.inferenceDurationP90.name, expr: quantile(measures, 0.9, duration) },
    { record: RECORDED.inferenceDurationP95.name, expr: quantile(measures, 0.95, duration) },
    { record: RECORDED.inferenceDurationP99.name, expr: quantile(measures, 0.99, duration) },
    { record: RECORDED.inferenceExecutionMean.name, expr: mean(measures, METRICS.inferenceExecution) },
    { record: RECORDED.inferenceQueueMean.name, expr: mean(measures, queue) },
    { record: RECORDED.inferenceQueueP95.name, expr: quantile(measures, 0.95, queue) },
    { record: RECORDED.inferenceBatchSizeMean.name, expr: mean(measures, METRICS.inferenceBatchSize) },
  ];
}
