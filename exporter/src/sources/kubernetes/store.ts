/**
 * What is known of one kind. Several watches (namespaces, label selectors) may show the same object: it is told once, and
 * it is gone only when none of them shows it any more.
 */
import { isObject } from '@modelwatch/contract';
import type { Tell } from '../../domain/observation';
import { resourceKey } from '../../domain/resources';
import { UNSHARDED, type Sharding } from '../../domain/shards';
import type { Telemetry } from '../../domain/telemetry';
import { Fields, type Drop } from './decoders/fields';
import { decodeIdentity, decodeMeta, type Identity } from './decoders/meta';
import { sourceName, type Kind } from './kinds';

/** The objects as one watch shows them. */
export interface View {
  applied(raw: unknown): void;
  deleted(raw: unknown): void;
  /** A full list begins: what is not applied until `sweep` is gone. Calling it again begins anew. */
  mark(): void;
  sweep(): void;
  /** The view ends; what no other view shows is gone. */
  close(): void;
}

export interface KindStore {
  /** @param version API version that the view shows: an object is told again when another version shows it. */
  view(version: string): View;
  /** The kind was uninstalled: everything is gone. */
  clear(): void;
  readonly size: number;
}

export function createStore(
  kind: Kind,
  tell: Tell,
  telemetry: Telemetry,
  { owns }: Pick<Sharding, 'owns'> = UNSHARDED
): KindStore {
  const source = sourceName(kind);
  const drop: Drop = (reason, detail) => telemetry.dropped(source, reason, detail);
  /** Revision last told, by key. */
  const told = new Map<string, Identity>();
  const views = new Set<Set<string>>();

  /** Of a namespace that another shard owns: left out before it is decoded. Without a readable namespace it is everybody's. */
  function isForeign(raw: unknown): boolean {
    if (kind.clusterScoped || !isObject(raw) || !isObject(raw['metadata'])) return false;
    const namespace = raw['metadata']['namespace'];
    return typeof namespace === 'string' && !owns(namespace);
  }

  function identify(raw: unknown): { key: string; identity: Identity } | undefined {
    const identity = decodeIdentity(raw, kind.title, kind.clusterScoped ?? false, drop);
    return identity && { key: resourceKey(kind.resource, identity.namespace, identity.name), identity };
  }

  function tellObject(raw: Readonly<Record<string, unknown>>, key: string, identity: Identity): void {
    const known = told.get(key);
    if (known?.revision !== undefined && known.revision === identity.revision) return;
    const fields = Fields.of(raw, `${kind.title} ${identity.namespace}/${identity.name}`, drop);
    told.set(key, identity);
    tell({ kind: 'resource-applied', resource: kind.decode(fields, decodeMeta(fields, identity)) });
  }

  function release(held: Set<string>, key: string): void {
    if (!held.delete(key)) return;
    const identity = told.get(key);
    if (!identity || [...views].some((view) => view.has(key))) return;
    told.delete(key);
    tell({
      kind: 'resource-deleted',
      resource: kind.resource,
      namespace: identity.namespace,
      name: identity.name,
    });
  }

  function view(version: string): View {
    const held = new Set<string>();
    views.add(held);
    let seen: Set<string> | undefined;
    return {
      applied(raw) {
        if (isForeign(raw)) return telemetry.foreign(source);
        const found = identify(raw);
        if (!found || !isObject(raw)) return;
        const { key, identity } = found;
        if (kind.ours && !kind.ours(raw)) return release(held, key);
        seen?.add(key);
        held.add(key);
        const revision = identity.revision === undefined ? {} : { revision: `${version} ${identity.revision}` };
        tellObject(raw, key, { ...identity, ...revision });
      },
      deleted(raw) {
        if (isForeign(raw)) return telemetry.foreign(source);
        const found = identify(raw);
        if (found) release(held, found.key);
      },
      mark() {
        seen = new Set();
      },
      sweep() {
        for (const key of [...held]) if (!seen?.has(key)) release(held, key);
        seen = undefined;
      },
      close() {
        for (const key of [...held]) release(held, key);
        views.delete(held);
      },
    };
  }

  return {
    view,
    clear() {
      for (const held of views) for (const key of [...held]) release(held, key);
      views.clear();
    },
    get size() {
      return told.size;
    },
  };
}
