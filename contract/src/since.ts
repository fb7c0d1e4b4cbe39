/** What the serving state says of the health that Prometheus recorded, which other channels can bring about: since when, and why. */
import type { ChannelStatus, HealthState, ServingReason } from './vocabulary/health';

/** Healths that channels other than `serving` can bring about, with the status of `serving` that would bring about the same. */
const OF_ANY_CHANNEL: Partial<Record<HealthState, ChannelStatus>> = {
  degraded: 'warning',
  stale: 'stale',
  unknown: 'too_little_data',
};

/**
 * Whether the last transition of the serving state is also the one to this health. A model that answers slowly is degraded,
 * and has served for months: that says nothing of how long it has been slow.
 * @param serving status of the channel `serving`; undefined where it has none, or where nobody asked for it
 */
export function healthIsOfServing(health: HealthState, serving: string | undefined): boolean {
  const status = OF_ANY_CHANNEL[health];
  return status === undefined || status === serving;
}

/**
 * Reasons of a model that is on its way or at rest on purpose, or whose serving nobody watches: they explain the serving
 * state, and nothing that other channels found.
 */
const OF_SERVING_ONLY: readonly ServingReason[] = [
  'loading',
  'rolling_out',
  'terminating',
  'scaled_to_zero',
  'stopped',
  'not_watched',
];

/**
 * Whether a reason of the serving state can be why a model has this health. One that rolls out a version and fails its
 * requests meanwhile is degraded by its errors, and not because it is rolling out.
 * @param ofServing whether the health is that of its serving state
 */
export function reasonExplains(reason: ServingReason, ofServing: boolean): boolean {
  return ofServing || !OF_SERVING_ONLY.includes(reason);
}
