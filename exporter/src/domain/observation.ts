/** The only way in which facts reach the domain. Sources tell observations; nothing else changes the fleet. */
import type {
  AdapterPhase,
  DropReason,
  EndpointModelState,
  FinishReason,
  Importance,
  InferenceCapability,
  InferenceHistogram,
  InferenceNumber,
  ProbeErrorCause,
  ReplicaNumber,
  RequestMethod,
  RequestOutcome,
  ResponseCode,
  ServerKind,
  SourceState,
  TokenDirection,
} from '@modelwatch/contract';
import type { DeclaredComponent } from './components/known';
import type { DeclaredDependency, DependencyResult } from './dependencies';
import type { Ownership } from './ownership';
import type { SchedulerSubject, SchedulerWord } from './scheduler/words';
import type { SyntheticRef, SyntheticResult } from './synthetic';
import type { KubernetesResource, ResourceKind } from './resources';

/** One replica of a model server that can be asked. */
export interface EndpointRef {
  readonly namespace: string;
  readonly server: string;
  /** Pod name, or host:port for a server outside Kubernetes. */
  readonly replica: string;
}

/** What a probe of one endpoint found. Every field that is present was really answered by the server. */
export interface ProbeResult {
  readonly kind: ServerKind;
  readonly address: string;
  readonly durationSeconds: number;
  readonly up: boolean;
  readonly live: boolean;
  readonly ready: boolean;
  readonly serverName?: string;
  readonly serverVersion?: string;
  readonly models: readonly {
    readonly name: string;
    readonly ready?: boolean;
    readonly state?: EndpointModelState;
    readonly version?: string;
    readonly reason?: string;
    /** The model that this one is a part or another name of (adapters of a language model, second names). */
    readonly parent?: string;
  }[];
  /** Why the probe failed: a closed cause and words. Absent when it did not. */
  readonly error?: { readonly cause: ProbeErrorCause; readonly text: string };
}

/** A model as an endpoint reports it. */
export type ProbedModel = ProbeResult['models'][number];

/** What an endpoint said in vain, since it is probed. */
export interface UnusedCounts {
  /** Parts of answers that could not be used. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Polls of its metrics that failed. */
  readonly polls: Readonly<Partial<Record<ProbeErrorCause, number>>>;
}

