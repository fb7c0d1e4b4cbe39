/** What is said of the channels of one model. */
import { channelWord, type HealthState } from '@modelwatch/contract';
import { ageText, replicasText } from '../../model/say';
import { leftText } from '../../model/slo/words';
import type { ChannelVerdict, ModelView } from '../../model/types';
import { glue, percentText } from '../../model/words';

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

/** Of each channel the number that it is judged by, as far as the answer has it. */
const VALUES: Readonly<Record<string, (model: ModelView, nowMs: number) => string | undefined>> = {
  serving: (model) => {
    const replicas = replicasText(model);
    return replicas && glue(`${replicas.replace('/', ' of ')} replicas`);
  },
  errors: ({ errorsRatio }) => (errorsRatio === undefined ? undefined : glue(`${percentText(errorsRatio)} failed`)),
  latency: ({ slowRatio }) => (slowRatio === undefined ? undefined : glue(`${percentText(slowRatio)} slow`)),
  // None where the predictions alone have drifted.
  drift: ({ featuresDrifted }) => (featuresDrifted ? glue(`${featuresDrifted} drifted`) : undefined),
  slo: ({ budgetLeft }) => (budgetLeft === undefined ? undefined : glue(`${leftText(budgetLeft)} left`)),
  freshness: (model, nowMs) => {
    const age = ageText(model, nowMs);
    return age && `${age} old`;
  },
};
/** What nobody could judge has no number: it would look like a verdict. */
const JUDGED: readonly string[] = ['ok', 'warning', 'critical'];
/** Of when the data are the age is said however old they are. */
const ALWAYS = 'freshness';

/** A number that belongs to the channel; empty where the answer has none, or nobody could judge it. */
export function channelValue(model: ModelView, { channel, status }: ChannelVerdict, nowMs: number): string {
  if (channel !== ALWAYS && !JUDGED.includes(status)) return '';
  return VALUES[channel]?.(model, nowMs) ?? '';
}
