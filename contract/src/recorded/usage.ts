/** What is deployed and what it takes, once however many exporters see it, as far as a synced exporter confirms it. */
import { series, type RecordedSeries } from './series';

const USAGE = ['cluster', 'namespace', 'platform'] as const;

const usage = (name: string, help: string) => series(`usage_${name}`, USAGE, `${help}.`);
/** What each evaluation adds: the sum over any window is in hours. */
const hours = (name: string, what: string) =>
  series(
    `usage_${name}_hours`,
    [...USAGE, 'server_type'],
    `${what}, in the hours since the evaluation before: sum_over_time over any window gives its hours.`
  );

export const RECORDED_USAGE = {
  usageModels: usage('models', 'Deployed models'),
  usageModelVersions: usage('model_versions', 'Versions of models that get traffic'),
  usageServers: usage('servers', 'Inference servers'),
  usagePipelines: usage('pipelines', 'Pipelines and inference graphs'),
  usageExperiments: usage('experiments', 'Experiments'),
  usageModelReplicas: usage('model_replicas', 'Available replicas of models'),
  usageServerReplicas: usage('server_replicas', 'Available replicas of servers'),
  usageCpuCores: usage('cpu_requested_cores', 'CPU cores that the pods of model servers request on their nodes'),
  usageMemoryBytes: usage('memory_requested_bytes', 'Memory that the pods of model servers request on their nodes'),
  usageGpus: usage('gpus_requested', 'GPUs that the pods of model servers request on their nodes'),
  usageMultiModelServers: usage('multi_model_servers', 'Servers that host more than one model'),
  usageOvercommitServers: usage('overcommit_servers', 'Servers that may be overcommitted'),
  usageNodes: series('usage_nodes', ['cluster'], 'Nodes that run a pod of a model server, each once.'),
  usageModelHours: hours('model', 'Deployed models'),
  usageModelReplicaHours: hours('model_replica', 'Available replicas of models'),
  usageServerReplicaHours: hours('server_replica', 'Available replicas of servers'),
  usageCpuCoreHours: hours('cpu_core', 'CPU cores that pods of model servers request'),
  usageMemoryByteHours: hours('memory_byte', 'Bytes of memory that pods of model servers request'),
  usageGpuHours: hours('gpu', 'GPUs that pods of model servers request'),
  usageObservedHours: series(
    'usage_observed_hours',
    ['cluster'],
    'The hours since the evaluation before, while every shard was synced: the sum over a window tells how much of it was seen.'
  ),
} as const satisfies Record<string, RecordedSeries>;
