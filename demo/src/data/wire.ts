/** Events as they go over the wire, in the way of each model. */
import type { DataModel, Row } from './types';

export interface Event extends Row {
  readonly id: string;
  readonly timeSeconds: number;
  /** Its features go as text, which nobody can count. */
  readonly isMalformed?: boolean;
}

export interface EventRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface BatchOf {
  /** Absent where rows come one by one. */
  readonly batch?: string | undefined;
}

export const PREDICTIONS_PATH = '/ingest/predictions';
export const JSON_TYPE = { 'content-type': 'application/json' };

/** The requests that bring these events to an exporter. */
export function requestsOf(model: DataModel, events: readonly Event[], { batch: run }: BatchOf = {}): EventRequest[] {
  const [first] = events;
  if (first === undefined) return [];
  if (run !== undefined) return [batch(model, events, run), closing(model, events.length, run)];
  return [...ownRequests(model, first, events), ...challengerRequests(model, events)];
}

function ownRequests(model: DataModel, first: Event, events: readonly Event[]): EventRequest[] {
  switch (model.sending) {
    case 'batch':
      return [batch(model, events)];
    case 'open-inference':
      return [openInference(model, first, events)];
    case 'cloudevents':
      return cloudEvents(model, first, events);
  }
}

export interface Actual {
  readonly id: string;
  readonly actual: number | boolean;
}

/** What came true, under the ids that the predictions have: of a request with many rows, its own and their number. */
export function actualsOf({ sending }: DataModel, events: readonly Event[]): Actual[] {
  const [first] = events;
  return events.map(({ id, actual }, index) => {
    const isAlone = sending === 'batch' || events.length === 1;
    return { id: isAlone ? id : `${first?.id}/${index}`, actual };
  });
}

export function actualsRequest({ namespace, model }: DataModel, actuals: readonly Actual[]): EventRequest {
  return { path: '/ingest/actuals', headers: JSON_TYPE, body: JSON.stringify({ namespace, model, actuals }) };
}

function closing({ namespace, model }: DataModel, rows: number, run: string): EventRequest {
  const body = JSON.stringify({ namespace, model, batch: run, state: 'closed', rows });
  return { path: '/ingest/batches', headers: JSON_TYPE, body };
}

function batch({ namespace, model, version }: DataModel, events: readonly Event[], run?: string): EventRequest {
  const predictions = events.map(({ id, timeSeconds, features, prediction, isMalformed }) => ({
    ...{ id, timeSeconds, features: isMalformed ? JSON.stringify(features) : features, prediction },
  }));
  const shared = { namespace, model, version, batch: run };
  return { path: PREDICTIONS_PATH, headers: JSON_TYPE, body: JSON.stringify({ ...shared, predictions }) };
}

/** What the challenger answered to the same requests: as whoever mirrors the traffic would tell. */
function challengerRequests({ namespace, model, challenger }: DataModel, events: readonly Event[]): EventRequest[] {
  if (challenger === undefined) return [];
  const predictions = events.map((event) => {
    const { id, timeSeconds, challenger: prediction } = event;
    return { id, timeSeconds, candidate: challenger, prediction };
  });
  return [{ path: PREDICTIONS_PATH, headers: JSON_TYPE, body: JSON.stringify({ namespace, model, predictions }) }];
}

/** One request of many rows and its response, in the Open Inference Protocol: a tensor for each feature. */
function openInference(model: DataModel, { id, timeSeconds }: Event, events: readonly Event[]): EventRequest {
  const tensor = (name: string, datatype: string, data: readonly unknown[]) => ({
    ...{ name, datatype, shape: [data.length], data },
  });
  const names = [...new Set(events.flatMap(({ features }) => Object.keys(features)))];
  const inputs = names.map((name) => {
    const data = events.map(({ features }) => features[name] ?? null);
    return tensor(name, datatypeOf(data), data);
  });
  const scores = events.map(({ prediction }) => prediction);
  const body = {
    ...{ namespace: model.namespace, model: model.model, id, timeSeconds },
    request: { id, inputs },
    response: { id, model_name: model.model, outputs: [tensor(model.predictionColumn, 'FP64', scores)] },
  };
  return { path: PREDICTIONS_PATH, headers: JSON_TYPE, body: JSON.stringify(body) };
}

function datatypeOf(data: readonly unknown[]): string {
  if (data.some((value) => typeof value === 'string')) return 'BYTES';
  return data.some((value) => typeof value === 'boolean') ? 'BOOL' : 'FP64';
}

/**
 * As KServe's logger posts a request and its response, here in its V1 protocol. Source: kserve/kserve, pkg/logger.
 */
function cloudEvents(model: DataModel, { id, timeSeconds }: Event, events: readonly Event[]): EventRequest[] {
  const half = (type: 'request' | 'response', body: unknown): EventRequest => ({
    path: PREDICTIONS_PATH,
    headers: {
      ...JSON_TYPE,
      'ce-specversion': '1.0',
      'ce-type': `org.kubeflow.serving.inference.${type}`,
      'ce-source': 'http://localhost:9081/',
      'ce-id': id,
      'ce-time': new Date(timeSeconds * 1_000).toISOString(),
      'ce-inferenceservicename': model.model,
      'ce-namespace': model.namespace,
      'ce-component': 'predictor',
      'ce-endpoint': '',
    },
    body: JSON.stringify(body),
  });
  return [
    half('request', { instances: events.map(({ features }) => features) }),
    half('response', { predictions: events.map(({ prediction }) => prediction) }),
  ];
}
