/**
 * One list and watch: all objects of one kind, in all namespaces or one, with one label selector. Runs until its signal is
 * aborted. Nothing that the server does ends it; the protocol is the Kubernetes API's ("efficient detection of changes").
 */
import { isObject, preview } from '@modelwatch/contract';
import type { Telemetry } from '../../domain/telemetry';
import { Slices, sleep, type Clock } from '../clock';
import type { KubernetesApi } from './api';
import { Backoff } from './backoff';
import { ApiError, toApiError } from './errors';
import { LineSplitter } from './lines';
import { readPages } from './pages';
import type { View } from './store';

/** What one watch knows of itself. `failing` and `silent` carry words. */
export interface Condition {
  readonly state: 'syncing' | 'synced' | 'failing' | 'silent';
  readonly lastContactSeconds?: number;
  readonly message?: string;
}

export interface WatcherDeps {
  readonly api: KubernetesApi;
  /** Name of the source, for telemetry. */
  readonly source: string;
  readonly path: string;
  readonly labelSelector?: string;
  readonly pageSize: number;
  readonly staleAfterSeconds: number;
  readonly view: View;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Called on every sign of life and on every change of state. */
  readonly report: (condition: Condition) => void;
  /** The list is not there (404): the kind may have been uninstalled. */
  readonly missing: () => void;
}

/** An object has at most about 1.5 MB in etcd; a line that is much longer is not a watch. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** A watch that stayed this long was healthy, even if it brought nothing. */
const HEALTHY_SECONDS = 5;

export class Watcher {
  private readonly backoff: Backoff;
  private condition: Condition = { state: 'syncing' };
  private resourceVersion: string | undefined;
  private sawBookmark = false;

  constructor(private readonly deps: WatcherDeps) {
    this.backoff = new Backoff(deps.clock);
  }

  /** Resolves after the signal is aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const startedSeconds = this.deps.clock.nowSeconds();
      try {
        if (this.resourceVersion === undefined) await this.list(signal);
        await this.watch(signal, startedSeconds);
      } catch (error) {
        if (signal.aborted) return;
        if (this.deps.clock.nowSeconds() - startedSeconds >= HEALTHY_SECONDS) this.backoff.reset();
        await this.survive(toApiError(error, `GET ${this.deps.path}`), signal);
      }
    }
  }

  private async list(signal: AbortSignal): Promise<void> {
    const { view, telemetry, source } = this.deps;
    view.mark();
    const pages = readPages(this.deps.api, { ...this.deps, signal });
    const slices = new Slices();
    let version = '';
    for await (const page of pages) {
      for (const item of page.items) {
        view.applied(item);
        if (slices.due) await slices.yield();
        if (signal.aborted) return;
      }
      version = page.resourceVersion;
      this.contact();
    }
    view.sweep();
    this.resourceVersion = version;
    telemetry.relist(source);
    this.change({ state: 'synced' });
  }

  /** Returns when the server ends the watch in good order; anything else throws. */
  private async watch(signal: AbortSignal, startedSeconds: number): Promise<void> {
    const { api, clock, staleAfterSeconds } = this.deps;
    const quiet = new AbortController();
    const both = AbortSignal.any([signal, quiet.signal]);
    let cancel = clock.after(staleAfterSeconds, () => quiet.abort());
    const touch = () => {
      cancel();
      cancel = clock.after(staleAfterSeconds, () => quiet.abort());
    };
    try {
      const stream = await api.stream(this.watchPath(), both);
      // A silent watch is believed again when it speaks, not when it is opened.
      if (this.condition.state !== 'silent') {
        this.change({ state: 'synced' });
        this.contact();
      }
      const events = await this.readEvents(stream, touch);
      if (events === 0 && clock.nowSeconds() - startedSeconds < 1) {
        throw new ApiError('disconnected', `GET ${this.deps.path}: watch ended as soon as it began`);
      }
    } catch (error) {
      if (!quiet.signal.aborted || signal.aborted) throw error;
      throw new ApiError('silent', `no event and no bookmark for ${staleAfterSeconds} s`);
    } finally {
      cancel();
    }
  }

