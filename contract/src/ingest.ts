/** What can be posted to /ingest. Times are seconds since 1970. */
import { array, DecodeError, isObject, number, object, oneOf, string, type Decoder } from './decode';
import { BATCH_REFUSALS, type BatchRefusal } from './vocabulary/batches';
import { CUSTOM_REFUSALS, type CustomRefusal } from './vocabulary/custom';
import { DETECTION_REFUSALS, type DetectionRefusal } from './vocabulary/detectors';
import { decodeGeneration, type Generation } from './generation';
import { EVENT_DROP_REASONS, type EventDropReason } from './vocabulary/events';
import {
  FEEDBACK_REFUSALS,
  FEEDBACK_VERDICTS,
  type FeedbackRefusal,
  type FeedbackVerdict,
} from './vocabulary/generative';
import { STANDALONE_NAMESPACE } from './vocabulary/models';

/** One prediction: what went in, what came out. */
export interface PredictionEvent {
  /** Joins it with its actual, and tells a repetition; the same for the same prediction whenever it is sent. */
  readonly id?: string;
  /** Of the model; default: models outside Kubernetes. */
  readonly namespace: string;
  readonly model: string;
  readonly version?: string;
  /** The challenger of the model that made it, by the name that it is declared with; absent: the model itself. */
  readonly candidate?: string;
  /** The run that it was scored in; only where the model has batches is it told apart. */
  readonly batch?: string;
  /** When it was made; default: when it arrives. */
  readonly timeSeconds?: number;
  /** Values as JSON has them. One that is no scalar counts as invalid, it is no reason to lose the others. */
  readonly features: Readonly<Record<string, unknown>>;
  readonly prediction?: unknown;
  /**
   * Share of all predictions that whoever sends this one sends, above 0 to 1: each then stands for as many as its inverse.
   * Default: 1, all of them.
   */
  readonly sampleRatio?: number;
  /** How sure the model is of the positive class, 0 to 1, where `prediction` is a class. */
  readonly score?: number;
  /** Of a generative model. */
  readonly generation?: Generation;
  /** Who asked; only the class that it belongs to is counted. */
  readonly consumer?: string;
}

/** What of an event may be said once for a whole batch, or by the path. */
export type EventDefaults = Partial<Pick<PredictionEvent, 'namespace' | 'model' | 'version' | 'batch' | 'sampleRatio'>>;

const MOST_CHARACTERS = 253;
const MOST_ID_CHARACTERS = 512;
const NO_NAME = /[/\p{Cc}]/u;
const CONTROL = /\p{Cc}/u;
const NAME = `a name of at most ${MOST_CHARACTERS} characters without "/" and control characters`;

/** By hand, since tens of thousands come in each second. @throws DecodeError */
export function decodePredictionEvent(value: unknown, path = '', defaults: EventDefaults = {}): PredictionEvent {
  if (!isObject(value)) throw new DecodeError(path, value, 'an object with features and prediction');
  const { features, prediction, score, consumer } = value;
  if (features !== undefined && !isObject(features)) {
    throw new DecodeError(at(path, 'features'), features, 'an object of feature name to value');
  }
  const generation = decodeGeneration(value, path);
  if (features === undefined && prediction === undefined && generation === undefined) {
    throw new DecodeError(
      at(path, 'features'),
      features,
      'an object of feature name to value, or a prediction, or a prompt and a completion'
    );
  }
  return {
    ...identityOf(value, path, defaults),
    ...batchOf(value['batch'] ?? defaults.batch, path),
    features: features ?? {},
    ...(prediction === undefined ? {} : { prediction }),
    ...(isNone(score) ? {} : { score: scoreOf(score, path) }),
    ...(generation === undefined ? {} : { generation }),
    ...(isNone(consumer) ? {} : { consumer: consumerOf(consumer, path) }),
  };
}

/** Most batches are named by a date or a run; the name becomes a label. */
const MOST_BATCH_CHARACTERS = 128;

/** An empty one is none. */
function batchOf(value: unknown, path: string): Pick<PredictionEvent, 'batch'> {
  return value === undefined || value === null || value === '' ? {} : { batch: batchIdOf(value, path) };
}

