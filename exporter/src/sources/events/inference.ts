/**
 * From the bodies of an inference request and its response to rows: the Open Inference Protocol (V2: named tensors) and
 * TensorFlow Serving's and KServe's V1 (instances and predictions); those of OpenAI's API are read beside this. Features without a name have that of the feature at
 * the same place in the reference, since a model was trained with its columns in an order.
 * Source: github.com/kserve/open-inference-protocol, specification/protocol/inference_rest.md; KServe's V1 protocol.
 */
import { DecodeError, isObject, kindOf, type PredictionEvent, type Reference } from '@modelwatch/contract';
import type { FindReference, Read } from './format';
import { isGeneration, readGeneration } from './openai';

/** A request and its response, as JSON. */
export interface Exchange extends Omit<PredictionEvent, 'features' | 'prediction'> {
  readonly request: unknown;
  readonly response: unknown;
}

type Features = Record<string, unknown>;

/** One event for each row; of several, the id of each has its number at the end. @throws DecodeError */
export function* readExchange(exchange: Exchange, place: string, findReference: FindReference): Generator<Read> {
  const { request, response, ...identity } = exchange;
  const [requestPlace, responsePlace] = [join(place, 'request'), join(place, 'response')];
  if (!isObject(request))
    throw new DecodeError(requestPlace, kindOf(request), 'an object with inputs, instances or messages');
  if (!isObject(response))
    throw new DecodeError(responsePlace, kindOf(response), 'an object with outputs, predictions or choices');
  if (isGeneration(response)) {
    yield { event: { ...identity, features: {}, ...readGeneration(request, response, responsePlace) } };
    return;
  }
  const version = identity.version ?? textOf(response['model_version']) ?? '';
  const reference = findReference(identity.namespace, identity.model, version);
  const rows =
    request['inputs'] === undefined
      ? instances(request, requestPlace, reference)
      : tensors(request, requestPlace, reference);
  const outcomes =
    response['outputs'] === undefined
      ? predictions(response, responsePlace, reference)
      : outputs(response, responsePlace, reference);
  if (rows.length !== outcomes.length) {
    throw new DecodeError(responsePlace, outcomes.length, `as many rows as the request has, ${rows.length}`);
  }
  for (const [index, features] of rows.entries()) {
    const id = identity.id === undefined || rows.length === 1 ? identity.id : `${identity.id}/${index}`;
    yield {
      event: { ...identity, ...(id === undefined ? {} : { id }), version, features, prediction: outcomes[index] },
    };
  }
}

interface Tensor {
  readonly name: string;
  readonly rows: number;
  /** Values of one row. */
  readonly width: number;
  readonly data: readonly unknown[];
}

function tensorsOf(value: unknown, place: string): Tensor[] {
  if (!Array.isArray(value) || value.length === 0) throw new DecodeError(place, value, 'a list of tensors');
  return value.map((tensor: unknown, index) => tensorOf(tensor, `${place}[${index}]`));
}

function tensorOf(value: unknown, place: string): Tensor {
  if (!isObject(value)) throw new DecodeError(place, value, 'a tensor');
  const { name, shape, data } = value;
  if (typeof name !== 'string') throw new DecodeError(join(place, 'name'), name, 'a text');
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every((each) => Number.isSafeInteger(each) && each >= 0)) {
    throw new DecodeError(join(place, 'shape'), shape, 'whole numbers');
  }
  if (!Array.isArray(data)) throw new DecodeError(join(place, 'data'), data, 'a list, or the bytes of a CloudEvent');
  const [rows = 0, ...others] = shape as number[];
  const width = others.reduce((product, each) => product * each, 1);
  // Nested lists are allowed: the shape says how they are meant.
  const flat = data.some(Array.isArray) ? data.flat(shape.length) : data;
  if (flat.length !== rows * width) {
    throw new DecodeError(join(place, 'data'), flat.length, `${rows * width} values, as the shape says`);
  }
  return { name, rows, width, data: flat };
}

/** A tensor with one value a row is a feature; one with more has a feature at each place. */
function tensors({ inputs }: Features, place: string, reference: Reference | undefined): Features[] {
  const all = tensorsOf(inputs, join(place, 'inputs'));
  const count = all[0]?.rows ?? 0;
  const odd = all.find(({ rows }) => rows !== count);
  if (odd) throw new DecodeError(join(place, `inputs.${odd.name}`), odd.rows, `as many rows as the first, ${count}`);
  const rows: Features[] = Array.from({ length: count }, () => ({}));
  for (const { name, width, data } of all) {
    const names = width === 1 ? [nameOfSingle(name, all.length, reference)] : namesByPlace(width, reference, name);
    for (const [row, features] of rows.entries()) {
      for (const [column, feature] of names.entries()) features[feature] = data[row * width + column];
    }
  }
  return rows;
}

/** The only tensor of a model with one feature may have any name. */
function nameOfSingle(name: string, tensorCount: number, reference: Reference | undefined): string {
  const [only, ...more] = reference?.features ?? [];
  return tensorCount === 1 && only && more.length === 0 ? only.name : name;
}

/** A model with other columns than its reference has none of them: all its features are missing, which is seen. */
function namesByPlace(width: number, reference: Reference | undefined, name: string): string[] {
  const { features = [] } = reference ?? {};
  if (features.length === width) return features.map((feature) => feature.name);
  return Array.from({ length: width }, (_, index) => `${name}[${index}]`);
}

function instances(request: Features, place: string, reference: Reference | undefined): Features[] {
  const list = request['instances'];
  if (!Array.isArray(list)) throw new DecodeError(join(place, 'instances'), list, 'a list, or inputs');
  return list.map((instance: unknown) => {
    if (isObject(instance)) return instance;
    const values: unknown[] = Array.isArray(instance) ? instance : [instance];
    const names = namesByPlace(values.length, reference, 'instance');
    return Object.fromEntries(values.map((value, index) => [names[index] ?? '', value]));
  });
}

const USUAL_OUTPUTS = ['predict', 'prediction', 'predictions', 'label', 'class'];

function outputs({ outputs: list }: Features, place: string, reference: Reference | undefined): unknown[] {
  const all = tensorsOf(list, join(place, 'outputs'));
  const names = [reference?.prediction?.name, ...USUAL_OUTPUTS];
  const named = names.map((name) => all.find((tensor) => tensor.name === name)).find(Boolean);
  const { rows, width, data } = named ?? (all[0] as Tensor);
  return Array.from({ length: rows }, (_, row) => outcomeOf(data.slice(row * width, (row + 1) * width), reference));
}

function predictions(response: Features, place: string, reference: Reference | undefined): unknown[] {
  const list = response['predictions'];
  if (!Array.isArray(list)) throw new DecodeError(join(place, 'predictions'), list, 'a list, or outputs');
  const name = reference?.prediction?.name ?? 'prediction';
  return list.map((each: unknown) => {
    if (Array.isArray(each)) return outcomeOf(each, reference);
    return isObject(each) ? each[name] : each;
  });
}

/** Several numbers are the scores of classes: the prediction is the class with the highest. */
function outcomeOf(values: readonly unknown[], reference: Reference | undefined): unknown {
  if (values.length <= 1) return values[0];
  let best = 0;
  for (const [index, value] of values.entries()) if (Number(value) > Number(values[best])) best = index;
  const { classes = [] } = reference ?? {};
  return classes.length === values.length ? classes[best] : best;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 253) : undefined;
}

function join(place: string, field: string): string {
  return place === '' ? field : `${place}.${field}`;
}
