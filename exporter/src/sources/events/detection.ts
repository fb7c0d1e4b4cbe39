/**
 * Answers of detectors that others run, in three forms. alibi-detect's own, `{data, meta}` (base.py of the package:
 * is_drift, distance, p_val, threshold; online test_stat; is_outlier or is_adversarial with instance_score). The same as
 * MLServer's runtime for it answers in the Open Inference Protocol: a tensor for each key of `data` with the instance as its
 * first dimension, `meta` as parameters (SeldonIO/MLServer, runtimes/alibi-detect). And a plain one for any other.
 */
import { decode, DecodeError, DETECTOR_KINDS, identityOf, isObject, type EventDefaults } from '@modelwatch/contract';
import type { Detection, DetectorResult } from '../../domain/detectors/counts';
import { MAX_LABEL } from '../../domain/label';

/** An answer, and whose it is. */
export interface DetectionEvent extends Detection {
  readonly namespace: string;
  readonly model: string;
  readonly id?: string;
}

/** What the path may say of it. */
export type DetectionDefaults = EventDefaults & { readonly detector?: string };

/** Features of the model in their order, or undefined. */
export type FeatureNames = (namespace: string, model: string) => readonly string[] | undefined;

const { array, boolean, number, object, oneOf, optional, string } = decode;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/;
const MOST_RESULTS = 500;

type Fields = Readonly<Record<string, unknown>>;

/** @returns undefined of an answer that says nothing yet: MLServer's runtime gathers rows to a batch. @throws DecodeError */
export function decodeDetection(
  value: unknown,
  place: string,
  defaults: DetectionDefaults,
  featureNames: FeatureNames
): DetectionEvent | undefined {
  if (!isObject(value)) throw new DecodeError(place, value, 'an answer of a detector');
  const answer = answerOf(value, place);
  // A body of the Open Inference Protocol names the detector's model alone, so the path says which one it watches.
  const { namespace, model, id } = identityOf(value, place, defaults);
  const whose = { namespace, model, ...(id === undefined ? {} : { id }) };
  const detector = nameOf(defaults.detector ?? value['detector'] ?? answer.detector, join(place, 'detector'));
  if ('results' in answer) return { ...whose, ...answer, detector };
  const { data, meta } = answer;
  if (data.size === 0) return undefined;
  const kind = data.has('is_outlier') || data.has('is_adversarial') ? 'outlier' : 'drift';
  const { features: given } = object({ features: optional(array(featureName)) })(value, place);
  checkOnce(given ?? [], (index) => `${join(place, 'features')}[${index}]`);
  const names = given ?? featureNames(namespace, model);
  const results = kind === 'drift' ? driftResults(data, names, place) : outlierResults(data, place);
  return { ...whose, detector, kind, source: 'alibi-detect', method: methodOf(meta, place), results };
}

type Answer =
  | (Omit<Detection, 'detector'> & { readonly detector?: undefined })
  | { readonly detector: unknown; readonly data: Data; readonly meta: Fields };

/** By key the numbers of one instance after the other. */
type Data = ReadonlyMap<string, readonly (readonly number[])[]>;

function answerOf(value: Fields, place: string): Answer {
  const { data, outputs } = value;
  if (Array.isArray(outputs)) {
    const meta = isObject(value['parameters']) ? value['parameters'] : {};
    return { detector: value['model_name'], meta, data: tensors(outputs, join(place, 'outputs')) };
  }
  const meta = isObject(value['meta']) ? value['meta'] : {};
  if (isObject(data)) {
    const all = Object.entries(data).map(([key, each]) => [key, [numbersIn(each)]] as const);
    return { detector: meta['name'], meta, data: told(all) };
  }
  const plain = object({ method: string, kind: optional(oneOf(DETECTOR_KINDS)), results: array(decodeResult) })(
    value,
    place
  );
  const { kind = 'drift', results } = plain;
  if (results.length === 0 || results.length > MOST_RESULTS) {
    throw new DecodeError(join(place, 'results'), results.length, `1 to ${MOST_RESULTS} results`);
  }
  checkOnce(
    results.map(({ feature }) => feature),
    (index) => `${join(place, 'results')}[${index}].feature`
  );
  const method = nameOf(plain.method, join(place, 'method'));
  return { kind, source: 'other', method, results };
}

function decodeResult(value: unknown, place = ''): DetectorResult {
  const {
    feature = '',
    flagged,
    scoreThreshold,
    pValueThreshold,
    score,
    pValue,
  } = object({
    feature: optional(featureName),
    flagged: boolean,
    score: optional(number),
    pValue: optional(number),
    scoreThreshold: optional(number),
    pValueThreshold: optional(number),
  })(value, place);
  return result(feature, { score, pValue, scoreThreshold, pValueThreshold }, flagged ? 1 : 0, 1);
}

/** Keys without a number say nothing. */
function told(all: readonly (readonly [string, readonly (readonly number[])[]])[]): Data {
  return new Map(all.filter(([, instances]) => instances.some(({ length }) => length > 0)));
}

function tensors(outputs: readonly unknown[], place: string): Data {
  const all = outputs.map((output, index) => {
    const at = `${place}[${index}]`;
    const { name, shape } = object({ name: string, shape: array(number) })(output, at);
    const { data } = output as Fields;
    if (!Array.isArray(data)) throw new DecodeError(join(at, 'data'), data, 'a list: binary tensors are not read');
    const numbers = numbersIn(data);
    const instances = Math.max(1, shape[0] ?? 1);
    const width = Math.ceil(numbers.length / instances);
    const rows = Array.from({ length: instances }, (_, row) => numbers.slice(row * width, (row + 1) * width));
    return [name, rows] as const;
  });
  return told(all);
}

