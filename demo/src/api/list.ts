/** Lists in pages. All pages of one list show the moment of the first, as etcd's snapshots do. */
import { apiVersionOf, type ResourceType } from './kinds';
import { parseSelector, type Selector } from './selector';
import { status, type Status } from './status';
import type { ObjectStore, Stored } from './store';

export interface ListQuestion {
  readonly type: ResourceType;
  /** Empty: all namespaces. */
  readonly namespace: string;
  readonly query: URLSearchParams;
}

interface Page {
  readonly resourceVersion: number;
  readonly next: number;
}

/** Unfinished lists that are remembered; the oldest is forgotten first and its token gets 410. */
const MAX_SNAPSHOTS = 64;

export class Lister {
  private readonly snapshots = new Map<string, readonly Stored[]>();

  constructor(private readonly store: ObjectStore) {}

  /** The text of a list object, or why there is none. */
  answer(question: ListQuestion): string | Status {
    const { type, namespace, query } = question;
    const filter = filterOf(namespace, query);
    if (typeof filter !== 'function') return filter;
    const limit = limitOf(query);
    if (typeof limit !== 'number') return limit;
    const token = query.get('continue') ?? '';
    const page = token === '' ? { resourceVersion: this.store.resourceVersion, next: 0 } : readToken(token);
    if (page === undefined) return status(400, 'continue key is not valid');
    const key = snapshotKey(type, namespace, query, page.resourceVersion);
    const objects = token === '' ? this.store.list(type).filter(filter) : this.snapshots.get(key);
    if (objects === undefined || (token !== '' && this.store.isTooOld(page.resourceVersion))) {
      return status(410, 'The provided continue parameter is too old to display a consistent list result.');
    }
    const end = limit === 0 ? objects.length : Math.min(objects.length, page.next + limit);
    const more = end < objects.length;
    if (more) this.remember(key, objects);
    else this.snapshots.delete(key);
    const metadata = {
      ...(more ? { continue: writeToken({ ...page, next: end }), remainingItemCount: objects.length - end } : {}),
      resourceVersion: String(page.resourceVersion),
    };
    const items = objects.slice(page.next, end).map((object) => object.text);
    return `{"apiVersion":${JSON.stringify(apiVersionOf(type))},"items":[${items.join(',')}],"kind":"${
      type.kind
    }List","metadata":${JSON.stringify(metadata)}}`;
  }

  forget(): void {
    this.snapshots.clear();
  }

  private remember(key: string, objects: readonly Stored[]): void {
    this.snapshots.delete(key);
    this.snapshots.set(key, objects);
    for (const oldest of this.snapshots.keys()) {
      if (this.snapshots.size <= MAX_SNAPSHOTS) return;
      this.snapshots.delete(oldest);
    }
  }
}

/** What namespace and label selector let through. */
export function filterOf(namespace: string, query: URLSearchParams): ((object: Stored) => boolean) | Status {
  const text = query.get('labelSelector') ?? '';
  const selector: Selector | undefined = text === '' ? () => true : parseSelector(text);
  if (selector === undefined) return status(400, `unable to parse requirement: labelSelector ${JSON.stringify(text)}`);
  return (object) => (namespace === '' || object.namespace === namespace) && selector(object.labels);
}

function limitOf(query: URLSearchParams): number | Status {
  const text = query.get('limit') ?? '0';
  return /^\d+$/.test(text) ? Number(text) : status(400, `limit: invalid value ${JSON.stringify(text)}`);
}

/** Two lists of one moment share a snapshot only if they ask the same. */
function snapshotKey(type: ResourceType, namespace: string, query: URLSearchParams, resourceVersion: number): string {
  return [type.group, type.plural, namespace, query.get('labelSelector') ?? '', resourceVersion].join('|');
}

function writeToken(page: Page): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: page.resourceVersion, start: page.next })).toString(
    'base64url'
  );
}

function readToken(token: string): Page | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (typeof value !== 'object' || value === null || !('rv' in value) || !('start' in value)) return undefined;
    const { rv, start } = value;
    if (typeof rv !== 'number' || typeof start !== 'number') return undefined;
    return { resourceVersion: rv, next: start };
  } catch {
    return undefined;
  }
}
