/** What is said of the channels of one model. */
import { channelWord, type HealthState } from '@modelwatch/contract';
import { ageText, replicasText } from '../../model/say';
import type { ModelView } from '../../model/types';
import { glue } from '../../model/words';

/** How a channel is drawn: by the state that it would make of the model. */
export const STATUS_MARK: Readonly<Record<string, HealthState>> = {
  ok: 'healthy',
  warning: 'degraded',
  critical: 'failed',
  too_little_data: 'unknown',
  stale: 'stale',
};

export function channelName(channel: string): string {
  const word = channelWord(channel);
  return word.charAt(0).toUpperCase() + word.slice(1).replace(/_/g, ' ');
}

export function statusWord(status: string): string {
  return status.replace(/_/g, ' ');
}

/** A number that belongs to the channel; empty where the answer has none. */
export function channelValue(model: ModelView, channel: string, nowMs: number): string {
  const replicas = replicasText(model);
  if (channel === 'serving' && replicas) return glue(`${replicas.replace('/', ' of ')} replicas`);
  const age = channel === 'freshness' ? ageText(model, nowMs) : '';
  return age ? `${age} old` : '';
}
