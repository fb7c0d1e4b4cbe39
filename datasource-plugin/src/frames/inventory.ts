/** What Prometheus and the API said, joined into one row per model. */
import {
  channelOf,
  customMetricOf,
  CHANNEL_STATUSES,
  HEALTH_STATES,
  healthIsOfServing,
  healthOfServing,
  reasonExplains,
  RECORDED,
  SERVING_REASONS,
  type AnyChannel,
  type ChannelStatus,
  type HealthState,
  type ModelSummary,
  type ServingReason,
} from '@modelwatch/contract';
import { worstAccuracy } from './accuracy/worst';
import { driftByModel, type ModelDrift } from './drift/worst';
import { worstFairness } from './fairness/worst';
import { compareModels, modelIdKey, modelIdOf, NAMELESS, type ModelId } from './identity';
import { reasonWords, wordsOfChannels, type ChannelWords } from './reason';
import type { Sample } from './samples';

/** One model; times are milliseconds since 1970. What nobody said is absent, never 0. */
export interface InventoryRow extends ModelId {
  readonly health: HealthState;
  readonly reason?: string | undefined;
  readonly sinceMs?: number | undefined;
  readonly replicasDesired?: number | undefined;
  readonly replicasAvailable?: number | undefined;
  readonly lastObservedMs?: number | undefined;
  readonly platform?: string | undefined;
  readonly server?: string | undefined;
  readonly runtime?: string | undefined;
  readonly version?: string | undefined;
  readonly owner?: string | undefined;
  readonly requestsPerSecond?: number | undefined;
  readonly lastRequestMs?: number | undefined;
  readonly requestsPerDay?: number | undefined;
  /** Shares of the requests of the last 5 minutes. */
  readonly errorsRatio?: number | undefined;
  readonly slowRatio?: number | undefined;
  /** Absent of a model whose channel of drift is not over its limits. */
  readonly featuresDrifted?: number | undefined;
  /** Of the objective that has least. */
  readonly budgetLeft?: number | undefined;
  readonly channels: ReadonlyMap<AnyChannel, ChannelStatus>;
}

/** Samples of the parts of an inventory query; a part that failed is empty. */
export interface InventoryAnswers {
  readonly state: readonly Sample[];
  readonly numbers: readonly Sample[];
  readonly rate: readonly Sample[];
  /** What drifted of the models whose channel of drift is over its limits. */
  readonly drifted?: readonly Sample[];
  /** The scores of the models whose channel of accuracy is over its limits. */
  readonly misjudged?: readonly Sample[];
  /** The groups of the models whose channel of fairness is over its limits. */
  readonly unfair?: readonly Sample[];
  /** Undefined when the API was not asked or did not answer. */
  readonly summaries?: readonly ModelSummary[] | undefined;
}

export interface Inventory {
  readonly rows: readonly InventoryRow[];
  /** Samples that could not be used, by what is wrong with them. */
  readonly dropped: ReadonlyMap<string, number>;
}

/** What has been gathered of one model. */
interface Draft {
  readonly id: ModelId;
  health?: HealthState;
  readonly reasons: ServingReason[];
  readonly channels: Map<AnyChannel, ChannelStatus>;
  readonly info: Partial<Record<(typeof INFO_LABELS)[number], string>>;
  readonly numbers: Map<string, number>;
  requestsPerSecond?: number;
}
const INFO_LABELS = ['platform', 'server', 'runtime', 'version', 'owner'] as const;

/** Of two statuses of one channel the worse is shown. */
const CHANNEL_SEVERITY: readonly ChannelStatus[] = ['ok', 'too_little_data', 'stale', 'warning', 'critical'];

function member<T extends string>(values: readonly T[], value: string | undefined): T | undefined {
  return values.find((entry) => entry === value);
}

/** Takes one sample of the state part in; answers what is wrong with it. */
type TakeState = (draft: Draft, sample: Sample) => string | undefined;

const takeHealth: TakeState = (draft, { labels }) => {
  const health = member(HEALTH_STATES, labels['health']);
  if (!health) return 'unknown health';
  // Two may hold for a moment while rules are evaluated: the worse one is shown.
  const worse = (draft.health ? HEALTH_STATES.indexOf(draft.health) : Infinity) > HEALTH_STATES.indexOf(health);
  if (worse) draft.health = health;
  return undefined;
};

