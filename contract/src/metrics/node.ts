/** Nodes that carry pods of model servers. */
import { family, NODE } from './family';

const SHARE = ['namespace', ...NODE] as const;

export const NODE_METRICS = {
  nodeReady: family('node_ready', 'gauge', NODE, '1 if the node, which carries pods of model servers, is ready.'),
  nodeUnschedulable: family('node_unschedulable', 'gauge', NODE, '1 if the node takes no new pods (cordoned).'),
  nodeCpuAllocatable: family('node_cpu_allocatable_cores', 'gauge', NODE, 'CPU cores of the node that pods can have.'),
  nodeMemoryAllocatable: family(
    'node_memory_allocatable_bytes',
    'gauge',
    NODE,
    'Memory of the node that pods can have.'
  ),
  nodeGpusAllocatable: family(
    'node_gpus_allocatable',
    'gauge',
    [...NODE, 'resource'],
    'GPUs of the node that pods can have, by the name of their resource.'
  ),
  nodePods: family('node_pods', 'gauge', SHARE, 'Pods of model servers on the node, by their namespace.'),
  nodeCpuRequested: family(
    'node_cpu_requested_cores',
    'gauge',
    SHARE,
    'CPU cores that the pods of model servers request on the node, by their namespace.'
  ),
  nodeMemoryRequested: family(
    'node_memory_requested_bytes',
    'gauge',
    SHARE,
    'Memory that the pods of model servers request on the node, by their namespace.'
  ),
  nodeGpusRequested: family(
    'node_gpus_requested',
    'gauge',
    [...SHARE, 'resource'],
    'GPUs that the pods of model servers request on the node, by their namespace.'
  ),
} as const;
