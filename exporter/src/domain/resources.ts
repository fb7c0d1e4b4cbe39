/**
 * What sources make of the objects of a Kubernetes API: only the fields that we use, decoded and normalised, without the
 * shape of the API. Times are seconds since 1970. An absent field is absent in the object; nothing is defaulted here.
 */
import type {
  ConditionStatus,
  JoinType,
  PipelineEdge,
  PodPhase,
  ServingReason,
  StorageScheme,
  TerminationReason,
  WaitingReason,
} from '@modelwatch/contract';
import type {
  ClusterServingRuntime,
  InferenceGraph,
  InferenceService,
  LlmService,
  ServingRuntime,
  TrainedModel,
} from './kserve-resources';

export type * from './kserve-resources';

/** Labels and annotations that users asked to see, under the names that they have as labels of a metric. */
export interface ShownMeta {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ObjectMeta {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly generation?: number;
  readonly createdSeconds?: number;
  readonly deletedSeconds?: number;
  /** Only those that the code reads. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly shown?: ShownMeta;
  readonly owners: readonly { readonly kind: string; readonly name: string }[];
}

export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionSeconds?: number;
  /** What stood where True, False or Unknown should; `status` is then Unknown. */
  readonly oddStatus?: string;
}

/** Status of a custom resource; `undefined` where the controller has not written one yet. */
export interface ResourceStatus {
  readonly conditions: readonly Condition[];
  readonly observedGeneration?: number;
}

export interface Resource<Kind extends string> {
  readonly kind: Kind;
  readonly meta: ObjectMeta;
  readonly status?: ResourceStatus;
}

/** Seldon Core 2 `Model`. `replicas` in its status is available + unavailable; `availableReplicas` is omitted when 0. */
export interface SeldonModel extends Resource<'SeldonModel'> {
  readonly desiredReplicas?: number;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly availableReplicas?: number;
  /** `status.replicas`: what the scheduler placed, available or not. */
  readonly placedReplicas?: number;
  readonly storageScheme?: StorageScheme;
  readonly modelType?: string;
  readonly artifactVersion?: number;
  readonly requirements: readonly string[];
  readonly memoryBytes?: number;
  /** The server that its status selector names, else the one that it is pinned to. */
  readonly server?: string;
  readonly pinnedServer?: string;
  readonly explainerType?: string;
  /** What an explainer explains, what an LLM component calls. */
  readonly dependencies?: readonly ModelDependency[];
  /** `status.modelgwReady`: an enum, with free text in brackets behind it. */
  readonly modelGateway?: { readonly state: string; readonly detail?: string };
  readonly preloaded?: boolean;
  readonly dedicated?: boolean;
  /** The specification has `logger`; its `percent` is ignored by Seldon. */
  readonly logged?: boolean;
}

export interface ModelDependency {
  readonly role: 'explainer' | 'llm';
  readonly kind: 'model' | 'pipeline';
  readonly name: string;
}

/** Seldon Core 2 `Server`. `status.replicas` is the desired count; the real one is the workload's. */
export interface SeldonServer extends Resource<'SeldonServer'> {
  readonly desiredReplicas?: number;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly serverConfig?: string;
  /** As specified: `capabilities` replace those of the configuration and `extraCapabilities`, which else are added. */
  readonly capabilities: readonly string[];
  readonly imageOverrides?: readonly { readonly part: 'agent' | 'rclone'; readonly image: string }[];
  readonly loadedModels?: number;
}

export interface SeldonPipeline extends Resource<'SeldonPipeline'> {
  /** Names of the models that are its steps. */
  readonly steps: readonly string[];
  readonly graph?: PipelineGraph;
}

/** How the steps of a pipeline hang together. */
export interface PipelineGraph {
  readonly steps: readonly PipelineStep[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly edge: PipelineEdge }[];
  readonly cyclic: boolean;
  readonly inputsJoin?: JoinType;
  readonly outputJoin?: JoinType;
}

export interface PipelineStep {
  readonly name: string;
  readonly inputsJoin: JoinType;
  readonly triggersJoin?: JoinType;
  readonly batchSize?: number;
  /** Neither in the output of the pipeline nor before it: no answer waits for it. */
  readonly asynchronous: boolean;
}

export interface SeldonExperiment extends Resource<'SeldonExperiment'> {
  readonly resourceKind: 'model' | 'pipeline';
  readonly defaultCandidate?: string;
  readonly candidates: readonly { readonly name: string; readonly weight: number }[];
  readonly mirror?: { readonly name: string; readonly percent: number };
}

export interface SeldonRuntime extends Resource<'SeldonRuntime'> {
  readonly seldonConfig?: string;
  /** Its own, where it overrides those of its SeldonConfig. */
  readonly kafka: readonly KafkaHost[];
  readonly overrides: readonly ComponentOverride[];
}

/** What a SeldonRuntime asks of one of its components. */
export interface ComponentOverride {
  readonly component: string;
  readonly disabled: boolean;
  readonly replicas?: number;
}

/** A container of a template, of which only these are kept: environment and arguments may hold secrets. */
export interface TemplateContainer {
  readonly name: string;
  readonly image?: string;
}

/** A host of `bootstrap.servers`, in the parts that name a Service: neither port nor credentials are kept. */
export interface KafkaHost {
  readonly service: string;
  readonly namespace?: string;
}

export interface SeldonConfig extends Resource<'SeldonConfig'> {
  readonly kafka: readonly KafkaHost[];
  readonly settings: {
    readonly topicPrefix?: string;
    readonly modelAutoscaling: boolean;
    readonly serverAutoscaling: boolean;
    readonly tracing: boolean;
  };
}

/** A template for Servers. */
export interface SeldonServerConfig extends Resource<'SeldonServerConfig'> {
  readonly containers: readonly TemplateContainer[];
}

/** Deployment or StatefulSet. */
export interface Workload extends Resource<'Deployment' | 'StatefulSet'> {
  readonly desiredReplicas: number;
  /** Those of older versions included. */
  readonly totalReplicas: number;
  readonly readyReplicas: number;
  readonly updatedReplicas: number;
  /** Only a Deployment can be paused. */
  readonly paused?: boolean;
  readonly containers: readonly ContainerSpec[];
}

/** CPU in cores, memory in bytes, GPUs by the name of their resource (`nvidia.com/gpu`, `nvidia.com/mig-1g.5gb`). */
export interface Amounts {
  readonly cpuCores?: number;
  readonly memoryBytes?: number;
  readonly gpus?: Readonly<Record<string, number>>;
}

export interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Memory that it requests; where it only sets a limit, that. */
  readonly memoryBytes?: number;
  readonly ports: readonly { readonly name?: string; readonly port: number }[];
  /** Its own probes are HTTPS: so are its requests. */
  readonly https?: true;
}

