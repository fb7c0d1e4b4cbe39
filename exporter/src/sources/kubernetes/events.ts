/** The lines of a watch: events in, what they say out, in slices that leave the event loop to others. */
import { isObject, preview } from '@modelwatch/contract';
import type { Telemetry, WatchEventType } from '../../domain/telemetry';
import type { Slices } from '../clock';
import { ApiError } from './errors';
import { LineSplitter } from './lines';
import { isOlder } from './revision';
import type { View } from './store';

export interface EventReaderDeps {
  readonly source: string;
  readonly path: string;
  readonly view: View;
  readonly slices: Slices;
  readonly telemetry: Telemetry;
}

/** What a watch has told so far; a reader adds to it. */
export interface Progress {
  /** From where a watch can go on. `undefined`: from nowhere, a list is needed. */
  resourceVersion: string | undefined;
  sawBookmark: boolean;
}

/** An object has at most about 1.5 MB in etcd; a line that is much longer is not a watch. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Annotation of the bookmark that ends the initial events of a streamed list. */
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';
const TYPES: readonly string[] = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR'];

/** What one event was, for whoever waits for the end of a streamed list. */
export type Told = WatchEventType | 'initial-events-end' | 'unknown';

export class EventReader {
  constructor(
    private readonly deps: EventReaderDeps,
    private readonly progress: Progress
  ) {}

  /**
   * Reads to the end of the stream.
   * @param listing asked for each object: whether it belongs to a list that is being streamed
   * @param heard awaited after each event; may throw to give the stream up
   * @returns how many events there were
   * @throws ApiError when the stream breaks off in the middle of a line, or tells of an error
   */
  async read(
    stream: AsyncIterable<Buffer>,
    listing: () => boolean,
    heard: (told: Told) => void | Promise<void>
  ): Promise<number> {
    const { slices, telemetry, source } = this.deps;
    const splitter = new LineSplitter(MAX_LINE_BYTES);
    let count = 0;
    for await (const chunk of stream) {
      const counts = new Map<WatchEventType, number>();
      try {
        for (const line of linesOf(splitter, chunk, this.deps.path)) {
          count += 1;
          const told = this.event(line, listing(), counts);
          const pending = heard(told);
          if (pending) await pending;
          if (slices.due) await slices.yield();
        }
      } finally {
        for (const [type, number] of counts) telemetry.events(source, type, number);
      }
    }
    if (splitter.pendingBytes > 0) {
      throw new ApiError('disconnected', `GET ${this.deps.path}: watch ended in the middle of an event`);
    }
    return count;
  }

  /** @throws ApiError when the watch cannot go on: then a new list tells what an unreadable event would have told */
  private event(line: string, listing: boolean, counts: Map<WatchEventType, number>): Told {
    const { path, source, telemetry } = this.deps;
    const event = parse(line);
    if (!isObject(event) || typeof event['type'] !== 'string') {
      const detail = `GET ${path}: expected a watch event as JSON, got ${preview(line)}`;
      telemetry.dropped(source, 'malformed_json', detail);
      this.progress.resourceVersion = undefined;
      throw new ApiError('invalid_response', detail);
    }
    const { type, object } = event;
    if (!isWatchEventType(type)) {
      telemetry.dropped(source, 'unknown_value', `GET ${path} type: expected a watch event, got ${preview(type)}`);
      return 'unknown';
    }
    counts.set(type, (counts.get(type) ?? 0) + 1);
    this.take(type, object, listing);
    const metadata = isObject(object) && isObject(object['metadata']) ? object['metadata'] : {};
    const endsList = listing && type === 'BOOKMARK' && isInitialEventsEnd(metadata['annotations']);
    // Of a streamed list, only its end says from where the watch can go on.
    if (!listing || endsList) this.moveOn(metadata['resourceVersion']);
    return endsList ? 'initial-events-end' : type;
  }

  private take(type: WatchEventType, object: unknown, listing: boolean): void {
    const { view } = this.deps;
    switch (type) {
      case 'ADDED':
        return listing ? view.listed(object) : view.applied(object);
      case 'MODIFIED':
        return view.applied(object);
      case 'DELETED':
        return view.deleted(object);
      case 'BOOKMARK':
        this.progress.sawBookmark = true;
        return;
      case 'ERROR':
        throw this.errorEvent(object);
    }
  }

  /** A version from before comes with an event that is late; going on from it would tell everything since again. */
  private moveOn(version: unknown): void {
    const { progress } = this;
    if (typeof version !== 'string' || !version) return;
    if (progress.resourceVersion !== undefined && isOlder(version, progress.resourceVersion)) return;
    progress.resourceVersion = version;
  }

  private errorEvent(status: unknown): ApiError {
    this.progress.resourceVersion = undefined;
    const code = isObject(status) ? status['code'] : undefined;
    return code === 410
      ? new ApiError('expired', `GET ${this.deps.path}: the history that the watch needs is gone (410)`)
      : new ApiError('server_error', `GET ${this.deps.path}: watch ended with an error, code ${preview(code)}`);
  }
}

function isInitialEventsEnd(annotations: unknown): boolean {
  return isObject(annotations) && annotations[INITIAL_EVENTS_END] === 'true';
}

function isWatchEventType(type: unknown): type is WatchEventType {
  return TYPES.includes(type as string);
}

function linesOf(splitter: LineSplitter, chunk: Buffer, path: string): Iterable<string> {
  try {
    return splitter.push(chunk);
  } catch (error) {
    throw new ApiError('too_large', `GET ${path}: ${(error as Error).message}`);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
