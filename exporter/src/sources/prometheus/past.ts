/** What Prometheus has of requests, durations, ages and verdicts of models, day by day: few models and a day at a time. */
import { METRICS, MODEL_LABELS, RECORDED } from '@modelwatch/contract';
import { AGES, type ByBound, type DayTally, type ModelPast } from '../../domain/slo/suggest';
import { PrometheusError, type Query, type Sample } from './query';
import { DAY_SECONDS } from './recent-rows';

/** Of a query: a day of all their buckets is a few million samples, and Prometheus takes fifty. */
const MODELS_AT_A_TIME = 20;
const ON = `on (${MODEL_LABELS})`;
/** Whose requests that did not end well are told apart. */
const FAILED: readonly string[] = ['server_error', 'unknown'];
const INFINITE = '+Inf';

export interface PastAsked {
  readonly days: number;
  /** The end of the last day. */
  readonly untilSeconds: number;
  /** Only this one, where one Prometheus has several. */
  readonly cluster?: string | undefined;
  /** `namespace/model`; none: all. */
  readonly models: readonly string[];
}

export interface PastRead {
  readonly models: readonly ModelPast[];
  readonly warnings: readonly string[];
}

/** @param progress told the share that was read. @throws PrometheusError, also for models that are in several clusters */
export async function readPasts(query: Query, asked: PastAsked, progress: (share: number) => void): Promise<PastRead> {
  const warnings = new Set<string>();
  const ask = async (promql: string, at: number) => {
    const answer = await query(promql, at);
    for (const warning of answer.warnings) warnings.add(`Prometheus warns: ${warning}`);
    return answer.samples;
  };
  const names = await namesOf(ask, asked);
  const batches = batched(names);
  const models: ModelPast[] = [];
  for (const [at, batch] of batches.entries()) {
    const show = (share: number) => progress((at + share) / batches.length);
    models.push(...(await readBatch(ask, batch, asked, show)));
  }
  return { models, warnings: [...warnings] };
}

type Ask = (promql: string, at: number) => Promise<readonly Sample[]>;

interface Batch {
  readonly namespace: string;
  readonly models: readonly string[];
}

async function namesOf(ask: Ask, { cluster, models, untilSeconds }: PastAsked): Promise<Batch[]> {
  const matcher = cluster === undefined ? '' : `{cluster=${JSON.stringify(cluster)}}`;
  const found = await ask(`group by (${MODEL_LABELS}) (${RECORDED.modelInfo.name}${matcher})`, untilSeconds);
  const wanted = found.filter(
    ({ labels }) => models.length === 0 || models.includes(`${labels['namespace']}/${labels['model']}`)
  );
  const clusters = [...new Set(wanted.map(({ labels }) => labels['cluster'] ?? ''))].sort();
  if (clusters.length > 1) {
    throw new PrometheusError(
      `it has models of several clusters: expected --cluster, one of ${clusters.map((one) => JSON.stringify(one)).join(', ')}`
    );
  }
  const byNamespace = new Map<string, string[]>();
  for (const { labels } of wanted) {
    const namespace = labels['namespace'] ?? '';
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), labels['model'] ?? '']);
  }
  return [...byNamespace]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, ofNamespace]) => ({ namespace, models: ofNamespace.sort() }));
}

function batched(namespaces: readonly Batch[]): Batch[] {
  return namespaces.flatMap(({ namespace, models }) =>
    Array.from({ length: Math.ceil(models.length / MODELS_AT_A_TIME) }, (_, at) => ({
      namespace,
      models: models.slice(at * MODELS_AT_A_TIME, (at + 1) * MODELS_AT_A_TIME),
    }))
  );
}

/** What a day told of one model. */
interface DayRead {
  readonly requests: readonly Sample[];
  readonly durations: readonly Sample[];
  readonly ages: readonly Sample[];
  readonly verdicts: readonly Sample[];
}