const takeChannel: TakeState = (draft, { labels }) => {
  const channel = channelOf(labels['channel']);
  const status = member(CHANNEL_STATUSES, labels['status']);
  if (!channel || !status) return 'unknown channel or status';
  const before = draft.channels.get(channel);
  if (!before || CHANNEL_SEVERITY.indexOf(status) > CHANNEL_SEVERITY.indexOf(before)) {
    draft.channels.set(channel, status);
  }
  return undefined;
};

const takeReason: TakeState = (draft, { labels }) => {
  const reason = member(SERVING_REASONS, labels['reason']);
  if (!reason) return 'unknown reason';
  draft.reasons.push(reason);
  return undefined;
};

const takeInfo: TakeState = (draft, { labels }) => {
  for (const label of INFO_LABELS) {
    const value = labels[label];
    if (value && draft.info[label] === undefined) draft.info[label] = value;
  }
  return undefined;
};

const TAKE_STATE: ReadonlyMap<string | undefined, TakeState> = new Map<string, TakeState>([
  [RECORDED.modelHealth.name, takeHealth],
  [RECORDED.modelChannel.name, takeChannel],
  [RECORDED.modelServingReason.name, takeReason],
  [RECORDED.modelInfo.name, takeInfo],
]);

/** Gathers samples per model and counts those that have no place. */
class Drafts {
  readonly byKey = new Map<string, Draft>();
  readonly dropped = new Map<string, number>();

  take(samples: readonly Sample[], into: (draft: Draft, sample: Sample) => string | undefined): void {
    for (const sample of samples) {
      const id = modelIdOf(sample.labels);
      const wrong = id ? into(this.draft(id), sample) : NAMELESS;
      if (wrong) this.dropped.set(wrong, (this.dropped.get(wrong) ?? 0) + 1);
    }
  }

  private draft(id: ModelId): Draft {
    const key = modelIdKey(id);
    let draft = this.byKey.get(key);
    if (!draft) {
      draft = { id, reasons: [], channels: new Map(), info: {}, numbers: new Map() };
      this.byKey.set(key, draft);
    }
    return draft;
  }
}

function secondsToMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

/** What is known of the model from elsewhere than its own samples. */
interface Told {
  readonly summary: ModelSummary | undefined;
  readonly words: ChannelWords;
  readonly drift: ModelDrift | undefined;
}

function rowOf(draft: Draft, { summary, words, drift }: Told): InventoryRow {
  const number = ({ name }: { name: string }): number | undefined => draft.numbers.get(name);
  // A model whose health nobody recorded is not known to be well.
  const health = draft.health ?? 'unknown';
  const replicas = {
    desired: number(RECORDED.modelReplicasDesired),
    available: number(RECORDED.modelReplicasAvailable),
  };
  const shares = { errors: number(RECORDED.inferenceErrorsRatio), latency: number(RECORDED.inferenceSlowRatio) };
  return {
    ...draft.id,
    ...draft.info,
    health,
    reason: reasonWords({
      health,
      reasons: draft.reasons,
      channels: draft.channels,
      replicas,
      shares,
      words,
      summary,
    }),
    sinceMs: healthIsOfServing(health, draft.channels.get('serving'))
      ? secondsToMs(number(RECORDED.modelLastTransition))
      : undefined,
    replicasDesired: replicas.desired,
    replicasAvailable: replicas.available,
    lastObservedMs: secondsToMs(number(RECORDED.modelLastObserved)),
    requestsPerSecond: draft.requestsPerSecond,
    lastRequestMs: secondsToMs(number(RECORDED.inferenceLastRequest)),
    requestsPerDay: number(RECORDED.inferenceRequestsPerDay),
    errorsRatio: shares.errors,
    slowRatio: shares.latency,
    featuresDrifted: drift?.features,
    budgetLeft: number(RECORDED.sloBudgetLeft),
    channels: draft.channels,
  };
}

