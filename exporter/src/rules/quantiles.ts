/**
 * Quantiles of the duration of requests. Buckets are by far the most series of a replica, so they are read once for each
 * model, and every quantile (of a version, a model, a server, a namespace) is taken from what was recorded of them.
 */
import { METRICS, RECORDED, type MetricFamily } from '@modelwatch/contract';
import { total, type Measures } from './measures';
import { POLLED } from './polled';
import { ID } from './promql';
import type { RecordingRule } from './types';

/** Requests per second that took at most `le`, by version. */
export const DURATION_BUCKETS = RECORDED.inferenceVersionDurationBuckets.name;

export type SeenBy = 'server' | 'proxy';

function bucketsSeenBy(seenBy: SeenBy): string {
  return `${DURATION_BUCKETS}{seen_by="${seenBy}", le!="+Inf"}`;
}

/** Bounds first: a server without buckets has the last one all the same, and no quantiles. */
function bucketRules(measures: Measures, family: MetricFamily, seenBy: SeenBy, unless = ''): RecordingRule[] {
  const of = (bound: 'finite' | 'infinite', keep: readonly string[]) =>
    total(measures, { family, part: 'bucket', bound }, ['version', ...keep]);
  return [
    { record: DURATION_BUCKETS, expr: `${of('finite', ['le'])}${unless}`, labels: { seen_by: seenBy } },
    {
      record: DURATION_BUCKETS,
      expr: `${of('infinite', [])}\nand on (${ID}, version) ${bucketsSeenBy(seenBy)}`,
      labels: { le: '+Inf', seen_by: seenBy },
    },
  ];
}

/** Without requests a quantile is not a number; the comparison drops it. */
function durationQuantile(share: number, keep: readonly string[] = []): string {
  return `histogram_quantile(${share}, sum by (${[ID, ...keep, 'le'].join(', ')}) (${DURATION_BUCKETS})) >= 0`;
}

/** Where a server has no buckets of its own, those of the proxies before it, which are always polled: decision 13. */
export function quantileRules(measures: Measures): RecordingRule[] {
  return [
    ...bucketRules(measures, METRICS.inferenceDuration, 'server'),
    ...bucketRules(POLLED, METRICS.inferenceRouteDuration, 'proxy', `\nunless on (${ID}) ${bucketsSeenBy('server')}`),
    { record: RECORDED.inferenceDurationP50.name, expr: durationQuantile(0.5) },
    { record: RECORDED.inferenceDurationP90.name, expr: durationQuantile(0.9) },
    { record: RECORDED.inferenceDurationP95.name, expr: durationQuantile(0.95) },
    { record: RECORDED.inferenceDurationP99.name, expr: durationQuantile(0.99) },
    { record: RECORDED.inferenceVersionDurationP95.name, expr: durationQuantile(0.95, ['version']) },
  ];
}
