/** Requests to pipelines, and the cache of models on servers. Gateways are always polled, whoever polls the servers. */
import { METRICS, RECORDED, type MetricFamily } from '@modelwatch/contract';
import { ERRORS } from './inference';
import { quotient, REPLICA, WINDOW } from './measures';
import type { RecordingRule } from './types';

const PIPELINE = 'cluster, namespace, pipeline, method';
const RATE = RECORDED.pipelineRequestsRate.name;

/** Two exporters that polled one gateway count once; gateways add up. */
function rate(
  { name }: MetricFamily,
  suffix: '' | '_sum' | '_count' | '_bucket',
  keep: readonly string[] = []
): string {
  const of = [PIPELINE, ...keep].join(', ');
  return `sum by (${of}) (max by (${of}, replica) (rate(${name}${suffix}[${WINDOW}])))`;
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
  return `histogram_quantile(${share}, ${rate(METRICS.pipelineDuration, '_bucket', ['le'])}) >= 0`;
}

const SERVER = 'cluster, namespace, server';
const MISSES = `max by (${SERVER}, replica) (rate(${METRICS.serverCacheMisses.name}[${WINDOW}]))`;

/**
 * A request that was no miss. Not a counter: a miss is counted when its request begins, and the request when it ends, so
 * that their difference falls now and then.
 */
function cacheHits(): string {
  const requests = `sum by (cluster, namespace, replica) (
  max by (${REPLICA}, outcome) (rate(${METRICS.inferenceRequests.name}[${WINDOW}]))
)`;
  return `sum by (${SERVER}) (clamp_min(-1 * (
  ${MISSES}
  - on (cluster, namespace, replica) group_left ()
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
