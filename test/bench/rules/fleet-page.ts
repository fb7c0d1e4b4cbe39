/**
 * What an exporter shows of models on servers with buckets (TensorFlow Serving, vLLM), and what the kubelet shows of their
 * pods, as text with the time of each sample: so minutes of it fit into a few scrapes.
 */
import { INFERENCE_CAPABILITIES, METRICS, SERVING_STATES, type MetricFamily } from '@modelwatch/contract';

export const REPLICAS = 2;
const BOUNDS = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1.0', '2.5', '5.0', '10.0', '+Inf'];
const THRESHOLD = '0.5';
export const BUCKETS = BOUNDS.length;
/** Models of a namespace. */
const NAMESPACE = 100;
/** Every so many models one is a language model. */
const LLM = 10;

type Line = (family: MetricFamily, labels: string, value: number, suffix?: string) => string;

function histogram(
  line: Line,
  family: MetricFamily,
  labels: string,
  count: number,
  bounds: readonly string[]
): string[] {
  const last = bounds.length - 1;
  return [
    ...bounds.map((le, at) =>
      line(family, `${labels},le="${le}"`, at === last ? count : (count * (at + 1)) / (last + 1), '_bucket')
    ),
    line(family, labels, count / 10, '_sum'),
    line(family, labels, count, '_count'),
  ];
}

function replicaLines(line: Line, model: Model, replica: string, count: number): string[] {
  const labels = `${model.labels},replica="${replica}",version="1"`;
  const buckets = (family: MetricFamily, bounds: readonly string[]) => histogram(line, family, labels, count, bounds);
  return [
    line(METRICS.inferenceRequests, `${labels},outcome="success"`, count),
    line(METRICS.inferenceRequests, `${labels},outcome="server_error"`, count / 100),
    ...buckets(METRICS.inferenceDuration, BOUNDS),
    ...buckets(METRICS.inferenceExecution, ['+Inf']),
    ...buckets(METRICS.inferenceQueue, ['+Inf']),
    line(METRICS.inferenceRunning, labels, 1),
    line(METRICS.inferenceWaiting, labels, 0),
    line(METRICS.endpointModelReady, `${model.labels},replica="${replica}"`, 1),
    line(
      METRICS.modelPodInfo,
      `${model.labels},pod="${replica}",node="n",server="${model.name}",component="predictor"`,
      1
    ),
    ...INFERENCE_CAPABILITIES.map((capability) =>
      line(
        METRICS.inferenceCapability,
        `${model.namespace},replica="${replica}",server="${model.name}",capability="${capability}"`,
        1
      )
    ),
    ...(model.isLlm ? llmLines(line, labels, count) : []),
    ...podLines(line, model, replica, count),
  ];
}

function llmLines(line: Line, labels: string, count: number): string[] {
  return [
    ...histogram(line, METRICS.inferenceTimeToFirstToken, labels, count, BOUNDS),
    ...histogram(line, METRICS.inferenceInterToken, labels, count, BOUNDS),
    line(METRICS.inferenceTokens, `${labels},direction="prompt"`, count),
    line(METRICS.inferenceTokens, `${labels},direction="generated"`, count),
    line(METRICS.inferenceFinished, `${labels},reason="stop"`, count),
    line(METRICS.inferenceKvCacheUsage, labels, 0.5),
  ];
}

/** Of a pod of one container: what the exporter, cAdvisor and kube-state-metrics say. */
function podLines(line: Line, model: Model, pod: string, count: number): string[] {
  const ofPod = `${model.namespace},pod="${pod}"`;
  const container = `${ofPod},container="predictor",id="/kubepods/${pod}"`;
  const raw = (name: string, labels: string, value: number) => line({ name } as MetricFamily, labels, value);
  return [
    line(METRICS.podInfo, `${ofPod},server="${model.name}",node="n",uid="${pod}"`, 1),
    line(METRICS.podRestarts, `${ofPod},server="${model.name}",container_name="predictor"`, 0),
    raw('container_cpu_usage_seconds_total', container, count),
    raw('container_cpu_cfs_periods_total', container, count),
    raw('container_cpu_cfs_throttled_periods_total', container, count / 10),
    raw('container_memory_working_set_bytes', container, 1e9),
    raw('kube_pod_container_resource_limits', `${ofPod},container="predictor",resource="memory",unit="byte"`, 2e9),
    raw('container_network_receive_bytes_total', `${ofPod},interface="eth0"`, count),
    raw('container_network_transmit_bytes_total', `${ofPod},interface="eth0"`, count),
    raw('container_fs_reads_bytes_total', `${container},device="d"`, count),
    raw('container_fs_writes_bytes_total', `${container},device="d"`, count),
    ...(model.isLlm
      ? ['UTIL', 'FB_USED', 'FB_FREE'].map((what) =>
          raw(`DCGM_FI_DEV_${what === 'UTIL' ? 'GPU_UTIL' : what}`, `${ofPod},UUID="${pod}",gpu="0"`, 50)
        )
      : []),
  ];
}

interface Model {
  readonly name: string;
  readonly namespace: string;
  readonly labels: string;
  readonly isLlm: boolean;
}

function modelLines(line: Line, at: number, seconds: number): string[] {
  const name = `model-${at}`;
  const namespace = `namespace="ns-${Math.floor(at / NAMESPACE)}"`;
  const model: Model = { name, namespace, labels: `${namespace},model="${name}"`, isLlm: at % LLM === 0 };
  const { labels } = model;
  return [
    ...SERVING_STATES.map((state) =>
      line(METRICS.modelServing, `${labels},state="${state}"`, state === 'serving' ? 1 : 0)
    ),
    line(METRICS.modelInfo, `${labels},platform="kserve",server="${name}"`, 1),
    line(METRICS.serverInfo, `${namespace},server="${name}",platform="kserve",server_type="other"`, 1),
    line(METRICS.modelReplicasDesired, labels, REPLICAS),
    line(METRICS.modelReplicasAvailable, labels, REPLICAS),
    line(METRICS.modelLastObserved, labels, seconds),
    line(METRICS.modelLastTransition, labels, 1),
    line(METRICS.modelSlowThreshold, `${labels},le="${THRESHOLD}"`, Number(THRESHOLD)),
    ...Array.from({ length: REPLICAS }, (_, replica) =>
      replicaLines(line, model, `${name}-${replica}`, Math.floor(seconds * 10))
    ).flat(),
  ];
}

/** Lines of the models from `first` up to, without, `end`; the first part has those of the exporter, too. */
export function* fleetPage(first: number, end: number, seconds: number): Generator<string> {
  const at = Math.round(seconds * 1000);
  const line: Line = ({ name }, labels, value, suffix = '') => `${name}${suffix}{${labels}} ${value} ${at}\n`;
  if (first === 0) yield `${METRICS.exporterSynced.name} 1 ${at}\n${METRICS.exporterTotalShards.name} 1 ${at}\n`;
  for (let model = first; model < end; model++) yield modelLines(line, model, seconds).join('');
}
