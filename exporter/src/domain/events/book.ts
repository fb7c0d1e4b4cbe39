/** Everything that is counted of inference events: per model, within one budget of series. */
import type {
  BatchEvent,
  BatchRefusal,
  CustomRefusal,
  DetectionRefusal,
  EventDropReason,
  FeedbackRefusal,
  FeedbackVerdict,
  RefusedRequestReason,
} from '@modelwatch/contract';
import {
  championKey,
  declaredChallengers,
  KnownChallengers,
  type ChallengersByModel,
  type EventRole,
} from '../challengers/known';
import { noRefusals, type CustomSample } from '../custom/counts';
import { RowRing } from '../exploration/ring';
import { explorationPlan, type ExplorationLimits } from '../exploration/settings';
import type { Detection } from '../detectors/counts';
import { KnownIds } from './known-ids';
import { ModelEvents, noDrops, type Prediction } from './model-events';
import type { MonitoredModel } from './monitored';

export interface EventBookOptions {
  /** Series of bins that one model may have, and all together. */
  readonly seriesPerModel: number;
  readonly series: number;
  /** Models that nobody declared and that are counted all the same. */
  readonly undeclaredModels: number;
  /** Events with an id that are remembered, to notice a repetition. */
  readonly rememberedIds: number;
  /** Whether predictions are joined with their actuals. */
  readonly joins?: boolean;
  /** Rows that may be held to be looked at; absent: none. */
  readonly exploration?: { readonly limits: ExplorationLimits; readonly random: () => number } | undefined;
  /** Whether the fleet has such a model. */
  readonly isKnown?: (namespace: string, model: string) => boolean;
}

/** Whose event it is. */
export interface EventOrigin {
  readonly namespace: string;
  readonly model: string;
  readonly id?: string | undefined;
}

export interface PushRefusal {
  readonly reason: CustomRefusal;
  readonly expected: string;
}

export interface EventBook {
  /** What is watched from now on. Counts of a reference that stays survive; those of a new one start at 0. */
  setModels(models: readonly MonitoredModel[], nowSeconds: number): void;
  /** Counts one prediction. @returns why not, when it was not counted */
  count(origin: EventOrigin, prediction: Prediction, nowSeconds: number): EventDropReason | undefined;
  /** Counts one sample of a custom metric. @returns why not, and what was expected, when it was not counted */
  push(origin: EventOrigin, sample: CustomSample, nowSeconds: number): PushRefusal | undefined;
  /** A sample that cannot be counted. */
  refuse(reason: CustomRefusal, model?: { readonly namespace: string; readonly model: string }): void;
  /** Of samples whose model has no custom metrics. */
  readonly refusedWithoutModel: Readonly<Record<CustomRefusal, number>>;
  /** Counts what was thought of an answer: of each prediction the first. @returns why not, when it was not counted */
  feedback(
    origin: EventOrigin,
    feedback: { readonly version: string; readonly verdict: FeedbackVerdict },
    nowSeconds: number
  ): Extract<EventDropReason, 'unknown_model' | 'duplicate'> | FeedbackRefusal | undefined;
  /** Opens or closes a batch. @returns why not, or that nothing is new */
  batch(event: BatchEvent, nowSeconds: number): BatchRefusal | 'duplicate' | undefined;
  /** @returns whether the batch was known */
  forgetBatch(name: { namespace: string; model: string; batch: string }, nowSeconds: number): boolean;
  /** Counts what a detector said. @returns why not, when it was not counted */
  detect(
    origin: EventOrigin,
    detection: Detection,
    nowSeconds: number
  ): Extract<EventDropReason, 'unknown_model' | 'duplicate'> | DetectionRefusal | undefined;
  /** The model, which is counted from now on if it may be; undefined when it may not. */
  admit(namespace: string, model: string): ModelEvents | undefined;
  /** An event that does not amount to a prediction; without a model where it tells none. */
  drop(reason: EventDropReason, model?: { readonly namespace: string; readonly model: string }): void;
  /** Challengers that the fleet shows. */
  setChallengers(found: ChallengersByModel): void;
  readonly challengers: Pick<KnownChallengers, 'of' | 'roleOf'>;
  /** Counts an answer of a challenger that is none of the model it names. @returns whether it may meet its champion's */
  challenge(challenges: EventRole['challenges'], id: string | undefined): boolean;
  /** A request was turned away unread. Of a model that is not counted yet nothing is. */
  refuseRequest(reason: RefusedRequestReason, namespace: string, model: string): void;
  /** Lets go of rows that are held for long enough. */
  expireRows(nowSeconds: number): void;
  /** Lets go of what had no event for a day. */
  expire(nowSeconds: number): void;
  find(namespace: string, model: string): ModelEvents | undefined;
  readonly models: Iterable<ModelEvents>;
  /** Something of the model is to be shown anew. */
  touch(model: ModelEvents): void;
  /** Models of which something is new since the last call. */
  takeChanged(): ModelEvents[];
  /** Models that are gone since the last call. */
  takeGone(): ModelEvents[];
  /** Models that had an event since the last call, that were declared, and that are gone. */
  takeNews(): { readonly heard: readonly ModelEvents[]; readonly gone: readonly ModelEvents[] };
  /** Of events whose model is not known. */
  readonly droppedWithoutModel: Readonly<Record<EventDropReason, number>>;
  /** Series of bins that there are now. */
  readonly series: number;
}

