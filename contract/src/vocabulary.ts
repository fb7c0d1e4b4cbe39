/** The closed lists of Modelwatch. A label value that is not in one of these lists never reaches a metric. */

/**
 * Where a model is deployed. `standalone` models are declared in the configuration and live in namespace `standalone`;
 * `custom` ones are custom resources of others, read by a mapping of the configuration.
 */
export const PLATFORMS = ['seldon', 'kserve', 'standalone', 'custom'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Namespace of models that are not deployed on Kubernetes. */
export const STANDALONE_NAMESPACE = 'standalone';

/** Whether a model can serve, as the exporter decides it from Kubernetes and probes. Order: worst first, as shown. */
export const SERVING_STATES = ['failed', 'degraded', 'stale', 'unknown', 'progressing', 'idle', 'serving'] as const;
export type ServingState = (typeof SERVING_STATES)[number];

/**
 * All channels of a model together, recorded by our rules in Prometheus. Order: worst first. Everything that sorts
 * models (panel, landing page, `modelwatch status`) sorts by the place in this list.
 */
export const HEALTH_STATES = ['failed', 'degraded', 'stale', 'unknown', 'progressing', 'idle', 'healthy'] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

/** The serving state read as a health, for readers who have no Prometheus ("serving only"). */
export function healthOfServing(state: ServingState): HealthState {
  return state === 'serving' ? 'healthy' : state;
}

/** What is watched of a model. `drift` and `accuracy` are not recorded yet; they are named, not invented. */
export const CHANNELS = ['serving', 'errors', 'latency', 'drift', 'accuracy', 'freshness'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Channels that only requests can fill: without enough of them there is no verdict, which says nothing of the model. */
export const TRAFFIC_CHANNELS: readonly Channel[] = ['errors', 'latency'];

export const CHANNEL_STATUSES = ['ok', 'warning', 'critical', 'too_little_data', 'stale'] as const;
export type ChannelStatus = (typeof CHANNEL_STATUSES)[number];

/** Why a model (server, pipeline, experiment) is in its serving state. Free text goes to the API and the log only. */
export const SERVING_REASONS = [
  'out_of_memory',
  'crash_loop',
  'image_pull_failed',
  'unschedulable',
  'load_failed',
  'schedule_failed',
  'invalid_spec',
  'no_matching_runtime',
  'runtime_unhealthy',
  'workload_failed',
  'no_replicas_available',
  'replicas_unavailable',
  'endpoint_unreachable',
  'endpoint_not_live',
  'endpoint_not_ready',
  'model_not_ready',
  'invalid_response',
  'synthetic_failed',
  'component_down',
  'dependency_not_ready',
  'route_not_ready',
  'exporter_silent',
  'source_silent',
  'probe_silent',
  'no_status',
  'unknown_status',
  'loading',
  'rolling_out',
  'terminating',
  'scaled_to_zero',
  'stopped',
  'other',
] as const;
export type ServingReason = (typeof SERVING_REASONS)[number];

/** How much it matters that a model works; who says nothing means `normal`. Order: most important first. */
export const IMPORTANCES = ['critical', 'high', 'normal', 'low'] as const;
export type Importance = (typeof IMPORTANCES)[number];

/** Phases of a pod, as Kubernetes names them. */
export const POD_PHASES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] as const;
export type PodPhase = (typeof POD_PHASES)[number];

/** Why a container does not run yet, as the kubelet writes it; any other word is `other`. */
export const WAITING_REASONS = [
  'ContainerCreating',
  'PodInitializing',
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'other',
] as const;
export type WaitingReason = (typeof WAITING_REASONS)[number];

/** How a container ended, as the kubelet writes it; any other word is `other`. */
export const TERMINATION_REASONS = [
  'OOMKilled',
  'Error',
  'Completed',
  'ContainerCannotRun',
  'DeadlineExceeded',
  'Evicted',
  'other',
] as const;
export type TerminationReason = (typeof TERMINATION_REASONS)[number];

/** Outcome of an inference request, whatever the server calls it. */
export const REQUEST_OUTCOMES = ['success', 'client_error', 'server_error', 'unknown'] as const;
export type RequestOutcome = (typeof REQUEST_OUTCOMES)[number];

/** Tokens of a language model: read from the prompt, or written. */
export const TOKEN_DIRECTIONS = ['prompt', 'generated'] as const;
export type TokenDirection = (typeof TOKEN_DIRECTIONS)[number];

/** Why a language model ended its answer; any other word is `other`. */
export const FINISH_REASONS = ['stop', 'length', 'abort', 'error', 'other'] as const;
export type FinishReason = (typeof FINISH_REASONS)[number];

/** What an adapter (LoRA) on a server is doing: it has requests that run, or only such that wait. */
export const ADAPTER_PHASES = ['running', 'waiting'] as const;
export type AdapterPhase = (typeof ADAPTER_PHASES)[number];

/** How a request came in. */
export const REQUEST_METHODS = ['rest', 'grpc'] as const;
export type RequestMethod = (typeof REQUEST_METHODS)[number];

/**
 * What a server can say of its requests. `outcomes`: failures apart from successes; `error_sides`: whose fault a failure
 * was, the client's or the server's; `duration_buckets`: durations as a histogram, so that quantiles can be computed.
 */
export const INFERENCE_CAPABILITIES = [
  'requests',
  'outcomes',
  'error_sides',
  'versions',
  'duration',
  'duration_buckets',
  'execution',
  'queue',
  'batch_size',
  'running_requests',
  'waiting_requests',
  'response_cache',
  'tokens',
  'time_to_first_token',
  'inter_token',
  'kv_cache',
  'prefix_cache',
  'preemptions',
  'finish_reasons',
  'adapters',
] as const;
export type InferenceCapability = (typeof INFERENCE_CAPABILITIES)[number];

/** State of a model in the memory of one replica of a server, from its repository index. */
export const ENDPOINT_MODEL_STATES = ['ready', 'loading', 'unloading', 'unavailable', 'unknown'] as const;
export type EndpointModelState = (typeof ENDPOINT_MODEL_STATES)[number];

/** Conditions of the custom resources whose names become label values; any other is counted under `other`. */
export const CONDITIONS = [
  'Ready',
  'ModelReady',
  'StatefulSetOrDeploymentReady',
  'PipelineReady',
  'PipelineGwReady',
  'ModelsReady',
  'ExperimentReady',
  'CandidatesReady',
  'MirrorReady',
  'SchedulerReady',
  'DataflowEngineReady',
  'ModelGatewayReady',
  'PipelineGatewayReady',
  'EnvoyReady',
  'HodometerReady',
  'PredictorReady',
  'TransformerReady',
  'ExplainerReady',
  'IngressReady',
  'CanaryPredictorReady',
  'RoutesReady',
  'LatestDeploymentReady',
  'PredictorRouteReady',
  'PredictorConfigurationReady',
  'TransformerRouteReady',
  'TransformerConfigurationReady',
  'ExplainerRoutesReady',
  'ExplainerConfigurationReady',
  'ConfigurationsReady',
  'Stopped',
  'InferenceServiceReady',
  'MemoryResourceAvailable',
  'IsMMSPredictor',
  'PresetsCombined',
  'WorkloadsReady',
  'MainWorkloadReady',
  'WorkerWorkloadReady',
  'PrefillWorkloadReady',
  'PrefillWorkerWorkloadReady',
  'ScalingReady',
  'PrefillScalingReady',
  'RouterReady',
  'GatewaysReady',
  'HTTPRoutesReady',
  'InferencePoolReady',
  'SchedulerWorkloadReady',
  'TokenizerReady',
  'Available',
  'Progressing',
  'ReplicaFailure',
  'GroupReady',
  'GroupDegraded',
  'other',
] as const;
export type ConditionName = (typeof CONDITIONS)[number];

export const CONDITION_STATUSES = ['True', 'False', 'Unknown'] as const;
export type ConditionStatus = (typeof CONDITION_STATUSES)[number];

/** Conditions that are bad news when they are True; all others are good news then. */
export const INVERSE_CONDITIONS: readonly string[] = [
  'Stopped',
  'ReplicaFailure',
  'GroupDegraded',
] satisfies ConditionName[];

/** Whether a condition in this status is as it should be. */
export function isWellCondition(condition: string, status: ConditionStatus): boolean {
  return status === (INVERSE_CONDITIONS.includes(condition) ? 'False' : 'True');
}

/** The part of a model that a pod, a workload or a number of replicas belongs to. */
export const MODEL_COMPONENTS = [
  'server',
  'predictor',
  'transformer',
  'explainer',
  'worker',
  'prefill',
  'prefill_worker',
  'router',
  'tokenizer',
] as const;
export type ModelComponent = (typeof MODEL_COMPONENTS)[number];

/**
 * What answers behind an endpoint. `oip` is any other server with the Open Inference Protocol, `generic` one that a module
 * of the configuration describes. The last two are gateways of Seldon Core 2: they have no models of their own.
 */
export const SERVER_KINDS = [
  'mlserver',
  'triton',
  'kserve',
  'torchserve',
  'tfserving',
  'vllm',
  'llamacpp',
  'oip',
  'generic',
  'seldon_pipelinegateway',
  'seldon_envoy',
] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];

