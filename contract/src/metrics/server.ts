/** Inference servers. */
import { family, openFamily, SERVER } from './family';

export const SERVER_METRICS = {
  serverInfo: family(
    'server_info',
    'gauge',
    [...SERVER, 'platform', 'runtime', 'server_type'],
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
  serverReplicasUpdated: family(
    'server_replicas_updated',
    'gauge',
    SERVER,
    'Replicas of the newest version of the workload behind the server.'
  ),
  serverReplicasUnavailable: family(
    'server_replicas_unavailable',
    'gauge',
    SERVER,
    'Replicas that the server should have and that are not ready.'
  ),
  serverReplicasConnected: family(
    'server_replicas_connected',
    'gauge',
    SERVER,
    "Replicas of the server whose agent is connected to Seldon's scheduler, those that are draining left out."
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
  serverReplicasMin: family('server_replicas_min', 'gauge', SERVER, 'Replicas below which the server is not scaled.'),
  serverReplicasMax: family('server_replicas_max', 'gauge', SERVER, 'Replicas above which the server is not scaled.'),
  serverImageOverride: family(
    'server_image_override_info',
    'gauge',
    [...SERVER, 'part', 'image'],
    'Images that the server sets in place of those of its configuration (agent, rclone); the value is always 1.'
  ),
  serverRolloutRatio: family(
    'server_rollout_updated_ratio',
    'gauge',
    SERVER,
    'Share of the replicas, missing ones included, that are of the newest version; below 1 a rollout is under way.'
  ),
  serverRolloutStart: family(
    'server_rollout_start_timestamp_seconds',
    'gauge',
    SERVER,
    'When the exporter saw the rollout begin that is under way; absent when there is none, or nobody saw it begin.'
  ),
  serverRolloutPaused: family(
    'server_rollout_paused',
    'gauge',
    SERVER,
    '1 if the Deployment behind the server is paused: its changes wait. Absent for a StatefulSet.'
  ),
  serverWorkloadGeneration: family(
    'server_workload_generation',
    'gauge',
    [...SERVER, 'workload_kind', 'workload'],
    'Generation of the Deployment or StatefulSet behind the server.'
  ),
  serverWorkloadObservedGeneration: family(
    'server_workload_observed_generation',
    'gauge',
    [...SERVER, 'workload_kind', 'workload'],
    'Generation that the controller of the workload has acted on; behind the other, a change is not seen yet.'
  ),
  serverImage: family(
    'server_image_info',
    'gauge',
    [...SERVER, 'container_name', 'image'],
    'Images of the containers of the server; two for one container during a rollout. The value is always 1.'
  ),
  serverImageDigest: family(
    'server_image_digest_info',
    'gauge',
    [...SERVER, 'container_name', 'image', 'digest'],
    'What runs of the images of the server: the first 12 digits of the digest that the kubelet tells, several while its pods differ. Absent for an image that came from no registry. The value is always 1.'
  ),
  serverPods: family(
    'server_pods',
    'gauge',
    [...SERVER, 'phase'],
    'Pods of the server by phase, those that are done and not cleaned up included.'
  ),
  serverOomKills: family(
    'server_oom_kills_total',
    'counter',
    SERVER,
    'Containers of the server that the exporter saw killed for memory; begins at 0 with the exporter.'
  ),
  serverEvictions: family(
    'server_pod_evictions_total',
    'counter',
    SERVER,
    'Pods of the server that the exporter saw evicted by their node; begins at 0 with the exporter.'
  ),
  serverLabels: openFamily(
    'server_labels',
    SERVER,
    'label_',
    'Labels of the server that the configuration allows, as labels of the series; the value is always 1.'
  ),
  serverAnnotations: openFamily(
    'server_annotations',
    SERVER,
    'annotation_',
    'Annotations of the server that the configuration allows, as labels of the series; the value is always 1.'
  ),
  serverCpuRequested: family(
    'server_cpu_requested_cores',
    'gauge',
    SERVER,
    'CPU cores that the pods of the server request.'
  ),
  serverMemoryRequested: family(
    'server_memory_requested_bytes',
    'gauge',
    SERVER,
    'Memory that the pods of the server request.'
  ),
  serverGpusRequested: family(
    'server_gpus_requested',
    'gauge',
    [...SERVER, 'resource'],
    'GPUs that the pods of the server request, by the name of their resource.'
  ),
  serverCpuLimit: family(
    'server_cpu_limit_cores',
    'gauge',
    SERVER,
    'CPU cores that the pods of the server can use at most; absent where a container has no limit.'
  ),
  serverMemoryLimit: family(
    'server_memory_limit_bytes',
    'gauge',
    SERVER,
    'Memory that the pods of the server can use at most; absent where a container has no limit.'
  ),
  serverAutoscalerReplicasMin: family(
    'server_autoscaler_replicas_min',
    'gauge',
    SERVER,
    'Fewest replicas that the autoscaler of the server asks for.'
  ),
  serverAutoscalerReplicasMax: family(
    'server_autoscaler_replicas_max',
    'gauge',
    SERVER,
    'Most replicas that the autoscaler of the server asks for.'
  ),
  serverAutoscalerReplicasCurrent: family(
    'server_autoscaler_replicas_current',
    'gauge',
    SERVER,
    'Replicas that the autoscaler of the server last saw.'
  ),
  serverAutoscalerReplicasDesired: family(
    'server_autoscaler_replicas_desired',
    'gauge',
    SERVER,
    'Replicas that the autoscaler of the server asks for now.'
  ),
  serverAutoscalerLimited: family(
    'server_autoscaler_limited',
    'gauge',
    SERVER,
    '1 if the autoscaler of the server wants more or fewer replicas than its bounds allow.'
  ),
  serverAutoscalerAble: family(
    'server_autoscaler_able',
    'gauge',
    SERVER,
    '1 if the autoscaler of the server can read and change the number of replicas.'
  ),
  serverAutoscalerActive: family(
    'server_autoscaler_active',
    'gauge',
    SERVER,
    '1 if the autoscaler of the server can read its metrics; absent while it has no replica to scale.'
  ),
  serverAutoscalerLoadRatio: family(
    'server_autoscaler_load_ratio',
    'gauge',
    SERVER,
    'Highest of the metrics of the autoscaler of the server, as a share of its target; above 1 it adds replicas.'
  ),
} as const;
