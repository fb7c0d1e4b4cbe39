/** Channels that only requests can fill, errors and latency, and the alerts on them. */
import { ALERTS, RECORDED, type Channel, type ChannelStatus } from '@modelwatch/contract';
import { MODEL, withOwner } from './alerts';
import { slowThresholds } from './latency';
import { ID, labelled } from './promql';
import type { AlertRule, RecordingRule, ResolvedOptions } from './types';

const CHANNEL = RECORDED.modelChannel.name;
const RATE = RECORDED.inferenceRequestsRate.name;
/** Not there while nothing is heard of the requests of a model, whatever its servers can say. */
const CAPABILITY = RECORDED.inferenceCapability.name;
const WINDOW_SECONDS = 300;

interface RatioChannel {
  readonly channel: Channel;
  /** Share of the requests that speak against the model, by model. */
  readonly ratio: string;
  /** Models whose servers can say it now, by model. */
  readonly measured: string;
  /** Models that may lose their verdict; the others that had one are stale. */
  readonly heard: string;
  readonly warning: number;
  readonly critical: number;
}

/**
 * One verdict for each model. A model that had one and of whose requests that is not heard now is stale: that is read from
 * what was recorded at the evaluation before, so all verdicts are one expression. Nothing is asked of a model that is
 * idle, or loads.
 */
function ratioChannel(of: RatioChannel, { minRequests }: ResolvedOptions): RecordingRule {
  const { channel, ratio, measured, heard, warning, critical } = of;
  const enough = `(${WINDOW_SECONDS} * sum by (${ID}) (${RATE}) >= ${minRequests})`;
  const judged = `(${ratio} and on (${ID}) ${measured} and on (${ID}) ${enough})`;
  const asked = `(${RECORDED.modelServing.name}{state!~"idle|progressing"} == 1)`;
  const verdict = (status: ChannelStatus, expr: string) => labelled(`group by (${ID}) (${expr})`, 'status', status);
  const verdicts = [
    verdict('critical', `${judged} >= ${critical}`),
    verdict('warning', `${judged} >= ${warning} < ${critical}`),
    verdict('ok', `${judged} < ${warning}`),
    verdict('too_little_data', `${measured} unless on (${ID}) ${judged}`),
    verdict('stale', `${CHANNEL}{channel="${channel}"} unless on (${ID}) ${heard} and on (${ID}) ${asked}`),
  ];
  return { record: CHANNEL, expr: verdicts.join('\nor\n'), labels: { channel } };
}

export function errorsChannel(options: ResolvedOptions): RecordingRule {
  const measured = `(${CAPABILITY}{capability="outcomes"} == 1)`;
  const of: RatioChannel = {
    channel: 'errors',
    ratio: RECORDED.inferenceErrorsRatio.name,
    measured,
    // A model whose failures were seen does not turn green because one of its replicas no longer tells them. One that moved
    // to servers of which none can tell them has no such channel any more.
    heard: `(${measured} or ${CAPABILITY}{capability="outcomes"} == 0)`,
    warning: options.errorsWarningRatio,
    critical: options.errorsCriticalRatio,
  };
  return ratioChannel(of, options);
}

/** Of models with a threshold whose servers have a bound for it; the others have no such channel. */
export function latencyChannel(options: ResolvedOptions): RecordingRule {
  const of: RatioChannel = {
    channel: 'latency',
    ratio: RECORDED.inferenceSlowRatio.name,
    measured: `(${CAPABILITY}{capability="outcomes"} and on (${ID}) ${slowThresholds(options)})`,
    // A threshold can be taken away, and a server that was not asked since it started has no bound for it.
    heard: CAPABILITY,
    warning: options.slowWarningRatio,
    critical: options.slowCriticalRatio,
  };
  return ratioChannel(of, options);
}

/**
 * Alerts hold where the channel is critical: a warning colours the panel, and calls nobody. A model without this channel
 * is told by its others: where no model has it the answer would be empty, and that is an alarm in Grafana.
 */
function critical(channel: Channel): string {
  const models = (matchers: string) => `group by (${ID}) (${CHANNEL}${matchers})`;
  return withOwner(`${models(`{channel="${channel}", status="critical"}`)} or on (${ID}) 0 * ${models('')}`);
}

const MINUTES = 60;

export function errorsAlert(): AlertRule {
  return {
    alert: ALERTS.errors,
    condition: critical('errors'),
    forSeconds: 2 * MINUTES,
    severity: 'critical',
    summary: `${MODEL} answers with errors`,
    description: 'Too many requests to this model fail, and not by the fault of those who ask.',
    panel: 'errors',
  };
}

export function latencyAlert(): AlertRule {
  return {
    alert: ALERTS.slow,
    condition: critical('latency'),
    forSeconds: 5 * MINUTES,
    severity: 'warning',
    summary: `${MODEL} answers slowly`,
    description: 'Too many requests to this model take longer than the duration that its configuration calls slow.',
    panel: 'latency',
  };
}