/** All numbers in it, however they are nested; true is 1. */
function numbersIn(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(numbersIn);
  if (typeof value === 'boolean') return [value ? 1 : 0];
  return typeof value === 'number' && Number.isFinite(value) ? [value] : [];
}

/** One for all features together and, where each has a value, one for each. Of several instances the last is what holds. */
function driftResults(data: Data, names: readonly string[] | undefined, place: string): DetectorResult[] {
  const flags = data.get('is_drift');
  if (!flags) throw new DecodeError(join(place, 'data'), [...data.keys()], 'is_drift, is_outlier or is_adversarial');
  const last = (key: string) => data.get(key)?.at(-1) ?? [];
  const [drift, pValues, thresholds] = [last('is_drift'), last('p_val'), last('threshold')];
  const scores = last('distance').length > 0 ? last('distance') : last('test_stat');
  const ofPValue = pValues.length > 0;
  const limits = (index: number) => {
    const threshold = thresholds[index] ?? thresholds[0];
    return ofPValue
      ? { pValueThreshold: threshold, scoreThreshold: last('distance_threshold')[index] }
      : { scoreThreshold: threshold };
  };
  const width = Math.max(drift.length, pValues.length, scores.length);
  const flagged = flags.filter((each) => each.some((flag) => flag > 0)).length;
  if (width <= 1) {
    return [result('', { score: scores[0], pValue: pValues[0], ...limits(0) }, flagged, flags.length)];
  }
  if (width > MOST_RESULTS) throw new DecodeError(join(place, 'data'), width, `at most ${MOST_RESULTS} features`);
  const ofFeature = Array.from({ length: width }, (_, index) => {
    const [score, pValue, of] = [scores[index], pValues[index], limits(index)];
    const isDrift = drift.length === width ? (drift[index] ?? 0) > 0 : isBeyond(score, pValue, of);
    const name = names?.length === width ? names[index] : undefined;
    return result(name ?? `#${index + 1}`, { score, pValue, ...of }, isDrift ? 1 : 0, 1);
  });
  const together = ofPValue ? { pValue: Math.min(...pValues), pValueThreshold: thresholds[0] } : {};
  return [result('', together, flagged, flags.length), ...ofFeature];
}

function isBeyond(
  score: number | undefined,
  pValue: number | undefined,
  { pValueThreshold, scoreThreshold }: { pValueThreshold?: number | undefined; scoreThreshold?: number | undefined }
): boolean {
  if (pValue !== undefined) return pValue < (pValueThreshold ?? -Infinity);
  return (score ?? -Infinity) > (scoreThreshold ?? Infinity);
}

function outlierResults(data: Data, place: string): DetectorResult[] {
  const flags = (data.get('is_outlier') ?? data.get('is_adversarial') ?? []).flat();
  const scores = (data.get('instance_score') ?? []).flat();
  if (flags.length === 0) throw new DecodeError(join(place, 'data'), [...data.keys()], 'flags of rows');
  const score = scores.length === 0 ? undefined : scores.reduce((sum, each) => sum + each, 0) / scores.length;
  return [result('', { score }, flags.filter((flag) => flag > 0).length, flags.length)];
}

interface Figures {
  readonly score?: number | undefined;
  readonly pValue?: number | undefined;
  readonly scoreThreshold?: number | undefined;
  readonly pValueThreshold?: number | undefined;
}

function result(feature: string, figures: Figures, flagged: number, all: number): DetectorResult {
  const { score, pValue, scoreThreshold, pValueThreshold } = figures;
  return {
    feature,
    ...(score === undefined ? {} : { score }),
    ...(pValue === undefined ? {} : { pValue }),
    thresholds: {
      ...(pValueThreshold === undefined ? {} : { p_value: pValueThreshold }),
      ...(scoreThreshold === undefined ? {} : { score: scoreThreshold }),
    },
    outcomes: { flagged, clear: all - flagged },
  };
}

/** `KSDrift` is what the package calls it; MLServer adds the name of its module. */
function methodOf(meta: Fields, place: string): string {
  const headers = isObject(meta['headers']) ? meta['headers'] : {};
  return nameOf(meta['name'] ?? headers['x-seldon-alibi-method'], join(place, 'meta.name'));
}

/** A label: it must not grow without bound, and says nothing that is private. */
function nameOf(value: unknown, place: string): string {
  if (typeof value === 'string' && NAME.test(value)) return value;
  throw new DecodeError(place, value, 'a name of letters, digits, "_", "." and "-", at most 80');
}

/** Any text, as names of columns are. A longer one would be cut as a label, so that two could become one. */
function featureName(value: unknown, place = ''): string {
  const text = string(value, place);
  if (text.length <= MAX_LABEL) return text;
  throw new DecodeError(place, text, `a name of at most ${MAX_LABEL} characters`);
}

/** Two results of one series would be counted as one, and shown as the last. */
function checkOnce(names: readonly string[], placeOf: (index: number) => string): void {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) throw new DecodeError(placeOf(index), name, 'each feature once');
    seen.add(name);
  }
}

function join(place: string, key: string): string {
  return place === '' ? key : `${place}.${key}`;
}
