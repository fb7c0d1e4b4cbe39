/** Objects with their resourceVersions and a bounded history, as etcd and the watch cache hold them. */
import type { KubernetesObject } from '../types';
import type { ResourceType } from './kinds';
import type { Labels } from './selector';

/** One version of an object. Held as text: nothing can change it, and it is sent as it stands. */
export interface Stored {
  /** `namespace/name`, or `name`; lists are in this order. */
  readonly key: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly resourceVersion: number;
  readonly text: string;
}

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Stored;
  readonly resourceVersion: number;
}

interface Shelf {
  readonly objects: Map<string, Stored>;
  /** Newest last. */
  history: StoreEvent[];
  readonly watchers: Set<(event: StoreEvent) => void>;
  /** Keys in order; made when it is asked for. */
  sorted?: readonly Stored[] | undefined;
}

/** Events kept per kind; a watch from before them gets 410. */
const HISTORY = 5_000;

function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

function labelsOf(object: KubernetesObject): Labels {
  const { labels } = object.metadata;
  return typeof labels === 'object' && labels !== null ? (labels as Labels) : {};
}

export class ObjectStore {
  /** Watches tell events twice and late, as nothing but a broken proxy does; what is stored is not touched. */
  disorderly = false;

  private readonly shelves = new Map<string, Shelf>();
  private current: number;
  /** A watch or a page from a resourceVersion before this one is too old. */
  private oldest: number;

  constructor(firstResourceVersion: number) {
    this.current = firstResourceVersion;
    this.oldest = firstResourceVersion;
  }

  get resourceVersion(): number {
    return this.current;
  }

  apply(type: ResourceType, object: KubernetesObject): void {
    const { name, namespace } = object.metadata;
    const shelf = this.shelf(type);
    const key = keyOf(type.namespaced ? namespace : undefined, name);
    const before = shelf.objects.get(key);
    if (before !== undefined && sameText(before, object)) return;
    const resourceVersion = ++this.current;
    const text = JSON.stringify({
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(resourceVersion) },
    });
    const stored = { key, namespace: namespace ?? '', labels: labelsOf(object), resourceVersion, text };
    shelf.objects.set(key, stored);
    shelf.sorted = undefined;
    this.publish(shelf, { type: before === undefined ? 'ADDED' : 'MODIFIED', object: stored, resourceVersion });
  }

  /** The DELETED event carries the last state of the object with the resourceVersion of the deletion. */
  remove(type: ResourceType, namespace: string, name: string): void {
    const shelf = this.shelf(type);
    const key = keyOf(type.namespaced ? namespace : undefined, name);
    const before = shelf.objects.get(key);
    if (before === undefined) return;
    const resourceVersion = ++this.current;
    const last = JSON.parse(before.text) as KubernetesObject;
    const text = JSON.stringify({ ...last, metadata: { ...last.metadata, resourceVersion: String(resourceVersion) } });
    shelf.objects.delete(key);
    shelf.sorted = undefined;
    this.publish(shelf, { type: 'DELETED', object: { ...before, resourceVersion, text }, resourceVersion });
  }

  /** All objects of the type, in the order of lists. The array is never changed afterwards. */
  list(type: ResourceType): readonly Stored[] {
    const shelf = this.shelf(type);
    shelf.sorted ??= [...shelf.objects.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    return shelf.sorted;
  }

  get(type: ResourceType, namespace: string, name: string): Stored | undefined {
    return this.shelf(type).objects.get(keyOf(type.namespaced ? namespace : undefined, name));
  }

  /** Events after this resourceVersion, or the oldest one that is still known. */
  since(type: ResourceType, resourceVersion: number): readonly StoreEvent[] | { readonly oldest: number } {
    if (resourceVersion < this.oldest) return { oldest: this.oldest };
    return this.shelf(type).history.filter((event) => event.resourceVersion > resourceVersion);
  }

  isTooOld(resourceVersion: number): boolean {
    return resourceVersion < this.oldest;
  }

  get oldestResourceVersion(): number {
    return this.oldest;
  }

  /** @returns a function that ends the subscription. */
  subscribe(type: ResourceType, watcher: (event: StoreEvent) => void): () => void {
    const { watchers } = this.shelf(type);
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }

  expireHistory(): void {
    for (const shelf of this.shelves.values()) shelf.history = [];
    // Even the present one must not serve to go on from.
    this.oldest = ++this.current;
  }

  /** Jumps forward, as after a time in which others wrote. */
  advance(by: number): void {
    this.current += by;
  }

  private publish(shelf: Shelf, event: StoreEvent): void {
    shelf.history.push(event);
    if (shelf.history.length > HISTORY) {
      const dropped = shelf.history.splice(0, HISTORY / 2);
      this.oldest = Math.max(this.oldest, dropped[dropped.length - 1]?.resourceVersion ?? 0);
    }
    for (const watcher of shelf.watchers) watcher(event);
  }

  private shelf(type: ResourceType): Shelf {
    const name = `${type.group}/${type.plural}`;
    let shelf = this.shelves.get(name);
    if (shelf === undefined) {
      shelf = { objects: new Map(), history: [], watchers: new Set() };
      this.shelves.set(name, shelf);
    }
    return shelf;
  }
}

/** An update that changes nothing makes no new version, as in Kubernetes. */
function sameText(before: Stored, object: KubernetesObject): boolean {
  const resourceVersion = String(before.resourceVersion);
  return before.text === JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion } });
}