/** The API knows no cluster: its words are used only where one model alone can be meant. */
function summariesByModel(drafts: Iterable<Draft>, summaries: readonly ModelSummary[]): Map<string, ModelSummary> {
  const clusters = new Map<string, number>();
  const key = (namespace: string, model: string): string => modelIdKey({ cluster: '', namespace, model });
  for (const { id } of drafts) {
    const name = key(id.namespace, id.model);
    clusters.set(name, (clusters.get(name) ?? 0) + 1);
  }
  return new Map(
    summaries
      .map((summary): [string, ModelSummary] => [key(summary.namespace, summary.name), summary])
      .filter(([name]) => clusters.get(name) === 1)
  );
}

/** Worst first, as everywhere; within a health by name. */
function compareRows(a: InventoryRow, b: InventoryRow): number {
  return HEALTH_STATES.indexOf(a.health) - HEALTH_STATES.indexOf(b.health) || compareModels(a, b);
}

/** Joins the parts of the answer. A model is listed when the state part knows it; numbers alone make no row. */
export function joinInventory(answers: InventoryAnswers): Inventory {
  const drafts = new Drafts();
  drafts.take(answers.state, (draft, sample) => {
    const take = TAKE_STATE.get(sample.labels['__name__']);
    return take ? take(draft, sample) : 'unknown series';
  });
  const known = new Set(drafts.byKey.values());
  drafts.take(answers.numbers, (draft, { labels, value }) => {
    draft.numbers.set(labels['__name__'] ?? '', value);
    return undefined;
  });
  drafts.take(answers.rate, (draft, { value }) => {
    draft.requestsPerSecond = value;
    return undefined;
  });
  const summaries = summariesByModel(known, answers.summaries ?? []);
  const drifted = driftByModel(answers.drifted ?? []);
  const accuracy = worstAccuracy(answers.misjudged ?? []);
  const fairness = worstFairness(answers.unfair ?? []);
  const rows = [...known].map((draft) => {
    const key = modelIdKey(draft.id);
    const summary = summaries.get(modelIdKey({ ...draft.id, cluster: '' }));
    const drift = drifted.get(key);
    const words = {
      ...customWords(draft, summary),
      ...{ drift: drift?.worst, accuracy: accuracy.get(key), fairness: fairness.get(key) },
    };
    return rowOf(draft, { summary, words, drift });
  });
  return { rows: rows.sort(compareRows), dropped: drafts.dropped };
}

/** What the API says of custom metrics, as far as it is of the status that Prometheus has recorded. */
function customWords({ channels }: Draft, summary: ModelSummary | undefined): ChannelWords {
  const told = (summary?.channels ?? []).filter(
    ({ channel, status }) => customMetricOf(channel) !== undefined && channels.get(channel) === status
  );
  return Object.fromEntries(told.map(({ channel, text }) => [channel, text]));
}

function reasonOfApi(
  { health, serving, reasons, channels: told = [] }: ModelSummary,
  channels: InventoryRow['channels']
): string | undefined {
  if (health === 'healthy') return undefined;
  const ofServing = healthOfServing(serving) === health;
  const why = reasons.find(({ reason }) => reasonExplains(reason, ofServing));
  const words = Object.fromEntries(told.map(({ channel, text }) => [channel, text]));
  return why?.text ?? wordsOfChannels(channels, {}, words);
}

/** Rows from the API alone, for when Prometheus does not answer. */
export function rowsOfApi(summaries: readonly ModelSummary[]): InventoryRow[] {
  return summaries
    .map((summary) => ({ summary, channels: new Map(summary.channels?.map((one) => [one.channel, one.status])) }))
    .map(({ summary, channels }): InventoryRow => ({
      cluster: '',
      namespace: summary.namespace,
      model: summary.name,
      health: summary.health,
      reason: reasonOfApi(summary, channels),
      sinceMs: healthOfServing(summary.serving) === summary.health ? secondsToMs(summary.sinceSeconds) : undefined,
      replicasDesired: summary.replicas.desired,
      replicasAvailable: summary.replicas.available,
      lastObservedMs: secondsToMs(summary.lastObservedSeconds),
      platform: summary.platform,
      server: summary.server,
      runtime: summary.runtime,
      version: summary.version,
      owner: summary.owner,
      channels,
    }))
    .sort(compareRows);
}
