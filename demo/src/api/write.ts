/**
 * Writing objects, as far as those do who act on a fleet: merge patches (RFC 7386), whole objects, new objects. A
 * resourceVersion in what is sent is a precondition; `dryRun=All` answers the same and keeps nothing. Pure.
 */
import { uid } from '../random';
import type { KubernetesObject } from '../types';
import { apiVersionOf, resourceName, type ResourceType } from './kinds';
import { status, type Status } from './status';

type Json = Record<string, unknown>;

export interface Write {
  readonly method: string;
  readonly contentType: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly type: ResourceType;
  readonly namespace: string;
  /** Absent: a new object, which says its name itself. */
  readonly name?: string;
  readonly nowMs: number;
}

export interface Written {
  readonly code: 200 | 201;
  readonly object: KubernetesObject;
  /** What is to stay when the controllers of the fleet write the object again. */
  readonly patch: Json;
  readonly dryRun: boolean;
}

/** @param find the object of a name as it is stored */
export function writeObject(write: Write, find: (name: string) => string | undefined): Written | Status {
  const { type, method, query } = write;
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All')) return status(422, `dryRun: Unsupported value: "${dryRun.join()}"`);
  const sent = parse(write.body);
  if (sent === undefined) return status(400, 'the body of the request is no JSON object');
  const name = write.name ?? String(asObject(sent['metadata'])['name'] ?? '');
  const found = find(name);
  const before = found === undefined ? {} : (JSON.parse(found) as Json);
  const refusal = refusalOf(write, name, sent, found === undefined ? undefined : before);
  if (refusal !== undefined) return refusal;
  const merged = method === 'PATCH' ? (merge(before, sent) as Json) : sent;
  const object = {
    ...merged,
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: metadataOf(before, merged, { ...write, name }),
  } as KubernetesObject;
  const code = method === 'POST' ? 201 : 200;
  return { code, object, patch: method === 'PATCH' ? withoutVersion(sent) : {}, dryRun: dryRun.length > 0 };
}

function refusalOf(write: Write, name: string, sent: Json, before: Json | undefined): Status | undefined {
  const { type, method, contentType } = write;
  const details = { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural };
  const title = `${resourceName(type)} "${name}"`;
  if (method === 'POST') {
    if (name === '') return status(422, `${type.kind} "" is invalid: metadata.name: Required value`);
    return before && { ...status(409, `${title} already exists`, details), reason: 'AlreadyExists' };
  }
  if (before === undefined) return status(404, `${title} not found`, details);
  if (method === 'PATCH' && !contentType.startsWith('application/merge-patch+json')) {
    const accepted = 'accepted media types include: application/merge-patch+json';
    return status(415, `the body of the request was in an unknown format - ${accepted}`);
  }
  const wanted = asObject(sent['metadata'])['resourceVersion'];
  if (wanted === undefined || wanted === asObject(before['metadata'])['resourceVersion']) return undefined;
  const why = 'the object has been modified; please apply your changes to the latest version and try again';
  return status(409, `Operation cannot be fulfilled on ${title}: ${why}`, details);
}

/** The generation counts changes of the spec; who wrote last is in managedFields. */
function metadataOf(before: Json, merged: Json, write: Write & { readonly name: string }): Json {
  const earlier = asObject(before['metadata']);
  const { generation } = earlier;
  const isChanged = JSON.stringify(before['spec']) !== JSON.stringify(merged['spec']);
  const manager = write.query.get('fieldManager');
  const others = (Array.isArray(earlier['managedFields']) ? (earlier['managedFields'] as Json[]) : []).filter(
    (entry) => entry['manager'] !== manager
  );
  const time = `${new Date(write.nowMs).toISOString().slice(0, 19)}Z`;
  const entry = { manager, operation: 'Update', apiVersion: apiVersionOf(write.type), time };
  const { resourceVersion: _version, ...rest } = asObject(merged['metadata']);
  return {
    ...rest,
    uid: earlier['uid'] ?? uid(0, write.type.kind, write.namespace, write.name),
    name: write.name,
    ...(write.type.namespaced ? { namespace: write.namespace } : {}),
    ...(typeof generation === 'number' ? { generation: isChanged ? generation + 1 : generation } : {}),
    ...(manager === null ? {} : { managedFields: [...others, entry] }),
  };
}

/** A `null` in a patch takes the key away; lists are replaced. */
export function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const out: Json = { ...asObject(target) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = merge(out[key], value);
  }
  return out;
}

function withoutVersion(patch: Json): Json {
  const { resourceVersion: _version, ...metadata } = asObject(patch['metadata']);
  return { ...patch, ...(patch['metadata'] === undefined ? {} : { metadata }) };
}

function parse(body: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}
