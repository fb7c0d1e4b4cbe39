/** Resources of KServe, `serving.kserve.io`, decoded and normalised. An absent field is absent; nothing is defaulted here. */
import type {
  DeploymentMode,
  FailureReason,
  LoadState,
  Parallelism,
  RouterType,
  RuntimeScope,
  ScaleMetric,
  StepDependency,
  TransitionStatus,
} from '@modelwatch/contract';
import type { Resource } from './resource-base';
import type { TemplateContainer } from './workload-resources';

/** What the spec says about the scale of a part, whoever scales it. */
export interface ScaleSpec {
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly scaleMetric?: ScaleMetric;
  readonly scaleTarget?: number;
}

export const SERVICE_COMPONENTS = ['predictor', 'transformer', 'explainer'] as const;
export type ServiceComponentName = (typeof SERVICE_COMPONENTS)[number];

/** A part of an InferenceService: its spec, and `status.components` of it. Revisions exist in Knative mode only. */
export interface ServiceComponent extends ScaleSpec {
  readonly name: ServiceComponentName;
  readonly containerConcurrency?: number;
  readonly timeoutSeconds?: number;
  readonly latestReadyRevision?: string;
  readonly latestCreatedRevision?: string;
  readonly latestRolledoutRevision?: string;
  readonly previousRolledoutRevision?: string;
}

/** The last failure is sticky in KServe: it stays after recovery, so it explains a failure but never proves one. */
export interface LastFailure {
  readonly reason?: FailureReason;
  readonly message?: string;
  readonly exitCode?: number;
  readonly atSeconds?: number;
}

export interface InferenceService extends Resource<'InferenceService'> {
  readonly deploymentMode?: DeploymentMode;
  readonly stopRequested: boolean;
  readonly url?: string;
  readonly modelFormat?: string;
  readonly modelFormatVersion?: string;
  readonly protocol?: string;
  readonly storageUri?: string;
  readonly storageHash?: string;
  readonly runtime?: string;
  /** Known from the status, which names the runtime in use; the spec names one without its scope. */
  readonly runtimeScope?: RuntimeScope;
  readonly multiNode: boolean;
  readonly components: readonly ServiceComponent[];
  /** Knative mode: share of the newest revision, 0 to 100. */
  readonly canaryTrafficPercent?: number;
  /** Knative mode: `status.components.predictor.traffic`, empty in Standard mode. */
  readonly traffic: readonly { readonly revision?: string; readonly percent: number; readonly latest: boolean }[];
  /** Standard mode: `spec.canary[]`, with what `status.canaryStatuses[]` says of it. */
  readonly canaries: readonly {
    readonly name: string;
    readonly percent: number;
    readonly ready?: boolean;
    readonly observedPercent?: number;
  }[];
  readonly transitionStatus?: TransitionStatus;
  readonly activeModelState?: LoadState;
  readonly targetModelState?: LoadState;
  /** `copies.totalCopies` is the number of ready pods, whatever its name says. */
  readonly copies?: { readonly ready: number; readonly failed?: number };
  readonly lastFailure?: LastFailure;
}

/** One Deployment or LeaderWorkerSet of an LLMInferenceService. */
export interface LlmWorkload extends ScaleSpec {
  readonly replicas?: number;
  /** Runs on several nodes: a LeaderWorkerSet with worker pods. */
  readonly multiNode: boolean;
  readonly parallelism: readonly { readonly kind: Parallelism; readonly size: number }[];
  /** `readyReplicas` of its entry in `status.workloads`, written by v1alpha2 only. */
  readonly readyReplicas?: number;
}

/** LLMInferenceService v1alpha1 and v1alpha2. */
export interface LlmService extends Resource<'LLMInferenceService'> {
  readonly stopRequested: boolean;
  readonly url?: string;
  readonly modelUri?: string;
  readonly storageHash?: string;
  /** The name that requests use; the controller takes the name of the resource where it is absent. */
  readonly servedName?: string;
  readonly adapters: number;
  readonly main: LlmWorkload;
  readonly prefill?: LlmWorkload;
  readonly scheduler?: LlmWorkload;
  readonly group?: {
    readonly name: string;
    /** Share of the group's traffic by the weights in `status.router.group.members`; absent until it is listed there. */
    readonly ratio?: number;
  };
}

/** What a serving runtime says of itself, in a namespace or for the whole cluster. */
export interface RuntimeFields {
  readonly disabled: boolean;
  readonly multiModel: boolean;
  readonly multiNode: boolean;
  readonly formats: readonly { readonly name: string; readonly version?: string; readonly autoSelect: boolean }[];
  /** Names of protocols, as in `v2` and `grpc-v2`. */
  readonly protocols: readonly string[];
  readonly containers: readonly TemplateContainer[];
}
export interface ServingRuntime extends Resource<'ServingRuntime'>, RuntimeFields {}
export interface ClusterServingRuntime extends Resource<'ClusterServingRuntime'>, RuntimeFields {}

/** A model on a multi-model InferenceService. */
export interface TrainedModel extends Resource<'TrainedModel'> {
  readonly service?: string;
  readonly framework?: string;
  readonly storageUri?: string;
  readonly storageHash?: string;
  readonly url?: string;
  readonly memoryBytes?: number;
}

export interface GraphStep {
  /** Its name in the spec, or its place in the node. */
  readonly name: string;
  readonly model?: string;
  readonly node?: string;
  /** Calls a URL that is no service of the namespace. */
  readonly external: boolean;
  readonly weight?: number;
  readonly dependency: StepDependency;
  /** Runs only for some requests. */
  readonly conditional: boolean;
}

export interface GraphNode {
  readonly name: string;
  readonly routerType: RouterType;
  readonly steps: readonly GraphStep[];
}

export interface InferenceGraph extends Resource<'InferenceGraph'>, ScaleSpec {
  /** Names of the InferenceServices that its nodes call. */
  readonly steps: readonly string[];
  readonly nodes: readonly GraphNode[];
  readonly stopRequested: boolean;
  readonly deploymentMode?: DeploymentMode;
  readonly url?: string;
}
