/** What the domain makes of its observations: one view per entity, immutable, ready for families and the read API. */
import type {
  ComponentRole,
  ConditionName,
  ConditionStatus,
  EndpointModelState,
  EntityKey,
  InferenceCapability,
  ModelPurpose,
  Importance,
  Platform,
  PodPhase,
  ServerKind,
  ServerType,
  ServingReason,
  ServingState,
  SourceState,
  SidecarKind,
  StorageScheme,
  ModelComponent,
  RouterType,
  RuntimeScope,
  StepDependency,
  StepTarget,
} from '@modelwatch/contract';
import type { DeploymentView, TrafficShare } from './deployment-view';
import type { Amounts, ContainerState, ShownMeta, ResourceKind } from './resources';
import type { ProbeCounts } from './endpoints';
import type {
  EndpointRef,
  InferenceSample,
  Observation,
  PipelineSample,
  ReplicaFigures,
  UnusedCounts,
} from './observation';
import type { SyntheticView } from './synthetic';
import type { Component } from './components/known';
import type {
  ComponentOverride,
  ModelDependency,
  PipelineGraph,
  SeldonConfig,
  SeldonServer,
  TemplateContainer,
} from './resources';

export interface Verdict {
  readonly state: ServingState;
  /** Worst first; empty only while serving. The text is free and never becomes a label. */
  readonly reasons: readonly { readonly reason: ServingReason; readonly text: string }[];
}

export interface Transition {
  readonly atSeconds: number;
  readonly from: ServingState;
  readonly to: ServingState;
  readonly reason?: { readonly reason: ServingReason; readonly text: string };
}

export interface EntityView {
  readonly key: EntityKey;
  readonly namespace: string;
  readonly name: string;
  readonly platform: Platform;
  readonly verdict: Verdict;
  readonly conditions: readonly {
    readonly condition: ConditionName;
    readonly status: ConditionStatus;
    /** Nobody knows whether True is good news: a name that is in no list. */
    readonly unclear?: true;
    readonly reason?: string;
    readonly message?: string;
  }[];
  readonly createdSeconds?: number;
  /** Labels and annotations that users asked to see. */
  readonly shown?: ShownMeta;
  /** When the verdict's state last changed, as far as the exporter saw or the status tells. */
  readonly lastTransitionSeconds?: number;
  readonly lastObservedSeconds?: number;
  /** Newest first, at most 50. */
  readonly history: readonly Transition[];
}

export interface Replicas {
  readonly desired?: number;
  readonly available?: number;
  /** Of the newest version; only workloads tell. */
  readonly updated?: number;
  /** Placed, and cannot serve. */
  readonly unavailable?: number;
  /** Bounds of scaling. */
  readonly min?: number;
  readonly max?: number;
}

/** What a specification asks for, where the platform says it. */
export interface ModelSpecView {
  readonly purpose: ModelPurpose;
  readonly requirements: readonly string[];
  readonly dependencies: readonly ModelDependency[];
  readonly preloaded: boolean;
  readonly dedicated: boolean;
  readonly logged: boolean;
  readonly modelType?: string;
  readonly artifactVersion?: number;
  readonly storageScheme?: StorageScheme;
  /** Of one replica. */
  readonly memoryBytes?: number;
  readonly pinnedServer?: string;
}

