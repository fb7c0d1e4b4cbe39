/** What can be posted to /ingest. Times are seconds since 1970. */
import { array, DecodeError, isObject, number, object, oneOf, optional, string, type Decoder } from './decode';
import { EVENT_DROP_REASONS, type EventDropReason } from './vocabulary/events';
import { STANDALONE_NAMESPACE } from './vocabulary/models';

/** A value of an actual. */
export type Scalar = string | number | boolean | null;

const scalar: Decoder<Scalar> = (value, path = '') => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  return number(value, path);
};

/** One prediction: what went in, what came out. */
export interface PredictionEvent {
  /** Joins it with its actual, and tells a repetition; the same for the same prediction whenever it is sent. */
  readonly id?: string;
  /** Of the model; default: models outside Kubernetes. */
  readonly namespace: string;
  readonly model: string;
  readonly version?: string;
  /** When it was made; default: when it arrives. */
  readonly timeSeconds?: number;
  /** Values as JSON has them. One that is no scalar counts as invalid, it is no reason to lose the others. */
  readonly features: Readonly<Record<string, unknown>>;
  readonly prediction?: unknown;
}

/** What of an event may be said once for a whole batch, or by the path. */
export type EventDefaults = Partial<Pick<PredictionEvent, 'namespace' | 'model' | 'version'>>;

const MOST_CHARACTERS = 253;
const MOST_ID_CHARACTERS = 512;
const NO_NAME = /[/\p{Cc}]/u;
const CONTROL = /\p{Cc}/u;
const NAME = `a name of at most ${MOST_CHARACTERS} characters without "/"`;

/** By hand, since tens of thousands come in each second. @throws DecodeError */
export function decodePredictionEvent(value: unknown, path = '', defaults: EventDefaults = {}): PredictionEvent {
  if (!isObject(value)) throw new DecodeError(path, value, 'an object with features and prediction');
  const { features, prediction } = value;
  if (features !== undefined && !isObject(features)) {
    throw new DecodeError(at(path, 'features'), features, 'an object of feature name to value');
  }
  if (features === undefined && prediction === undefined) {
    throw new DecodeError(at(path, 'features'), features, 'an object of feature name to value, or a prediction');
  }
  return {
    ...identityOf(value, path, defaults),
    features: features ?? {},
    ...(prediction === undefined ? {} : { prediction }),
  };
}

/** All of an event but its values. @throws DecodeError */
export function identityOf(
  value: Readonly<Record<string, unknown>>,
  path: string,
  defaults: EventDefaults
): Omit<PredictionEvent, 'features' | 'prediction'> {
  const { id, timeSeconds, version = defaults.version } = value;
  const namespace = value['namespace'] ?? defaults.namespace ?? STANDALONE_NAMESPACE;
  const model = value['model'] ?? defaults.model;
  if (timeSeconds !== undefined && timeSeconds !== null && !Number.isFinite(timeSeconds)) {
    throw new DecodeError(at(path, 'timeSeconds'), timeSeconds, 'seconds since 1970');
  }
  return {
    namespace: nameOf(namespace, path, 'namespace'),
    model: nameOf(model, path, 'model'),
    ...(id === undefined || id === null ? {} : { id: idOf(id, path) }),
    ...(version === undefined || version === null ? {} : { version: versionOf(version, path) }),
    ...(typeof timeSeconds === 'number' ? { timeSeconds } : {}),
  };
}

/** A version that is empty is none. */
function versionOf(value: unknown, path: string): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && text.length <= MOST_CHARACTERS && !CONTROL.test(text)) return text;
  throw new DecodeError(at(path, 'version'), value, `a text of at most ${MOST_CHARACTERS} characters`);
}

function nameOf(value: unknown, path: string, field: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= MOST_CHARACTERS && !NO_NAME.test(value))
    return value;
  throw new DecodeError(at(path, field), value, NAME);
}

function idOf(value: unknown, path: string): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'string' && value !== '' && value.length <= MOST_ID_CHARACTERS) return value;
  throw new DecodeError(at(path, 'id'), value, `a text of 1 to ${MOST_ID_CHARACTERS} characters`);
}

function at(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

/** What is wrong with one event of a request. */
export interface IngestProblem {
  /** Its place in the request, from 0. */
  readonly index: number;
  readonly reason: EventDropReason;
  /** Names place, value and what was expected. */
  readonly message: string;
}

/** The answer to events: the good ones are counted, whatever the others are. */
export interface IngestReport {
  readonly accepted: number;
  /** Counted before, by their id. */
  readonly duplicates: number;
  /** Requests that wait for their response, or the other way round. */
  readonly waiting: number;
  readonly refused: number;
  /** Of the refused, the first ones. */
  readonly problems: readonly IngestProblem[];
}

/** @throws DecodeError */
export const decodeIngestReport: Decoder<IngestReport> = object({
  accepted: number,
  duplicates: number,
  waiting: number,
  refused: number,
  problems: array(object({ index: number, reason: oneOf(EVENT_DROP_REASONS), message: string })),
});

/** The true outcome of an earlier prediction. Taken in by a later version; the shape is fixed here. */
export const decodeActualEvent = object({
  id: string,
  namespace: string,
  model: string,
  timeSeconds: optional(number),
  actual: scalar,
});
export type ActualEvent = ReturnType<typeof decodeActualEvent>;

export const decodeActualBatch = object({ actuals: array(decodeActualEvent) });
