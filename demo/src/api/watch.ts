/** One open watch: events of a kind as chunked lines of JSON, bookmarks in between, 410 as an event. */
import type { ServerResponse } from 'node:http';
import { apiVersionOf, type ResourceType } from './kinds';
import { filterOf } from './list';
import { status, tooOld, type Status } from './status';
import type { ObjectStore, Stored, StoreEvent } from './store';

export interface WatchQuestion {
  readonly type: ResourceType;
  readonly version: string;
  readonly namespace: string;
  readonly query: URLSearchParams;
}

export interface WatchSettings {
  readonly bookmarkIntervalMs: number;
  /** Whether the server streams initial events (its feature gate WatchList). */
  readonly watchList: boolean;
}

type Line = { readonly type: string; readonly text: string };

/** Why a watch cannot be opened; `undefined` if it can. */
export function refuseWatch(question: WatchQuestion, settings: WatchSettings): Status | undefined {
  const { query } = question;
  const filter = filterOf(question.namespace, query);
  if (typeof filter !== 'function') return filter;
  const resourceVersion = query.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(resourceVersion)) {
    return status(400, `resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}`);
  }
  if (!query.has('sendInitialEvents')) return undefined;
  if (!settings.watchList) {
    return status(422, 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled');
  }
  return query.get('resourceVersionMatch') === 'NotOlderThan'
    ? undefined
    : status(422, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
}

export class OpenWatch {
  private readonly filter: (object: Stored) => boolean;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly unsubscribe: () => void;
  private held: Line[] | undefined;
  private ended = false;
  private before: StoreEvent | undefined;
  private afterwards: (() => void) | undefined;

  /** The question must have passed `refuseWatch`. */
  constructor(
    readonly question: WatchQuestion,
    private readonly store: ObjectStore,
    private readonly response: ServerResponse,
    settings: WatchSettings
  ) {
    const { type, namespace, query } = question;
    const filter = filterOf(namespace, query);
    this.filter = typeof filter === 'function' ? filter : () => false;
    this.unsubscribe = store.subscribe(type, (event) => this.tell(event));
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
    response.flushHeaders();
    response.on('close', () => this.finish());
    if (!this.begin()) return;
    if (query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1') {
      this.timers.push(setInterval(() => this.bookmark(), settings.bookmarkIntervalMs).unref());
    }
    const timeoutSeconds = Number(query.get('timeoutSeconds') ?? '');
    if (timeoutSeconds > 0) {
      this.timers.push(setTimeout(() => this.end(), timeoutSeconds * 1_000).unref());
    }
  }

  /** Calls back once, when the watch has ended, at once if it already has. */
  onEnd(callback: () => void): void {
    if (this.ended) callback();
    else this.afterwards = callback;
  }

  /** While silent, events wait; nothing at all is written. */
  silence(on: boolean): void {
    if (on) {
      this.held ??= [];
      return;
    }
    const waiting = this.held ?? [];
    this.held = undefined;
    for (const line of waiting) this.write(line);
  }

  /** Ends as a server does that closes; clients go on from their last resourceVersion. */
  end(): void {
    this.finish();
    this.response.end();
  }

  /** Breaks the connection in the middle of a line. */
  breakOff(): void {
    this.finish();
    this.response.write('{"type":"MODIFIED","object":{"apiVersion":', () => this.response.destroy());
  }

  private finish(): void {
    if (this.ended) return;
    this.ended = true;
    this.timers.forEach((timer) => clearInterval(timer));
    this.unsubscribe();
    this.afterwards?.();
  }

  /** What is sent at once. False when the watch ended with it. */
  private begin(): boolean {
    const { query, type } = this.question;
    const text = query.get('resourceVersion') ?? '';
    const streamsInitial = query.get('sendInitialEvents') === 'true';
    if (streamsInitial || text === '' || text === '0') {
      for (const object of this.store.list(type)) {
        if (this.filter(object)) this.write({ type: 'ADDED', text: object.text });
      }
      if (streamsInitial) this.bookmark({ 'k8s.io/initial-events-end': 'true' });
      return true;
    }
    const missed = this.store.since(type, Number(text));
    if ('oldest' in missed) {
      this.write({ type: 'ERROR', text: JSON.stringify(tooOld(Number(text), missed.oldest)) });
      this.end();
      return false;
    }
    for (const event of missed) this.tell(event);
    return true;
  }

  private tell(event: StoreEvent): void {
    if (!this.filter(event.object)) return;
    this.write({ type: event.type, text: event.object.text });
    const { before } = this;
    this.before = event;
    if (!this.store.disorderly) return;
    this.write({ type: event.type, text: event.object.text });
    if (before === undefined) return;
    this.write({ type: before.type, text: before.object.text });
    this.bookmark({}, before.resourceVersion);
  }

  private bookmark(annotations?: Readonly<Record<string, string>>, resourceVersion = this.store.resourceVersion): void {
    const { type } = this.question;
    const text = JSON.stringify({
      kind: type.kind,
      apiVersion: apiVersionOf(type),
      metadata: {
        resourceVersion: String(resourceVersion),
        creationTimestamp: null,
        ...(annotations === undefined ? {} : { annotations }),
      },
    });
    // Bookmarks of a silent time are lost, not late: the next one says more.
    if (this.held === undefined || annotations !== undefined) this.write({ type: 'BOOKMARK', text });
  }

  private write(line: Line): void {
    if (this.held !== undefined) {
      this.held.push(line);
      return;
    }
    if (!this.response.writableEnded) this.response.write(`{"type":"${line.type}","object":${line.text}}\n`);
  }
}
