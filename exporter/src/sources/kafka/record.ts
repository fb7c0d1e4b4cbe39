/**
 * A record of a topic as the request that the decoders of events read. CloudEvents: cloudevents/spec, Kafka protocol
 * binding 1.0.2. Seldon Core 2 writes request and response with the same key, and marks the response of a failed step with
 * a header: scheduler/pkg/kafka/gateway/worker.go and pipeline/kafkamanager.go of SeldonIO/seldon-core.
 */
import { DecodeError } from '@modelwatch/contract';
import { exchangeHalf } from '../events/cloud-events';
import type { EventRequest } from '../events/format';
import { parseJson } from '../events/json-text';
import type { KafkaRecord } from './client';
import { decodeInference } from './inference-message';
import type { Route } from './routes';

const SELDON_ERROR = 'seldon-pipeline-errors';
const CLOUD_EVENT = 'application/cloudevents+json';
const OPENING_BRACE = 0x7b;

/** Undefined where there is nothing to count: a tombstone, a failed response. @throws DecodeError, UnreadableRequest */
export function requestOf(record: KafkaRecord, route: Route, nowSeconds: number): EventRequest | undefined {
  const { value, headers } = record;
  if (value === undefined || headers[SELDON_ERROR] !== undefined) return undefined;
  const common = { body: value, defaults: route.defaults, nowSeconds };
  const type = headers['content-type'];
  if (route.format === 'json') return { ...common, headers: { 'content-type': type ?? 'application/json' } };
  if (route.format === 'inference') return halfOf(record, value, route, nowSeconds);
  if (headers['ce_type'] === undefined) return { ...common, headers: { 'content-type': type ?? CLOUD_EVENT } };
  const attributes = Object.entries(headers).map(([name, text]) => [name.replace(/^ce_/, 'ce-'), text]);
  return { ...common, headers: Object.fromEntries(attributes) as Record<string, string> };
}

function halfOf({ key }: KafkaRecord, value: Buffer, { kind, defaults }: Route, nowSeconds: number): EventRequest {
  const id = key?.toString('utf8') ?? '';
  if (id === '') throw new DecodeError('key', id, 'the id of the request, which joins it and its response');
  const half = kind ?? 'request';
  const content = (body: Buffer) =>
    body[0] === OPENING_BRACE ? parseJson(body.toString('utf8'), half) : decodeInference(body, half);
  return { ...exchangeHalf(half, id, defaults), body: value, content, defaults, nowSeconds };
}
