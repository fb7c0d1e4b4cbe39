/** What only language models have. A group of its own: few models are such, and none of its rules costs the others time. */
import { METRICS, RECORDED } from '@modelwatch/contract';
import { mean, quantile, quotient, total, type Measures } from './measures';
import { ID } from './promql';
import type { RecordingRule } from './types';

export function llmRules(measures: Measures): RecordingRule[] {
  const { inferenceTimeToFirstToken: first, inferenceInterToken: between } = METRICS;
  const hits = total(measures, { family: METRICS.inferencePrefixCacheHits });
  const queries = total(measures, { family: METRICS.inferencePrefixCacheQueries });
  return [
    {
      record: RECORDED.inferenceTokensRate.name,
      expr: total(measures, { family: METRICS.inferenceTokens, keep: ['direction'] }),
    },
    { record: RECORDED.inferenceTimeToFirstTokenMean.name, expr: mean(measures, first) },
    { record: RECORDED.inferenceTimeToFirstTokenP50.name, expr: quantile(measures, 0.5, first) },
    { record: RECORDED.inferenceTimeToFirstTokenP95.name, expr: quantile(measures, 0.95, first) },
    { record: RECORDED.inferenceTimeToFirstTokenP99.name, expr: quantile(measures, 0.99, first) },
    { record: RECORDED.inferenceInterTokenMean.name, expr: mean(measures, between) },
    { record: RECORDED.inferenceInterTokenP50.name, expr: quantile(measures, 0.5, between) },
    { record: RECORDED.inferenceInterTokenP95.name, expr: quantile(measures, 0.95, between) },
    // A share of something: the fullest replica is the one that will put requests aside.
    {
      record: RECORDED.inferenceKvCacheUsage.name,
      expr: `max by (${ID}) (${measures.value(METRICS.inferenceKvCacheUsage)})`,
    },
    { record: RECORDED.inferencePrefixCacheHitRatio.name, expr: quotient(hits, queries) },
    {
      record: RECORDED.inferencePreemptionsRate.name,
      expr: total(measures, { family: METRICS.inferencePreemptions }),
    },
    {
      record: RECORDED.inferenceFinishedRate.name,
      expr: total(measures, { family: METRICS.inferenceFinished, keep: ['reason'] }),
    },
  ];
}
