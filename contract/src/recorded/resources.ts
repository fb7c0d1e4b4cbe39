/** What pods of model servers use, as other exporters measure it, and the part of it that is each model's. */
import { ofModel, series, type RecordedSeries } from './series';

const POD = ['cluster', 'namespace', 'pod'] as const;
const ofPod = (name: string, labels: readonly string[], help: string) =>
  series(`pod_${name}`, [...POD, 'server', ...labels], help);

/** A figure that adds up: of the pods of a model alone, or its part of pods that it shares. */
const part = (name: string, labels: readonly string[], help: string) =>
  ofModel(`model_${name}`, ['apportioned', ...labels], help);

const CPU = 'CPU cores in use, over 5 minutes';
const MEMORY = 'Memory that cannot be reclaimed (working set), in bytes';
const NETWORK = 'Bytes per second over the network over 5 minutes, by direction (receive, transmit)';
const DISK = 'Bytes per second from and to disk over 5 minutes, by direction (read, write)';
const BUSY = 'GPUs in use: the sum of their utilisations, 1 for a GPU that is busy all the time';
const GPU_MEMORY = 'GPU memory in use, in bytes';
const BY_REQUESTS = 'a shared pod is divided by request time.';
const BY_MEMORY = 'a shared pod is divided by declared memory.';

export const RECORDED_RESOURCES = {
  podInfo: series(
    'pod_info',
    [...POD, 'server', 'node'],
    'A pod of a model server, once however many exporters see it and however often it was made again; value 1. Join with this.'
  ),
  modelPodInfo: series(
    'model_pod_info',
    [...POD, 'model'],
    'A pod once for each model that it serves, however many exporters see it; value 1. Join with this.'
  ),
  modelPodShare: series(
    'model_pod_share_ratio',
    [...POD, 'model', 'apportioned', 'basis'],
    'The part of the pod that is given to the model, 0 to 1, by basis (requests, memory, equal); the parts of a pod add up to 1. apportioned="true": the model shares a pod with others.'
  ),
  podCpu: ofPod('cpu_usage_cores:5m', [], `${CPU}.`),
  podCpuThrottled: ofPod(
    'cpu_throttled_ratio:5m',
    [],
    'Share of the scheduling periods over 5 minutes in which a container was held back by its CPU limit, 0 to 1; of the container that was held back most.'
  ),
  podMemory: ofPod('memory_working_set_bytes', [], `${MEMORY}.`),
  podMemoryLimit: ofPod(
    'memory_limit_ratio',
    [],
    'Working set as a share of the memory limit, of the container that is nearest to its own; absent without a limit.'
  ),
  podNetwork: ofPod('network_bytes_rate:5m', ['direction'], `${NETWORK}.`),
  podDisk: ofPod('disk_bytes_rate:5m', ['direction'], `${DISK}.`),
  podGpus: ofPod('gpus', [], 'GPUs (or MIG instances) that DCGM sees the pod use.'),
  podGpusBusy: ofPod('gpus_busy', [], `${BUSY}.`),
  podGpuMemoryUsed: ofPod('gpu_memory_used_bytes', [], `${GPU_MEMORY}.`),
  podGpuMemory: ofPod('gpu_memory_bytes', [], 'Memory of the GPUs of the pod, used and free, in bytes.'),
  modelCpu: part('cpu_usage_cores:5m', [], `${CPU}; ${BY_REQUESTS}`),
  modelMemory: part('memory_working_set_bytes', [], `${MEMORY}; ${BY_MEMORY}`),
  modelNetwork: part('network_bytes_rate:5m', ['direction'], `${NETWORK}; ${BY_REQUESTS}`),
  modelDisk: part('disk_bytes_rate:5m', ['direction'], `${DISK}; ${BY_REQUESTS}`),
  modelGpusBusy: part('gpus_busy', [], `${BUSY}; ${BY_REQUESTS}`),
  modelGpuMemoryUsed: part('gpu_memory_used_bytes', [], `${GPU_MEMORY}; ${BY_MEMORY}`),
  modelGpuUtilisation: ofModel(
    'model_gpu_utilisation_ratio',
    [],
    'Mean utilisation of the GPUs of the pods that serve the model, 0 to 1; of a shared pod all that happens on it.'
  ),
  modelGpuMemory: ofModel(
    'model_gpu_memory_ratio',
    [],
    'Share of the memory of the GPUs of the pods that serve the model that is in use, 0 to 1.'
  ),
  modelCpuThrottled: ofModel(
    'model_cpu_throttled_ratio:5m',
    [],
    'Share of the scheduling periods over 5 minutes in which CPU was held back by a limit, 0 to 1; of the pod of the model that was held back most.'
  ),
  modelMemoryLimit: ofModel(
    'model_memory_limit_ratio',
    [],
    'Working set as a share of the memory limit, of the container nearest to its own in all pods that serve the model; absent without a limit.'
  ),
  modelRestarts: ofModel(
    'model_restarts:1h',
    [],
    'Restarts of containers over the last hour, in the pods that serve the model now.'
  ),
  modelOomKills: ofModel(
    'model_oom_kills:1h',
    [],
    'Containers killed for memory over the last hour, of the servers that serve the model.'
  ),
  modelPodsMeasured: ofModel(
    'model_pods_measured_ratio',
    [],
    'Share of the pods of the model whose CPU is known, 0 to 1: below 1 the figures of the model lack some of its pods.'
  ),
} as const satisfies Record<string, RecordedSeries>;
