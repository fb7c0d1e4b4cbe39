/**
 * What KServe's logger posts: CloudEvents over HTTP, one for the request and one for its response, with the same id.
 * Those of the binary mode have their attributes in headers that begin with `ce-`; those of the structured mode in the
 * body. Source: kserve/kserve pkg/logger/worker.go and handler.go (a response that is not 200 is never sent);
 * cloudevents/spec, HTTP protocol binding 1.0.2.
 */
import { DecodeError, identityOf, isObject, preview, type EventDefaults } from '@modelwatch/contract';
import { binaryHeaders, binaryInference, mayBeBinary } from './binary-inference';
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
  /** Of all that wait together, as they take it in memory. */
  readonly bytes: number;
}

/** Of a half, what stands around its data and its key: objects, an entry of the map. Measured. */
const HALF_BYTES = 1_024;
/** Of a part of the pair's name: these come from whoever sends. */
const MOST_PART_CHARACTERS = 253;

const PAIR_LIMITS: PairLimits = { waitSeconds: 60, bytes: 33_554_432 };

interface Half {
  readonly type: typeof REQUEST | typeof RESPONSE;
  readonly data: Kept;
  readonly bytes: number;
  readonly atSeconds: number;
  readonly model: EventDefaults;
}

/** @throws DecodeError, UnreadableRequest */
type ReadBody = (body: Buffer) => unknown;

/** As it came: what is parsed may take ten times as much. */
interface Kept {
  readonly body: Buffer;
  readonly read: ReadBody;
}

/** What an event carries. */
interface Data {
  readonly value: unknown;
  readonly keep: () => Kept;
}

type Attributes = (name: string) => unknown;

/** @param unpaired told of each half whose other half did not come in time */
export function cloudEvents(
  findReference: FindReference,
  unpaired: (model: EventDefaults) => void,
  limits: PairLimits = PAIR_LIMITS
): EventFormat & {
  readonly expire: (nowSeconds: number) => void;
  /** A half that another replica got. */
  readonly half: (half: Readonly<Record<string, unknown>>, nowSeconds: number) => Iterable<Read>;
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
    dataOfEvent: () => Data,
    { defaults, nowSeconds, elsewhere }: Pick<EventRequest, 'defaults' | 'nowSeconds' | 'elsewhere'>,
    place: string
  ): Generator<Read> {
    const { identity, type, id, key } = headOf(attribute, defaults, place);
    // Read at once, though it waits unread: its sender is told what is wrong with it.
    const { value, keep } = dataOfEvent();
    if (elsewhere?.(keyOf({ ...identity, id }), { ...attributesOf(attribute), data: value, defaults })) {
      yield 'waiting';
      return;
    }
    const other = waiting.get(key);
    if (other && other.type !== type) {
      forget(key, other);
      const before = other.data.read(other.data.body);
      const [request, response] = type === RESPONSE ? [before, value] : [value, before];
      const exchange: Exchange = { ...identity, request, response };
      yield* refusable(readExchange(exchange, place, findReference), identity);
      return;
    }
    // The same half again takes the place of the one before.
    if (other) forget(key, other);
    const data = keep();
    // Texts have up to two bytes a character, and those of the key are in the identity once more.
    const size = HALF_BYTES + 4 * key.length + data.body.length;
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
        const data = () => rawData(body, request.content ?? readerOf(headers, ''));
        yield* refusable(readOne(attribute, data, request, ''), request.defaults);
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
        yield* refusable(
          readOne(attribute, () => dataOf(event, place), request, place),
          request.defaults
        );
      }
    },
    expire,
    *half(half, nowSeconds) {
      const defaults: EventDefaults = isObject(half['defaults']) ? half['defaults'] : {};
      const attribute = (name: string) => half[name];
      yield* refusable(
        readOne(attribute, () => jsonData(half['data']), { defaults, nowSeconds }, ''),
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
function dataOf(event: Readonly<Record<string, unknown>>, place: string): Data {
  const { data, data_base64: packed, datacontenttype: type } = event;
  if (data !== undefined || typeof packed !== 'string') return jsonData(data);
  const headers = { 'content-type': typeof type === 'string' ? type : '' };
  return rawData(Buffer.from(packed, 'base64'), readerOf(headers, place === '' ? '' : `${place}.`));
}

function jsonData(value: unknown): Data {
  return { value, keep: () => ({ body: ownCopy(Buffer.from(JSON.stringify(value ?? null))), read: readText }) };
}

function rawData(body: Buffer, read: ReadBody): Data {
  return { value: read(body), keep: () => ({ body: ownCopy(body), read }) };
}

/** Nothing larger, of which this is but a piece, is to stay in memory with it. */
function ownCopy(body: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(body.length);
  body.copy(copy);
  return copy;
}

function readText(body: Buffer): unknown {
  return JSON.parse(body.toString('utf8'));
}

/** A function of its own: it waits with its half, and must hold nothing else of the request. */
function readerOf(headers: EventRequest['headers'], place: string): ReadBody {
  const own = binaryHeaders(headers);
  return (body) => bodyOf(body, own, place);
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
  const parts = ['component', 'endpoint'].map((name) => partOf(attribute(name), placeOf(place, name)));
  return { type, identity, id, key: JSON.stringify([identity.namespace, identity.model, ...parts, id]) } as const;
}

function partOf(value: unknown, place: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' && value.length <= MOST_PART_CHARACTERS) return value;
  throw new DecodeError(place, value, `a text of at most ${MOST_PART_CHARACTERS} characters`);
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
