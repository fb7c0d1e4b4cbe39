/** Small builders for tests: a resource with everything absent but what the test is about. */
import type { InferenceSample, Observation, ProbeResult } from '../observation';
import type {
  Condition,
  InferenceGraph,
  InferenceService,
  KubernetesResource,
  ObjectMeta,
  Pod,
  ResourceKind,
  SeldonExperiment,
  SeldonModel,
  SeldonPipeline,
  SeldonServer,
  Workload,
} from '../resources';

export const NOW = 1_800_000_000;
const NAMESPACE = 'payments';

export function meta(name: string, more: Partial<ObjectMeta> = {}): ObjectMeta {
  return {
    namespace: NAMESPACE,
    name,
    uid: `uid-${name}`,
    createdSeconds: NOW - 86_400,
    labels: {},
    annotations: {},
    owners: [],
    ...more,
  };
}

export function condition(type: string, status: Condition['status'], more: Partial<Condition> = {}): Condition {
  return { type, status, ...more };
}

export function status(...conditions: readonly Condition[]) {
  return { conditions };
}

/** A Seldon Model in a state, as the controller writes it: the enum in `message`. */
export function seldonModel(name: string, state: string, more: Partial<SeldonModel> = {}): SeldonModel {
  const holds = state === 'ModelAvailable' ? 'True' : 'False';
  return {
    kind: 'SeldonModel',
    meta: meta(name),
    status: status(condition('ModelReady', holds, { message: state, lastTransitionSeconds: NOW - 600 })),
    requirements: [],
    ...more,
  };
}

export function seldonServer(name: string, more: Partial<SeldonServer> = {}): SeldonServer {
  return {
    kind: 'SeldonServer',
    meta: meta(name),
    status: status(condition('StatefulSetOrDeploymentReady', 'True')),
    desiredReplicas: 1,
    serverConfig: 'mlserver',
    capabilities: [],
    ...more,
  };
}

export function seldonPipeline(
  name: string,
  steps: readonly string[],
  more: Partial<SeldonPipeline> = {}
): SeldonPipeline {
  return {
    kind: 'SeldonPipeline',
    meta: meta(name),
    status: status(
      condition('PipelineReady', 'True', { reason: 'PipelineReady' }),
      condition('PipelineGwReady', 'True'),
      condition('ModelsReady', 'True', { message: 'Models all available' })
    ),
    steps,
    ...more,
  };
}

export function seldonExperiment(name: string, more: Partial<SeldonExperiment> = {}): SeldonExperiment {
  return {
    kind: 'SeldonExperiment',
    meta: meta(name),
    status: status(condition('ExperimentReady', 'True', { reason: 'experiment active' })),
    resourceKind: 'model',
    candidates: [],
    ...more,
  };
}

export function inferenceService(name: string, more: Partial<InferenceService> = {}): InferenceService {
  return {
    kind: 'InferenceService',
    meta: meta(name),
    status: status(
      condition('Ready', 'True', { lastTransitionSeconds: NOW - 600 }),
      condition('PredictorReady', 'True'),
      condition('IngressReady', 'True')
    ),
    stopRequested: false,
    runtime: 'kserve-mlserver',
    multiNode: false,
    components: [{ name: 'predictor' }],
    traffic: [],
    canaries: [],
    transitionStatus: 'UpToDate',
    activeModelState: 'Loaded',
    targetModelState: 'Loaded',
    ...more,
  };
}

export function inferenceGraph(
  name: string,
  steps: readonly string[],
  more: Partial<InferenceGraph> = {}
): InferenceGraph {
  const calls = steps.map((model) => ({
    name: model,
    model,
    external: false,
    dependency: 'Soft' as const,
    conditional: false,
  }));
  return {
    kind: 'InferenceGraph',
    meta: meta(name),
    status: status(condition('Ready', 'True')),
    steps,
    nodes: [{ name: 'root', routerType: 'Sequence', steps: calls }],
    stopRequested: false,
    ...more,
  };
}

export function workload(name: string, ready: number, desired: number, more: Partial<Workload> = {}): Workload {
  return {
    kind: 'StatefulSet',
    meta: meta(name, { owners: [{ kind: 'Server', name }] }),
    desiredReplicas: desired,
    readyReplicas: ready,
    totalReplicas: desired,
    updatedReplicas: desired,
    containers: [],
    ...more,
  };
}

