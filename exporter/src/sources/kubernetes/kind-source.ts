/** One kind: absent, or watched by one watcher for each namespace and label selector. */
import type { Tell } from '../../domain/observation';
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
  /** A list was not there: look again which kinds are served. */
  readonly rediscover: () => void;
}

export class KindSource {
  private readonly store: KindStore;
  private readonly status: StatusReporter;
  private watching: { readonly abort: AbortController; readonly done: Promise<unknown> } | undefined;

  constructor(
    readonly kind: Kind,
    private readonly deps: KindSourceDeps
  ) {
    this.store = createStore(kind, deps.tell, deps.telemetry);
    this.status = new StatusReporter(kind, deps.tell, deps.clock);
    this.status.update({ state: 'syncing' }, 0);
  }

  /** The server has the kind: watch it, unless it is watched already. */
  install(): void {
    if (this.watching) return;
    const abort = new AbortController();
    const conditions: Condition[] = [];
    const watchers = this.scopes().map(({ path, labelSelector }, index) => {
      conditions.push({ state: 'syncing' });
      return new Watcher({
        ...this.deps.options,
        api: this.deps.api,
        clock: this.deps.clock,
        telemetry: this.deps.telemetry,
        source: sourceName(this.kind),
        path,
        ...(labelSelector === undefined ? {} : { labelSelector }),
        view: this.store.view(),
        missing: this.kind.builtIn ? () => undefined : this.deps.rediscover,
        report: (condition) => {
          if (abort.signal.aborted) return;
          conditions[index] = condition;
          this.status.update(combine(conditions), this.store.size);
        },
      });
    });
    this.status.update({ state: 'syncing' }, this.store.size);
    this.watching = { abort, done: Promise.all(watchers.map((watcher) => watcher.run(abort.signal))) };
  }

  /** The server does not have the kind: its objects are gone with it. */
  async uninstall(): Promise<void> {
    const { watching } = this;
    this.watching = undefined;
    watching?.abort.abort();
    await watching?.done;
    this.store.clear();
    this.status.update({ state: 'absent' }, 0);
  }

  /** The server cannot say whether it has the kind; what is watched already goes on. */
  undecided(message: string): void {
    if (!this.watching) this.status.update({ state: 'failing', message }, this.store.size);
  }

  async stop(): Promise<void> {
    this.status.stop();
    this.watching?.abort.abort();
    await this.watching?.done;
    this.status.stop();
  }

  private scopes(): { path: string; labelSelector?: string }[] {
    const { namespaces } = this.deps.options;
    const paths =
      namespaces.length === 0 || this.kind.clusterScoped
        ? [listPath(this.kind)]
        : namespaces.map((namespace) => listPath(this.kind, namespace));
    const selectors = this.kind.labelSelectors ?? [undefined];
    return paths.flatMap((path) =>
      selectors.map((labelSelector) => (labelSelector === undefined ? { path } : { path, labelSelector }))
    );
  }
}