/**
 * Containers beside a model server that measure its requests. KServe's own `agent` (logger, batcher, model puller) is none
 * of them: it has no metrics.
 */
export const SIDECAR_KINDS = ['seldon_agent', 'queue_proxy'] as const;
export type SidecarKind = (typeof SIDECAR_KINDS)[number];

/** Why a probe failed. Once it did, nothing that the endpoint said before is believed. */
export const PROBE_ERROR_CAUSES = [
  'timeout',
  'refused',
  'closed',
  'too_large',
  'invalid_response',
  'http_status',
  'redirect',
  'unauthorized',
  'tls',
  'other',
] as const;
export type ProbeErrorCause = (typeof PROBE_ERROR_CAUSES)[number];

/** Causes that are answers: something is there, if not what was asked for. */
export const ANSWERED_CAUSES: readonly ProbeErrorCause[] = [
  'too_large',
  'invalid_response',
  'http_status',
  'redirect',
  'unauthorized',
];

/** Why a probe counts as a failure: it went wrong, or the server said no. */
export const PROBE_FAILURE_CAUSES = [...PROBE_ERROR_CAUSES, 'not_live', 'not_ready'] as const;
export type ProbeFailureCause = (typeof PROBE_FAILURE_CAUSES)[number];

/** Why synthetic inference failed: it went wrong, the answer was not the expected one, or a failed model had nobody to ask. */
export const SYNTHETIC_FAILURE_CAUSES = [...PROBE_ERROR_CAUSES, 'unexpected_answer', 'no_replica'] as const;
export type SyntheticFailureCause = (typeof SYNTHETIC_FAILURE_CAUSES)[number];

