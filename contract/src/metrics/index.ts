/**
 * Every metric family that the exporter can expose, named once: name, type, labels, help; one file per subject.
 * Families (exporter), PromQL builders (data source), rules, dashboards and docs read the names from here, and a test
 * holds docs/metrics.md against this table.
 */
import { ACCURACY_METRICS } from './accuracy';
import { BATCH_METRICS } from './batches';
import { CHALLENGER_METRICS } from './challengers';
import { DEPLOYMENT_METRICS } from './deployment';
import { COMPONENT_METRICS } from './component';
import { CUSTOM_METRICS } from './custom';
import { DETECTOR_METRICS } from './detectors';
import { ENDPOINT_METRICS } from './endpoint';
import { EVENT_METRICS } from './events';
import { EXPERIMENT_METRICS } from './experiment';
import { EXPLORATION_METRICS } from './exploration';
import { EXPORTER_METRICS } from './exporter';
import { FAIRNESS_METRIC_FAMILIES } from './fairness';
import { GENERATIVE_METRICS } from './generative';
import { GRAPH_METRICS } from './graph';
import { INFERENCE_METRICS } from './inference';
import { MODEL_METRICS } from './model';
import { NODE_METRICS } from './node';
import { PIPELINE_METRICS } from './pipeline';
import { RESPONDER_METRICS } from './responder';
import { RUNTIME_METRICS } from './runtime';
import { POD_METRICS } from './pod';
import { SERVER_METRICS } from './server';
import { SERVER_REPLICA_METRICS } from './server-replica';
import { SYNTHETIC_METRICS } from './synthetic';
import { SEGMENT_METRICS } from './segments';
import { SLO_METRICS } from './slo';
import { USAGE_METRICS } from './usage';

// One subject at a time, for what is sent to browsers: all of them weigh more than what a plugin does with some.
export { ACCURACY_METRICS } from './accuracy';
export { BATCH_METRICS } from './batches';
export { CHALLENGER_METRICS } from './challengers';
export { CUSTOM_METRICS } from './custom';
export { DETECTOR_METRICS } from './detectors';
export { ENDPOINT_METRICS } from './endpoint';
export { EVENT_METRICS } from './events';
export { SEGMENT_METRICS } from './segments';
export { SLO_METRICS } from './slo';
export { EXPLORATION_METRICS } from './exploration';
export { EXPORTER_METRICS } from './exporter';
export { MODEL_METRICS } from './model';
export { PIPELINE_METRICS } from './pipeline';
export { PROBE_METRICS } from './probe';
export { CONFIGS, WEB_AUTH_FAILURES, WEB_REFUSALS } from './exporter';
export {
  INFERENCE_HISTOGRAMS,
  INFERENCE_METRICS,
  INFERENCE_NUMBERS,
  type InferenceHistogram,
  type InferenceNumber,
} from './inference';
export { REPLICA_NUMBERS, type ReplicaNumber } from './server-replica';
export type { MetricFamily, MetricType } from './family';

export const METRICS = {
  ...MODEL_METRICS,
  ...DEPLOYMENT_METRICS,
  ...SERVER_METRICS,
  ...SERVER_REPLICA_METRICS,
  ...RUNTIME_METRICS,
  ...POD_METRICS,
  ...NODE_METRICS,
  ...PIPELINE_METRICS,
  ...GRAPH_METRICS,
  ...EXPERIMENT_METRICS,
  ...COMPONENT_METRICS,
  ...ENDPOINT_METRICS,
  ...INFERENCE_METRICS,
  ...SYNTHETIC_METRICS,
  ...EVENT_METRICS,
  ...ACCURACY_METRICS,
  ...CHALLENGER_METRICS,
  ...CUSTOM_METRICS,
  ...DETECTOR_METRICS,
  ...SEGMENT_METRICS,
  ...SLO_METRICS,
  ...EXPLORATION_METRICS,
  ...BATCH_METRICS,
  ...FAIRNESS_METRIC_FAMILIES,
  ...GENERATIVE_METRICS,
  ...USAGE_METRICS,
  ...RESPONDER_METRICS,
  ...EXPORTER_METRICS,
} as const;

export type MetricKey = keyof typeof METRICS;
