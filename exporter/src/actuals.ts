/**
 * Predictions that wait for their actual, and what the two amount to: between the intake of events, the store on disk and
 * the counters. Where no directory is configured nothing is kept, and actuals are refused.
 */
import type { ActualEvent, PredictionEvent } from '@modelwatch/contract';
import type { Config } from './config/schema';
import type { Pair } from './domain/accuracy/join';
import { scalarOf, sentAnswer, type KeptPrediction, type Scalar } from './domain/accuracy/record';
import { ForwardError, type Forwarding } from './forwarding';
import type { ForwardAnswer } from './forwarding/items';
import type { EventRole } from './domain/challengers/known';
import { segmentsKept } from './domain/segments/plan';
import type { EventBook } from './domain/events/book';
import type { ModelEvents } from './domain/events/model-events';
import type { ExpressionInput } from './expressions/cel';
import { HttpError } from './http/errors';
import type { PredictionName } from './http/ingest';
import type { SelfMetrics } from './http/self-metrics';
import type { Effect, JoinResult, KeyedEvent } from './joins/batch';
import { createJoiner, type Joiner } from './joins/joiner';
import { isEmpty, keyOf, modelOf, modelOfTotals, type Totals } from './joins/layout';
import { openStore, StoreError } from './joins/store';
import type { Log } from './log/log';
import type { ActualAnswer } from './sources/events/actuals';

export interface Actuals {
  /** Takes a prediction that was counted; without an id nothing can follow it, and nothing can be compared with it. */
  predicted(event: Omit<PredictionEvent, 'generation'>, role: EventRole, nowSeconds: number): void;
  /** Resolves when all that was predicted so far is on disk, or is known not to be: then it is told and counted. */
  kept(): Promise<void>;
  /** @throws HttpError when the actuals could not be written, or not all of them */
  join(actuals: readonly ActualEvent[]): Promise<readonly ActualAnswer[]>;
  /** @returns whether anything was known @throws HttpError */
  forget(name: PredictionName): Promise<boolean>;
  /** Joins what other replicas pass on, and what is forgotten there. */
  readonly own: Pick<Joiner, 'submit' | 'forget'>;
  stop(): Promise<void>;
}

export interface ActualsDeps {
  readonly settings: Config['events']['joins'];
  readonly book: EventBook;
  readonly metrics: Pick<SelfMetrics, 'joinStore' | 'joinRecords'>;
  /** Where there are other replicas. */
  readonly forwarding?: Forwarding | undefined;
  readonly log: Pick<Log, 'warn' | 'info'>;
  readonly nowSeconds: () => number;
}

/** A directory that another process still has, or a disk that is full, may be free again soon. */
const RETRY_MS = 5_000;
/** Of all that is kept, the share that actuals without a prediction may take. */
const WAITING_SHARE = 0.1;

export function createActuals(deps: ActualsDeps): Actuals {
  const { directory } = deps.settings;
  return directory === undefined ? NO_ACTUALS : createJoins(deps, directory);
}

const NO_ACTUALS: Actuals = {
  predicted: () => undefined,
  kept: () => Promise.resolve(),
  join: () => Promise.reject(notEnabled()),
  forget: () => Promise.reject(notEnabled()),
  own: { submit: () => Promise.reject(notEnabled()), forget: () => Promise.reject(notEnabled()) },
  stop: () => Promise.resolve(),
};