export const PROBE_OUTCOMES = ['success', 'failure'] as const;
export type ProbeOutcome = (typeof PROBE_OUTCOMES)[number];

/** Kinds of model server that usage is counted by; `other` is every other, and one that nobody can tell. */
export const SERVER_TYPES = [
  'mlserver',
  'triton',
  'kserve',
  'torchserve',
  'tfserving',
  'vllm',
  'llamacpp',
  'tgi',
  'openvino',
  'bentoml',
  'ray_serve',
  'litserve',
  'other',
] as const;
export type ServerType = (typeof SERVER_TYPES)[number];

/** Why something that came in from outside was not used. Each drop is counted under one of these. */
export const DROP_REASONS = [
  'malformed_json',
  'wrong_type',
  'missing_field',
  'too_large',
  'unknown_value',
  'name_conflict',
  'invalid_sample',
  'duplicate_sample',
  'stale_sample',
  'truncated',
  'unknown_model',
  'over_limit',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** What a model is for. Explainers and detectors are models like others; what they rest on and mean differs. */
export const MODEL_PURPOSES = ['predictor', 'explainer', 'detector', 'llm'] as const;
export type ModelPurpose = (typeof MODEL_PURPOSES)[number];

/** Where a model is stored, by the scheme of its URI. The URI itself never becomes a label: it may hold secrets. */
export const STORAGE_SCHEMES = [
  'gs',
  's3',
  'http',
  'https',
  'hdfs',
  'webhdfs',
  'azure',
  'abfs',
  'pvc',
  'file',
  'hf',
  'oci',
  'other',
] as const;
export type StorageScheme = (typeof STORAGE_SCHEMES)[number];

/** How a step waits for several inputs: for all, for what came within the window, for the first. */
export const JOIN_TYPES = ['inner', 'outer', 'any'] as const;
export type JoinType = (typeof JOIN_TYPES)[number];

/** What an edge of a pipeline carries: data, or only the sign to start. */
export const PIPELINE_EDGES = ['input', 'trigger', 'output', 'external_input', 'external_trigger'] as const;
export type PipelineEdge = (typeof PIPELINE_EDGES)[number];

/** What a component of a serving platform does; what waits for it follows from that. */
export const PLATFORM_ROLES = [
  'scheduler',
  'model_gateway',
  'pipeline_gateway',
  'dataflow_engine',
  'ingress',
  'operator',
  'llm_operator',
  'model_cache',
  'usage_reporter',
  'kafka',
] as const;
export type PlatformRole = (typeof PLATFORM_ROLES)[number];

/** What else models need; the configuration declares it, and which models these are. */
export const DEPENDENCY_ROLES = [
  'database',
  'queue',
  'feature_store',
  'object_store',
  'vector_store',
  'other',
] as const;
export type DependencyRole = (typeof DEPENDENCY_ROLES)[number];

export const COMPONENT_ROLES = [...PLATFORM_ROLES, ...DEPENDENCY_ROLES] as const;
export type ComponentRole = (typeof COMPONENT_ROLES)[number];
