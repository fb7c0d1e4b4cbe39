/**
 * Health as our rules recorded it, read back from Prometheus (HTTP API, instant queries). Health that is not fresh is
 * not used: whoever asks gets the serving state instead, and the word "serving only".
 */
import {
  CHANNEL_STATUSES,
  customMetricOf,
  channelOf,
  compareChannels,
  decode,
  entityKey,
  HEALTH_STATES,
  healthOfServing,
  RECORDED,
  type AnyChannel,
  type Channel,
  type ChannelStatus,
  type EntityKey,
  type HealthState,
  type ServingState,
} from '@modelwatch/contract';
import { accuracyTexts, WORST_ACCURACY_LABELS, WORST_ACCURACY_QUERY } from './worst-accuracy';
import { batchTexts, DRIFTED_BATCHES_LABELS, DRIFTED_BATCHES_QUERY } from './drifted-batches';
import { CUSTOM_LABELS, CUSTOM_QUERY, customTexts } from './custom-over-limit';
import { detectorTexts, FLAGGED_DETECTORS_LABELS, FLAGGED_DETECTORS_QUERY } from './flagged-detectors';
import { UNSEEN_EVENTS_LABELS, UNSEEN_EVENTS_QUERY, unseenTexts } from './unseen-events';
import { fairnessTexts, WORST_FAIRNESS_LABELS, WORST_FAIRNESS_QUERY } from './worst-fairness';
import { driftTexts, WORST_DRIFT_LABELS, WORST_DRIFT_QUERY } from './worst-drift';

export interface HealthReaderOptions {
  /** Base URL of Prometheus; absent: health is never known. */
  readonly url?: string | undefined;
  /** Seconds between two polls; an answer is used for three of them. */
  readonly intervalSeconds: number;
  readonly fetch: typeof fetch;
  readonly nowSeconds: () => number;
  /** Told when reading begins to fail (with the cause) and when it works again. */
  readonly onChange: (problem: string | undefined) => void;
}

export interface ModelHealth {
  readonly health: HealthState;
  readonly source: 'prometheus' | 'serving-only';
  /** Over their limits, worst first; absent when there are none. */
  readonly channels?: readonly ChannelOverLimit[];
}

export interface ChannelOverLimit {
  readonly channel: AnyChannel;
  readonly status: ChannelStatus;
  /** Why, in words, where more is known than the status. */
  readonly text?: string;
}

/** What Prometheus recorded of one model. */
interface Recorded {
  readonly health: HealthState;
  readonly channels: readonly ChannelOverLimit[];
}

export interface HealthStatus {
  readonly source: 'prometheus' | 'serving-only';
  /** Why it is serving only, in words; absent while Prometheus answers. */
  readonly why?: string;
  readonly readAtSeconds?: number;
}

export interface HealthReader {
  status(): HealthStatus;
  /** @param serving as we see it now; undefined where nobody watches a server of the model */
  of(key: EntityKey, serving: ServingState | undefined): ModelHealth;
  /** Reads once, now. Never rejects. */
  poll(): Promise<void>;
  start(): void;
  stop(): void;
}

/**
 * Health older than this, by Prometheus' own clock, is from rules that no longer run. Drift, accuracy and coverage are
 * judged less often; what of them nobody records any more ends by itself after five minutes.
 */
const MAX_SAMPLE_AGE_SECONDS = 150;
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const OVER_LIMIT = `${RECORDED.modelChannel.name}{channel!~"serving|freshness", status=~"warning|critical"}`;
/** `timestamp` gives when the sample was recorded; the answer itself carries only the time of the query. */
const QUERY = `(timestamp(${RECORDED.modelHealth.name}) and (${RECORDED.modelHealth.name} == 1)) or timestamp(${OVER_LIMIT})
or ${WORST_DRIFT_QUERY}
or ${WORST_ACCURACY_QUERY}
or ${CUSTOM_QUERY}
or ${UNSEEN_EVENTS_QUERY}
or ${FLAGGED_DETECTORS_QUERY}
or ${DRIFTED_BATCHES_QUERY}
or ${WORST_FAIRNESS_QUERY}`;