  private watchPath(): string {
    // Spread over 5 to 10 minutes, so that the watches of many exporters do not end together.
    const timeoutSeconds = Math.round(300 * (1 + this.deps.clock.random()));
    const query = new URLSearchParams({
      watch: 'true',
      resourceVersion: this.resourceVersion ?? '',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(timeoutSeconds),
    });
    if (this.deps.labelSelector !== undefined) query.set('labelSelector', this.deps.labelSelector);
    return `${this.deps.path}?${query.toString()}`;
  }

  private async readEvents(stream: AsyncIterable<Buffer>, touch: () => void): Promise<number> {
    const splitter = new LineSplitter(MAX_LINE_BYTES);
    const slices = new Slices();
    let count = 0;
    for await (const chunk of stream) {
      const lines = splitter.push(chunk);
      for (const line of lines) this.event(line);
      if (lines.length === 0) continue;
      count += lines.length;
      this.deps.telemetry.events(this.deps.source, lines.length);
      this.backoff.reset();
      this.contact();
      touch();
      if (slices.due) await slices.yield();
    }
    if (splitter.pendingBytes > 0) {
      throw new ApiError('disconnected', `GET ${this.deps.path}: watch ended in the middle of an event`);
    }
    return count;
  }

  /** @throws ApiError when the watch cannot go on: then a new list tells what an unreadable event would have told */
  private event(line: string): void {
    const { view, path, source, telemetry } = this.deps;
    const event = parse(line);
    if (!isObject(event) || typeof event['type'] !== 'string') {
      const detail = `GET ${path}: expected a watch event as JSON, got ${preview(line)}`;
      telemetry.dropped(source, 'malformed_json', detail);
      this.resourceVersion = undefined;
      throw new ApiError('invalid_response', detail);
    }
    const object = event['object'];
    switch (event['type']) {
      case 'ADDED':
      case 'MODIFIED':
        view.applied(object);
        break;
      case 'DELETED':
        view.deleted(object);
        break;
      case 'BOOKMARK':
        this.sawBookmark = true;
        break;
      case 'ERROR':
        throw this.errorEvent(object);
      default:
        telemetry.dropped(
          source,
          'unknown_value',
          `GET ${path} type: expected a watch event, got ${preview(event['type'])}`
        );
        return;
    }
    const version =
      isObject(object) && isObject(object['metadata']) ? object['metadata']['resourceVersion'] : undefined;
    if (typeof version === 'string' && version) this.resourceVersion = version;
  }

  private errorEvent(status: unknown): ApiError {
    this.resourceVersion = undefined;
    const code = isObject(status) ? status['code'] : undefined;
    return code === 410
      ? new ApiError('expired', `GET ${this.deps.path}: the history that the watch needs is gone (410)`)
      : new ApiError('server_error', `GET ${this.deps.path}: watch ended with an error, code ${preview(code)}`);
  }

  private async survive(error: ApiError, signal: AbortSignal): Promise<void> {
    const { source, telemetry, clock } = this.deps;
    telemetry.error(source, error.reason);
    // Also after a failed list: nothing was swept, and the next list begins anew.
    if (error.reason === 'expired' || error.reason === 'not_found') this.resourceVersion = undefined;
    // A server that sends no bookmarks is silent by nature; only a list can tell whether anything changed.
    if (error.reason === 'silent' && !this.sawBookmark) this.resourceVersion = undefined;
    if (error.reason === 'not_found') this.deps.missing();

    const first = this.backoff.attempts === 0;
    const wait = this.backoff.next(error.retryAfterSeconds);
    if (error.reason === 'silent') this.change({ state: 'silent', message: error.message });
    // One lost connection that is made again at once is everyday life, not a failure.
    else if (!first || this.condition.state === 'syncing') {
      if (error.reason !== 'expired') this.change({ state: 'failing', message: error.message });
    }
    await sleep(clock, first && error.reason === 'expired' ? 0 : wait, signal);
  }

  private contact(): void {
    const now = this.deps.clock.nowSeconds();
    const { state, message } = this.condition;
    this.condition =
      state === 'silent'
        ? { state: 'synced', lastContactSeconds: now }
        : { state, lastContactSeconds: now, ...(message === undefined ? {} : { message }) };
    this.deps.report(this.condition);
  }

  private change(next: Pick<Condition, 'state' | 'message'>): void {
    const { lastContactSeconds } = this.condition;
    this.condition = { ...next, ...(lastContactSeconds === undefined ? {} : { lastContactSeconds }) };
    this.deps.report(this.condition);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
