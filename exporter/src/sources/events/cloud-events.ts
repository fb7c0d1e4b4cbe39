/**
 * What KServe's logger posts: CloudEvents over HTTP, one for the request and one for its response, with the same id.
 * Those of the binary mode have their attributes in headers that begin with `ce-`; those of the structured mode in the
 * body. Source: kserve/kserve pkg/logger/worker.go and handler.go (a response that is not 200 is never sent);
 * cloudevents/spec, HTTP protocol binding 1.0.2.
 */
import { DecodeError, identityOf, isObject, preview, type EventDefaults } from '@modelwatch/contract';
import { binaryInference, mayBeBinary } from './binary-inference';
import {
  contentType,
  headerOf,
  UnreadableRequest,
  type EventFormat,
  type EventRequest,
  type FindReference,
  type Read,
} from './format';
import { keyOf } from '../../joins/layout';
import { readExchange, type Exchange } from './inference';
import { parseJson } from './json-text';
import { isStream, streamedResponse } from './openai';

const REQUEST = 'org.kubeflow.serving.inference.request';
const RESPONSE = 'org.kubeflow.serving.inference.response';
const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

export interface PairLimits {
  /** How long half of a pair waits for the other. */
  readonly waitSeconds: number;
  /** Of all that wait together. */
  readonly bytes: number;
}

const PAIR_LIMITS: PairLimits = { waitSeconds: 60, bytes: 33_554_432 };

interface Half {
  readonly type: typeof REQUEST | typeof RESPONSE;
  readonly data: unknown;
  readonly bytes: number;
  readonly atSeconds: number;
  readonly model: EventDefaults;
}

type Attributes = (name: string) => unknown;

/** @param unpaired told of each half whose other half did not come in time */
export function cloudEvents(
  findReference: FindReference,
  unpaired: (model: EventDefaults) => void,
  limits: PairLimits = PAIR_LIMITS
): EventFormat & {
  readonly expire: (nowSeconds: number) => void;
  /** A half that another replica got. @param bytes about as many as it takes in memory */
  readonly half: (half: Readonly<Record<string, unknown>>, bytes: number, nowSeconds: number) => Iterable<Read>;
} {
  const waiting = new Map<string, Half>();
  let bytes = 0;

  function forget(key: string, half: Half): void {
    waiting.delete(key);
    bytes -= half.bytes;
  }
  /** The oldest come first. */
  function expire(nowSeconds: number): void {
    for (const [key, half] of waiting) {
      if (nowSeconds - half.atSeconds <= limits.waitSeconds && bytes <= limits.bytes) return;
      forget(key, half);
      unpaired(half.model);
    }
  }
  function* readOne(
    attribute: Attributes,
    readData: () => unknown,
    size: number,
    { defaults, nowSeconds, elsewhere }: Pick<EventRequest, 'defaults' | 'nowSeconds' | 'elsewhere'>,
    place: string
  ): Generator<Read> {
    const { identity, type, id, key } = headOf(attribute, defaults, place);
    const data = readData();
    if (elsewhere?.(keyOf({ ...identity, id }), { ...attributesOf(attribute), data, defaults })) {
      yield 'waiting';
      return;
    }
    const other = waiting.get(key);
    if (other && other.type !== type) {
      forget(key, other);
      const [request, response] = type === RESPONSE ? [other.data, data] : [data, other.data];
      const exchange: Exchange = { ...identity, request, response };
      yield* refusable(readExchange(exchange, place, findReference), identity);
      return;
    }
    // The same half again takes the place of the one before.
    if (other) forget(key, other);
    waiting.set(key, { type, data, bytes: size, atSeconds: nowSeconds, model: identity });
    bytes += size;
    expire(nowSeconds);
    yield 'waiting';
  }

  return {
    matches: (headers) =>
      headerOf(headers, 'ce-type') !== undefined || [STRUCTURED, BATCH].includes(contentType(headers)),
    *read(request) {
      const { headers, body } = request;
      if (headerOf(headers, 'ce-type') !== undefined) {
        const attribute = (name: string) => headerOf(headers, `ce-${name}`);
        const data = () => request.content ?? bodyOf(body, headers, '');
        yield* refusable(readOne(attribute, data, body.length, request, ''), request.defaults);
        return;
      }
      const value = parseJson(body.toString('utf8'));
      const list: unknown[] = Array.isArray(value) ? value : [value];
      for (const [index, event] of list.entries()) {
        const place = Array.isArray(value) ? `[${index}]` : '';
        if (!isObject(event)) {
          yield { problem: `${place || 'body'}: expected a CloudEvent, got ${preview(event)}` };
          continue;
        }
        const attribute = (name: string) => event[name];
        const size = body.length / list.length;
        yield* refusable(
          readOne(attribute, () => dataOf(event, place), size, request, place),
          request.defaults
        );
      }
    },
    expire,
    *half(half, bytes, nowSeconds) {
      const defaults: EventDefaults = isObject(half['defaults']) ? half['defaults'] : {};
      const attribute = (name: string) => half[name];
      yield* refusable(
        readOne(attribute, () => half['data'], bytes, { defaults, nowSeconds }, ''),
        defaults
      );
    },
  };
}

