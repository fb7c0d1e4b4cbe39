/** What can be posted to /ingest. Times are seconds since 1970. Taken in by a later version; the shape is fixed here. */
import { array, DecodeError, isObject, number, object, optional, string, type Decoder } from './decode';

/** A value of a feature, a prediction or an actual. */
export type Scalar = string | number | boolean | null;

const scalar: Decoder<Scalar> = (value, path = '') => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  return number(value, path);
};

function scalars(value: unknown, path = ''): Record<string, Scalar> {
  if (!isObject(value)) throw new DecodeError(path, value, 'an object of feature name to value');
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, scalar(entry, `${path}.${name}`)]));
}

/** One prediction: what went in, what came out. `id` joins it with its actual. */
export const decodePredictionEvent = object({
  id: string,
  namespace: string,
  model: string,
  version: optional(string),
  timeSeconds: optional(number),
  features: scalars,
  prediction: scalar,
});
export type PredictionEvent = ReturnType<typeof decodePredictionEvent>;

/** The true outcome of an earlier prediction. */
export const decodeActualEvent = object({
  id: string,
  namespace: string,
  model: string,
  timeSeconds: optional(number),
  actual: scalar,
});
export type ActualEvent = ReturnType<typeof decodeActualEvent>;

export const decodePredictionBatch = object({ predictions: array(decodePredictionEvent) });
export const decodeActualBatch = object({ actuals: array(decodeActualEvent) });
