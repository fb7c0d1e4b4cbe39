/**
 * One list and watch: all objects of one kind, in all namespaces or one, with one label selector. Runs until its signal is
 * aborted. Nothing that the server does ends it; the protocol is the Kubernetes API's ("efficient detection of changes").
 */
import type { Telemetry } from '../../domain/telemetry';
import { sleep, type Clock, type Slices } from '../clock';
import type { Lane } from '../lane';
import type { KubernetesApi } from './api';
import { Backoff } from './backoff';
import { ConditionTeller, type Condition } from './condition';
import { ApiError, toApiError } from './errors';
import { EventReader, type Progress, type Told } from './events';
import { Link } from './link';
import { ListChoice, NotStreamed, type ListProtocol } from './list-choice';
import { readPages } from './pages';
import { Quiet } from './quiet';
import type { View } from './store';

export interface WatcherDeps {
  readonly api: KubernetesApi;
  /** Name of the source, for telemetry. */
  readonly source: string;
  readonly path: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly pageSize: number;
  readonly staleAfterSeconds: number;
  /** Nothing depends on the kind: where the exporter may not read it, it does without. */
  readonly optional: boolean;
  readonly protocol: ListProtocol;
  /** Lists of all watchers: only so many at a time. */
  readonly lists: Lane;
  readonly slices: Slices;
  readonly view: View;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Called on every change of state, and about every second on signs of life. */
  readonly report: (condition: Condition) => void;
  /** The list is not there (404): the kind may have been uninstalled. */
  readonly missing: () => void;
}

/** A watch that stayed this long was healthy, even if it brought nothing. */
const HEALTHY_SECONDS = 5;
/** A streamed list that brings no object and no end for so long will not end (kube-state-metrics #2973). */
const STREAMED_OBJECT_WITHIN_SECONDS = 10;
/** Rights change seldom; whoever grants them does not wait at the screen. */
const FORBIDDEN_FOR_SECONDS = 300;

/** A streamed list that is not whole yet. */
interface StreamedList {
  readonly startedAt: number;
  /** Gives room to other lists. */
  readonly leave: () => void;
}

export class Watcher {
  private readonly backoff: Backoff;
  private readonly progress: Progress = { resourceVersion: undefined, sawBookmark: false };
  private readonly reader: EventReader;
  private readonly condition: ConditionTeller;
  private readonly choice: ListChoice;

  constructor(private readonly deps: WatcherDeps) {
    this.backoff = new Backoff(deps.clock);
    this.reader = new EventReader(deps, this.progress);
    this.condition = new ConditionTeller(deps.clock, deps.report);
    this.choice = new ListChoice(deps.clock, deps.protocol, `GET ${deps.path}`);
  }

  /** Resolves after the signal is aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.progress.resourceVersion === undefined) await this.list(signal);
        else await this.watch(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof NotStreamed) this.choice.pageFor(error.pagedForSeconds);
        else await this.survive(toApiError(error, `GET ${this.deps.path}`), signal);
      }
    }
  }

  /** Takes a full list; where it is streamed, stays with the watch that it becomes. */
  private async list(signal: AbortSignal): Promise<void> {
    const { clock, lists, view } = this.deps;
    const leave = await lists.enter();
    try {
      if (signal.aborted) return;
      view.mark();
      if (this.choice.inPages) await this.listInPages(signal);
      else await this.follow(this.streamedListPath(), signal, { startedAt: clock.monotonicSeconds(), leave });
    } finally {
      leave();
    }
  }

  private async listInPages(signal: AbortSignal): Promise<void> {
    const { api, clock, slices, view } = this.deps;
    const startedAt = clock.monotonicSeconds();
    let version = '';
    for await (const page of readPages(api, { ...this.deps, signal })) {
      for (const item of page.items) {
        view.listed(item);
        if (slices.due) await slices.yield();
        if (signal.aborted) return;
      }
      version = page.resourceVersion;
      this.condition.contact();
    }
    await this.listed(startedAt);
    this.progress.resourceVersion = version;
  }

  /** Only now that the list is whole goes what it does not hold: nobody ever sees a store that is half empty. */
  private async listed(startedAt: number): Promise<void> {
    const { clock, slices, source, telemetry, view } = this.deps;
    await view.sweep(slices);
    telemetry.relist(source, clock.monotonicSeconds() - startedAt);
    this.condition.change({ state: 'synced' });
  }

  private watch(signal: AbortSignal): Promise<void> {
    return this.follow(this.path({ resourceVersion: this.progress.resourceVersion ?? '' }), signal, undefined);
  }