function batchIdOf(value: unknown, path: string): string {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof text === 'string' && text !== '' && text.length <= MOST_BATCH_CHARACTERS && !NO_NAME.test(text))
    return text;
  const expected = `a name of at most ${MOST_BATCH_CHARACTERS} characters without "/" and control characters`;
  throw new DecodeError(at(path, 'batch'), value, expected);
}

function isNone(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function consumerOf(value: unknown, path: string): string {
  if (typeof value === 'string' && value.length <= MOST_ID_CHARACTERS) return value;
  throw new DecodeError(at(path, 'consumer'), value, `a text of at most ${MOST_ID_CHARACTERS} characters`);
}

function scoreOf(value: unknown, path: string): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw new DecodeError(at(path, 'score'), value, 'a number from 0 to 1');
}

/** All of an event but its values. @throws DecodeError */
export function identityOf(
  value: Readonly<Record<string, unknown>>,
  path: string,
  defaults: EventDefaults
): Omit<PredictionEvent, 'features' | 'prediction' | 'score' | 'generation' | 'consumer' | 'batch'> {
  const { id, timeSeconds, version = defaults.version, candidate } = value;
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
    ...(candidate === undefined || candidate === null ? {} : { candidate: nameOf(candidate, path, 'candidate') }),
    ...(typeof timeSeconds === 'number' ? { timeSeconds } : {}),
    ...sampleOf(value['sampleRatio'], path, defaults),
  };
}

/** One prediction for a million others is no sample of anything. */
const LEAST_SAMPLE_RATIO = 1e-6;

function sampleOf(
  given: unknown,
  path: string,
  defaults: EventDefaults
): Pick<PredictionEvent, 'sampleRatio'> | undefined {
  const value = given ?? defaults.sampleRatio;
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= LEAST_SAMPLE_RATIO && value <= 1) return { sampleRatio: value };
  throw new DecodeError(at(path, 'sampleRatio'), value, `a number from ${LEAST_SAMPLE_RATIO} to 1`);
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
  readonly reason: EventDropReason | CustomRefusal | BatchRefusal | DetectionRefusal | FeedbackRefusal;
  /** Names place, value and what was expected. */
  readonly message: string;
}

/** The answer to events: the good ones are counted, whatever the others are. */
export interface IngestReport {
  readonly accepted: number;
  /** Counted before, by their id; actuals that say what is known. */
  readonly duplicates: number;
  /** Requests that wait for their response, or the other way round; actuals that wait for their prediction. */
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
  problems: array(
    object({
      index: number,
      reason: oneOf([
        ...EVENT_DROP_REASONS,
        ...CUSTOM_REFUSALS,
        ...BATCH_REFUSALS,
        ...DETECTION_REFUSALS,
        ...FEEDBACK_REFUSALS,
      ]),
      message: string,
    })
  ),
});

/** What somebody thought of an answer. */
export interface FeedbackEvent {
  /** Of the prediction: of each, the first feedback counts. */
  readonly id?: string;
  readonly namespace: string;
  readonly model: string;
  readonly version?: string;
  readonly verdict: FeedbackVerdict;
}

/** Stars as most pages have them. */
const STARS = { min: 1, neutral: 3, max: 5 } as const;

/** @throws DecodeError */
export function decodeFeedbackEvent(value: unknown, path = '', defaults: EventDefaults = {}): FeedbackEvent {
  if (!isObject(value)) throw new DecodeError(path, value, 'an object with verdict or rating');
  const { namespace, model, id, version } = identityOf(value, path, defaults);
  const { verdict, rating } = value;
  return {
    ...{ namespace, model },
    ...(id === undefined ? {} : { id }),
    ...(version === undefined ? {} : { version }),
    verdict: rating === undefined || rating === null ? verdictOf(verdict, path) : verdictOfRating(rating, path),
  };
}

function verdictOf(value: unknown, path: string): FeedbackVerdict {
  const verdict = FEEDBACK_VERDICTS.find((each) => each === value);
  if (verdict === undefined)
    throw new DecodeError(at(path, 'verdict'), value, `${FEEDBACK_VERDICTS.join(', ')}, or a rating`);
  return verdict;
}