function createJoins(
  { settings, book, metrics, forwarding, log, nowSeconds }: ActualsDeps,
  directory: string
): Actuals {
  const totals = new Map<string, Totals>();
  const joiner = createJoiner({
    open: () => openStore(directory),
    windowSeconds: settings.windowSeconds,
    waitSeconds: settings.waitSeconds,
    mostRecords: settings.maxRecords,
    mostBytes: settings.maxBytes,
    mostWaiting: Math.ceil(settings.maxRecords * WAITING_SHARE),
    nowSeconds,
    retryMs: RETRY_MS,
    onEffects: (effects) => {
      for (const effect of effects) count(book, effect, nowSeconds());
    },
    onTotals: (changed) => {
      for (const [key, each] of changed) {
        if (isEmpty(each)) totals.delete(key);
        else totals.set(key, each);
        showOpen(key, each.open);
      }
      metrics.joinRecords(sumOf(totals));
    },
    onState: (state) => {
      metrics.joinStore(state === 'up', state === 'up' ? undefined : state.reason);
      if (state === 'up') log.info({ directory }, 'Predictions are joined with their actuals');
      else log.warn({ problem: state.message }, 'Predictions are not joined with their actuals');
    },
  });
  let waiting: KeyedEvent[] = [];

  function showOpen(key: string, open: number): void {
    const { namespace, model } = modelOfTotals(key);
    const events = book.admit(namespace, model);
    if (!events?.accuracy) return;
    events.accuracy.open = open;
    book.touch(events);
  }

  /** By owner. */
  function submit(events: readonly KeyedEvent[]): Part[] {
    if (!forwarding) return [{ events, results: joiner.submit(events) }];
    const byOwner = new Map<number | undefined, { places: number[]; events: KeyedEvent[] }>();
    for (const [place, event] of events.entries()) {
      const owner = forwarding.otherOwner(event.key);
      const part = byOwner.get(owner) ?? { places: [], events: [] };
      part.places.push(place);
      part.events.push(event);
      byOwner.set(owner, part);
    }
    return [...byOwner].map(([owner, part]) => {
      if (owner === undefined) return { ...part, results: joiner.submit(part.events) };
      const items = part.events.map(({ key, event }) => ({ key, join: event }));
      return { ...part, results: forwarding.send(owner, items) };
    });
  }

  /** What could not be kept is as if there were no room for it. */
  function lost(events: readonly KeyedEvent[]): void {
    for (const { key, event } of events) {
      const effect =
        event.kind === 'challenger'
          ? ({ kind: 'challenger', challenger: event.name, outcome: 'alone' } as const)
          : ({ kind: 'expired' } as const);
      count(book, { ...modelOf(key), ...effect }, nowSeconds());
    }
  }

  return {
    predicted(event, role, now) {
      const { namespace, model, id, version = '', timeSeconds = nowSeconds(), prediction, score } = event;
      if (id === undefined) return;
      const counted = book.find(namespace, model);
      const answer = sentAnswer({ prediction, score });
      if (role.isOwn) {
        const isChallenged = book.challengers.of({ namespace, model }).length > 0;
        waiting.push({
          key: keyOf({ namespace, model, id }),
          event: {
            kind: 'prediction',
            prediction: {
              ...{ version, timeSeconds: Math.min(timeSeconds, now), ...answer },
              ...(counted ? keptBeside(event, counted) : {}),
            },
            ...(isChallenged ? { isChallenged } : {}),
          },
        });
      }
      for (const { challenger: name, ...champion } of role.challenges) {
        waiting.push({ key: keyOf({ ...champion, id }), event: { kind: 'challenger', name, answer } });
      }
    },
    async kept() {
      const events = waiting;
      waiting = [];
      const parts = submit(events);
      await Promise.all(
        parts.map(async ({ results, events: own }) => {
          const answers = await results.catch(() => undefined);
          lost(answers ? own.filter((_, index) => isRefused(answers[index])) : own);
        })
      );
    },
    async join(actuals) {
      const events = actuals.map(({ actual, ...name }): KeyedEvent => {
        return { key: keyOf(name), event: { kind: 'actual', actual: scalarOf(actual) ?? '' } };
      });
      const answers: ActualAnswer[] = [];
      const parts = submit(events).map(async ({ places, results }) => {
        (await results).forEach((result, index) => (answers[places?.[index] ?? index] = answerOf(result)));
      });
      await Promise.all(parts).catch(unavailable);
      return answers;
    },
    async forget(name) {
      const key = keyOf(name);
      const all = async () => {
        await forwarding?.forgetQueued(key);
        return Promise.all([joiner.forget(key), forwarding?.forget(key)]);
      };
      return (await all().catch(unavailable)).includes(true);
    },
    own: joiner,
    stop: () => joiner.stop(),
  };
}