/** Slim on purpose: there are more pods than anything else, and they change most. */
export interface Pod extends Resource<'Pod'> {
  readonly phase?: PodPhase;
  /** It failed because its node took its resources back. */
  readonly evicted: boolean;
  readonly ip?: string;
  readonly node?: string;
  readonly ready: boolean;
  readonly scheduled: boolean;
  readonly startedSeconds?: number;
  /** Without init containers, with the sidecars that are written as such. */
  readonly containers: readonly ContainerSpec[];
  /** What the scheduler counts for the whole pod. */
  readonly requests: Amounts;
  /** What the whole pod can use at most; absent where a container of it has no limit. */
  readonly limits: Amounts;
  readonly containerStates: readonly ContainerState[];
  /** Message of condition PodScheduled when it is False. */
  readonly unschedulable?: string;
}

/**
 * What a mapping says of a custom resource of others. `rolling_out`: an earlier version serves meanwhile. `unknown`: the
 * status has a value that the mapping does not know. `absent`: the status has none of the values that it looks at.
 */
export type CustomState =
  | 'ready'
  | 'degraded'
  | 'failed'
  | 'not_ready'
  | 'progressing'
  | 'rolling_out'
  | 'deleting'
  | 'stopped'
  | 'scaled_to_zero'
  | 'none'
  | 'unknown'
  | 'absent';

/** A model or server that a mapping makes of a custom resource. */
export interface CustomEntity {
  readonly name: string;
  readonly state: CustomState;
  /** Why, where the state is `failed` or `degraded`. */
  readonly reason?: ServingReason;
  readonly detail?: string;
  readonly desiredReplicas?: number;
  readonly availableReplicas?: number;
  /** The resource counts none itself: the ready ones of its pods are its replicas. */
  readonly readyPodsAreReplicas: boolean;
  /** The generation that the status is about; absent where the kind does not write it. */
  readonly observedGeneration?: number;
  readonly server?: string;
  readonly runtime?: string;
  readonly version?: string;
  readonly owner?: string;
}

export type CustomKind = `custom:${string}`;

/** A custom resource of others, as its mapping reads it. */
export interface CustomResource extends Resource<CustomKind> {
  /** Name of the mapping. */
  readonly mapping: string;
  /** Labels that its pods have; absent where the mapping names none, or a value of them is not known yet. */
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly server?: CustomEntity;
  readonly models: readonly CustomEntity[];
}

export function isCustomKind(kind: ResourceKind): kind is CustomKind {
  return kind.startsWith('custom:');
}

export interface ContainerState {
  readonly name: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly waitingReason?: WaitingReason;
  /** How it ended the last time, or how it ended just now. */
  readonly lastTerminatedReason?: TerminationReason;
  readonly lastExitCode?: number;
  /** Ended, and not started again yet: this end is not among the restarts. */
  readonly ended?: true;
  readonly message?: string;
}

/** HorizontalPodAutoscaler, `autoscaling/v2`; KEDA makes one of each ScaledObject. */
export interface Autoscaler extends Resource<'Autoscaler'> {
  readonly target: { readonly kind: string; readonly name: string };
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly currentReplicas?: number;
  readonly desiredReplicas?: number;
  /** It wants more or fewer replicas than its bounds allow. */
  readonly limited?: boolean;
  /** It can read and change the number of replicas. */
  readonly able?: boolean;
  /** It can read its metrics; absent while there is no replica that it could scale. */
  readonly active?: boolean;
  /** Highest of its metrics: current value over target. */
  readonly loadRatio?: number;
}

export interface Node extends Resource<'Node'> {
  readonly ready?: boolean;
  readonly unschedulable: boolean;
  readonly allocatable: Amounts;
}

export type KubernetesResource =
  | SeldonModel
  | SeldonServer
  | SeldonPipeline
  | SeldonExperiment
  | SeldonRuntime
  | SeldonConfig
  | SeldonServerConfig
  | InferenceService
  | LlmService
  | TrainedModel
  | ServingRuntime
  | ClusterServingRuntime
  | InferenceGraph
  | Workload
  | Pod
  | CustomResource
  | Autoscaler
  | Node;
export type ResourceKind = KubernetesResource['kind'];

/** Identity of a resource across its life; two objects of one kind never share it. */
export function resourceKey(kind: ResourceKind, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}
