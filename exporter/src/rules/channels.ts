/**
 * Channels and the health that they add up to. A new channel is a list of rules like the two here; health reads every
 * channel by its status and needs no change.
 */
import {
  CUSTOM_CHANNELS,
  METRICS,
  RECORDED,
  TRAFFIC_CHANNELS,
  type Channel,
  type ChannelStatus,
  type ServingState,
} from '@modelwatch/contract';
import { BY_EVENTS_ALONE, ID, KNOWN, labelled } from './promql';
import type { RecordingRule, ResolvedOptions } from './types';

const SERVING = RECORDED.modelServing.name;
const CHANNEL = RECORDED.modelChannel.name;
const LAST_OBSERVED = RECORDED.modelLastObserved.name;

/** So long an exporter shows a model that nobody declared after its last event. */
const EVENTS_KEPT_SECONDS = 86_400;

function verdict(channel: Channel, status: ChannelStatus, expr: string): RecordingRule {
  return { record: CHANNEL, expr, labels: { channel, status } };
}

/** `progressing` and `idle` are no verdict: nobody asks such a model to serve. */
const SERVING_STATUS: readonly (readonly [ServingState, ChannelStatus])[] = [
  ['serving', 'ok'],
  ['degraded', 'warning'],
  ['failed', 'critical'],
  ['stale', 'stale'],
  ['unknown', 'too_little_data'],
];

function servingChannel(): RecordingRule[] {
  return SERVING_STATUS.map(([state, status]) =>
    verdict('serving', status, `group by (${ID}) (${SERVING}{state="${state}"} == 1)`)
  );
}

/**
 * What is watched is confirmed all the time. Of a model that is known by its events alone each event is the only sign of
 * life, and only its owner knows how often they come; who says nothing gets a day.
 */
function freshnessChannel(options: ResolvedOptions): RecordingRule[] {
  const age = `time() - ${LAST_OBSERVED}`;
  const silence = `time() - ${RECORDED.modelLastPrediction.name}`;
  const patience = `(max by (${ID}) (${METRICS.predictionExpectedInterval.name}) and on (${ID}) ${BY_EVENTS_ALONE}
  or on (${ID}) ${EVENTS_KEPT_SECONDS} * group by (${ID}) (${BY_EVENTS_ALONE}))`;
  const either = (comparison: '<=' | '>') => `group by (${ID}) (
  (${age} ${comparison} ${options.staleAfterSeconds} unless on (${ID}) ${BY_EVENTS_ALONE})
  or ${silence} ${comparison} on (${ID}) ${patience}
)`;
  return [verdict('freshness', 'ok', either('<=')), verdict('freshness', 'stale', either('>'))];
}

/**
 * Exactly one health per model: of those that hold, the first of HEALTH_STATES. `healthy` must be earned by fresh data
 * and a serving model; a model of which nothing holds is unknown.
 */
function health(): string {
  const any = (matchers: string) => `group by (${ID}) (${CHANNEL}{${matchers}})`;
  const inState = (state: ServingState) => `group by (${ID}) (${SERVING}{state="${state}"} == 1)`;
  // Nobody can say of a model that is known by its events alone that it serves; its data and its actuals can be fine.
  const isFine = any('channel=~"serving|drift|batches|accuracy", status="ok"');
  const fresh = any('channel="freshness", status="ok"');
  const candidates = [
    // A page on an objective: what was promised of the model does not hold, whatever it answers.
    labelled(`7 * ${any('channel=~"serving|slo", status="critical"')}`, 'health', 'failed'),
    labelled(`6 * ${any('status=~"warning|critical"')}`, 'health', 'degraded'),
    labelled(`5 * ${any('status="stale"')}`, 'health', 'stale'),
    // Few requests say nothing against a model that its probes confirm: at night nobody asks, and nothing is wrong.
    labelled(
      `4 * ${any(`status="too_little_data", channel!~"${[...TRAFFIC_CHANNELS, CUSTOM_CHANNELS].join('|')}"`)}`,
      'health',
      'unknown'
    ),
    labelled(`3 * ${inState('progressing')}`, 'health', 'progressing'),
    labelled(`2 * ${inState('idle')}`, 'health', 'idle'),
    labelled(`(${isFine} and on (${ID}) ${fresh})`, 'health', 'healthy'),
    labelled(`0.5 * group by (${ID}) (${KNOWN})`, 'health', 'unknown'),
  ];
  // States and healths share their names, but for the best one.
  const named = labelledFromState();
  return `(
  topk by (${ID}) (1,
    ${candidates.join('\n    or ')}
  ) > bool 0
)
or
0 * max by (${ID}, health) (${named})`;
}

function labelledFromState(): string {
  const copied = `label_replace(${SERVING}, "health", "$1", "state", "(.+)")`;
  return `label_replace(${copied}, "health", "healthy", "state", "serving")`;
}

export function channelRules(options: ResolvedOptions): RecordingRule[] {
  return [...servingChannel(), ...freshnessChannel(options), { record: RECORDED.modelHealth.name, expr: health() }];
}
