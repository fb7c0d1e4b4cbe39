/** What is deployed, and what it takes. */
import { family, USAGE } from './family';

export const USAGE_METRICS = {
  usageModels: family('usage_models', 'gauge', USAGE, 'Deployed models.'),
  usageServers: family('usage_servers', 'gauge', USAGE, 'Inference servers.'),
  usagePipelines: family('usage_pipelines', 'gauge', USAGE, 'Pipelines and inference graphs.'),
  usageExperiments: family('usage_experiments', 'gauge', USAGE, 'Experiments.'),
  usageModelReplicas: family('usage_model_replicas', 'gauge', USAGE, 'Available replicas of models.'),
  usageServerReplicas: family('usage_server_replicas', 'gauge', USAGE, 'Available replicas of servers.'),
  usageNodes: family(
    'usage_nodes',
    'gauge',
    USAGE,
    'Nodes that run a pod of a model server of the namespace. Not to be added up: namespaces share nodes.'
  ),
  usageCpuCores: family(
    'usage_cpu_requested_cores',
    'gauge',
    USAGE,
    'CPU cores that the pods of model servers request.'
  ),
  usageMemoryBytes: family(
    'usage_memory_requested_bytes',
    'gauge',
    USAGE,
    'Memory that the pods of model servers request.'
  ),
  usageGpus: family('usage_gpus_requested', 'gauge', USAGE, 'GPUs that the pods of model servers request.'),
  usageMultiModelServers: family('usage_multi_model_servers', 'gauge', USAGE, 'Servers that host more than one model.'),
  usageOvercommitServers: family('usage_overcommit_servers', 'gauge', USAGE, 'Servers that may be overcommitted.'),
} as const;
