/** The one sentence that says why a model is not healthy. */
import {
  causeText,
  reasonSentence,
  SERVING_REASONS,
  type Channel,
  type ChannelStatus,
  type HealthState,
  type ModelSummary,
  type ReplicaCounts,
  type ServingReason,
} from '@modelwatch/contract';

export interface ReasonInput {
  readonly health: HealthState;
  /** Reasons that Prometheus has recorded. */
  readonly reasons: readonly ServingReason[];
  readonly channels: ReadonlyMap<Channel, ChannelStatus>;
  readonly replicas: ReplicaCounts;
  /** What the exporter's API says of the same model, when it could be asked. */
  readonly summary?: ModelSummary | undefined;
}

const STATUS_WORDS: Record<ChannelStatus, string> = {
  ok: 'within its limits',
  warning: 'over its warning limit',
  critical: 'over its limit',
  too_little_data: 'too little data for a verdict',
  stale: 'no fresh data',
};
const WORST_STATUS: readonly ChannelStatus[] = ['critical', 'warning', 'stale', 'too_little_data'];

/** The list of reasons in the contract has the telling ones first and the general ones last. */
function worst(reasons: readonly ServingReason[]): ServingReason | undefined {
  return SERVING_REASONS.find((reason) => reasons.includes(reason));
}

/**
 * The API's words carry the error text itself, but are of another moment: they count only while Prometheus has recorded
 * the same reason, so that a sentence never contradicts the state beside it.
 */
function wordsOfApi({ reasons, summary }: ReasonInput): string | undefined {
  return summary?.reasons.find(({ reason }) => reasons.includes(reason))?.text;
}

export function wordsOfChannels(channels: ReasonInput['channels']): string | undefined {
  for (const status of WORST_STATUS) {
    for (const [channel, found] of channels) {
      if (found === status) return `${channel[0]?.toUpperCase()}${channel.slice(1)}: ${STATUS_WORDS[status]}`;
    }
  }
  return undefined;
}

/** Undefined for a healthy model, and where nothing that was measured says why. */
export function reasonWords(input: ReasonInput): string | undefined {
  if (input.health === 'healthy') return undefined;
  const api = wordsOfApi(input);
  if (api) return api;
  const reason = worst(input.reasons);
  if (reason && reason !== 'other') return reasonSentence(reason, input.replicas);
  const channels = wordsOfChannels(input.channels);
  if (channels) return channels;
  if (reason) return causeText(reason);
  return input.health === 'unknown' ? 'No verdict is recorded for this model' : undefined;
}
