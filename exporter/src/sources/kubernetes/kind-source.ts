/** One kind: absent, or watched in one API version by one watcher for each namespace and label selector. */
import type { Tell } from '../../domain/observation';
import type { Sharding } from '../../domain/shards';
import type { Telemetry } from '../../domain/telemetry';
import type { Clock } from '../clock';
import type { KubernetesApi } from './api';
import { listPath, sourceName, type Kind } from './kinds';
import type { KubernetesOptions } from './options';
import { combine, StatusReporter } from './status';
import { createStore, type KindStore } from './store';
import { Watcher, type Condition } from './watcher';

export interface KindSourceDeps {
  readonly api: KubernetesApi;
  readonly options: KubernetesOptions;
  readonly tell: Tell;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly sharding: Sharding;
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
    this.store = createStore(kind, deps.tell, deps.telemetry, deps.sharding);
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
    this.store.clear();
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
    const conditions: Condition[] = [];
    const watchers = this.scopes(version).map(({ path, labelSelector }, index) => {
      conditions.push({ state: 'syncing' });
      const view = this.store.view(version);
      const watcher = new Watcher({
        ...this.deps.options,
        api: this.deps.api,
        clock: this.deps.clock,
        telemetry: this.deps.telemetry,
        source: sourceName(this.kind),
        path,
        ...(labelSelector === undefined ? {} : { labelSelector }),
        view,
        missing: this.kind.builtIn ? () => undefined : this.deps.rediscover,
        report: (condition) => {
          if (abort.signal.aborted) return;
          conditions[index] = condition;
          this.report();
        },
      });
      return { view, watcher };
    });
    const done = Promise.all(watchers.map(({ watcher }) => watcher.run(abort.signal)));
    return {
      version,
      condition: () => combine(conditions),
      end: async () => {
        abort.abort();
        await done;
        for (const { view } of watchers) view.close();
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

  private scopes(version: string): { path: string; labelSelector?: string }[] {
    const { options, sharding } = this.deps;
    const { namespaces } = options;
    const paths =
      namespaces.length === 0 || this.kind.clusterScoped
        ? [listPath(this.kind, version)]
        : namespaces.filter(sharding.owns).map((namespace) => listPath(this.kind, version, namespace));
    const selectors = this.kind.labelSelectors ?? [undefined];
    return paths.flatMap((path) =>
      selectors.map((labelSelector) => (labelSelector === undefined ? { path } : { path, labelSelector }))
    );
  }
}
