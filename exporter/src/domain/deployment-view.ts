/** How a model is deployed, as its platform says it: what was asked for and what is, part by part. */
import type {
  DeploymentMode,
  FailureReason,
  LoadState,
  ModelComponent,
  Parallelism,
  RuntimeScope,
  RuntimeState,
  ScaleMetric,
  TransitionStatus,
} from '@modelwatch/contract';
import type { Replicas } from './views';

export interface TrafficShare {
  readonly candidate: string;
  readonly ratio: number;
}

export interface ComponentView {
  readonly component: ModelComponent;
  readonly replicas: Replicas;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly scale?: { readonly metric: ScaleMetric; readonly target: number };
  readonly concurrencyLimit?: number;
  readonly timeoutSeconds?: number;
  readonly rolloutInProgress?: boolean;
  /** Names of Knative revisions change with every rollout, so they are for the read API and never labels. */
  readonly revisions?: {
    readonly latestReady?: string;
    readonly latestCreated?: string;
    readonly latestRolledOut?: string;
    readonly previousRolledOut?: string;
  };
  readonly parallelism?: readonly { readonly kind: Parallelism; readonly size: number }[];
}

export interface LoadView {
  readonly transition?: TransitionStatus;
  readonly active?: LoadState;
  readonly target?: LoadState;
  readonly copiesReady?: number;
  readonly copiesFailed?: number;
  /** Sticky: stays after the model recovered. */
  readonly lastFailure?: {
    readonly reason?: FailureReason;
    readonly message?: string;
    readonly exitCode?: number;
    readonly atSeconds?: number;
  };
}

export interface DeploymentView {
  readonly resourceKind: 'InferenceService' | 'LLMInferenceService' | 'TrainedModel';
  readonly mode?: DeploymentMode;
  readonly format?: string;
  readonly formatVersion?: string;
  readonly protocol?: string;
  readonly storageUri?: string;
  readonly url?: string;
  readonly runtimeScope?: RuntimeScope;
  readonly runtimeState?: RuntimeState;
  readonly components: readonly ComponentView[];
  /** Shares that the platform routes now; absent where it does not say. */
  readonly observedTraffic?: readonly TrafficShare[];
  readonly canaries?: readonly { readonly name: string; readonly ready: boolean }[];
  readonly load?: LoadView;
  readonly llm?: {
    readonly servedName: string;
    readonly adapters: number;
    readonly group?: { readonly name: string; readonly ratio?: number };
  };
}