/** Cumulative histogram. `buckets` are upper bounds ascending, without +Inf (that is `count`); empty if unknown. */
export interface HistogramSample {
  readonly buckets: readonly { readonly le: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}

/** Request metrics of one model on one endpoint, translated; what the server cannot say is absent. */
export interface InferenceSample {
  /** Name of the model as users know it (internal suffixes taken off). */
  readonly model: string;
  /** Version as the server knows it; empty where it names none. */
  readonly version: string;
  readonly requests: Readonly<Partial<Record<RequestOutcome, number>>>;
  readonly responses: Readonly<Partial<Record<ResponseCode, number>>>;
  readonly histograms: Readonly<Partial<Record<InferenceHistogram, HistogramSample>>>;
  readonly numbers: Readonly<Partial<Record<InferenceNumber, number>>>;
  /** The rest is of language models. */
  readonly tokens: Readonly<Partial<Record<TokenDirection, number>>>;
  readonly finished: Readonly<Partial<Record<FinishReason, number>>>;
  readonly adapters: readonly { readonly name: string; readonly phase: AdapterPhase }[];
}

/** What is known of the memory and models of one replica of a server; what nobody says is absent. */
export type ReplicaFigures = Readonly<Partial<Record<ReplicaNumber, number>>>;

/** Request metrics of one pipeline at one replica of its gateway. */
export interface PipelineSample {
  readonly namespace: string;
  readonly pipeline: string;
  readonly method: RequestMethod;
  readonly requests: Readonly<Partial<Record<RequestOutcome, number>>>;
  readonly responses: Readonly<Partial<Record<ResponseCode, number>>>;
  readonly duration?: HistogramSample;
}

export type Observation =
  | { readonly kind: 'resource-applied'; readonly resource: KubernetesResource }
  | {
      readonly kind: 'resource-deleted';
      readonly resource: ResourceKind;
      readonly namespace: string;
      readonly name: string;
    }
  | {
      readonly kind: 'source-status';
      /** Stable name, e.g. `kubernetes/models.mlops.seldon.io` or `servers`. */
      readonly source: string;
      readonly title: string;
      /** Kinds of resource that come from this source: they go stale with it. */
      readonly resources: readonly ResourceKind[];
      readonly state: SourceState;
      readonly required: boolean;
      readonly objects: number;
      readonly lastContactSeconds?: number;
      readonly message?: string;
    }
  | { readonly kind: 'model-declared'; readonly model: DeclaredModel }
  | { readonly kind: 'model-withdrawn'; readonly name: string; readonly server: string }
  | { readonly kind: 'server-declared'; readonly server: DeclaredServer }
  | { readonly kind: 'component-declared'; readonly component: DeclaredComponent }
  | { readonly kind: 'dependency-declared'; readonly dependency: DeclaredDependency }
  | {
      readonly kind: 'dependency-probed';
      readonly namespace: string;
      readonly name: string;
      readonly atSeconds: number;
      readonly result: DependencyResult;
    }
  | {
      readonly kind: 'endpoint-probed';
      readonly endpoint: EndpointRef;
      readonly atSeconds: number;
      readonly result: ProbeResult;
      /** Absent: nothing of what it said went unused so far. */
      readonly unused?: UnusedCounts;
    }
  | {
      readonly kind: 'endpoint-measured';
      readonly endpoint: EndpointRef;
      readonly atSeconds: number;
      readonly samples: readonly InferenceSample[];
      /** What the endpoint can say of its requests at all. */
      readonly capabilities: readonly InferenceCapability[];
      /** Of which nobody knows whether it can say it, as a page is silent; of the others it is known. */
      readonly unknown?: readonly InferenceCapability[];
      /** Prometheus reads its metrics, not we: there are no samples, only what is known of its kind. */
      readonly isScraped?: true;
      /** Of the replica as a whole; absent where nobody beside it says anything of it. */
      readonly replica?: ReplicaFigures;
      /** Of a gateway. */
      readonly pipelines?: readonly PipelineSample[];
    }
  | {
      readonly kind: 'synthetic-probed';
      readonly probe: SyntheticRef;
      readonly atSeconds: number;
      readonly result: SyntheticResult;
    }
  | { readonly kind: 'scheduler-told'; readonly namespace: string; readonly word: SchedulerWord }
  | {
      readonly kind: 'scheduler-forgot';
      readonly namespace: string;
      readonly of: SchedulerSubject;
      readonly name: string;
    }
  /** Its events are counted, or somebody declared that they are to be. */
  | {
      readonly kind: 'sender-heard';
      readonly namespace: string;
      readonly model: string;
      /** When its last prediction arrived; absent before the first. */
      readonly lastSeconds?: number | undefined;
      /** What its settings say of whose it is, wherever it is deployed. */
      readonly declared?: Pick<Ownership, 'owner' | 'importance'> | undefined;
    }
  | { readonly kind: 'sender-forgotten'; readonly namespace: string; readonly model: string }
  | { readonly kind: 'endpoint-silent'; readonly endpoint: EndpointRef }
  | { readonly kind: 'endpoint-removed'; readonly endpoint: EndpointRef };

/** A model outside Kubernetes, from the configuration: namespace `standalone`. */
export interface DeclaredModel {
  readonly name: string;
  readonly server: string;
  readonly owner?: string;
  readonly importance?: Importance;
  readonly version?: string;
  /** Base of the Open Inference Protocol of its server; absent: the model is never probed and stays unknown. */
  readonly url?: string;
  /** Where the server's Prometheus metrics are; absent: the prober takes what the kind of server uses. */
  readonly metricsUrl?: string;
  /** What its server is; absent: the prober finds out. */
  readonly serverKind?: ServerKind;
  /** The module of the configuration that says how its server is asked. */
  readonly module?: string;
}

/**
 * A server outside Kubernetes without a word of its models: those that it lists are its models. One that it once listed
 * and does not any more is missed, like a declared one: the server cannot say whether it was taken away on purpose.
 */
export type DeclaredServer = Pick<DeclaredModel, 'server' | 'metricsUrl' | 'serverKind' | 'module'> & {
  readonly url: string;
};

export type Tell = (observation: Observation) => void;
