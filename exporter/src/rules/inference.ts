/** Request metrics of a model, summed over its replicas. Two exporters that polled one replica count it once. */
import { METRICS, RECORDED, type MetricFamily } from '@modelwatch/contract';
import { ID, KNOWN } from './promql';
import type { RecordingRule, ResolvedOptions } from './types';

const RATE = RECORDED.inferenceRequestsRate.name;

/** Sum over replicas and versions of the rate of `sample`; `keep` are labels besides those of the model. */
function rate(family: MetricFamily, suffix: string, keep: readonly string[], window = '5m'): string {
  const replica = [ID, 'replica', 'version', ...keep].join(', ');
  const sample = `${family.name}${suffix}`;
  return `sum by (${[ID, ...keep].join(', ')}) (max by (${replica}) (rate(${sample}[${window}])))`;
}

function errorsRatio(): string {
  const total = `sum by (${ID}) (${RATE})`;
  // A model that never failed has no series of failures: it has 0, not nothing.
  return `(sum by (${ID}) (${RATE}{outcome="server_error"}) or 0 * ${total})
/
(${total} > 0)`;
}

function durationMean(): string {
  const part = (suffix: string) => rate(METRICS.inferenceDuration, suffix, []);
  return `${part('_sum')}
/
(${part('_count')} > 0)`;
}

/** Without buckets, or without requests, the quantile is not a number; the comparison drops it. */
function durationP95(): string {
  return `histogram_quantile(0.95, ${rate(METRICS.inferenceDuration, '_bucket', ['le'])}) >= 0`;
}

/** A window as short as counters allow: the answer is late by at most its length. */
function lastRequest(options: ResolvedOptions): string {
  const window = `${Math.max(60, 4 * options.intervalSeconds)}s`;
  const answered = `${METRICS.inferenceRequests.name}{outcome!="server_error"}`;
  return `(0 * group by (${ID}) (increase(${answered}[${window}]) > 0) + time())
or
(${RECORDED.inferenceLastRequest.name} and on (${ID}) ${KNOWN})`;
}

export function inferenceRules(options: ResolvedOptions): RecordingRule[] {
  return [
    { record: RATE, expr: rate(METRICS.inferenceRequests, '', ['outcome']) },
    { record: RECORDED.inferenceErrorsRatio.name, expr: errorsRatio() },
    { record: RECORDED.inferenceDurationMean.name, expr: durationMean() },
    { record: RECORDED.inferenceDurationP95.name, expr: durationP95() },
    { record: RECORDED.inferenceLastRequest.name, expr: lastRequest(options) },
  ];
}

/**
 * The integral of the rate over the day, in steps of a minute: that counts what was really seen, where a mean times a day
 * would invent requests for a model that is an hour old.
 */
export function inferenceDayRules(): RecordingRule[] {
  return [
    {
      record: RECORDED.inferenceRequestsPerDay.name,
      expr: `60 * sum by (${ID}) (sum_over_time(${RATE}[1d:1m]))`,
    },
  ];
}
