/** Rows of one model that its exporter holds, newest first: GET /api/v1/models/{namespace}/{name}/rows. */
import { array, boolean, DecodeError, isObject, number, object, oneOf, optional, string, type Decoder } from './decode';
import { TASKS } from './reference';

/** A value as it was sent; a text is cut behind 256 characters. */
export type RowValue = string | number | boolean | null;

const value: Decoder<RowValue> = (given, path = '') => {
  if (given === null || typeof given === 'string' || typeof given === 'boolean') return given;
  if (typeof given === 'number' && Number.isFinite(given)) return given;
  throw new DecodeError(path, given, 'a text, a number, a truth value or null');
};

/** By entries: a feature may be called `__proto__`. */
const values: Decoder<Record<string, RowValue>> = (given, path = '') => {
  if (!isObject(given)) throw new DecodeError(path, given, 'an object');
  return Object.fromEntries(Object.entries(given).map(([name, each]) => [name, value(each, `${path}.${name}`)]));
};

const rowShape = object({
  /** Of the rows of its model, from 1 on, since the exporter began. */
  number,
  /** Absent: no actual can join it. */
  id: optional(string),
  version: string,
  timeSeconds: number,
  /** Absent where the model answered something else, such as a list. */
  prediction: optional(value),
  /** How sure the model was of the positive class. */
  score: optional(number),
  actual: optional(value),
  /** When it arrived. */
  actualSeconds: optional(number),
  /** Of a classification: the class that was predicted, and the one that came true; `other` of one without a name. */
  predictedClass: optional(string),
  actualClass: optional(string),
  /** Whether they differ; absent without an actual. */
  wrong: optional(boolean),
  segments: values,
  /** Without those that are dropped; of those that are masked a mark. */
  features: values,
});
export type ModelRow = ReturnType<typeof rowShape>;

export const decodeModelRows = object({
  namespace: string,
  model: string,
  /** What is held now, and may be. */
  held: object({
    rows: number,
    bytes: number,
    mostRows: number,
    mostBytes: number,
    retentionSeconds: number,
    /** Share of the predictions that is held. */
    sampleRatio: number,
  }),
  /** Absent where nobody says what the model answers, and where actuals are not joined. */
  task: optional(oneOf(TASKS)),
  /** The class whose probability a score is. */
  positiveClass: optional(string),
  items: array(rowShape),
  /** For the next page, as `before`; absent on the last one. */
  next: optional(number),
  generatedAtSeconds: number,
});
export type ModelRows = ReturnType<typeof decodeModelRows>;
