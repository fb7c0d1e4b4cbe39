/** How a model is deployed, part by part: what was asked for, and what its controller says of it. */
import { family, MODEL } from './family';

const COMPONENT = [...MODEL, 'component'] as const;

export const DEPLOYMENT_METRICS = {
  modelDeploymentInfo: family(
    'model_deployment_info',
    'gauge',
    [...MODEL, 'resource_kind', 'mode', 'format', 'format_version', 'protocol', 'runtime_scope'],
    'How the model is deployed: kind of its resource, deployment mode, model format; the value is always 1.'
  ),
  modelUrlAssigned: family(
    'model_url_assigned',
    'gauge',
    MODEL,
    '1 if the status of the model has a URL, 0 if not yet. The URL itself is in the read API.'
  ),
  modelRuntimeState: family(
    'model_runtime_state',
    'gauge',
    [...MODEL, 'state'],
    'Serving runtime that the model names: 1 for the state that holds. Without it the model cannot be rolled out.'
  ),
  modelTrafficObserved: family(
    'model_traffic_observed_ratio',
    'gauge',
    [...MODEL, 'candidate'],
    'Share of the traffic of the model that is routed to a candidate now, as its status tells it, 0 to 1.'
  ),
  modelCanaryReady: family(
    'model_canary_ready',
    'gauge',
    [...MODEL, 'candidate'],
    '1 if the canary is ready. One that is not gets no traffic, whatever share it should have.'
  ),
  modelTransitionStatus: family(
    'model_transition_status',
    'gauge',
    [...MODEL, 'status'],
    'Whether the loaded model is the one that was asked for, as KServe says it: 1 for the status that holds.'
  ),
  modelLoadState: family(
    'model_load_state',
    'gauge',
    [...MODEL, 'revision', 'state'],
    'State of the active and of the target revision of the model, as KServe says it: 1 for the state that holds.'
  ),
  modelCopiesReady: family(
    'model_copies_ready',
    'gauge',
    MODEL,
    'Ready copies of the model by its status (totalCopies). KServe counts when it looks, so it can lag behind the pods.'
  ),
  modelCopiesFailed: family('model_copies_failed', 'gauge', MODEL, 'Copies of the model that failed to load lately.'),
  modelLastFailure: family(
    'model_last_failure_info',
    'gauge',
    [...MODEL, 'reason'],
    'The last failure that KServe noted. It stays after the model recovered: it explains a failure, it proves none.'
  ),
  modelLastFailureTime: family(
    'model_last_failure_timestamp_seconds',
    'gauge',
    MODEL,
    'When the last failure that KServe noted occurred.'
  ),
  modelLastFailureExitCode: family(
    'model_last_failure_exit_code',
    'gauge',
    MODEL,
    'Exit code of the container in the last failure that KServe noted.'
  ),
  componentReplicasDesired: family(
    'model_component_replicas_desired',
    'gauge',
    COMPONENT,
    'Replicas that the part of the model should have now.'
  ),
  componentReplicasAvailable: family(
    'model_component_replicas_available',
    'gauge',
    COMPONENT,
    'Ready replicas of the part of the model.'
  ),
  componentReplicasMin: family(
    'model_component_replicas_min',
    'gauge',
    COMPONENT,
    'Fewest replicas that the part may be scaled to; 0 allows scaling to zero.'
  ),
  componentReplicasMax: family(
    'model_component_replicas_max',
    'gauge',
    COMPONENT,
    'Most replicas that the part may be scaled to.'
  ),
  componentScaleTarget: family(
    'model_component_scale_target',
    'gauge',
    [...COMPONENT, 'scale_metric'],
    'Value of the scale metric that the autoscaler aims at: percent for cpu and memory, else requests per replica.'
  ),
  componentConcurrencyLimit: family(
    'model_component_concurrency_limit',
    'gauge',
    COMPONENT,
    'Requests that one replica of the part takes at a time; 0 means no limit.'
  ),
  componentTimeout: family(
    'model_component_timeout_seconds',
    'gauge',
    COMPONENT,
    'Time after which a request to the part is given up.'
  ),
  componentRollout: family(
    'model_component_rollout_in_progress',
    'gauge',
    COMPONENT,
    '1 while the newest revision of the part is not the one that is ready.'
  ),
  llmInfo: family(
    'model_llm_info',
    'gauge',
    [...MODEL, 'served_model_name'],
    'A large language model: the name that requests and the metrics of its server give it; the value is always 1.'
  ),
  llmAdapters: family('model_lora_adapters', 'gauge', MODEL, 'LoRA adapters that are attached to the model.'),
  llmParallelism: family(
    'model_parallelism',
    'gauge',
    [...COMPONENT, 'parallelism'],
    'Ways in which the part of the model is split over accelerators; expert is 1 where it is on.'
  ),
  llmGroupRatio: family(
    'model_route_group_ratio',
    'gauge',
    [...MODEL, 'group'],
    'Share of the traffic of its routing group that the model gets, by its status; 0 for a stopped member.'
  ),
} as const;