/** All that is looked at. */
const ATTRIBUTES = ['type', 'id', 'time', 'namespace', 'inferenceservicename', 'component', 'endpoint'];

function attributesOf(attribute: Attributes): Record<string, unknown> {
  return Object.fromEntries(ATTRIBUTES.map((name) => [name, attribute(name)]));
}

/** Headers of half of an exchange that came here in another way. */
export function exchangeHalf(
  kind: 'request' | 'response',
  id: string,
  { namespace, model }: EventDefaults
): Pick<EventRequest, 'headers'> {
  return {
    headers: {
      'ce-type': kind === 'request' ? REQUEST : RESPONSE,
      'ce-id': id,
      'ce-namespace': namespace,
      'ce-inferenceservicename': model,
    },
  };
}

/** The structured mode has bytes in base64. */
function dataOf(event: Readonly<Record<string, unknown>>, place: string): unknown {
  const { data, data_base64: packed, datacontenttype: type } = event;
  if (data !== undefined || typeof packed !== 'string') return data;
  const headers = { 'content-type': typeof type === 'string' ? type : '' };
  return bodyOf(Buffer.from(packed, 'base64'), headers, place === '' ? '' : `${place}.`);
}

/** Of a response in pieces the logger sends all of them, one after the other. */
function bodyOf(body: Buffer, headers: EventRequest['headers'], place: string): unknown {
  if (mayBeBinary(headers)) return binaryInference(body, headers, place);
  const text = body.toString('utf8');
  return isStream(text) ? streamedResponse(text) : parseJson(text);
}

function headOf(attribute: Attributes, defaults: EventDefaults, place: string) {
  const type = attribute('type');
  if (type !== REQUEST && type !== RESPONSE)
    throw new DecodeError(placeOf(place, 'type'), type, `${REQUEST} or ${RESPONSE}`);
  const id = attribute('id');
  if (typeof id !== 'string' || id === '')
    throw new DecodeError(placeOf(place, 'id'), id, 'a text: it joins request and response');
  const time = Date.parse(String(attribute('time') ?? '')) / 1_000;
  const identity = identityOf(
    {
      id,
      namespace: attribute('namespace'),
      model: attribute('inferenceservicename'),
      ...(Number.isNaN(time) ? {} : { timeSeconds: time }),
    },
    place,
    defaults
  );
  // A transformer and a predictor pass on the same id, and each may have a logger.
  const parts = ['component', 'endpoint'].map((name) => String(attribute(name) ?? ''));
  return { type, identity, id, key: JSON.stringify([identity.namespace, identity.model, ...parts, id]) } as const;
}

/** An event that cannot be used does not end the others. */
function* refusable(events: Generator<Read>, model: EventDefaults): Generator<Read> {
  try {
    yield* events;
  } catch (error) {
    if (error instanceof UnreadableRequest || !(error instanceof DecodeError)) throw error;
    yield { problem: error.message, model };
  }
}

function placeOf(place: string, field: string): string {
  return place === '' ? `ce-${field}` : `${place}.${field}`;
}
