/** The one sentence that says why a model is not healthy. */
import {
  causeText,
  channelWord,
  healthIsOfServing,
  reasonExplains,
  reasonSentence,
  SERVING_REASONS,
  customMetricOf,
  type AnyChannel,
  type Channel,
  type ChannelStatus,
  type HealthState,
  type ModelSummary,
  type ReplicaCounts,
  type ServingReason,
} from '@modelwatch/contract';

/** Share of the requests, 0 to 1, that put a channel over its limit; absent where it is not known. */
export type ChannelShares = Partial<Record<Channel, number>>;

/** What put a channel over its limits, in a sentence of its own; absent where nobody said. */
export type ChannelWords = Partial<Record<AnyChannel, string | undefined>>;

export interface ReasonInput {
  readonly health: HealthState;
  /** Reasons that Prometheus has recorded. */
  readonly reasons: readonly ServingReason[];
  readonly channels: ReadonlyMap<AnyChannel, ChannelStatus>;
  readonly replicas: ReplicaCounts;
  /** Shares of the requests on which the channels decide. */
  readonly shares: ChannelShares;
  readonly words?: ChannelWords;
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
function wordsOfApi(reasons: readonly ServingReason[], { summary }: ReasonInput): string | undefined {
  return summary?.reasons.find(({ reason }) => reasons.includes(reason))?.text;
}

const NOT_ALL_SEEN = 'A considerable part of its events is not seen';
/** Of channels that have no limits of their own. */
const OVER_WORDS: Partial<Record<Channel, Partial<Record<ChannelStatus, string>>>> = {
  coverage: { critical: NOT_ALL_SEEN, warning: NOT_ALL_SEEN },
  slo: {
    critical: 'An objective burns its budget too fast',
    warning: 'The budget of an objective is spent, or burns too fast to last',
  },
};
const SHARE_WORDS: Partial<Record<Channel, string>> = { errors: 'requests failed', latency: 'requests were slow' };

/** ` (21 % of requests failed)`. */
function inNumbers(channel: AnyChannel, shares: ChannelShares): string {
  const share = shares[channel as Channel];
  const what = SHARE_WORDS[channel as Channel];
  if (what === undefined || share === undefined || !Number.isFinite(share)) return '';
  return ` (${Number((share * 100).toPrecision(2))} % of ${what})`;
}

/** The worst channel in words; undefined where every one is within its limits. */
export function wordsOfChannels(
  channels: ReasonInput['channels'],
  shares: ChannelShares = {},
  words: ChannelWords = {}
): string | undefined {
  for (const status of WORST_STATUS) {
    for (const [channel, found] of channels) {
      if (found !== status) continue;
      const isOver = status === 'critical' || status === 'warning';
      const said = words[channel];
      if (isOver && said !== undefined) return said;
      const own = OVER_WORDS[channel as Channel]?.[status];
      if (own !== undefined) return own;
      const figure = isOver ? inNumbers(channel, shares) : '';
      const word = channelWord(channel);
      const name = customMetricOf(channel) ?? `${word[0]?.toUpperCase()}${word.slice(1)}`;
      return `${name}: ${STATUS_WORDS[status]}${figure}`;
    }
  }
  return undefined;
}

/** Undefined for a healthy model, and where nothing that was measured says why. */
export function reasonWords(input: ReasonInput): string | undefined {
  if (input.health === 'healthy') return undefined;
  const ofServing = healthIsOfServing(input.health, input.channels.get('serving'));
  const reasons = input.reasons.filter((one) => reasonExplains(one, ofServing));
  const api = wordsOfApi(reasons, input);
  if (api) return api;
  const reason = worst(reasons);
  if (reason && reason !== 'other') return reasonSentence(reason, input.replicas);
  const channels = wordsOfChannels(input.channels, input.shares, input.words);
  if (channels) return channels;
  if (reason) return causeText(reason);
  if (input.health !== 'unknown') return undefined;
  return input.reasons.includes('not_watched') ? causeText('not_watched') : 'No verdict is recorded for this model';
}
