/** Why a model is not healthy, and since when, as the landing page and `modelwatch status` say it. */
import {
  healthOfServing,
  reasonExplains,
  type HealthState,
  type ServingReason,
  type ServingState,
} from '@modelwatch/contract';
import type { ChannelOverLimit } from '../health';

/** `fromServing`: reasons of the serving state, worst first. Where none explains it, Prometheus has found what is wrong: its channels. */
export function reasonText(
  fromServing: readonly { readonly reason: ServingReason; readonly text: string }[],
  health: HealthState,
  serving: ServingState,
  channels: readonly ChannelOverLimit[] = []
): string {
  const ofServing = healthOfServing(serving) === health;
  const told = fromServing.find(({ reason }) => reasonExplains(reason, ofServing));
  if (told || health === 'healthy') return told?.text ?? '';
  const over = channels.filter(({ text }) => text === undefined).map(({ channel, status }) => `${channel} ${status}`);
  const recorded = over.length > 0 || channels.length === 0 ? [over.join(', ') || `it as ${health}`] : [];
  const parts = [
    ...recorded.map((what) => `Prometheus has recorded ${what}`),
    ...channels.flatMap(({ text }) => text ?? []),
  ];
  // Where nobody watches a server nobody knows whether it can.
  const isWatched = fromServing.every(({ reason }) => reason !== 'not_watched');
  return [...(isWatched ? ['Can serve'] : []), ...parts].join('; ');
}

/** When serving last changed says nothing of a health that Prometheus recorded for another reason. */
export function sinceOf(
  health: HealthState,
  serving: ServingState,
  sinceSeconds: number | undefined
): { sinceSeconds?: number } {
  return sinceSeconds === undefined || healthOfServing(serving) !== health ? {} : { sinceSeconds };
}
