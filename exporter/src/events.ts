/**
 * Inference events from intake to exposition. Beside the watches, not in them: counters must survive a configuration that
 * is loaded again.
 */
import { entityKey, type DropReason } from '@modelwatch/contract';
import { createActuals, unavailable } from './actuals';
import { explorationLimits } from './config/exploration';
import type { ReplicaPlace } from './config/replicas';
import type { Config } from './config/schema';
import { challengersOfExperiments } from './domain/challengers/known';
import { createEventBook, type EventBook } from './domain/events/book';
import type { ModelEvents } from './domain/events/model-events';
import type { MonitoredModel } from './domain/events/monitored';
import type { Snapshot } from './domain/fleet-interface';
import type { Observation } from './domain/observation';
import { createEventExposition, type EventExposition } from './event-exposition';
import { passedHalves } from './forwarding/halves';
import { receiveItems } from './forwarding/receive';
import { HttpError } from './http/errors';
import type { IngestDeps, PredictionName } from './http/ingest';
import type { SelfMetrics } from './http/self-metrics';
import { keyOf } from './joins/layout';
import type { Log } from './log/log';
import { startForwarding, startLeftBehind, tokenOf } from './replicas';
import { createSharedConsumers } from './shared-consumers';
import {
  createActualIntake,
  createBatchIntake,
  createEventIntake,
  createMetricIntake,
  createDetectionIntake,
  createFeedbackIntake,
  UnreadableRequest,
  type EventIntake,
  type ReadEvent,
} from './sources/events';
import type { PredictionLog } from './prediction-log';

export interface Events extends EventExposition {
  /** What is watched from now on: references that were loaded, and settings. */
  setModels(models: readonly MonitoredModel[]): void;
  readonly ingest: IngestDeps;
  /** The same intake, for events that did not come by HTTP. */
  readonly take: EventIntake['take'];
  /** Resolves when all that was taken and waits for its actual is on disk, as far as it can be. */
  kept(): Promise<unknown>;
  /** What a fleet is to know of the models whose events are counted: all of it, and what is new since the last call. */
  readonly senders: { all(): readonly Observation[]; news(): readonly Observation[] };
  /** What is counted of a model; undefined where nothing is. */
  readonly find: EventBook['find'];
  /** Other replicas, as sources. */
  views(): Snapshot['sources'];
  /** To be called about every second. */
  advance(): void;
  stop(): Promise<void>;
}

export interface EventsDeps {
  /** Limits of what is counted; they hold until a restart. */
  readonly limits: Config['events'];
  readonly settings: () => Config['events'];
  readonly snapshot: () => Pick<Snapshot, 'models' | 'experiments'>;
  readonly metrics: Pick<
    SelfMetrics,
    'dropped' | 'error' | 'ingested' | 'eventSeries' | 'joinStore' | 'joinRecords' | 'forwarding'
  >;
  /** Which of several replicas this is; they pass on to each other what meets by id. */
  readonly place: ReplicaPlace;
  /** Whether it is known which models are watched. */
  readonly isRead: () => boolean;
  readonly log: Pick<Log, 'warn' | 'info'>;
  readonly nowSeconds: () => number;
  /** For those who keep a log of them. */
  readonly predictionLog: PredictionLog;
}

const JSON_TYPES = 'application/json, application/x-ndjson';