async function readBatch(
  ask: Ask,
  batch: Batch,
  { cluster, days, untilSeconds }: PastAsked,
  progress: (share: number) => void
): Promise<ModelPast[]> {
  const quoted = batch.models.map((model) => model.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const matchers = [
    `namespace=${JSON.stringify(batch.namespace)}`,
    `model=~${JSON.stringify(quoted.join('|'))}`,
    ...(cluster === undefined ? [] : [`cluster=${JSON.stringify(cluster)}`]),
  ].join(', ');
  const able = await ask(`${RECORDED.inferenceCapability.name}{capability="outcomes", ${matchers}} == 1`, untilSeconds);
  const canTell = new Set(able.map(({ labels }) => labels['model']));
  const reads: DayRead[] = [];
  for (let day = 0; day < days; day++) {
    const at = untilSeconds - (days - 1 - day) * DAY_SECONDS;
    reads.push({
      requests: await ask(requestsOf(matchers), at),
      durations: await ask(durationsOf(matchers), at),
      ages: await ask(agesOf(matchers), at),
      verdicts: await ask(verdictsOf(matchers), at),
    });
    progress((day + 1) / days);
  }
  return batch.models.map((model) => pastOf(batch.namespace, model, canTell.has(model), reads));
}

/** In steps of a minute, as the requests of a day are recorded: what was really seen. */
export function requestsOf(matchers: string): string {
  return `60 * sum by (${MODEL_LABELS}, outcome) (sum_over_time(${RECORDED.inferenceRequestsRate.name}{${matchers}}[1d:1m]))`;
}

/** Of servers and of proxies before them; of two exporters that polled one replica the higher figure. */
export function durationsOf(matchers: string): string {
  const seenBy = (family: { readonly name: string }, by: string) => {
    const each = `max by (${MODEL_LABELS}, replica, version, le) (increase(${family.name}_bucket{${matchers}}[1d]))`;
    return `label_replace(sum by (${MODEL_LABELS}, le) (${each}), "seen_by", "${by}", "", "")`;
  };
  return `${seenBy(METRICS.inferenceDuration, 'server')} or ${seenBy(METRICS.inferenceRouteDuration, 'proxy')}`;
}

/** Minutes in which the last prediction was no older; none while the model is scaled to zero. */
export function agesOf(matchers: string): string {
  const last = `${RECORDED.modelLastPrediction.name}{${matchers}}`;
  const idle = `(${RECORDED.modelServing.name}{state="idle", ${matchers}} == 1)`;
  const upTo = (age: number | 'Inf', le: string) =>
    `label_replace(sum by (${MODEL_LABELS}) (sum_over_time(((time() - ${last} <= bool ${age}) unless ${ON} ${idle})[1d:1m])), "le", "${le}", "", "")`;
  return [...AGES.map((age) => upTo(age, String(age))), upTo('Inf', INFINITE)].join(' or ');
}

/** Minutes with a verdict on drift, by verdict. */
export function verdictsOf(matchers: string): string {
  const verdict = `${RECORDED.modelChannel.name}{channel="drift", status=~"ok|warning|critical", ${matchers}}`;
  return `count_over_time((group by (${MODEL_LABELS}, status) (${verdict}))[1d:1m])`;
}

function pastOf(namespace: string, model: string, canTell: boolean, reads: readonly DayRead[]): ModelPast {
  const own = (samples: readonly Sample[]) => samples.filter(({ labels }) => labels['model'] === model);
  const requests = reads.map((read) => tally(own(read.requests), 'outcome', FAILED));
  const verdicts = reads.map((read) => tally(own(read.verdicts), 'status', ['critical']));
  const timed = (by: string) =>
    reads.map(({ durations }) => own(durations).filter(({ labels }) => labels['seen_by'] === by));
  const durations = byBound(timed('server')) ?? byBound(timed('proxy'));
  const ages = byBound(reads.map((read) => own(read.ages)));
  return {
    namespace,
    model,
    ...(canTell && { requests }),
    ...(durations && { durations }),
    ...(ages && { ages }),
    ...(verdicts.some(({ events }) => events > 0) && { verdicts }),
  };
}

function tally(samples: readonly Sample[], label: string, bad: readonly string[]): DayTally {
  const sum = (of: readonly Sample[]) => of.reduce((all, { value }) => all + value, 0);
  const events = sum(samples);
  return { events, bad: sum(samples.filter(({ labels }) => bad.includes(labels[label] ?? ''))) };
}

/** Nothing where no day has a bound. */
function byBound(days: readonly (readonly Sample[])[]): ByBound | undefined {
  const told = days.map((samples) => new Map(samples.map(({ labels, value }) => [labels['le'] ?? '', value] as const)));
  const bounds = [...new Set(told.flatMap((day) => [...day.keys()]))].filter((le) => Number.isFinite(Number(le)) && le);
  if (bounds.length === 0) return undefined;
  const one = (le: string) =>
    told.map((day): DayTally => {
      const events = day.get(INFINITE) ?? 0;
      return { events, bad: Math.max(0, events - (day.get(le) ?? 0)) };
    });
  return new Map(bounds.map((le) => [Number(le), one(le)] as const));
}
