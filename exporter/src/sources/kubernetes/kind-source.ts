/** One kind: absent, or watched in one API version by one watcher for each namespace and label selector. */
import { setMaxListeners } from 'node:events';
import type { Tell } from '../../domain/observation';
import type { Sharding } from '../../domain/shards';
import type { Telemetry } from '../../domain/telemetry';
import type { Clock, Slices } from '../clock';
import type { Lane } from '../lane';
import type { KubernetesApi } from './api';
import type { Condition } from './condition';
import { present } from './decoders/fields';
import { keepOf } from './decoders/keep';
import { listPath, sourceName, type Kind } from './kinds';
import type { KubernetesOptions } from './options';
import { combine, StatusReporter } from './status';
import { createStore, type KindStore } from './store';
import { Watcher, type WatcherDeps } from './watcher';

export interface KindSourceDeps {
  readonly api: KubernetesApi;
  readonly options: KubernetesOptions;
  readonly tell: Tell;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly sharding: Sharding;
  /** Shared by all kinds: lists at a time, and turns of the event loop. */
  readonly lists: Lane;
  readonly slices: Slices;
  /** A list was not there: look again which kinds are served. */
  readonly rediscover: () => void;
}

/** All watchers of the kind in one API version. */
interface Watching {
  readonly version: string;
  condition(): Condition;
  /** Ends the requests; what only these watchers show is gone when `done`. */
  end(): Promise<void>;
}

export class KindSource {
  private readonly store: KindStore;
  private readonly status: StatusReporter;
  private current: Watching | undefined;
  /** Another API version, until it is synced: what is shown meanwhile comes from `current`. */
  private next: Watching | undefined;

  constructor(
    readonly kind: Kind,
    private readonly deps: KindSourceDeps
  ) {
    this.store = createStore(kind, deps.tell, deps.telemetry, deps.sharding, keepOf(deps.options));
    this.status = new StatusReporter(kind, deps.tell, deps.clock);
    this.status.update({ state: 'syncing' }, 0);
  }

  /**
   * The server has the kind in this version: watch it, unless it is watched already. Another version than before is built
   * up beside it and takes its place when it is synced, so that there is no gap.
   */
  install(version: string): void {
    if (this.current?.version === version) {
      // Back before the change was done.
      void this.next?.end();
      this.next = undefined;
    } else if (!this.current) {
      this.current = this.watch(version);
      this.report();
    } else if (this.next?.version !== version) {
      void this.next?.end();
      this.next = this.watch(version);
    }
  }

  /** The server does not have the kind: its objects are gone with it. */
  async uninstall(): Promise<void> {
    await this.endAll();
    this.status.update({ state: 'absent' }, 0);
  }

  /** The server cannot say whether it has the kind; what is watched already goes on. */
  undecided(message: string): void {
    if (!this.current) this.status.update({ state: 'failing', message }, this.store.size);
  }

  async stop(): Promise<void> {
    await this.endAll();
    this.status.stop();
  }

  private watch(version: string): Watching {
    const abort = new AbortController();
    // Every watcher listens, and there may be hundreds: that is no leak.
    setMaxListeners(0, abort.signal);
    const { kind, deps, store } = this;
    const { options, api, clock, telemetry, lists, slices } = deps;
    const conditions: Condition[] = [];
    const shared = {
      ...{ api, clock, telemetry, lists, slices },
      source: sourceName(kind),
      pageSize: options.pageSize,
      staleAfterSeconds: options.staleAfterSeconds,
      optional: !kind.required || (kind.clusterScoped ?? false),
      protocol: { pagedUntilMonotonicSeconds: -Infinity },
      missing: kind.builtIn ? () => undefined : deps.rediscover,
    };
    const watchers = this.scopes(version).map((scope, index) => {
      conditions.push({ state: 'syncing' });
      const view = store.view(version);
      const report = (condition: Condition) => {
        if (abort.signal.aborted) return;
        conditions[index] = condition;
        this.report();
      };
      return { view, watcher: new Watcher({ ...shared, ...scope, view, report }) };
    });
    const done = Promise.all(watchers.map(({ watcher }) => watcher.run(abort.signal)));
    return {
      version,
      condition: () => combine(conditions),
      end: async () => {
        abort.abort();
        await done;
        for (const { view } of watchers) await view.close(slices);
      },
    };
  }

  private report(): void {
    if (this.next?.condition().state === 'synced') {
      void this.current?.end();
      this.current = this.next;
      this.next = undefined;
    }
    if (this.current) this.status.update(this.current.condition(), this.store.size);
  }

  private async endAll(): Promise<void> {
    const ending = [this.current, this.next];
    this.current = undefined;
    this.next = undefined;
    await Promise.all(ending.map((watching) => watching?.end()));
  }

  private scopes(version: string): Pick<WatcherDeps, 'path' | 'labelSelector' | 'fieldSelector'>[] {
    const { options, sharding } = this.deps;
    const { namespaces, labelSelector, fieldSelector } = options;
    const paths =
      namespaces.length === 0 || this.kind.clusterScoped
        ? [listPath(this.kind, version)]
        : namespaces.filter(sharding.owns).map((namespace) => listPath(this.kind, version, namespace));
    const chosen = this.kind.selected ? present({ labelSelector, fieldSelector }) : {};
    const selectors = this.kind.labelSelectors?.map((selector) => ({
      labelSelector: [selector, chosen.labelSelector].filter(Boolean).join(','),
    })) ?? [{}];
    return paths.flatMap((path) => selectors.map((selector) => ({ path, ...chosen, ...selector })));
  }
}
