/** Since when a model has the health that Prometheus recorded. */
import type { ChannelStatus, HealthState } from './vocabulary/health';

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
