/** What the fleet gives its readers: the state after a flush, and what changed with it. */
import type { EntityKey } from '@modelwatch/contract';
import type { Observation } from './observation';
import type { TargetChange } from './probe-target';
import type { ResourceKind } from './resources';
import type { SyntheticView } from './synthetic';
import type { ModelView, ServerView, PipelineView, ExperimentView, EndpointView, ServerReplicaView } from './views';
import type { PodView } from './workload-views';
import type { ComponentView } from './components/known';
import type { SettingView } from './components/settings';
import type { RuntimeView } from './runtime-index';
import type { SourceView } from './source-book';
import type { UsageView } from './usage';
import type { NodeView } from './node-book';

/**
 * The fleet as it is now. Views are immutable, the maps are not: a reader takes what it needs before it gives way to
 * others (no `await` in between).
 */
export interface Snapshot {
  readonly models: ReadonlyMap<EntityKey, ModelView>;
  readonly servers: ReadonlyMap<EntityKey, ServerView>;
  readonly pipelines: ReadonlyMap<EntityKey, PipelineView>;
  readonly experiments: ReadonlyMap<EntityKey, ExperimentView>;
  readonly endpoints: ReadonlyMap<string, EndpointView>;
  readonly components: ReadonlyMap<string, ComponentView>;
  readonly settings: ReadonlyMap<string, SettingView>;
  readonly usage: UsageView;
  readonly sources: readonly SourceView[];
  /** Every required source is synced and fresh. */
  readonly synced: boolean;
  /**
   * Was synced once, and what was read by then is derived: before that, no state is exposed at all (a half-read fleet
   * would look like a small one).
   */
  readonly everSynced: boolean;
}

/** Of one kind of entity. */
export interface Changes<View> {
  /** `undefined`: gone. */
  readonly changed: ReadonlyMap<string, View | undefined>;
  /** Views of which only the time of the last confirmation is new. */
  readonly confirmed: ReadonlyMap<string, View>;
}

/** What changed since the last flush. Families render only these. */
export interface FleetChange {
  readonly models: Changes<ModelView>;
  readonly servers: Changes<ServerView>;
  readonly pipelines: Changes<PipelineView>;
  readonly experiments: Changes<ExperimentView>;
  readonly endpoints: ReadonlyMap<string, EndpointView | undefined>;
  /** By the key of its endpoint. */
  readonly serverReplicas: ReadonlyMap<string, ServerReplicaView | undefined>;
  /** By `namespace/name`, `-/name` for those of the whole cluster; absent when none changed. */
  readonly runtimes?: ReadonlyMap<string, RuntimeView | undefined>;
  readonly components: ReadonlyMap<string, ComponentView | undefined>;
  readonly settings: ReadonlyMap<string, SettingView | undefined>;
  /** By namespace/name. */
  readonly pods: ReadonlyMap<string, PodView | undefined>;
  readonly nodes: ReadonlyMap<string, NodeView | undefined>;
  /** By namespace/model/probe. */
  readonly synthetic: ReadonlyMap<string, SyntheticView>;
  /** Present when a total changed. */
  readonly usage?: UsageView;
}

/**
 * The live fleet. `observe` takes a fact in (cheap: marks what it touches); `flush` derives the views of what was
 * touched, at the given time, and returns them; `snapshot` is the state after the last flush.
 */
export interface Fleet {
  observe(observation: Observation): void;
  /**
   * @param mayGoOn asked before each entity; after a `false` the rest waits for the next call, and `pending` says so
   */
  flush(nowSeconds: number, mayGoOn?: () => boolean): FleetChange;
  /** Something is marked and not derived yet. */
  readonly pending: boolean;
  /** Confirmations are still to be shown, or targets to be taken: nothing that anybody should wait for. */
  readonly renewing: boolean;
  /** Whether each of the kinds that is read at all is fresh. */
  hears(kinds: readonly ResourceKind[]): boolean;
  snapshot(): Snapshot;
  /** Ends the taking over of an earlier fleet's history: from now on this one records its own. */
  settled(): void;
  /** Of some hundred servers at most; there are more while `renewing`. */
  takeTargets(): TargetChange;
}