function verdictOfRating(value: unknown, path: string): FeedbackVerdict {
  if (typeof value !== 'number' || !(value >= STARS.min && value <= STARS.max)) {
    throw new DecodeError(at(path, 'rating'), value, `a number from ${STARS.min} to ${STARS.max}`);
  }
  if (value === STARS.neutral) return 'neutral';
  return value > STARS.neutral ? 'positive' : 'negative';
}

/** The true outcome of an earlier prediction, which had the same namespace, model and id. */
export interface ActualEvent {
  readonly id: string;
  readonly namespace: string;
  readonly model: string;
  readonly actual: string | number | boolean;
}

/** @throws DecodeError */
export function decodeActualEvent(value: unknown, path = '', defaults: EventDefaults = {}): ActualEvent {
  if (!isObject(value)) throw new DecodeError(path, value, 'an object with id and actual');
  const { namespace, model, id } = identityOf(value, path, defaults);
  const { actual } = value;
  if (id === undefined) throw new DecodeError(at(path, 'id'), id, 'the id of the prediction');
  if (typeof actual !== 'boolean' && typeof actual !== 'number' && (typeof actual !== 'string' || actual === '')) {
    throw new DecodeError(at(path, 'actual'), actual, 'a class, a number, true or false');
  }
  return { id, namespace, model, actual };
}

/** One value of a custom metric that its model has declared as pushed. */
export interface MetricSample {
  readonly id?: string;
  readonly namespace: string;
  readonly model: string;
  readonly metric: string;
  /** A finite number; of a share a category. */
  readonly value: string | number | boolean;
  readonly timeSeconds?: number;
}

/** @throws DecodeError */
export function decodeMetricSample(value: unknown, path = '', defaults: EventDefaults = {}): MetricSample {
  if (!isObject(value)) throw new DecodeError(path, value, 'an object with metric and value');
  const { version: _, ...identity } = identityOf(value, path, defaults);
  const { metric, value: sample } = value;
  if (typeof metric !== 'string') throw new DecodeError(at(path, 'metric'), metric, 'the name of a declared metric');
  if (typeof sample !== 'string' && typeof sample !== 'boolean' && !Number.isFinite(sample)) {
    throw new DecodeError(at(path, 'value'), sample, 'a finite number, or a category of a share');
  }
  return { ...identity, metric, value: sample as MetricSample['value'] };
}

/** What is said of a batch: that it begins, how it is called, that it has ended. */
export interface BatchEvent {
  readonly namespace: string;
  readonly model: string;
  readonly batch: string;
  readonly state: 'open' | 'closed';
  /** For people; default: none. */
  readonly name?: string;
  /** When it was opened, or closed; default: when this arrives. */
  readonly timeSeconds?: number;
  /** Predictions that it has, from whoever closes it: what did not arrive is seen. */
  readonly rows?: number;
}

/** @throws DecodeError */
export function decodeBatchEvent(value: unknown, path = '', defaults: EventDefaults = {}): BatchEvent {
  if (!isObject(value)) throw new DecodeError(path, value, 'an object with batch and state');
  const { namespace, model, timeSeconds } = identityOf(value, path, defaults);
  const { state = 'open' } = value;
  if (state !== 'open' && state !== 'closed') throw new DecodeError(at(path, 'state'), state, 'open or closed');
  return {
    ...{ namespace, model, state },
    batch: batchIdOf(value['batch'] ?? defaults.batch, path),
    ...batchNameOf(value['name'], path),
    ...(timeSeconds === undefined ? {} : { timeSeconds }),
    ...batchRowsOf(value['rows'], path),
  };
}

function batchNameOf(name: unknown, path: string): Pick<BatchEvent, 'name'> {
  if (isNone(name) || name === '') return {};
  if (typeof name === 'string' && name.length <= MOST_BATCH_CHARACTERS && !CONTROL.test(name)) return { name };
  throw new DecodeError(at(path, 'name'), name, `a text of at most ${MOST_BATCH_CHARACTERS} characters`);
}

function batchRowsOf(rows: unknown, path: string): Pick<BatchEvent, 'rows'> {
  if (isNone(rows)) return {};
  if (typeof rows === 'number' && Number.isSafeInteger(rows) && rows >= 0) return { rows };
  throw new DecodeError(at(path, 'rows'), rows, 'a whole number of rows');
}