  /** Reads a watch until the server ends it in good order; anything else throws. */
  private async follow(path: string, signal: AbortSignal, list: StreamedList | undefined): Promise<void> {
    const { api, clock, staleAfterSeconds } = this.deps;
    const link = new Link(signal);
    const patience = list ? Math.min(STREAMED_OBJECT_WITHIN_SECONDS, staleAfterSeconds) : staleAfterSeconds;
    const quiet = new Quiet(clock, patience, () => link.abort());
    const openedAt = clock.monotonicSeconds();
    let listing = list;
    try {
      const stream = await api.stream(path, link.signal);
      // A silent watch is believed again when it speaks, not when it is opened.
      if (!listing && this.condition.state !== 'silent') this.condition.change({ state: 'synced' });
      if (!listing && this.condition.state !== 'silent') this.condition.contact();
      const isListing = () => listing !== undefined;
      const events = await this.reader.read(stream, isListing, async (told) => {
        if (listing) listing = await this.heardOfList(told, listing, quiet);
        else this.heardOfWatch(quiet);
      });
      if (listing) throw new ApiError('disconnected', `GET ${this.deps.path}: streamed list ended before it was whole`);
      if (events === 0 && clock.monotonicSeconds() - openedAt < 1) {
        throw new ApiError('disconnected', `GET ${this.deps.path}: watch ended as soon as it began`);
      }
    } catch (error) {
      if (signal.aborted) throw error;
      if (listing) throw this.choice.judge(error, quiet.rang);
      if (clock.monotonicSeconds() - openedAt >= HEALTHY_SECONDS) this.backoff.reset();
      throw quiet.rang ? new ApiError('silent', `no event and no bookmark for ${staleAfterSeconds} s`) : error;
    } finally {
      quiet.stop();
      link.release();
    }
  }

  private async heardOfList(told: Told, list: StreamedList, quiet: Quiet): Promise<StreamedList | undefined> {
    // A server that does not know the parameter sends its usual bookmarks, never the one that ends the list.
    if (told === 'BOOKMARK') throw new NotStreamed(Infinity);
    if (told === 'ADDED') quiet.heard();
    this.condition.contact();
    if (told !== 'initial-events-end') return list;
    quiet.expect(this.deps.staleAfterSeconds);
    this.choice.finished();
    await this.listed(list.startedAt);
    list.leave();
    return undefined;
  }

  private heardOfWatch(quiet: Quiet): void {
    quiet.heard();
    this.backoff.reset();
    this.condition.contact();
  }

  private streamedListPath(): string {
    return this.path({ sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' });
  }

  private path(parameters: Readonly<Record<string, string>>): string {
    const { labelSelector, fieldSelector, path, clock } = this.deps;
    // Spread over 5 to 10 minutes, so that the watches of many exporters do not end together.
    const timeoutSeconds = Math.round(300 * (1 + clock.random()));
    const query = new URLSearchParams({
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(timeoutSeconds),
      ...parameters,
    });
    if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
    if (fieldSelector !== undefined) query.set('fieldSelector', fieldSelector);
    return `${path}?${query.toString()}`;
  }

  private async survive(error: ApiError, signal: AbortSignal): Promise<void> {
    const { source, telemetry, clock, optional } = this.deps;
    telemetry.error(source, error.reason);
    if (error.reason === 'forbidden' && optional) return this.doWithout(error, signal);
    // Also after a failed list: nothing was swept, and the next list begins anew.
    if (error.reason === 'expired' || error.reason === 'not_found') this.progress.resourceVersion = undefined;
    // A server that sends no bookmarks is silent by nature; only a list can tell whether anything changed.
    if (error.reason === 'silent' && !this.progress.sawBookmark) this.progress.resourceVersion = undefined;
    if (error.reason === 'not_found') this.deps.missing();

    const first = this.backoff.attempts === 0;
    const wait = this.backoff.next(error.retryAfterSeconds);
    if (error.reason === 'silent') this.condition.change({ state: 'silent', message: error.message });
    // One lost connection that is made again at once is everyday life, not a failure.
    else if (!first || this.condition.state === 'syncing') {
      if (error.reason !== 'expired') this.condition.change({ state: 'failing', message: this.say(error) });
    }
    await sleep(clock, first && error.reason === 'expired' ? 0 : wait, signal);
  }

  /** What was read while it was allowed is gone: nobody would say when it changes. */
  private async doWithout(error: ApiError, signal: AbortSignal): Promise<void> {
    const { clock, slices, view } = this.deps;
    this.progress.resourceVersion = undefined;
    view.mark();
    await view.sweep(slices);
    this.condition.change({ state: 'forbidden', message: `not allowed, and not needed: ${error.message}` });
    await sleep(clock, FORBIDDEN_FOR_SECONDS * (1 + clock.random() / 10), signal);
  }

  private say({ message, status }: ApiError): string {
    const { labelSelector, fieldSelector } = this.deps;
    if (status !== 400 || (labelSelector === undefined && fieldSelector === undefined)) return message;
    const selectors = Object.entries({ labelSelector, fieldSelector }).filter(([, selector]) => selector !== undefined);
    const asked = selectors.map(([name, selector]) => `${name} ${JSON.stringify(selector)}`).join(' and ');
    const known =
      'custom resources know the fields metadata.name, metadata.namespace and the selectableFields of their CRD';
    return `${message}: it does not accept ${asked}${fieldSelector === undefined ? '' : ` (${known})`}`;
  }
}