const decodeAnswer = decode.object({
  status: decode.oneOf(['success']),
  data: decode.object({
    resultType: decode.oneOf(['vector']),
    result: decode.array(
      decode.object({
        metric: decode.object({
          cluster: decode.optional(decode.string),
          namespace: decode.string,
          model: decode.string,
          /** Of a sample of health; the other two are of one of a channel. */
          health: decode.optional(decode.oneOf(HEALTH_STATES)),
          channel: decode.optional(decode.string),
          status: decode.optional(decode.oneOf(CHANNEL_STATUSES)),
          ...WORST_DRIFT_LABELS,
          ...WORST_ACCURACY_LABELS,
          ...CUSTOM_LABELS,
          ...UNSEEN_EVENTS_LABELS,
          ...FLAGGED_DETECTORS_LABELS,
          ...DRIFTED_BATCHES_LABELS,
          ...WORST_FAIRNESS_LABELS,
        }),
        value: pair,
      })
    ),
  }),
});

/** `[time of the query, "value"]`, both seconds here. */
function pair(value: unknown, path = ''): readonly [number, number] {
  const [at, text] = Array.isArray(value) ? (value as unknown[]) : [];
  return [decode.number(at, `${path}[0]`), decode.number(Number(decode.string(text, `${path}[1]`)), `${path}[1]`)];
}

export function createHealthReader(options: HealthReaderOptions): HealthReader {
  let byModel: ReadonlyMap<EntityKey, Recorded> = new Map();
  let readAtSeconds: number | undefined;
  let problem: string | undefined = options.url === undefined ? undefined : 'Prometheus was not read yet';
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const status = (): HealthStatus => {
    if (options.url === undefined) return { source: 'serving-only', why: 'no Prometheus is given (--prometheus.url)' };
    const age = readAtSeconds === undefined ? Infinity : options.nowSeconds() - readAtSeconds;
    if (age > 3 * options.intervalSeconds) return { source: 'serving-only', why: problem ?? 'Prometheus is silent' };
    if (byModel.size === 0)
      return { source: 'serving-only', why: 'Prometheus has no fresh health: are our rules loaded?' };
    return { source: 'prometheus', readAtSeconds: readAtSeconds ?? 0 };
  };

  const poll = async (): Promise<void> => {
    if (options.url === undefined) return;
    let found: string | undefined;
    try {
      byModel = await read(options.url, options);
      readAtSeconds = options.nowSeconds();
    } catch (error) {
      found = `Prometheus does not answer: ${causeOf(error)}`;
    }
    if (found !== problem && !stopped) options.onChange(found);
    problem = found;
  };

  const run = async (): Promise<void> => {
    await poll();
    if (!stopped) timer = setTimeout(() => void run(), options.intervalSeconds * 1000).unref();
  };

  return {
    status,
    of: (key, serving) => {
      const recorded = status().source === 'prometheus' ? byModel.get(key) : undefined;
      return combine(recorded, serving && healthOfServing(serving));
    },
    poll,
    start: () => void (options.url !== undefined && run()),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** What we see now and Prometheus has not recorded yet wins when it is worse: never green for a moment too long. */
function combine(recorded: Recorded | undefined, serving: HealthState | undefined): ModelHealth {
  if (recorded === undefined) return { health: serving ?? 'unknown', source: 'serving-only' };
  const { health, channels } = recorded;
  const isWorse = serving !== undefined && HEALTH_STATES.indexOf(serving) < HEALTH_STATES.indexOf(health);
  return {
    health: isWorse ? serving : health,
    source: 'prometheus',
    ...(channels.length === 0 ? {} : { channels }),
  };
}

async function read(base: string, options: HealthReaderOptions): Promise<Map<EntityKey, Recorded>> {
  const url = new URL(`${base.replace(/\/+$/, '')}/api/v1/query`);
  const credentials = url.username && `Basic ${Buffer.from(`${url.username}:${url.password}`).toString('base64')}`;
  url.username = url.password = '';
  const response = await options.fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ query: QUERY }),
    headers: { Accept: 'application/json', ...(credentials ? { Authorization: credentials } : {}) },
    signal: AbortSignal.timeout(options.intervalSeconds * 1000),
  });
  const body = await limitedText(response);
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  return freshHealth(decodeAnswer(parseJson(body)));
}

