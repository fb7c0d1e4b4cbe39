/** Series of plain Prometheus queries -> what they say of each model; duplicates of one model are folded into one. */
import {
  HEALTH_STATES,
  SERVING_REASONS,
  SERVING_STATES,
  healthIsOfServing,
  reasonExplains,
  reasonSentence,
  type ServingReason,
} from '@modelwatch/contract';
import type { Series } from './series';
import { historyOf, labelledHealth, stateNow } from './states';
import { subjectOf, type Subject } from './subjects';
import type { ChannelVerdict, ModelFacts, Traffic } from './types';

type SeriesBySubject = Partial<Record<Subject, Series[]>>;

export interface ModelId {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/** One key per model over refreshes and queries; the parts cannot be confused, as no label holds a NUL. */
export function modelKey({ cluster, namespace, name }: ModelId): string {
  return [cluster, namespace, name].join('\u0000');
}

interface Bucket {
  readonly id: ModelId;
  readonly series: SeriesBySubject;
}

/** Series by model and subject; what names no model or says nothing about one is left out. */
export function bucketSeries(series: readonly Series[]): Map<string, Bucket> {
  const buckets = new Map<string, Bucket>();
  for (const one of series) {
    const subject = subjectOf(one);
    if (!subject) continue;
    const { cluster = '', namespace = '', model = '' } = one.labels;
    const id = { cluster, namespace, name: model };
    const key = modelKey(id);
    const bucket = buckets.get(key) ?? { id, series: {} };
    (bucket.series[subject] ??= []).push(one);
    buckets.set(key, bucket);
  }
  return buckets;
}

/** The last number of a series and when it was; a series that ends in a gap has none. */
function lastNumber(series: Series): number | undefined {
  const value = series.values[series.values.length - 1];
  return typeof value === 'number' ? value : undefined;
}

/** Several exporters or targets may say the same: the largest is the newest of timestamps and the best informed count. */
function largest(set: readonly Series[] | undefined): number | undefined {
  const numbers = (set ?? []).map(lastNumber).filter((value) => value !== undefined);
  return numbers.length ? Math.max(...numbers) : undefined;
}

function secondsToMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

function channelsOf(set: readonly Series[] | undefined): ChannelVerdict[] {
  return (set ?? [])
    .filter((series) => (lastNumber(series) ?? 0) > 0)
    .map(({ labels }) => ({ channel: labels.channel ?? '', status: labels.status ?? '' }));
}

function worstReason(set: readonly Series[] | undefined, ofServing: boolean): ServingReason | undefined {
  const held = (set ?? []).filter((series) => (lastNumber(series) ?? 0) > 0).map(({ labels }) => labels.reason);
  return SERVING_REASONS.find((reason) => held.includes(reason) && reasonExplains(reason, ofServing));
}

/** Outcomes add up; the same outcome told twice counts once. */
export function trafficOf(set: readonly Series[] | undefined): Traffic | undefined {
  const ranged = (set ?? []).filter((series) => series.timesMs.length > 1);
  if (!ranged.length) return undefined;
  const sums = new Map<number, Map<string, number | null>>();
  for (const { labels, timesMs, values } of ranged) {
    const outcome = labels.outcome ?? '';
    timesMs.forEach((timeMs, index) => {
      const value = values[index];
      const at = sums.get(timeMs) ?? new Map<string, number | null>();
      const before = at.get(outcome) ?? null;
      at.set(outcome, typeof value === 'number' ? Math.max(before ?? value, value) : before);
      sums.set(timeMs, at);
    });
  }
  const entries = [...sums].sort(([a], [b]) => a - b);
  const total = (parts: Map<string, number | null>): number | null => {
    const numbers = [...parts.values()].filter((value) => value !== null);
    return numbers.length ? numbers.reduce((sum, value) => sum + value, 0) : null;
  };
  return { timesMs: entries.map(([timeMs]) => timeMs), perSecond: entries.map(([, parts]) => total(parts)) };
}

function latestTraffic(traffic: Traffic | undefined): number | undefined {
  return traffic?.perSecond[traffic.perSecond.length - 1] ?? undefined;
}

/** The word of a state label that this panel does not know, where no known one is there. */
function unknownWord(set: readonly Series[]): string | undefined {
  if (set.some(labelledHealth)) return undefined;
  return set.map(({ labels }) => labels.health ?? labels.state).find((word) => word !== undefined);
}

/** Whether none of the states holding tells nothing, because the query asks for some of them only. */
function isPartial(set: readonly Series[]): boolean {
  const words = new Set(set.map(({ labels }) => labels.health ?? labels.state));
  const all: readonly string[] = set.some(({ labels }) => labels.health) ? HEALTH_STATES : SERVING_STATES;
  return all.some((state) => !words.has(state));
}

/** What the info series says; info of several exporters is the same for one model. */
function infoOf(set: readonly Series[] | undefined) {
  const labels = set?.[0]?.labels ?? {};
  const label = (name: string): string | undefined => labels[name] || undefined;
  return {
    platform: label('platform'),
    server: label('server'),
    runtime: label('runtime'),
    version: label('version'),
    owner: label('owner'),
  };
}

/** Numbers beside the state. */
function numbersOf(series: SeriesBySubject) {
  const traffic = trafficOf(series.requestsRate);
  return {
    replicasDesired: largest(series.replicasDesired),
    replicasAvailable: largest(series.replicasAvailable),
    sinceMs: secondsToMs(largest(series.lastTransition)),
    lastObservedMs: secondsToMs(largest(series.lastObserved)),
    lastRequestMs: secondsToMs(largest(series.lastRequest)),
    requestsPerDay: largest(series.requestsPerDay),
    requestsPerSecond: latestTraffic(traffic) ?? largest(series.requestsRate),
    traffic,
  };
}

/** What the state series say; nothing where none was asked for. */
function stateOf(set: readonly Series[] | undefined) {
  if (!set) return { health: undefined, history: [] };
  const now = stateNow(set);
  return {
    ...now,
    partialStates: now.partialStates && isPartial(set),
    unknownWord: unknownWord(set),
    history: historyOf(set),
  };
}

/** What the series of one model say. */
export function factsOf({ id, series }: Bucket): ModelFacts {
  const numbers = numbersOf(series);
  const replicas = { desired: numbers.replicasDesired, available: numbers.replicasAvailable };
  const state = stateOf(series.health ?? series.serving);
  const basis = series.health ? 'health' : 'serving';
  const channels = channelsOf(series.channel);
  const serving = channels.find(({ channel }) => channel === 'serving')?.status;
  const isOfServing = basis === 'serving' || Boolean(state.health && healthIsOfServing(state.health, serving));
  const reason = worstReason(series.reason, isOfServing);
  return {
    ...id,
    ...infoOf(series.info),
    ...numbers,
    ...state,
    basis,
    sinceMs: isOfServing ? numbers.sinceMs : undefined,
    reason: reason && reasonSentence(reason, replicas),
    channels,
  };
}
