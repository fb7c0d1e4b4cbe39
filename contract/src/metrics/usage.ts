/** What is deployed, and what it takes. */
import { family, SERVER_TYPE_USAGE, USAGE } from './family';

/** One help for both families of a figure: of all servers, and by their kind. */
const HELP = {
  models: 'Deployed models',
  servers: 'Inference servers',
  modelReplicas: 'Available replicas of models',
  serverReplicas: 'Available replicas of servers',
  cpu: 'CPU cores that the pods of model servers request on their nodes',
  memory: 'Memory that the pods of model servers request on their nodes',
  gpus: 'GPUs that the pods of model servers request on their nodes',
} as const;

const total = (name: string, help: string) => family(`usage_${name}`, 'gauge', USAGE, `${help}.`);
const byType = (name: string, help: string) =>
  family(`usage_server_type_${name}`, 'gauge', SERVER_TYPE_USAGE, `${help}, by kind of server.`);

export const USAGE_METRICS = {
  usageModels: total('models', HELP.models),
  usageModelVersions: total(
    'model_versions',
    'Versions of models that get traffic: one for each model, more while a canary or a rollout divides it'
  ),
  usageServers: total('servers', HELP.servers),
  usagePipelines: total('pipelines', 'Pipelines and inference graphs'),
  usageExperiments: total('experiments', 'Experiments'),
  usageModelReplicas: total('model_replicas', HELP.modelReplicas),
  usageServerReplicas: total('server_replicas', HELP.serverReplicas),
  usageNodes: total(
    'nodes',
    'Nodes that run a pod of a model server of the namespace. Not to be added up: namespaces share nodes'
  ),
  usageCpuCores: total('cpu_requested_cores', HELP.cpu),
  usageMemoryBytes: total('memory_requested_bytes', HELP.memory),
  usageGpus: total('gpus_requested', HELP.gpus),
  usageMultiModelServers: total('multi_model_servers', 'Servers that host more than one model'),
  usageOvercommitServers: total('overcommit_servers', 'Servers that may be overcommitted'),
  usageServerTypeModels: byType('models', HELP.models),
  usageServerTypeServers: byType('servers', HELP.servers),
  usageServerTypeModelReplicas: byType('model_replicas', HELP.modelReplicas),
  usageServerTypeServerReplicas: byType('server_replicas', HELP.serverReplicas),
  usageServerTypeCpuCores: byType('cpu_requested_cores', HELP.cpu),
  usageServerTypeMemoryBytes: byType('memory_requested_bytes', HELP.memory),
  usageServerTypeGpus: byType('gpus_requested', HELP.gpus),
} as const;