/** Judged less often than the state of models. */
const SLOW_CHANNELS: readonly string[] = [
  'drift',
  'batches',
  'accuracy',
  'fairness',
  'coverage',
  'slo',
] satisfies Channel[];

function isFresh({ channel }: { readonly channel?: string }, [at, recordedAt]: readonly [number, number]): boolean {
  const isSlow = channel !== undefined && (SLOW_CHANNELS.includes(channel) || customMetricOf(channel) !== undefined);
  return isSlow || at - recordedAt <= MAX_SAMPLE_AGE_SECONDS;
}

function freshHealth(answer: ReturnType<typeof decodeAnswer>): Map<EntityKey, Recorded> {
  const found = new Map<EntityKey, Recorded>();
  const channels = channelsOver(answer);
  const ambiguous = new Set<EntityKey>();
  for (const { metric, value } of answer.data.result) {
    const { health } = metric;
    if (!health || !isFresh(metric, value) || metric.namespace === '' || metric.model === '') continue;
    const key = entityKey({ namespace: metric.namespace, name: metric.model });
    // One name in two clusters: nobody told us which of them is ours.
    if (found.has(key)) ambiguous.add(key);
    found.set(key, { health, channels: [] });
  }
  for (const [key, over] of channels) {
    const known = found.get(key);
    if (known) found.set(key, { ...known, channels: worstFirst(over) });
  }
  for (const key of ambiguous) found.delete(key);
  return found;
}

function channelsOver(answer: ReturnType<typeof decodeAnswer>): Map<EntityKey, ChannelOverLimit[]> {
  const channels = new Map<EntityKey, ChannelOverLimit[]>();
  const texts = new Map<AnyChannel, ReadonlyMap<EntityKey, string>>([
    // What we found ourselves says how far, so it goes before.
    ['drift', new Map([...detectorTexts(answer.data.result), ...driftTexts(answer.data.result)])],
    ['accuracy', accuracyTexts(answer.data.result)],
    ['coverage', unseenTexts(answer.data.result)],
    ['batches', batchTexts(answer.data.result)],
    ['fairness', fairnessTexts(answer.data.result)],
  ]);
  const ofCustom = customTexts(answer.data.result);
  for (const { metric, value } of answer.data.result) {
    const { status } = metric;
    const channel = channelOf(metric.channel);
    if (!channel || !status || !isFresh(metric, value)) continue;
    const key = entityKey({ namespace: metric.namespace, name: metric.model });
    const text = texts.get(channel)?.get(key) ?? ofCustom.get(`${key} ${channel}`);
    const over = { channel, status, ...(text === undefined ? {} : { text }) };
    channels.set(key, [...(channels.get(key) ?? []), over]);
  }
  return channels;
}

function worstFirst(channels: readonly ChannelOverLimit[]): readonly ChannelOverLimit[] {
  const rank = ({ status }: ChannelOverLimit) => (status === 'critical' ? 0 : 1);
  return [...channels].sort((a, b) => rank(a) - rank(b) || compareChannels(a.channel, b.channel));
}

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`its answer is longer than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it answers something else than JSON');
  }
}

/** fetch says only "fetch failed"; the cause has the words. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'timeout';
  const cause = error.cause as { code?: string; message?: string } | undefined;
  return (cause?.code ?? cause?.message ?? error.message).slice(0, 200);
}
