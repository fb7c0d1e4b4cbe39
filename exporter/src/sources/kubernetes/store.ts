/**
 * What is known of one kind. Several watches (namespaces, label selectors) may show the same object: it is told once, and
 * it is gone only when none of them shows it any more. Of an object nothing is kept but who it is and its version.
 */
import { isObject } from '@modelwatch/contract';
import type { Tell } from '../../domain/observation';
import { resourceKey } from '../../domain/resources';
import { UNSHARDED, type Sharding } from '../../domain/shards';
import type { Telemetry } from '../../domain/telemetry';
import type { Slices } from '../clock';
import { Fields, type Drop } from './decoders/fields';
import { decodeIdentity, decodeMeta, type Identity } from './decoders/meta';
import { KEEP_LITTLE, type Keep } from './decoders/keep';
import { sourceName, type Kind } from './kinds';
import { isOlder } from './revision';

/** The objects as one watch shows them. */
export interface View {
  /** An object of a full list. */
  listed(raw: unknown): void;
  /** An object of an event. What is older than what is known, or as old, is left out: it came late, or twice. */
  applied(raw: unknown): void;
  deleted(raw: unknown): void;
  /** A full list begins: what is not listed or applied until `sweep` is gone. Calling it again begins anew. */
  mark(): void;
  sweep(slices: Slices): Promise<void>;
  /** The view ends; what no other view shows is gone. */
  close(slices: Slices): Promise<void>;
}

export interface KindStore {
  /** @param version API version that the view shows: an object is told again when another version shows it. */
  view(version: string): View;
  readonly size: number;
}

interface Entry extends Identity {
  /** Who told of this version of the object, in the API version of that view. */
  readonly from: StoreView;
}

/** Deletions that are remembered, so that a late event does not bring an object back. */
const TOMBSTONES = 1_000;

/** @param keep which labels and annotations of the objects; by default those that the code reads */
export function createStore(
  kind: Kind,
  tell: Tell,
  telemetry: Telemetry,
  { owns }: Pick<Sharding, 'owns'> = UNSHARDED,
  keep: Keep = KEEP_LITTLE
): KindStore {
  return new Store(kind, tell, telemetry, owns, keep);
}

class Store implements KindStore {
  private readonly entries = new Map<string, Entry>();
  private readonly views = new Set<StoreView>();
  /** Version of the deletion, by key; oldest first. */
  private readonly tombstones = new Map<string, string>();
  private readonly drop: Drop;

  constructor(
    private readonly kind: Kind,
    private readonly tell: Tell,
    private readonly telemetry: Telemetry,
    private readonly owns: Sharding['owns'],
    private readonly keep: Keep
  ) {
    const source = sourceName(kind);
    this.drop = (reason, detail) => telemetry.dropped(source, reason, detail);
  }

  view(version: string): View {
    const view = new StoreView(this, version);
    this.views.add(view);
    return view;
  }

  get size(): number {
    return this.entries.size;
  }

  /** Who the object is; nothing where that cannot be said, or where it is another shard's. */
  identify(raw: unknown): Identity | undefined {
    if (this.isForeign(raw)) {
      this.telemetry.foreign(sourceName(this.kind));
      return undefined;
    }
    return decodeIdentity(raw, this.kind.title, this.kind.clusterScoped ?? false, this.drop);
  }

  keyOf(identity: Identity): string {
    return resourceKey(this.kind.resource, identity.namespace, identity.name);
  }

  isOurs(raw: Readonly<Record<string, unknown>>): boolean {
    return this.kind.ours?.(raw) ?? true;
  }

  isOlderThanKnown(key: string, identity: Identity): boolean {
    return this.entries.has(key) && this.isLate(key, identity);
  }

  /** An event of a moment before what is known: of the object itself, or of its deletion. */
  isLate(key: string, { resourceVersion }: Identity): boolean {
    const known = this.entries.get(key)?.resourceVersion ?? this.tombstones.get(key);
    return resourceVersion !== undefined && known !== undefined && isOlder(resourceVersion, known);
  }

  apply(raw: Readonly<Record<string, unknown>>, key: string, identity: Identity, from: StoreView): void {
    const known = this.entries.get(key);
    if (known && isSame(known, identity) && known.from.version === from.version) return;
    this.entries.set(key, Object.assign({}, identity, { from }));
    const fields = Fields.of(raw, `${this.kind.title} ${identity.namespace}/${identity.name}`, this.drop);
    const meta = decodeMeta(fields, identity, this.keep);
    const shown = this.kind.showsNothing ? undefined : this.keep.shown(fields.child('metadata'));
    this.tell({ kind: 'resource-applied', resource: this.kind.decode(fields, shown ? { ...meta, shown } : meta) });
  }

