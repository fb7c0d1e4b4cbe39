/** What sources make of the custom resources of Seldon Core 2. */
import type { JoinType, PipelineEdge, StorageScheme } from '@modelwatch/contract';
import type { Resource } from './resource-base';
import type { TemplateContainer } from './workload-resources';

/** Seldon Core 2 `Model`. `replicas` in its status is available + unavailable; `availableReplicas` is omitted when 0. */
export interface SeldonModel extends Resource<'SeldonModel'> {
  readonly desiredReplicas?: number;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly availableReplicas?: number;
  /** `status.replicas`: what the scheduler placed, available or not. */
  readonly placedReplicas?: number;
  readonly storageScheme?: StorageScheme;
  readonly storageHash?: string;
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
