/**
 * What an exporter shows of models on servers with buckets (TensorFlow Serving, vLLM), as text with the time of each
 * sample: so minutes of it fit into a few scrapes.
 */
import { INFERENCE_CAPABILITIES, METRICS, SERVING_STATES, type MetricFamily } from '@modelwatch/contract';

export const REPLICAS = 2;
const BOUNDS = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1.0', '2.5', '5.0', '10.0', '+Inf'];
const THRESHOLD = '0.5';
export const BUCKETS = BOUNDS.length;

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

function replicaLines(line: Line, model: string, replica: string, count: number): string[] {
  const place = `namespace="ns",replica="${replica}"`;
  const labels = `${model},replica="${replica}",version="1"`;
  const buckets = (family: MetricFamily, bounds: readonly string[]) => histogram(line, family, labels, count, bounds);
  return [
    line(METRICS.inferenceRequests, `${labels},outcome="success"`, count),
    line(METRICS.inferenceRequests, `${labels},outcome="server_error"`, count / 100),
    ...buckets(METRICS.inferenceDuration, BOUNDS),
    ...buckets(METRICS.inferenceExecution, ['+Inf']),
    ...buckets(METRICS.inferenceQueue, ['+Inf']),
    line(METRICS.inferenceRunning, labels, 1),
    line(METRICS.inferenceWaiting, labels, 0),
    line(METRICS.endpointModelReady, `${model},replica="${replica}"`, 1),
    line(METRICS.modelPodInfo, `${model},pod="${replica}",node="n",server="s",component="predictor"`, 1),
    ...INFERENCE_CAPABILITIES.map((capability) =>
      line(METRICS.inferenceCapability, `${place},server="s",capability="${capability}"`, 1)
    ),
  ];
}

function modelLines(line: Line, name: string, seconds: number): string[] {
  const model = `namespace="ns",model="${name}"`;
  return [
    ...SERVING_STATES.map((state) =>
      line(METRICS.modelServing, `${model},state="${state}"`, state === 'serving' ? 1 : 0)
    ),
    line(METRICS.modelInfo, `${model},platform="kserve",server="${name}"`, 1),
    line(METRICS.modelReplicasDesired, model, REPLICAS),
    line(METRICS.modelReplicasAvailable, model, REPLICAS),
    line(METRICS.modelLastObserved, model, seconds),
    line(METRICS.modelLastTransition, model, 1),
    line(METRICS.modelSlowThreshold, `${model},le="${THRESHOLD}"`, Number(THRESHOLD)),
    ...Array.from({ length: REPLICAS }, (_, at) =>
      replicaLines(line, model, `${name}-${at}`, Math.floor(seconds * 10))
    ).flat(),
  ];
}

/** One page at a time, in seconds since 1970. */
export function* fleetPage(models: number, seconds: number): Generator<string> {
  const at = Math.round(seconds * 1000);
  const line: Line = ({ name }, labels, value, suffix = '') => `${name}${suffix}{${labels}} ${value} ${at}\n`;
  yield `${METRICS.exporterSynced.name} 1 ${at}\n${METRICS.exporterTotalShards.name} 1 ${at}\n`;
  for (let model = 0; model < models; model++) yield modelLines(line, `model-${model}`, seconds).join('');
}