  showsOther(key: string, except?: StoreView): boolean {
    for (const view of this.views) if (view !== except && view.holds(key)) return true;
    return false;
  }

  /** Whether what is known of the object was told by the view. */
  cameFrom(key: string, view: StoreView): boolean {
    return this.entries.get(key)?.from === view;
  }

  /** The view does not show the object any more. */
  released(key: string, deletedAt?: string): void {
    const entry = this.entries.get(key);
    if (!entry || this.showsOther(key)) return;
    this.entries.delete(key);
    const { namespace, name, resourceVersion: known } = entry;
    const isKnownNewer = deletedAt === undefined || (known !== undefined && isOlder(deletedAt, known));
    const buriedAt = isKnownNewer ? known : deletedAt;
    if (buriedAt !== undefined) this.bury(key, buriedAt);
    this.tell({ kind: 'resource-deleted', resource: this.kind.resource, namespace, name });
  }

  ended(view: StoreView): void {
    this.views.delete(view);
  }

  /** After etcd was restored its versions go on from before: what a list shows from then on must not seem late. */
  listBegins(): void {
    this.tombstones.clear();
  }

  /** Of a namespace that another shard owns: left out before it is decoded. Without a readable namespace it is everybody's. */
  private isForeign(raw: unknown): boolean {
    if (this.kind.clusterScoped || !isObject(raw) || !isObject(raw['metadata'])) return false;
    const namespace = raw['metadata']['namespace'];
    return typeof namespace === 'string' && !this.owns(namespace) && !this.kind.everywhere?.(raw);
  }

  private bury(key: string, resourceVersion: string): void {
    this.tombstones.delete(key);
    this.tombstones.set(key, resourceVersion);
    if (this.tombstones.size <= TOMBSTONES) return;
    const [oldest] = this.tombstones.keys();
    if (oldest !== undefined) this.tombstones.delete(oldest);
  }
}

class StoreView implements View {
  /** Keys that the view shows, each with the list that it was seen in or after. */
  private readonly held = new Map<string, number>();
  private list = 0;

  constructor(
    private readonly store: Store,
    readonly version: string
  ) {}

  holds(key: string): boolean {
    return this.held.has(key);
  }

  listed(raw: unknown): void {
    const identity = this.store.identify(raw);
    if (!identity || !isObject(raw)) return;
    const key = this.store.keyOf(identity);
    if (!this.store.isOurs(raw)) return;
    const again = this.held.get(key) === this.list;
    this.held.set(key, this.list);
    // A list is the truth, also after etcd was restored and its versions went back; unless the object was seen since it
    // began, or another watch shows it: then whoever has the newer version is right.
    if (this.store.isOlderThanKnown(key, identity) && (again || this.store.showsOther(key, this))) return;
    this.store.apply(raw, key, identity, this);
  }

  applied(raw: unknown): void {
    const identity = this.store.identify(raw);
    if (!identity || !isObject(raw)) return;
    const key = this.store.keyOf(identity);
    if (this.store.isLate(key, identity)) return;
    if (!this.store.isOurs(raw)) return this.release(key, identity.resourceVersion);
    this.held.set(key, this.list);
    this.store.apply(raw, key, identity, this);
  }

  deleted(raw: unknown): void {
    const identity = this.store.identify(raw);
    if (!identity) return;
    const key = this.store.keyOf(identity);
    // What another watch knows says nothing of this one, which may only now come to when the object left it.
    if (this.store.isLate(key, identity) && this.store.cameFrom(key, this)) return;
    this.release(key, identity.resourceVersion);
  }

  mark(): void {
    this.list += 1;
    this.store.listBegins();
  }

  async sweep(slices: Slices): Promise<void> {
    for (const [key, list] of this.held) {
      if (list !== this.list) this.release(key);
      if (slices.due) await slices.yield();
    }
  }

  async close(slices: Slices): Promise<void> {
    this.mark();
    await this.sweep(slices);
    this.store.ended(this);
  }

  private release(key: string, deletedAt?: string): void {
    if (this.held.delete(key)) this.store.released(key, deletedAt);
  }
}

function isSame(known: Identity, other: Identity): boolean {
  return (
    known.resourceVersion !== undefined && known.resourceVersion === other.resourceVersion && known.uid === other.uid
  );
}
