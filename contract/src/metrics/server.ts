/** Inference servers. */
import { family, SERVER } from './family';

export const SERVER_METRICS = {
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
  serverReplicasMin: family('server_replicas_min', 'gauge', SERVER, 'Replicas below which the server is not scaled.'),
  serverReplicasMax: family('server_replicas_max', 'gauge', SERVER, 'Replicas above which the server is not scaled.'),
  serverImageOverride: family(
    'server_image_override_info',
    'gauge',
    [...SERVER, 'part', 'image'],
    'Images that the server sets in place of those of its configuration (agent, rclone); the value is always 1.'
  ),
} as const;
