/**
 * Quantiles of the duration of requests. Buckets are by far the most series of a replica, so they are read once for each
 * model, and every quantile (of a version, a model, a server, a namespace) is taken from what was recorded of them.
 */
import { METRICS, RECORDED, type MetricFamily } from '@modelwatch/contract';
import { commonBuckets, total, type Measures } from './measures';
import { POLLED } from './polled';
import { ID } from './promql';
import type { RecordingRule } from './types';

/** Requests per second that took at most `le`, by version. */
const VERSION_BUCKETS = RECORDED.inferenceVersionDurationBuckets.name;
const PARTIAL = RECORDED.inferencePartialDurationBuckets.name;
/** The same, by model; a bound that one of its versions lacks would count only the requests of the others. */
export const DURATION_BUCKETS = `(sum by (${ID}, le) (${VERSION_BUCKETS}) unless on (${ID}, le) ${PARTIAL})`;

export type SeenBy = 'server' | 'proxy';

function bucketsSeenBy(seenBy: SeenBy): string {
  return `${VERSION_BUCKETS}{seen_by="${seenBy}", le!="+Inf"}`;
}

/** Bounds first: a server without buckets has the last one all the same, and a model of such servers no quantiles. */
function bucketRules(measures: Measures, family: MetricFamily, seenBy: SeenBy, unless = ''): RecordingRule[] {
  const of = (bound: 'finite' | 'infinite') => ({ family, part: 'bucket', bound }) as const;
  const finite = commonBuckets(`${ID}, version`, measures.rate(of('finite')), measures.rate(of('infinite')));
  return [
    { record: VERSION_BUCKETS, expr: `${finite}${unless}`, labels: { seen_by: seenBy } },
    {
      record: VERSION_BUCKETS,
      expr: `${total(measures, of('infinite'), ['version'])}\nand on (${ID}) ${bucketsSeenBy(seenBy)}`,
      labels: { le: '+Inf', seen_by: seenBy },
    },
  ];
}

/** Almost always nothing: versions of a model are on servers of one kind. */
function partialBuckets(): RecordingRule {
  const versions = (bound: string) => `count by (${ID}${bound ? '' : ', le'}) (${VERSION_BUCKETS}${bound})`;
  return { record: PARTIAL, expr: `${versions('')} < on (${ID}) group_left () ${versions('{le="+Inf"}')}` };
}

/** Without requests, or bounds, a quantile is not a number; the comparison drops it. */
function quantileOf(share: number, buckets: string): string {
  return `histogram_quantile(${share}, ${buckets}) >= 0`;
}

/** Where a server has no buckets of its own, those of the proxies before it, which are always polled: decision 13. */
export function quantileRules(measures: Measures): RecordingRule[] {
  return [
    ...bucketRules(measures, METRICS.inferenceDuration, 'server'),
    ...bucketRules(POLLED, METRICS.inferenceRouteDuration, 'proxy', `\nunless on (${ID}) ${bucketsSeenBy('server')}`),
    partialBuckets(),
    { record: RECORDED.inferenceDurationP50.name, expr: quantileOf(0.5, DURATION_BUCKETS) },
    { record: RECORDED.inferenceDurationP90.name, expr: quantileOf(0.9, DURATION_BUCKETS) },
    { record: RECORDED.inferenceDurationP95.name, expr: quantileOf(0.95, DURATION_BUCKETS) },
    { record: RECORDED.inferenceDurationP99.name, expr: quantileOf(0.99, DURATION_BUCKETS) },
    {
      record: RECORDED.inferenceVersionDurationP95.name,
      expr: quantileOf(0.95, `sum by (${ID}, version, le) (${VERSION_BUCKETS})`),
    },
  ];
}