export function createEvents({
  limits,
  settings,
  snapshot,
  metrics,
  place,
  isRead,
  log,
  nowSeconds,
  predictionLog,
}: EventsDeps): Events {
  const rowLimits = explorationLimits(limits.exploration);
  const book = createEventBook({
    seriesPerModel: limits.maxSeriesPerModel,
    series: limits.maxSeries,
    undeclaredModels: limits.maxUndeclaredModels,
    rememberedIds: limits.rememberedIds,
    joins: limits.joins.directory !== undefined,
    exploration: rowLimits && { limits: rowLimits, random: Math.random },
    // One that is known by its events alone is in the fleet since it is counted.
    isKnown: (namespace, name) =>
      (snapshot().models.get(entityKey({ namespace, name }))?.platform ?? 'events') !== 'events',
  });
  const consumers = createSharedConsumers(book);
  const own = {
    limits,
    place,
    metrics,
    log,
    mayTake: isRead,
    receive: (items: readonly unknown[]) => receive(items),
  };
  const forwarding = startForwarding({ ...own, onPeer: consumers.tellAll });
  const leftBehind = startLeftBehind(own);
  const actuals = createActuals({ settings: limits.joins, book, metrics, forwarding, log, nowSeconds });
  const onRefused = (reason: DropReason, detail: string) => metrics.dropped('events', reason, detail);
  const intake = createEventIntake(book, {
    onRefused,
    onPrediction: (event, role) => {
      if (role.isOwn) {
        explore(event);
        predictionLog.took(event, book.find(event.namespace, event.model)?.settings?.predictionLog);
      }
      actuals.predicted(event, role, nowSeconds());
    },
  });
  const actualIntake = createActualIntake(book, { onRefused, join: actuals.join });
  const metricIntake = createMetricIntake(book, onRefused);
  const feedbackIntake = createFeedbackIntake(book, onRefused, forwarding);
  const detectionIntake = createDetectionIntake(book, onRefused);
  const batchIntake = createBatchIntake(book, onRefused);

  function explore({ namespace, model, id, version = '', timeSeconds, features, prediction, score }: ReadEvent): void {
    const events = book.find(namespace, model);
    if (!events?.rows) return;
    const now = nowSeconds();
    const time = Math.min(timeSeconds ?? now, now);
    const key = id === undefined ? undefined : keyOf({ namespace, model, id });
    const row = { id, version, timeSeconds: time, features, prediction, score };
    events.rows.put(row, key, events.segments.segments, now);
  }

  function forgetRow({ namespace, model }: Pick<PredictionName, 'namespace' | 'model'>, key: string): boolean {
    const events = book.find(namespace, model);
    const wasHeld = events?.rows?.forget(key) ?? false;
    if (events && wasHeld) book.touch(events);
    return wasHeld;
  }

  /** Where predictions are not joined, rows are all that can be forgotten. */
  async function forget(name: PredictionName): Promise<boolean> {
    const wasHeld = forgetRow(name, keyOf(name));
    if (rowLimits && limits.joins.directory === undefined) return wasHeld;
    return (await actuals.forget(name)) || wasHeld;
  }

  /** The others first: where one cannot, it is asked for again, and is still known here. */
  async function forgetBatch(name: Parameters<EventBook['forgetBatch']>[0]): Promise<boolean> {
    const wasKnown = await forwarding?.forgetBatch(name).catch(unavailable);
    return book.forgetBatch(name, nowSeconds()) || wasKnown === true;
  }

  const warned = new WeakMap<ModelEvents, number>();
  let foundBefore = '[]';

  function receive(items: readonly unknown[], pause: () => Promise<void> | undefined = () => undefined) {
    return receiveItems(items, {
      submit: actuals.own.submit,
      forget: async (of, key) => {
        const wasHeld = forgetRow(of, key);
        await forwarding?.forgetQueued(key);
        return (await actuals.own.forget(key)) || wasHeld;
      },
      forgetBatch: async (of, batch) => {
        if (await forwarding?.hasStored()) return undefined;
        return book.forgetBatch({ ...of, batch }, nowSeconds());
      },
      batch: ({ namespace, model }, batch) => {
        const events = book.admit(namespace, model);
        if (events && events.batches.open({ batch }, nowSeconds()) === undefined) book.touch(events);
      },
      feedback: (of, feedback) => book.feedback(of, feedback, nowSeconds()),
      halves: async (halves) => {
        await intake.takeHalves(halves, nowSeconds(), pause);
        await actuals.kept();
      },
      consumers: (of, part) => consumers.learn(of, part, nowSeconds()),
      onMalformed: (detail) => metrics.dropped('events', 'wrong_type', detail),
    }).catch(unavailable);
  }

  /** Looked at about once a second: there are few experiments. */
  function findChallengers(): void {
    const found = challengersOfExperiments(snapshot().experiments.values());
    const text = JSON.stringify([...found]);
    if (text === foundBefore) return;
    foundBefore = text;
    book.setChallengers(found);
  }

  /** Once for each number: what is not watched must not go unnoticed. */
  function warnOfRefused(): void {
    for (const model of book.models) {
      const refused = model.seriesRefused;
      if (refused > (warned.get(model) ?? 0)) {
        const { namespace, model: name } = model;
        log.warn(
          { namespace, model: name, seriesRefused: refused },
          'Features are not watched: events.maxSeriesPerModel or events.maxSeries is too small'
        );
      }
      if (refused > 0) warned.set(model, refused);
      else warned.delete(model);
    }
  }

  return {
    ...createEventExposition(book, nowSeconds),
    senders: {
      all: () => [...book.models].filter(isSender).map(heard),
      news: () => {
        const { heard: models, gone } = book.takeNews();
        return [
          ...gone.map(({ namespace, model }) => ({ kind: 'sender-forgotten' as const, namespace, model })),
          ...models.map(heard),
        ];
      },
    },
    setModels: (models) => book.setModels(models, nowSeconds()),
    find: book.find,
    take: async (request, pause) => {
      await forwarding?.whenRoom();
      return intake.take(request, pause);
    },
    kept: actuals.kept,
    ingest: {
      settings,
      predictions: {
        types: `${JSON_TYPES}, application/cloudevents+json or a CloudEvent in binary mode`,
        accepts: intake.accepts,
        take: async (request, pause) => {
          const halves = forwarding && passedHalves(forwarding);
          const report = await intake.take({ ...request, elsewhere: halves?.elsewhere }, pause);
          return { answer: Promise.all([actuals.kept(), halves?.passed().catch(unavailable)]).then(() => report) };
        },
      },
      actuals: { types: JSON_TYPES, accepts: actualIntake.accepts, take: actualIntake.take },
      metrics: {
        types: JSON_TYPES,
        accepts: metricIntake.accepts,
        take: async (request, pause) => ({ answer: Promise.resolve(await metricIntake.take(request, pause)) }),
      },
      feedback: {
        types: JSON_TYPES,
        accepts: feedbackIntake.accepts,
        take: async (request, pause) => {
          const { answer } = await feedbackIntake.take(request, pause);
          return { answer: answer.catch(unavailable) };
        },
      },
      batches: {
        types: JSON_TYPES,
        accepts: batchIntake.accepts,
        take: async (request, pause) => ({ answer: Promise.resolve(await batchIntake.take(request, pause)) }),
      },
      detections: {
        types: `${JSON_TYPES}, application/cloudevents+json or a CloudEvent in binary mode`,
        accepts: detectionIntake.accepts,
        take: async (request, pause) => ({ answer: Promise.resolve(await detectionIntake.take(request, pause)) }),
      },
      forgetBatch,
      forwarded: forwarding && {
        ...place,
        token: () => tokenOf(limits.peers.tokenFile),
        take: async (items, pause) => {
          if (isRead()) return receive(items, pause);
          const message = 'expected to know which models are watched first: come back';
          throw new HttpError(503, 'starting', message, { 'Retry-After': '1' });
        },
      },
      hasRoom: () => forwarding?.hasRoom ?? true,
      forget,
      isUnreadable: (error) => error instanceof UnreadableRequest,
      done: metrics.ingested,
      turnedAway: (reason, { namespace = '', model = '' }) => book.refuseRequest(reason, namespace, model),
      nowSeconds,
    },
    advance: () => {
      intake.expire(nowSeconds());
      book.expireRows(nowSeconds());
      findChallengers();
      forwarding?.advance();
      if (forwarding) consumers.advance(forwarding, nowSeconds());
      metrics.eventSeries(book.series, limits.maxSeries);
      warnOfRefused();
    },
    views: () => forwarding?.views() ?? [],
    stop: async () => {
      await forwarding?.stop();
      await leftBehind?.stop();
      await actuals.stop();
    },
  };
}

/** Not one of which there are actuals only. */
function isSender({ declared, predictions }: ModelEvents): boolean {
  return declared || predictions > 0;
}

function heard({ namespace, model, lastSeconds, settings }: ModelEvents): Observation {
  const { owner, importance } = settings ?? {};
  const declared = { ...(owner === undefined ? {} : { owner }), ...(importance === undefined ? {} : { importance }) };
  return { kind: 'sender-heard', namespace, model, lastSeconds, declared };
}
