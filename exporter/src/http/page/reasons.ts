/** Why a model is not healthy, and since when, as the landing page and `modelwatch status` say it. */
import { healthOfServing, type HealthState, type ServingState } from '@modelwatch/contract';
import type { ChannelOverLimit } from '../health';

/** `fromServing`: the worst reason of the serving state. Without one Prometheus has found what is wrong: its channels. */
export function reasonText(
  fromServing: string | undefined,
  health: HealthState,
  channels: readonly ChannelOverLimit[] = []
): string {
  if (fromServing !== undefined || health === 'healthy') return fromServing ?? '';
  const over = channels.map(({ channel, status }) => `${channel} ${status}`).join(', ');
  return `Can serve; Prometheus has recorded ${over || `it as ${health}`}`;
}

/** When serving last changed says nothing of a health that Prometheus recorded for another reason. */
export function sinceOf(
  health: HealthState,
  serving: ServingState,
  sinceSeconds: number | undefined
): { sinceSeconds?: number } {
  return sinceSeconds === undefined || healthOfServing(serving) !== health ? {} : { sinceSeconds };
}