export function createEventBook(options: EventBookOptions): EventBook {
  const models = new Map<string, ModelEvents>();
  /** Neither declared nor in the fleet. */
  const strangers = new Set<ModelEvents>();
  const changed = new Set<ModelEvents>();
  const gone = new Set<ModelEvents>();
  /** What the fleet is to be told of. */
  const news = new Set<ModelEvents>();
  const ids = new KnownIds(options.rememberedIds);
  const known = new KnownChallengers();
  const judgedIds = new KnownIds(options.rememberedIds);
  const detectedIds = new KnownIds(options.rememberedIds);
  const droppedWithoutModel = noDrops();
  const refusedWithoutModel = noRefusals();
  const sampleIds = new KnownIds(options.rememberedIds);
  /** Of all series those of one model. */
  const taken = new Map<string, { series: number }>();
  let series = 0;
  let number = 0;

  const keyOf = (namespace: string, model: string) => `${namespace}/${model}`;
  function add(namespace: string, model: string): ModelEvents {
    const own = { series: 0 };
    taken.set(keyOf(namespace, model), own);
    const events = new ModelEvents(
      { namespace, model, number: number++ },
      {
        limit: options.seriesPerModel,
        free: () => Math.max(0, Math.min(options.seriesPerModel - own.series, options.series - series)),
        take: (count) => {
          own.series += count;
          series += count;
        },
      },
      options.joins ?? false
    );
    models.set(keyOf(namespace, model), events);
    events.challengers?.declare(known.of(events));
    return events;
  }
  /** Memory is shared anew, since there are more models with rows, or fewer. */
  function declareRows(): void {
    const settingsOf = ({ settings }: ModelEvents) => (options.exploration ? settings?.exploration : undefined);
    const explored = [...models.values()].filter((events) => settingsOf(events)?.enabled);
    for (const events of models.values()) {
      const settings = settingsOf(events);
      if (settings?.enabled && options.exploration) {
        const { limits, random } = options.exploration;
        const plan = explorationPlan(settings, limits, explored.length);
        if (events.rows) events.rows.change(plan);
        else events.rows = new RowRing(plan, random);
      } else if (events.rows) events.rows = undefined;
      else continue;
      changed.add(events);
    }
  }
  function declareChallengers(): void {
    for (const events of models.values()) {
      const before = [...(events.challengers?.counts.values() ?? [])].map(({ challenger }) => challenger);
      const now = known.of(events);
      if (JSON.stringify(before) === JSON.stringify(now)) continue;
      events.challengers?.declare(now);
      changed.add(events);
    }
  }
  function forget(events: ModelEvents): void {
    const key = keyOf(events.namespace, events.model);
    models.delete(key);
    series -= taken.get(key)?.series ?? 0;
    taken.delete(key);
    strangers.delete(events);
    changed.delete(events);
    gone.add(events);
    news.add(events);
  }
  function modelOf(namespace: string, model: string): ModelEvents | undefined {
    const found = models.get(keyOf(namespace, model));
    if (found) return found;
    const isKnown = options.isKnown?.(namespace, model) ?? false;
    if (!isKnown && strangers.size >= options.undeclaredModels) return undefined;
    const events = add(namespace, model);
    if (!isKnown) strangers.add(events);
    return events;
  }

  return {
    setModels(next, nowSeconds) {
      const wanted = new Map(next.map((each) => [keyOf(each.namespace, each.model), each]));
      // What goes first makes room for what comes.
      for (const [key, events] of models) {
        if (wanted.has(key) || !events.declared) continue;
        events.declare(undefined, nowSeconds);
        if (events.predictions === 0 && events.detectors.slots.size === 0 && !events.isHeard(nowSeconds))
          forget(events);
        else {
          changed.add(events);
          // Whose it is was in its settings.
          news.add(events);
        }
      }
      for (const [key, declared] of wanted) {
        const events = models.get(key) ?? add(declared.namespace, declared.model);
        // What there was no room for may have some now.
        if (events.declaration === declared && events.seriesRefused === 0) continue;
        events.declare(declared, nowSeconds);
        strangers.delete(events);
        changed.add(events);
        news.add(events);
      }
      known.declare(
        new Map(
          next.map((each) => [
            championKey(each),
            declaredChallengers(each, each.settings.challengers, each.challengersFrom ?? ''),
          ])
        )
      );
      declareChallengers();
      declareRows();
    },
    setChallengers(found) {
      known.find(found);
      declareChallengers();
    },
    challengers: known,
    challenge(challenges, id) {
      let isNew = true;
      for (const { namespace, model, challenger } of challenges) {
        const events = modelOf(namespace, model);
        if (!events) continue;
        if (id === undefined) events.challengers?.happened(challenger, 'missing_id');
        else if (ids.add(`${challenger}\0${id}`, events.number)) continue;
        else events.challengers?.happened(challenger, 'duplicate');
        isNew = false;
        changed.add(events);
      }
      return isNew;
    },
    count({ namespace, model, id }, prediction, nowSeconds) {
      const events = modelOf(namespace, model);
      if (!events) {
        this.drop('unknown_model');
        return 'unknown_model';
      }
      if (id !== undefined && !ids.add(id, events.number)) {
        this.drop('duplicate', events);
        return 'duplicate';
      }
      events.received += 1;
      events.count(prediction, nowSeconds);
      changed.add(events);
      news.add(events);
      return undefined;
    },
    feedback({ namespace, model, id }, { version, verdict }, nowSeconds) {
      const events = modelOf(namespace, model);
      if (!events) return 'unknown_model';
      // Before its id is known: sent again when there is room, it is no repetition.
      if (!events.feedback.admit(version, nowSeconds)) {
        changed.add(events);
        return 'no_room';
      }
      if (id !== undefined && !judgedIds.add(id, events.number)) return 'duplicate';
      events.heard(nowSeconds);
      events.feedback.count(version, verdict, nowSeconds);
      changed.add(events);
      return undefined;
    },
    batch(event, nowSeconds) {
      const events = models.get(keyOf(event.namespace, event.model));
      if (!events) return 'batches_not_enabled';
      changed.add(events);
      return event.state === 'open' ? events.batches.open(event, nowSeconds) : events.batches.close(event, nowSeconds);
    },
    forgetBatch({ namespace, model, batch }, nowSeconds) {
      const events = models.get(keyOf(namespace, model));
      if (events) changed.add(events);
      return events?.batches.forget(batch, nowSeconds) ?? false;
    },
    detect({ namespace, model, id }, detection, nowSeconds) {
      const events = modelOf(namespace, model);
      if (!events) return 'unknown_model';
      const key = id === undefined ? undefined : `${detection.detector}\0${id}`;
      if (key !== undefined && detectedIds.has(key, events.number)) return 'duplicate';
      const counted = events.detectors.count(detection, nowSeconds);
      changed.add(events);
      // Its id stays unknown: sent again when there is room, it is no repetition.
      if (!counted) return 'no_room';
      if (key !== undefined) detectedIds.add(key, events.number);
      return undefined;
    },
    drop(reason, of) {
      const events = of && models.get(keyOf(of.namespace, of.model));
      if (!events) {
        droppedWithoutModel[reason] += 1;
        return;
      }
      events.received += 1;
      events.dropped[reason] += 1;
      changed.add(events);
    },
    push({ namespace, model, id }, sample, nowSeconds) {
      const events = models.get(keyOf(namespace, model));
      const isKnown = events?.custom.slots.has(sample.metric) === true;
      // An id is remembered with a sample that counts: what is refused may be sent again, mended.
      const name = id === undefined || !isKnown ? undefined : `${sample.metric} ${id}`;
      const isRepeated = events !== undefined && name !== undefined && sampleIds.has(name, events.number);
      const refusal = isRepeated
        ? ({ reason: 'duplicate', expected: 'an id that was not counted before' } as const)
        : events
          ? events.custom.push(sample, nowSeconds)
          : NO_METRICS;
      if (refusal) this.refuse(refusal.reason, { namespace, model });
      else if (events) {
        if (name !== undefined) sampleIds.add(name, events.number);
        changed.add(events);
      }
      return refusal;
    },
    refuse(reason, of) {
      const events = of && models.get(keyOf(of.namespace, of.model));
      if (events === undefined || events.custom.slots.size === 0) {
        refusedWithoutModel[reason] += 1;
        return;
      }
      events.custom.refused[reason] += 1;
      changed.add(events);
    },
    refusedWithoutModel,
    refuseRequest(reason, namespace, model) {
      const events = models.get(keyOf(namespace, model));
      if (!events) return;
      events.coverage.refusedRequests[reason] += 1;
      changed.add(events);
    },
    expireRows(nowSeconds) {
      for (const events of models.values()) if (events.rows?.expire(nowSeconds)) changed.add(events);
    },
    expire(nowSeconds) {
      for (const events of models.values()) {
        if (events.expire(nowSeconds)) changed.add(events);
        const isInUse =
          events.declared ||
          events.slots.size > 0 ||
          events.detectors.slots.size > 0 ||
          events.accuracy?.isOpen ||
          events.isHeard(nowSeconds);
        if (!isInUse) forget(events);
      }
    },
    admit: modelOf,
    find: (namespace, model) => models.get(keyOf(namespace, model)),
    get models() {
      return models.values();
    },
    touch: (model) => {
      if (models.get(keyOf(model.namespace, model.model)) === model) changed.add(model);
    },
    takeChanged: () => take(changed),
    takeGone: () => take(gone),
    takeNews: () => {
      const heard: ModelEvents[] = [];
      const left: ModelEvents[] = [];
      for (const each of take(news)) {
        const now = models.get(keyOf(each.namespace, each.model));
        if (now === each) heard.push(each);
        else if (!now) left.push(each);
      }
      return { heard, gone: left };
    },
    droppedWithoutModel,
    get series() {
      return series;
    },
  };
}

const NO_METRICS: PushRefusal = { reason: 'unknown_metric', expected: 'a model with custom metrics' };

function take(from: Set<ModelEvents>): ModelEvents[] {
  const all = [...from];
  from.clear();
  return all;
}
