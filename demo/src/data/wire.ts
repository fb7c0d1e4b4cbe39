/** Events as they go over the wire. */
import type { DataModel, Row } from './types';

export interface Event extends Row {
  readonly id: string;
  readonly timeSeconds: number;
}

export interface EventRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** The requests that bring these events to an exporter, in the way of the model. */
export function requestsOf(model: DataModel, events: readonly Event[]): EventRequest[] {
  if (events.length === 0) return [];
  switch (model.sending) {
    case 'batch':
    case 'open-inference':
    case 'cloudevents':
      return [batch(model, events)];
  }
}

function batch({ namespace, model, version }: DataModel, events: readonly Event[]): EventRequest {
  const predictions = events.map(({ id, timeSeconds, features, prediction }) => ({
    ...{ id, namespace, model, timeSeconds, features, prediction },
    ...(version === undefined ? {} : { version }),
  }));
  return { path: '/ingest/predictions', headers: JSON_TYPE, body: JSON.stringify({ predictions }) };
}
