/** What the domain makes of its observations: one view per entity, immutable, ready for families and the read API. */
import type {
  ConditionName,
  ConditionStatus,
  EndpointModelState,
  EntityKey,
  InferenceCapability,
  ModelPurpose,
  ModelReplicaState,
  Importance,
  Platform,
  ServerType,
  ServingReason,
  ServingState,
  StorageScheme,
  RouterType,
  StepDependency,
  StepTarget,
} from '@modelwatch/contract';
import type { DeploymentView, TrafficShare } from './deployment-view';
import type { ProbeCounts } from './probe-counts';
import type { EndpointRef, InferenceSample, PipelineSample, ReplicaFigures, UnusedCounts } from './observation';
import type { ShownMeta, ModelDependency, PipelineGraph, SeldonServer } from './resources';
import type { PodTotals, AutoscalerView, PodView, ServerWorkload } from './workload-views';

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

/** Undefined where nobody watches a server: then nothing is known of its serving, now or later. */
export function servingOf({ platform, verdict }: EntityView): ServingState | undefined {
  return platform === 'events' ? undefined : verdict.state;
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

export interface ModelView extends EntityView {
  readonly replicas: Replicas;
  readonly spec?: ModelSpecView;
  readonly server?: string;
  readonly runtime?: string;
  readonly version?: string;
  /** Where its resource says to load it from, as a hash, and the generation of that resource. */
  readonly storage?: { readonly hash: string; readonly generation: number };
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
  /** Where the scheduler has it; absent where none is heard. */
  readonly places?: readonly ModelPlaceView[];
  /** What the scheduler keeps for it on each replica. */
  readonly memoryReservedBytes?: number;
  /** At proxies in front of its servers; absent where there is none. */
  readonly routes?: readonly RouteMeasures[];
}

/** A model on one replica of a server, as the scheduler holds it. */
export interface ModelPlaceView {
  readonly server: string;
  /** Name of the pod. */
  readonly replica: string;
  readonly version: string;
  readonly state: ModelReplicaState;
  readonly changedSeconds?: number;
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
  /** Replicas that the scheduler is connected to; absent where none is heard. */
  readonly connectedReplicas?: number;
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

export interface ExperimentView extends EntityView {
  readonly resourceKind: 'model' | 'pipeline';
  readonly candidates: readonly { readonly name: string; readonly ratio: number; readonly isDefault: boolean }[];
  readonly mirror?: { readonly name: string; readonly ratio: number };
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
  /** Prometheus reads its metrics, not we. */
  readonly isScraped?: true;
}

/** Memory and models of one replica of a server: as a container beside it tells, else as the scheduler does. */
export interface ServerReplicaView extends EndpointRef {
  readonly figures: ReplicaFigures;
}
