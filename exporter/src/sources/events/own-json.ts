/** Our own JSON: one event, a list of them, a batch with what they share, or one event a line. */
import {
  DecodeError,
  decodeActualEvent,
  decodeBatchEvent,
  decodeMetricSample,
  decodeFeedbackEvent,
  decodePredictionEvent,
  identityOf,
  isObject,
  preview,
  type ActualEvent,
  type BatchEvent,
  type EventDefaults,
  type MetricSample,
  type FeedbackEvent,
  type PredictionEvent,
} from '@modelwatch/contract';
import {
  contentType,
  UnreadableRequest,
  type EventFormat,
  type EventRequest,
  type FindReference,
  type Read,
} from './format';
import { decodeDetection, type DetectionEvent, type FeatureNames } from './detection';
import { readExchange } from './inference';
import { parseJson } from './json-text';

const LINE_TYPES = ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines'];
const NEWLINE = 10;

/** What comes of one value: one event, or several rows of one request. */
type ReadOne<Event> = (value: unknown, place: string, defaults: EventDefaults) => Generator<Read<Event>>;
type ListName = 'predictions' | 'actuals' | 'metrics' | 'feedback' | 'batches' | 'detections';

/** @param name of the list in a batch */
export function ownJson<Event>(name: ListName, readOne: ReadOne<Event>): EventFormat<Event> {
  return {
    matches: (headers) => ['', 'application/json', 'text/json'].includes(contentType(headers)),
    *read({ body, defaults }) {
      const value = parseJson(body.toString('utf8'));
      const { list, shared, place } = batchOf(value, defaults, name);
      for (const [index, entry] of list.entries()) {
        yield* readOne(entry, place(index), shared);
      }
    },
  };
}

export function jsonLines<Event>(readOne: ReadOne<Event>): EventFormat<Event> {
  return {
    matches: (headers) => LINE_TYPES.includes(contentType(headers)),
    *read({ body, defaults }: EventRequest) {
      let line = 0;
      for (let start = 0; start < body.length; line++) {
        const newline = body.indexOf(NEWLINE, start);
        const end = newline < 0 ? body.length : newline;
        const text = body.toString('utf8', start, end);
        start = end + 1;
        if (text.trim() === '') continue;
        const place = `line ${line + 1}`;
        try {
          yield* readOne(parseJson(text, place), place, defaults);
        } catch (error) {
          if (!(error instanceof UnreadableRequest)) throw error;
          yield { problem: error.message };
        }
      }
    },
  };
}

function batchOf(value: unknown, defaults: EventDefaults, name: ListName) {
  if (Array.isArray(value)) {
    return { list: value as unknown[], shared: defaults, place: (index: number) => `[${index}]` };
  }
  if (!isObject(value)) {
    throw new UnreadableRequest(
      `body: expected an event, a list of events or {"${name}": [...]}, got ${preview(value)}`
    );
  }
  const list = value[name];
  if (list === undefined) return { list: [value], shared: defaults, place: () => '' };
  if (!Array.isArray(list)) {
    throw new UnreadableRequest(`${name}: expected a list of events, got ${preview(list)}`);
  }
  return {
    list: list as unknown[],
    shared: sharedBy(value, defaults),
    place: (index: number) => `${name}[${index}]`,
  };
}

/** What a batch says for all of its events. */
function sharedBy(batch: Readonly<Record<string, unknown>>, defaults: EventDefaults) {
  const { namespace, model, version, batch: id, sampleRatio } = batch;
  // Whether it is one is looked at with each event.
  const perEvent = Object.entries({ sampleRatio, batch: id }).filter(
    ([, value]) => value !== undefined && value !== null
  );
  const given = { ...defaults, ...Object.fromEntries(perEvent) } as EventDefaults;
  for (const [name, value] of Object.entries({ namespace, model, version })) {
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') throw new UnreadableRequest(`${name}: expected a text, got ${preview(value)}`);
    Object.assign(given, { [name]: value });
  }
  return given;
}

export function predictionsIn(findReference: FindReference): ReadOne<PredictionEvent> {
  return refusable(function* (value, place, defaults) {
    if (isObject(value) && value['response'] !== undefined) {
      const identity = identityOf(value, place, defaults);
      yield* readExchange(
        { ...identity, request: value['request'], response: value['response'] },
        place,
        findReference
      );
      return;
    }
    yield { event: decodePredictionEvent(value, place, defaults) };
  });
}

export const actualsIn: ReadOne<ActualEvent> = refusable(function* (value, place, defaults) {
  yield { event: decodeActualEvent(value, place, defaults) };
});

export const metricsIn: ReadOne<MetricSample> = refusable(function* (value, place, defaults) {
  yield { event: decodeMetricSample(value, place, defaults) };
});

export const batchesIn: ReadOne<BatchEvent> = refusable(function* (value, place, defaults) {
  yield { event: decodeBatchEvent(value, place, defaults) };
});

export const feedbackIn: ReadOne<FeedbackEvent> = refusable(function* (value, place, defaults) {
  yield { event: decodeFeedbackEvent(value, place, defaults) };
});

export function detectionsIn(featureNames: FeatureNames): ReadOne<DetectionEvent> {
  return refusable(function* (value, place, defaults) {
    const event = decodeDetection(value, place, defaults, featureNames);
    yield event ? { event } : 'waiting';
  });
}

/** An event that cannot be used does not end the others. */
function refusable<Event>(readOne: ReadOne<Event>): ReadOne<Event> {
  return function* (value, place, defaults) {
    try {
      yield* readOne(value, place, defaults);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      yield { problem: error.message, ...(isObject(value) ? { model: whose(value, defaults) } : {}) };
    }
  };
}

/** Of an event that is refused: whose it says to be. */
function whose({ namespace, model }: Readonly<Record<string, unknown>>, defaults: EventDefaults): EventDefaults {
  return {
    ...defaults,
    ...(typeof namespace === 'string' ? { namespace } : {}),
    ...(typeof model === 'string' ? { model } : {}),
  };
}
