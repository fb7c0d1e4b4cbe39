/**
 * Every metric family that the exporter can expose, named once: name, type, labels, help.
 * Families (exporter), PromQL builders (data source), rules, dashboards and docs read the names from here, and a test
 * holds docs/metrics.md against this table.
 */

export type MetricType = 'gauge' | 'counter' | 'histogram';

export interface MetricFamily<Label extends string = string> {
  /** The full sample name (for a histogram the base name). Counters end in `_total`. */
  readonly name: string;
  readonly type: MetricType;
  /** Label names in the order in which they are written. A histogram's `le` is not listed. */
  readonly labels: readonly Label[];
  readonly help: string;
}

function family<const Label extends string>(
  name: string,
  type: MetricType,
  labels: readonly Label[],
  help: string
): MetricFamily<Label> {
  return { name: `modelwatch_${name}`, type, labels, help };
}

const MODEL = ['namespace', 'model'] as const;
const SERVER = ['namespace', 'server'] as const;
const PIPELINE = ['namespace', 'pipeline'] as const;
const EXPERIMENT = ['namespace', 'experiment'] as const;
const ENDPOINT = ['namespace', 'server', 'replica'] as const;
const INFERENCE = ['namespace', 'model', 'replica', 'version'] as const;

export const METRICS = {
  // model
  modelInfo: family(
    'model_info',
    'gauge',
    [...MODEL, 'platform', 'server', 'runtime', 'version', 'owner'],
    'A deployed model; the value is always 1.'
  ),
  modelServing: family(
    'model_serving',
    'gauge',
    [...MODEL, 'state'],
    'Serving state of the model: 1 for the state that holds, 0 for each other.'
  ),
  modelServingReason: family(
    'model_serving_reason',
    'gauge',
    [...MODEL, 'reason'],
    'Reasons of the serving state of the model; only those that hold, with value 1.'
  ),
  modelLastObserved: family(
    'model_last_observed_timestamp_seconds',
    'gauge',
    MODEL,
    'When the state of the model was last confirmed by a live watch or by a probe that was answered.'
  ),
  modelCondition: family(
    'model_condition',
    'gauge',
    [...MODEL, 'condition', 'status'],
    'Conditions in the status of the resource, as its controller wrote them; 1 for the status that holds.'
  ),
  modelReplicasDesired: family('model_replicas_desired', 'gauge', MODEL, 'Replicas that the model should have.'),
  modelReplicasAvailable: family('model_replicas_available', 'gauge', MODEL, 'Replicas of the model that can serve.'),
  modelCreated: family(
    'model_created_timestamp_seconds',
    'gauge',
    MODEL,
    'When the resource of the model was created.'
  ),
  modelLastTransition: family(
    'model_last_transition_timestamp_seconds',
    'gauge',
    MODEL,
    'When the serving state of the model last changed.'
  ),
  modelTrafficRatio: family(
    'model_traffic_ratio',
    'gauge',
    [...MODEL, 'candidate'],
    'Desired share of the traffic of the model that goes to a revision or canary, 0 to 1.'
  ),
  modelPodInfo: family(
    'model_pod_info',
    'gauge',
    [...MODEL, 'pod', 'node', 'server'],
    'Pods that serve the model; joins the series of cAdvisor, kube-state-metrics and DCGM by namespace and pod.'
  ),
  // server
  serverInfo: family(
    'server_info',
    'gauge',
    [...SERVER, 'platform', 'runtime'],
    'An inference server (replica set); the value is always 1.'
  ),
  serverServing: family(
    'server_serving',
    'gauge',
    [...SERVER, 'state'],
    'Serving state of the server: 1 for the state that holds.'
  ),
  serverServingReason: family(
    'server_serving_reason',
    'gauge',
    [...SERVER, 'reason'],
    'Reasons of the serving state of the server; only those that hold.'
  ),
  serverLastObserved: family(
    'server_last_observed_timestamp_seconds',
    'gauge',
    SERVER,
    'When the state of the server was last confirmed.'
  ),
  serverCondition: family(
    'server_condition',
    'gauge',
    [...SERVER, 'condition', 'status'],
    'Conditions in the status of the server; 1 for the status that holds.'
  ),
  serverReplicasDesired: family('server_replicas_desired', 'gauge', SERVER, 'Replicas that the server should have.'),
  serverReplicasAvailable: family(
    'server_replicas_available',
    'gauge',
    SERVER,
    'Ready replicas of the workload behind the server.'
  ),
  serverCreated: family(
    'server_created_timestamp_seconds',
    'gauge',
    SERVER,
    'When the resource of the server was created.'
  ),
  serverLastTransition: family(
    'server_last_transition_timestamp_seconds',
    'gauge',
    SERVER,
    'When the serving state of the server last changed.'
  ),
  serverLoadedModels: family(
    'server_loaded_models',
    'gauge',
    SERVER,
    'Model replicas that the server says it has loaded, over all its replicas.'
  ),
  serverMemoryCapacityBytes: family(
    'server_memory_capacity_bytes',
    'gauge',
    SERVER,
    'Memory that the containers of the server request for models, over all desired replicas.'
  ),
  serverMemoryDeclaredBytes: family(
    'server_memory_declared_bytes',
    'gauge',
    SERVER,
    'Memory that the models placed on the server declare (times their replicas); not what they use.'
  ),
  serverOvercommitRatio: family(
    'server_overcommit_ratio',
    'gauge',
    SERVER,
    'Share by which the server may be overcommitted, 0.1 for 10 %.'
  ),
  serverCapability: family(
    'server_capability_info',
    'gauge',
    [...SERVER, 'capability'],
    'Capabilities that models can require of the server.'
  ),
  // pipeline
  pipelineInfo: family(
    'pipeline_info',
    'gauge',
    [...PIPELINE, 'platform'],
    'A pipeline or inference graph; the value is always 1.'
  ),
  pipelineServing: family(
    'pipeline_serving',
    'gauge',
    [...PIPELINE, 'state'],
    'Serving state of the pipeline: 1 for the state that holds.'
  ),
  pipelineServingReason: family(
    'pipeline_serving_reason',
    'gauge',
    [...PIPELINE, 'reason'],
    'Reasons of the serving state of the pipeline; only those that hold.'
  ),
  pipelineLastObserved: family(
    'pipeline_last_observed_timestamp_seconds',
    'gauge',
    PIPELINE,
    'When the state of the pipeline was last confirmed.'
  ),
  pipelineCondition: family(
    'pipeline_condition',
    'gauge',
    [...PIPELINE, 'condition', 'status'],
    'Conditions in the status of the pipeline; 1 for the status that holds.'
  ),
  pipelineCreated: family(
    'pipeline_created_timestamp_seconds',
    'gauge',
    PIPELINE,
    'When the resource of the pipeline was created.'
  ),
  pipelineLastTransition: family(
    'pipeline_last_transition_timestamp_seconds',
    'gauge',
    PIPELINE,
    'When the serving state of the pipeline last changed.'
  ),
  pipelineStep: family(
    'pipeline_step_info',
    'gauge',
    [...PIPELINE, 'model'],
    'Models that are steps of the pipeline; the value is always 1.'
  ),
  // experiment
  experimentInfo: family(
    'experiment_info',
    'gauge',
    [...EXPERIMENT, 'platform', 'resource_kind'],
    'An experiment over models or pipelines; the value is always 1.'
  ),
  experimentServing: family(
    'experiment_serving',
    'gauge',
    [...EXPERIMENT, 'state'],
    'Serving state of the experiment: 1 for the state that holds.'
  ),
  experimentServingReason: family(
    'experiment_serving_reason',
    'gauge',
    [...EXPERIMENT, 'reason'],
    'Reasons of the serving state of the experiment; only those that hold.'
  ),
  experimentLastObserved: family(
    'experiment_last_observed_timestamp_seconds',
    'gauge',
    EXPERIMENT,
    'When the state of the experiment was last confirmed.'
  ),
  experimentCondition: family(
    'experiment_condition',
    'gauge',
    [...EXPERIMENT, 'condition', 'status'],
    'Conditions in the status of the experiment; 1 for the status that holds.'
  ),
  experimentCreated: family(
    'experiment_created_timestamp_seconds',
    'gauge',
    EXPERIMENT,
    'When the resource of the experiment was created.'
  ),
  experimentLastTransition: family(
    'experiment_last_transition_timestamp_seconds',
    'gauge',
    EXPERIMENT,
    'When the serving state of the experiment last changed.'
  ),
  experimentCandidateRatio: family(
    'experiment_candidate_weight_ratio',
    'gauge',
    [...EXPERIMENT, 'candidate'],
    'Share of the traffic that a candidate of the experiment should get, 0 to 1.'
  ),
  experimentMirrorRatio: family(
    'experiment_mirror_ratio',
    'gauge',
    [...EXPERIMENT, 'candidate'],
    'Share of the traffic that is mirrored to a challenger whose answers are discarded, 0 to 1.'
  ),
  // endpoint
  endpointInfo: family(
    'endpoint_info',
    'gauge',
    [...ENDPOINT, 'server_name', 'server_version'],
    'Name and version that the model server behind the endpoint gives for itself.'
  ),
  endpointUp: family('endpoint_up', 'gauge', ENDPOINT, '1 if the last probe of the endpoint was answered at all.'),
  endpointReady: family(
    'endpoint_ready',
    'gauge',
    ENDPOINT,
    '1 if the server behind the endpoint says that it is ready.'
  ),
  endpointModelReady: family(
    'endpoint_model_ready',
    'gauge',
    [...MODEL, 'replica'],
    '1 if the endpoint says that it can serve the model.'
  ),
  endpointModelState: family(
    'endpoint_model_state',
    'gauge',
    [...MODEL, 'replica', 'state'],
    'State of the model in the repository of the endpoint: 1 for the state that holds.'
  ),
  endpointProbeDuration: family(
    'endpoint_probe_duration_seconds',
    'gauge',
    ENDPOINT,
    'How long the last probe of the endpoint took, all its requests together.'
  ),
  endpointLastProbe: family(
    'endpoint_last_probe_timestamp_seconds',
    'gauge',
    ENDPOINT,
    'When the endpoint was last probed, answered or not.'
  ),
  // inference, translated from each server's own metrics
  inferenceRequests: family(
    'inference_requests_total',
    'counter',
    [...INFERENCE, 'outcome'],
    'Inference requests, as the model server counted them, by outcome.'
  ),
  inferenceDuration: family(
    'inference_duration_seconds',
    'histogram',
    INFERENCE,
    'Duration of inference requests in the model server. A server without buckets gives only le="+Inf".'
  ),
  inferenceQueue: family(
    'inference_queue_seconds',
    'histogram',
    INFERENCE,
    'Time that inference requests waited in the queue of the model server. Without buckets only le="+Inf".'
  ),
  inferenceBatchSize: family(
    'inference_batch_size',
    'histogram',
    INFERENCE,
    'Inferences per execution of the model. A server without buckets gives only le="+Inf".'
  ),
  // usage
  usageModels: family('usage_models', 'gauge', ['namespace', 'platform'], 'Deployed models.'),
  usageServers: family('usage_servers', 'gauge', ['namespace', 'platform'], 'Inference servers.'),
  usagePipelines: family('usage_pipelines', 'gauge', ['namespace', 'platform'], 'Pipelines and inference graphs.'),
  usageExperiments: family('usage_experiments', 'gauge', ['namespace', 'platform'], 'Experiments.'),
  usageModelReplicas: family(
    'usage_model_replicas',
    'gauge',
    ['namespace', 'platform'],
    'Available replicas of models.'
  ),
  usageServerReplicas: family(
    'usage_server_replicas',
    'gauge',
    ['namespace', 'platform'],
    'Available replicas of servers.'
  ),
  usageNodes: family('usage_nodes', 'gauge', ['platform'], 'Nodes that run a pod of a model server.'),
  usageCpuCores: family(
    'usage_cpu_requested_cores',
    'gauge',
    ['namespace', 'platform'],
    'CPU cores that the pods of model servers request.'
  ),
  usageMemoryBytes: family(
    'usage_memory_requested_bytes',
    'gauge',
    ['namespace', 'platform'],
    'Memory that the pods of model servers request.'
  ),
  usageGpus: family(
    'usage_gpus_requested',
    'gauge',
    ['namespace', 'platform'],
    'GPUs that the pods of model servers request.'
  ),
  usageMultiModelServers: family(
    'usage_multi_model_servers',
    'gauge',
    ['namespace', 'platform'],
    'Servers that host more than one model.'
  ),
  usageOvercommitServers: family(
    'usage_overcommit_servers',
    'gauge',
    ['namespace', 'platform'],
    'Servers that may be overcommitted.'
  ),
  // the exporter itself (served by prom-client)
  exporterBuildInfo: family('exporter_build_info', 'gauge', ['version', 'node_version'], 'Version of the exporter.'),
  exporterSynced: family(
    'exporter_synced',
    'gauge',
    [],
    '1 if every required source is synced and fresh. Rules leave out the state of an exporter that is not.'
  ),
  exporterSourceSynced: family(
    'exporter_source_synced',
    'gauge',
    ['source'],
    '1 if the source is synced and fresh, 0 if it is syncing, failing or silent. A kind that is not installed is absent.'
  ),
  exporterSourceLastContact: family(
    'exporter_source_last_contact_timestamp_seconds',
    'gauge',
    ['source'],
    'When the source last gave a sign of life (event, bookmark, page or answered probe).'
  ),
  exporterSourceObjects: family('exporter_source_objects', 'gauge', ['source'], 'Objects held of the source.'),
  exporterSourceRelists: family(
    'exporter_source_relists_total',
    'counter',
    ['source'],
    'Full lists taken of the source, the first included.'
  ),
  exporterSourceErrors: family(
    'exporter_source_errors_total',
    'counter',
    ['source', 'reason'],
    'Failures of the source that were survived, by reason.'
  ),
  exporterSourceEvents: family(
    'exporter_source_events_total',
    'counter',
    ['source'],
    'Watch events or probe results taken in.'
  ),
  exporterInputDropped: family(
    'exporter_input_dropped_total',
    'counter',
    ['source', 'reason'],
    'Objects, fields, samples or answers that could not be used, by reason.'
  ),
  exporterScrapeDuration: family(
    'exporter_scrape_duration_seconds',
    'gauge',
    [],
    'How long the scrape before this one took to write.'
  ),
  exporterScrapeBytes: family(
    'exporter_scrape_bytes',
    'gauge',
    [],
    'Size of the scrape before this one, before compression.'
  ),
  exporterSeries: family(
    'exporter_series',
    'gauge',
    [],
    'Series in the scrape before this one, without those of the exporter itself.'
  ),
  exporterEventLoopDelay: family(
    'exporter_event_loop_delay_seconds',
    'gauge',
    ['percentile'],
    'Delay of the event loop since the scrape before this one.'
  ),
  exporterConfigInfo: family('exporter_config_info', 'gauge', ['hash'], 'Hash of the configuration that is in force.'),
  exporterConfigLoaded: family(
    'exporter_config_loaded_timestamp_seconds',
    'gauge',
    [],
    'When the configuration that is in force was loaded.'
  ),
} as const;

export type MetricKey = keyof typeof METRICS;
