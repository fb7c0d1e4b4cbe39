/** How well a model does: states, the channels they come from, and the reasons for them. */
import { customMetricOf, type CustomChannel } from './custom';

/** Whether a model can serve, as the exporter decides it from Kubernetes and probes. Order: worst first, as shown. */
export const SERVING_STATES = ['failed', 'degraded', 'stale', 'unknown', 'progressing', 'idle', 'serving'] as const;
export type ServingState = (typeof SERVING_STATES)[number];

/**
 * All channels of a model together, recorded by our rules in Prometheus. Order: worst first. Everything that sorts
 * models (panel, landing page, `modelwatch status`) sorts by the place in this list.
 */
export const HEALTH_STATES = ['failed', 'degraded', 'stale', 'unknown', 'progressing', 'idle', 'healthy'] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

/** The serving state read as a health, for readers who have no Prometheus ("serving only"). */
export function healthOfServing(state: ServingState): HealthState {
  return state === 'serving' ? 'healthy' : state;
}
/** What is watched of a model. */
export const CHANNELS = [
  'serving',
  'errors',
  'latency',
  'drift',
  'batches',
  'accuracy',
  'fairness',
  'coverage',
  'slo',
  'freshness',
] as const;
export type Channel = (typeof CHANNELS)[number];

/** Custom metrics have channels of their own, whose names users choose. */
export type AnyChannel = Channel | CustomChannel;

/** What readers call a channel: its own word, where that is no word of theirs. */
export function channelWord(channel: string): string {
  return channel === 'slo' ? 'objectives' : channel;
}

/** Undefined for what is no channel of a model. */
export function channelOf(text: string | undefined): AnyChannel | undefined {
  const known = CHANNELS.find((channel) => channel === text);
  if (known !== undefined || text === undefined) return known;
  return customMetricOf(text) === undefined ? undefined : (text as CustomChannel);
}

/** The order in which channels are shown: the closed list, then custom metrics by name. */
export function compareChannels(one: string, other: string): number {
  const place = (channel: string) => {
    const index = CHANNELS.findIndex((known) => known === channel);
    return index < 0 ? CHANNELS.length : index;
  };
  return place(one) - place(other) || (one < other ? -1 : one > other ? 1 : 0);
}

/** Channels that only requests, or what came of them, can fill: without enough of them there is no verdict, which says nothing of the model. */
export const TRAFFIC_CHANNELS: readonly Channel[] = [
  'errors',
  'latency',
  'drift',
  'batches',
  'accuracy',
  'fairness',
  'slo',
];

export const CHANNEL_STATUSES = ['ok', 'warning', 'critical', 'too_little_data', 'stale'] as const;
export type ChannelStatus = (typeof CHANNEL_STATUSES)[number];

/** Why a model (server, pipeline, experiment) is in its serving state. Free text goes to the API and the log only. */
export const SERVING_REASONS = [
  'out_of_memory',
  'crash_loop',
  'image_pull_failed',
  'unschedulable',
  'load_failed',
  'schedule_failed',
  'invalid_spec',
  'no_matching_runtime',
  'runtime_unhealthy',
  'workload_failed',
  'no_replicas_available',
  'replicas_unavailable',
  'endpoint_unreachable',
  'endpoint_not_live',
  'endpoint_not_ready',
  'model_not_ready',
  'invalid_response',
  'synthetic_failed',
  'component_down',
  'dependency_not_ready',
  'route_not_ready',
  'exporter_silent',
  'source_silent',
  'probe_silent',
  'no_status',
  'not_watched',
  'unknown_status',
  'loading',
  'rolling_out',
  'terminating',
  'scaled_to_zero',
  'stopped',
  'other',
] as const;
export type ServingReason = (typeof SERVING_REASONS)[number];