export interface PodView {
  readonly pod: string;
  readonly namespace: string;
  readonly uid: string;
  readonly node?: string;
  readonly server: string;
  /** The part of the model that the pod belongs to. */
  readonly component: ModelComponent;
  readonly phase?: PodPhase;
  readonly ready: boolean;
  readonly scheduled: boolean;
  readonly startedSeconds?: number;
  /** Of all its containers. */
  readonly restarts: number;
  readonly containers: readonly ContainerState[];
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** What the pods of an entity request and may use together; a bound is absent where a pod has none. */
export interface PodTotals {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** All autoscalers of an entity together: nearly always one. */
export interface AutoscalerView {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly currentReplicas?: number;
  readonly desiredReplicas?: number;
  readonly limited?: boolean;
  readonly able?: boolean;
  readonly active?: boolean;
  readonly loadRatio?: number;
}

/** What Kubernetes knows of the pods behind a server. */
export interface ServerWorkload extends PodTotals {
  /** Pods by phase, those that are done included. */
  readonly phases: Readonly<Partial<Record<PodPhase, number>>>;
  readonly images: readonly { readonly container: string; readonly image: string }[];
  readonly controllers: readonly {
    readonly kind: string;
    readonly name: string;
    readonly generation?: number;
    readonly observedGeneration?: number;
  }[];
  readonly rollout?: {
    readonly updatedRatio?: number;
    readonly paused?: boolean;
    /** When the exporter saw it begin; absent when none is under way, or when it began unseen. */
    readonly startedSeconds?: number;
  };
  readonly autoscaler?: AutoscalerView;
  /** Since the exporter started. */
  readonly oomKills: number;
  readonly evictions: number;
}

/** A node that carries pods of model servers. */
export interface NodeView {
  readonly node: string;
  /** Absent: nodes cannot be read, nothing was heard of them lately, or this one is not there (any more). */
  readonly state?: { readonly ready?: boolean; readonly unschedulable: boolean; readonly allocatable: Amounts };
  /** What the pods of model servers on it request, by namespace. */
  readonly requested: readonly { readonly namespace: string; readonly requests: Amounts; readonly pods: number }[];
}

export interface ModelView extends EntityView {
  readonly replicas: Replicas;
  readonly spec?: ModelSpecView;
  readonly server?: string;
  readonly runtime?: string;
  readonly version?: string;
  readonly owner?: string;
  /** Duration from which a request is slow, if the configuration says so. */
  readonly slowSeconds?: number;
  /** Shares that were asked for. */
  readonly traffic: readonly TrafficShare[];
  /** What only some platforms say of a model; absent where nothing is said. */
  readonly deployment?: DeploymentView;
  readonly importance?: Importance;
  /** Of the pods that are its own; absent where it shares them with other models. */
  readonly own?: PodTotals;
  readonly autoscaler?: AutoscalerView;
  readonly pods: readonly PodView[];
  readonly endpoints: readonly ModelEndpointView[];
  /** At proxies in front of its servers; absent where there is none. */
  readonly routes?: readonly RouteMeasures[];
}

/** A model as seen by one endpoint. */
export interface ModelEndpointView extends EndpointRef {
  readonly address: string;
  readonly up: boolean;
  readonly ready: boolean;
  readonly modelReady?: boolean;
  readonly modelState?: EndpointModelState;
  readonly serverName?: string;
  readonly serverVersion?: string;
  readonly lastProbeSeconds?: number;
  readonly probeDurationSeconds?: number;
  readonly error?: string;
  /** Absent when the replica was not polled, or not for two polls: its series vanish. */
  readonly inference?: readonly InferenceSample[];
}

export interface ServerView extends EntityView {
  readonly runtime?: string;
  /** Absent: nobody can tell. */
  readonly serverType?: ServerType;
  readonly replicas: Replicas;
  readonly loadedModels?: number;
  readonly capabilities: readonly string[];
  readonly memoryCapacityBytes?: number;
  readonly memoryDeclaredBytes?: number;
  readonly overcommitRatio?: number;
  readonly imageOverrides?: NonNullable<SeldonServer['imageOverrides']>;
  /** Absent for a server that is not on Kubernetes. */
  readonly workload?: ServerWorkload;
}

export interface PipelineView extends EntityView {
  readonly steps: readonly string[];
  /** Requests as its gateways counted them; absent where none did. */
  readonly calls?: readonly PipelineCalls[];
  readonly graph?: PipelineGraph;
  /** Inference graphs only. */
  readonly inferenceGraph?: InferenceGraphView;
}

/** Requests to a pipeline at one replica of a gateway. */
export interface PipelineCalls extends Omit<PipelineSample, 'namespace' | 'pipeline'> {
  readonly replica: string;
}

/** How long requests for a model took at one replica of the proxy in front of its servers. */
export interface RouteMeasures {
  readonly replica: string;
  readonly samples: readonly InferenceSample[];
}

export interface InferenceGraphView {
  readonly nodes: readonly {
    readonly name: string;
    readonly routerType: RouterType;
    readonly steps: readonly {
      readonly name: string;
      readonly target: StepTarget;
      /** Name of the model or node; absent for a URL. */
      readonly calls?: string;
      readonly dependency: StepDependency;
      /** Share of the requests of the node; only a Splitter has them. */
      readonly ratio?: number;
    }[];
  }[];
  readonly replicas: Replicas;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
}

/** A serving runtime of KServe. */
export interface RuntimeView {
  /** Empty for a runtime of the whole cluster. */
  readonly namespace: string;
  readonly name: string;
  readonly scope: RuntimeScope;
  readonly disabled: boolean;
  readonly multiModel: boolean;
  readonly multiNode: boolean;
  readonly formats: readonly { readonly name: string; readonly version?: string; readonly autoSelect: boolean }[];
  readonly protocols: readonly string[];
  readonly containers: readonly TemplateContainer[];
  readonly createdSeconds?: number;
  /** Absent where nobody can tell: of a runtime of the whole cluster each shard sees a part of the models only. */
  readonly models?: number;
}

export interface ExperimentView extends EntityView {
  readonly resourceKind: 'model' | 'pipeline';
  readonly candidates: readonly { readonly name: string; readonly ratio: number; readonly isDefault: boolean }[];
  readonly mirror?: { readonly name: string; readonly ratio: number };
}

/** A component of a serving platform that models wait for. */
export interface ComponentView {
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  /** `standalone`: the configuration declares how it is probed. */
  readonly platform: Component['platform'] | 'standalone';
  readonly role: ComponentRole;
  readonly version?: string;
  /** A replica is ready, or its probe succeeded; absent while Kubernetes is not heard, or nothing is known of it. */
  readonly up?: boolean;
  readonly replicas: Replicas;
  /** Of the containers of the pods that it has now. */
  readonly restarts?: number;
  readonly lastObservedSeconds?: number;
  /** Of one that is probed. */
  readonly probed?: ProbeCounts;
}

/** A SeldonRuntime, SeldonConfig or ServerConfig. */
export interface SettingView {
  readonly key: string;
  readonly kind: 'SeldonRuntime' | 'SeldonConfig' | 'SeldonServerConfig';
  readonly namespace: string;
  readonly name: string;
  readonly conditions: EntityView['conditions'];
  readonly seldonConfig?: string;
  readonly settings?: SeldonConfig['settings'];
  readonly overrides?: readonly ComponentOverride[];
  readonly containers?: readonly TemplateContainer[];
  /** Servers that name it. */
  readonly servers?: number;
}

export interface EndpointView extends EndpointRef {
  /** `namespace/server/replica`. */
  readonly key: string;
  readonly up: boolean;
  readonly ready: boolean;
  readonly serverName?: string;
  readonly serverVersion?: string;
  readonly lastProbeSeconds?: number;
  readonly probeDurationSeconds?: number;
  /** Since the exporter began to probe it; absent before the first probe. */
  readonly counts?: ProbeCounts;
  readonly unused?: UnusedCounts;
  /** How often another server, or another version of it, answered than before; absent before the first probe. */
  readonly identityChanges?: number;
  /** What it can say of its requests; absent while it is not measured. */
  readonly capabilities?: readonly InferenceCapability[];
  /** Capabilities of which that is not known now; absent: of all it is. */
  readonly unknownCapabilities?: readonly InferenceCapability[];
  /** Of the replica as a whole, where a container beside the server tells. */
  readonly figures?: ReplicaFigures;
}

/** What can be told apart by the kind of server. */
export interface ServerTypeUsage {
  readonly namespace: string;
  readonly platform: Platform;
  readonly models: number;
  readonly servers: number;
  readonly modelReplicas: number;
  readonly serverReplicas: number;
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly gpus: number;
}

/** Totals by namespace and platform, and with the kind of server. */
export interface UsageView {
  readonly rows: readonly (ServerTypeUsage & {
    readonly modelVersions: number;
    readonly pipelines: number;
    readonly experiments: number;
    readonly multiModelServers: number;
    readonly overcommitServers: number;
    /** Nodes that run a pod of a model server; several namespaces may share one. */
    readonly nodes: number;
  })[];
  readonly byServerType: readonly (ServerTypeUsage & { readonly serverType: ServerType })[];
}

export interface SourceView {
  readonly source: string;
  readonly title: string;
  readonly state: SourceState;
  readonly required: boolean;
  readonly objects: number;
  readonly lastContactSeconds?: number;
  readonly message?: string;
  /** Of a mapped custom resource: paths of the mapping that led nowhere in any object so far, each with its place. */
  readonly unmatchedPaths?: readonly string[];
}

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

/** Probe targets that came, changed or went since they were last asked for. */
export interface TargetChange {
  readonly set: readonly ProbeTarget[];
  readonly gone: readonly EndpointRef[];
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

/** A server whose metrics Prometheus reads, not the exporter: rules translate what it says by what kind it is. */
export interface ScrapedServer {
  readonly endpoint: EndpointRef;
  readonly kind: ServerKind;
  /** Of its page of metrics. */
  readonly url: string;
}

/** An endpoint that the prober should ask, and what it should ask for. */
export interface ProbeTarget {
  readonly endpoint: EndpointRef;
  /** Where it answers, without path, e.g. `http://10.0.0.7:9000`. */
  readonly url: string;
  /** Where its Prometheus metrics are; absent: where servers of its kind have them. */
  readonly metricsUrl?: string;
  /** Its requests are those of other endpoints, too, which are measured: its metrics are not read. */
  readonly unmeasured?: true;
  /** Containers beside it that measure its requests. */
  readonly sidecars?: readonly { readonly kind: SidecarKind; readonly metricsUrl: string }[];
  /** Pod to go through when pods are reached by the API server's proxy; absent for a server outside Kubernetes. */
  readonly pod?: { readonly namespace: string; readonly name: string };
  /** What the pod spec or the configuration says the server is; the probe may find out better. */
  readonly kindHint?: ServerKind;
  /** The module of the configuration that says how it is asked; it counts before the kind. */
  readonly module?: string;
  /** Names of the models that should be on it, as users know them; empty: whatever its index lists. */
  readonly models: readonly string[];
  /** Seldon Core 2 calls a model `<model>_<version>` on its servers: the suffix is the version. */
  readonly versionSuffix: boolean;
}