function count(book: EventBook, effect: Effect, nowSeconds: number): void {
  const events = book.admit(effect.namespace, effect.model);
  const { accuracy, challengers } = events ?? {};
  if (!events || !accuracy || !challengers) return;
  events.heard(nowSeconds);
  switch (effect.kind) {
    case 'pair':
      countPair(events, accuracy.count(effect.pair, nowSeconds), effect.pair.prediction);
      events.custom.joined(inputOf(effect.pair), nowSeconds);
      events.rows?.joined(effect.key, effect.pair.actual, nowSeconds);
      break;
    case 'actual':
      accuracy.happened(effect.outcome);
      break;
    case 'expired':
      accuracy.expired += 1;
      break;
    case 'expected':
      challengers.expect();
      break;
    case 'meeting':
      challengers.met(effect.meeting);
      break;
    case 'challenger':
      challengers.happened(effect.challenger, effect.outcome);
      break;
  }
  book.touch(events);
}

/** What a prediction is told apart by when its actual is known, and what is asked for then. */
function keptBeside(
  event: Omit<PredictionEvent, 'generation'>,
  { segments: { segments }, batches, custom }: ModelEvents
): Pick<KeptPrediction, 'segments' | 'batch' | 'features'> {
  const { batch } = event;
  const values = segmentsKept(segments, event.features);
  return {
    ...keptFeatures(event, custom.keptFeatures),
    ...(values.length === 0 ? {} : { segments: values }),
    ...(batch !== undefined && batches.isOpen(batch) ? { batch } : {}),
  };
}

function countPair(
  { segments, batches }: ModelEvents,
  pair: Parameters<ModelEvents['batches']['pair']>[0],
  prediction: KeptPrediction
): void {
  segments.pair(pair, prediction.segments);
  batches.pair(pair, prediction.batch);
}

/** Of the features of a prediction those that are asked for when its actual is known; nothing else of it is kept. */
function keptFeatures({ features }: PredictionEvent, names: readonly string[]): Pick<KeptPrediction, 'features'> {
  if (names.length === 0) return {};
  const kept = names.flatMap((name): [string, Scalar][] => {
    const value = Object.hasOwn(features, name) ? scalarOf(features[name]) : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  return { features: Object.fromEntries(kept) };
}

function inputOf({ prediction, actual }: Pair): ExpressionInput {
  const { features = {}, value = null, score = null } = prediction;
  return { features, prediction: value, score, actual };
}

/** What has one owner. */
interface Part {
  readonly events: readonly KeyedEvent[];
  /** Where they stand among all; absent: these are all. */
  readonly places?: readonly number[];
  readonly results: Promise<readonly (JoinResult | ForwardAnswer)[]>;
}

function answerOf(result: JoinResult | ForwardAnswer): ActualAnswer {
  if (result === 'stored') return 'waiting';
  if (result === 'waiting' || result === 'duplicate') return result;
  return isRefused(result) ? 'refused' : 'accepted';
}

/** By its owner, which is of another version, or on the way to it. */
function isRefused(result: JoinResult | ForwardAnswer | undefined): boolean {
  return result === 'malformed' || result === 'too_large';
}

function sumOf(totals: ReadonlyMap<string, Totals>) {
  const sum = { open: 0, waiting: 0, pair: 0 };
  for (const { open, waiting, pairs } of totals.values()) {
    sum.open += open;
    sum.waiting += waiting;
    sum.pair += pairs;
  }
  return sum;
}

/** @throws HttpError for what a sender can wait for */
export function unavailable(error: unknown): never {
  if (error instanceof ForwardError && error.reason === 'too_large') {
    throw new HttpError(413, 'too_large', error.message);
  }
  if (error instanceof ForwardError) throw new HttpError(503, 'replica', error.message, { 'Retry-After': '5' });
  if (!(error instanceof StoreError)) throw error;
  throw new HttpError(503, 'join_store', error.message, { 'Retry-After': String(RETRY_MS / 1_000) });
}

function notEnabled(): HttpError {
  return new HttpError(
    403,
    'not_enabled',
    'events.joins.directory: expected a directory for open predictions, got none'
  );
}