/** The Deployment of a predictor. */
export function predictor(service: string, ready: number, desired: number, more: Partial<Workload> = {}): Workload {
  const labels = { 'serving.kserve.io/inferenceservice': service, component: 'predictor' };
  const name = `${service}-predictor`;
  return { ...workload(name, ready, desired), kind: 'Deployment', meta: meta(name, { labels }), ...more };
}

type ContainerState = Pod['containerStates'][number];
export function containerState(more: Partial<ContainerState> = {}): ContainerState {
  return { name: 'mlserver', ready: true, restarts: 0, ...more };
}

export function seldonPod(server: string, index: number, more: Partial<Pod> = {}): Pod {
  const name = `${server}-${index}`;
  const labels = { 'app.kubernetes.io/name': 'seldon-server', 'seldon-server-name': server };
  return {
    kind: 'Pod',
    meta: meta(name, { labels }),
    phase: 'Running',
    ip: `10.0.0.${index + 1}`,
    node: `node-${index}`,
    evicted: false,
    ready: true,
    scheduled: true,
    containers: [{ name: 'mlserver', env: {}, ports: [{ name: 'http', port: 9000 }] }],
    requests: {},
    limits: {},
    containerStates: [containerState()],
    ...more,
  };
}

export function kservePod(service: string, index: number, more: Partial<Pod> = {}): Pod {
  const labels = { 'serving.kserve.io/inferenceservice': service, component: 'predictor' };
  return {
    ...seldonPod(`${service}-predictor`, index),
    meta: meta(`${service}-predictor-${index}`, { labels }),
    containers: [
      { name: 'kserve-container', image: 'docker.io/seldonio/mlserver:1.7.1', env: {}, ports: [{ port: 8080 }] },
    ],
    ...more,
  };
}

/** A pod that is not ready because of its container. */
export function brokenPod(pod: Pod, state: Partial<ContainerState>): Pod {
  return { ...pod, ready: false, containerStates: [containerState({ ready: false, ...state })] };
}

export function applied(resource: KubernetesResource): Observation {
  return { kind: 'resource-applied', resource };
}

const ALL_KINDS: readonly ResourceKind[] = [
  'SeldonModel',
  'SeldonServer',
  'SeldonPipeline',
  'SeldonExperiment',
  'InferenceService',
  'InferenceGraph',
  'LLMInferenceService',
  'TrainedModel',
  'StatefulSet',
  'Deployment',
  'Pod',
];

type SourceStatus = Extract<Observation, { kind: 'source-status' }>;
/** One source for all kinds, unless told otherwise. */
export function sourceStatus(more: Partial<SourceStatus> = {}): SourceStatus {
  return {
    kind: 'source-status',
    source: 'kubernetes/all',
    title: 'Kubernetes',
    resources: ALL_KINDS,
    state: 'synced',
    required: true,
    objects: 0,
    lastContactSeconds: NOW,
    ...more,
  };
}

export function probeResult(more: Partial<ProbeResult> = {}): ProbeResult {
  return {
    kind: 'mlserver',
    address: '10.0.0.1:9000',
    durationSeconds: 0.01,
    up: true,
    live: true,
    ready: true,
    serverName: 'mlserver',
    serverVersion: '1.7.1',
    models: [],
    ...more,
  };
}

export function failedProbe(
  causeOfFailure: NonNullable<ProbeResult['error']>['cause'],
  text = 'no answer'
): ProbeResult {
  return probeResult({ up: false, live: false, ready: false, error: { cause: causeOfFailure, text } });
}

export function probed(
  server: string,
  replica: string,
  result: ProbeResult,
  atSeconds = NOW,
  namespace = NAMESPACE
): Observation {
  return { kind: 'endpoint-probed', endpoint: { namespace, server, replica }, atSeconds, result };
}

export function inferenceSample(model: string, version: string, more: Partial<InferenceSample> = {}): InferenceSample {
  return {
    ...{ model, version, requests: {}, responses: {}, histograms: {}, numbers: {}, tokens: {}, finished: {} },
    adapters: [],
    ...more,
  };
}
