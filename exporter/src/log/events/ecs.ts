/**
 * Events as documents of the Elastic Common Schema 8.6. Names, types and allowed values: elastic/ecs, `schemas/base.yml`,
 * `event.yml`, `service.yml`, `orchestrator.yml`, and "ECS field reference" on elastic.co. What the schema has no field
 * for stands under `modelwatch`.
 *
 * Of `event.category` only the values of the schema may be used, and none of them fits drift, accuracy, objectives and
 * alerts: there it is left out, as the schema asks for.
 */
import { createHash } from 'node:crypto';
import type { EventKind } from '@modelwatch/contract';
import type { LoggedEvent } from './types';

const ECS_VERSION = '8.6.0';
const AUDIT_DATASET = 'modelwatch.audit';
const PREDICTION_DATASET = 'modelwatch.predictions';

/** Who writes the log. */
export interface Writer {
  readonly version: string;
  /** Of the machine or pod. */
  readonly host: string;
}

const CATEGORIES: Partial<Record<EventKind, readonly string[]>> = {
  health: ['process'],
  serving: ['process'],
  configuration: ['configuration'],
  references: ['configuration'],
  response: ['configuration'],
};

/** 32 hexadecimal digits, the same for events of the same kind and identity. */
export function eventId({ kind, cluster, namespace, model, subject, identity }: LoggedEvent): string {
  const all = [kind, cluster ?? '', namespace ?? '', model ?? '', subject ?? '', ...identity];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 32);
}

/** @param seenSeconds when the exporter learned of it */
export function ecsDocument(event: LoggedEvent, id: string, seenSeconds: number, writer: Writer): object {
  const { kind, namespace, model, cluster } = event;
  return {
    '@timestamp': isoTime(event.atSeconds),
    message: event.text,
    ecs: { version: ECS_VERSION },
    event: {
      id,
      kind: kind === 'alert' ? 'alert' : 'event',
      ...(CATEGORIES[kind] ? { category: CATEGORIES[kind] } : {}),
      type: [event.type],
      action: event.action,
      outcome: event.outcome,
      reason: event.reason,
      module: 'modelwatch',
      dataset: kind === 'prediction' ? PREDICTION_DATASET : AUDIT_DATASET,
      created: isoTime(seenSeconds),
    },
    // The service is the one that writes; what the event is about stands under orchestrator and modelwatch.
    service: { name: 'modelwatch', type: 'modelwatch', version: writer.version, node: { name: writer.host } },
    ...(namespace === undefined
      ? {}
      : {
          orchestrator: {
            type: 'kubernetes',
            namespace,
            ...(cluster ? { cluster: { name: cluster } } : {}),
            ...(model === undefined ? {} : { resource: { type: 'model', name: model } }),
          },
        }),
    ...(event.labels && Object.keys(event.labels).length > 0 ? { labels: flatNames(event.labels) } : {}),
    modelwatch: {
      kind,
      namespace,
      model,
      pipeline: event.pipeline,
      subject: event.subject,
      from: event.from,
      to: event.to,
      ...event.details,
    },
  };
}

export function isoTime(seconds: number): string {
  return new Date(Math.round(seconds * 1_000)).toISOString();
}

/** `labels` of the schema are keywords without a level below: a dot would make one. */
function flatNames(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name.replaceAll('.', '_'), value]));
}
