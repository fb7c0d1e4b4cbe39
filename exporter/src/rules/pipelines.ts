/** Requests to pipelines, and the cache of models on servers. Gateways are always polled, whoever polls the servers. */
import { METRICS, RECORDED, type MetricFamily } from '@modelwatch/contract';
import { ERRORS } from './inference';
import { commonBuckets, quotient, REPLICA, WINDOW } from './measures';
import { ON_REPLICA } from './promql';
import type { RecordingRule } from './types';

const PIPELINE = 'cluster, namespace, pipeline, method';
const RATE = RECORDED.pipelineRequestsRate.name;

type Suffix = '' | '_sum' | '_count' | '_bucket';

/** Two exporters that polled one gateway count once. */
function ofReplicas({ name }: MetricFamily, suffix: Suffix, keep: readonly string[] = []): string {
  return `max by (${[PIPELINE, ...keep, 'replica'].join(', ')}) (rate(${name}${suffix}[${WINDOW}]))`;
}

/** Gateways add up. */
function rate(family: MetricFamily, suffix: Suffix, keep: readonly string[] = []): string {
  return `sum by (${[PIPELINE, ...keep].join(', ')}) (${ofReplicas(family, suffix, keep)})`;
}

/**
 * Who counts failures counts those too of which nobody knows the side, and has a series of them even while there are none;
 * a pipeline gateway that was asked over REST has not.
 */
function errorsRatio(): string {
  const of = `on (${PIPELINE})`;
  const failed = `sum by (${PIPELINE}) (${RATE}{outcome=~"${ERRORS.join('|')}"}) and ${of} ${RATE}{outcome="unknown"}`;
  return quotient(`(${failed})`, `sum by (${PIPELINE}) (${RATE})`);
}

function quantile(share: number): string {
  const buckets = ofReplicas(METRICS.pipelineDuration, '_bucket', ['le']);
  const last = ofReplicas(METRICS.pipelineDuration, '_count');
  return `histogram_quantile(${share}, ${commonBuckets(PIPELINE, buckets, last)}) >= 0`;
}

const SERVER = 'cluster, namespace, server';
const MISSES = `max by (${SERVER}, replica) (rate(${METRICS.serverCacheMisses.name}[${WINDOW}]))`;

/**
 * A request that was no miss. Not a counter: a miss is counted when its request begins, and the request when it ends, so
 * that their difference falls now and then.
 */
function cacheHits(): string {
  const requests = `sum by (${ON_REPLICA}) (
  max by (${REPLICA}, outcome) (rate(${METRICS.inferenceRequests.name}[${WINDOW}]))
)`;
  return `sum by (${SERVER}) (clamp_min(-1 * (
  ${MISSES}
  - on (${ON_REPLICA}) group_left ()
  ${requests}
), 0))`;
}

export function pipelineRules(): RecordingRule[] {
  const { pipelineDuration: duration } = METRICS;
  const mean = quotient(rate(duration, '_sum'), rate(duration, '_count'));
  return [
    { record: RATE, expr: rate(METRICS.pipelineRequests, '', ['outcome']) },
    { record: RECORDED.pipelineErrorsRatio.name, expr: errorsRatio() },
    { record: RECORDED.pipelineDurationMean.name, expr: mean },
    { record: RECORDED.pipelineDurationP50.name, expr: quantile(0.5) },
    { record: RECORDED.pipelineDurationP95.name, expr: quantile(0.95) },
    { record: RECORDED.pipelineDurationP99.name, expr: quantile(0.99) },
    { record: RECORDED.serverCacheHitsRate.name, expr: cacheHits() },
    { record: RECORDED.serverCacheMissesRate.name, expr: `sum by (${SERVER}) (${MISSES})` },
  ];
}
