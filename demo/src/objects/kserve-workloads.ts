/** The Deployments and pods of KServe's predictors, and the runtimes that they are made from. */
import type { ModelPlan } from '../fleet/plan';
import { canaryName, predictorName, predictorPods, replicaSetName, revisionName, transformerPod } from '../fleet/pods';
import type { KubernetesObject } from '../types';
import { readyDeployment } from './ready-deployment';
import { containerSpec, podObject, type ContainerPlan, type PodPlan } from './pods';
import type { World } from './seldon';

export const V1BETA1 = 'serving.kserve.io/v1beta1';

export const RUNTIMES = [
  { name: 'kserve-sklearnserver', formats: ['sklearn'], image: 'docker.io/kserve/sklearnserver:v0.19.0' },
  { name: 'kserve-xgbserver', formats: ['xgboost'], image: 'docker.io/kserve/xgbserver:v0.19.0' },
  { name: 'kserve-huggingfaceserver', formats: ['huggingface'], image: 'docker.io/kserve/huggingfaceserver:v0.19.0' },
  {
    name: 'kserve-mlserver',
    formats: ['sklearn', 'xgboost', 'lightgbm', 'mlflow'],
    image: 'docker.io/seldonio/mlserver:1.7.1',
  },
  { name: 'kserve-torchserve', formats: ['pytorch'], image: 'docker.io/pytorch/torchserve-kfs:0.9.0' },
  { name: 'kserve-tensorflow-serving', formats: ['tensorflow'], image: 'docker.io/tensorflow/serving:2.6.2' },
] as const;

/**
 * As KServe's own manifests say them, right or wrong: MLServer's metrics are on 8082, and TensorFlow Serving has them
 * under another path, if at all.
 */
export function scrapeHints(runtime: string): Readonly<Record<string, string>> {
  const port = runtime === 'kserve-torchserve' ? '8082' : '8080';
  return { 'prometheus.kserve.io/port': port, 'prometheus.kserve.io/path': '/metrics' };
}

/** What KServe's webhook sets on the pods of a Knative service that asks for both metrics from one port. */
const AGGREGATED = {
  'serving.kserve.io/enable-metric-aggregation': 'true',
  'serving.kserve.io/enable-prometheus-scraping': 'true',
  'prometheus.io/scrape': 'true',
  'prometheus.io/port': '9088',
  'prometheus.io/path': '/metrics',
};

export function createdMs(world: World, model: ModelPlan): number {
  return world.startMs - model.ageSeconds * 1_000;
}

function predictorLabels(model: ModelPlan, workload: string): Readonly<Record<string, string>> {
  return {
    ...(model.knative ? { 'serving.knative.dev/revision': revisionName(model) } : { app: `isvc.${workload}` }),
    component: 'predictor',
    'serving.kserve.io/inferenceservice': model.name,
  };
}

interface DeploymentPlan {
  readonly name: string;
  readonly replicas: number;
  /** Absent: all of them. */
  readonly ready?: number;
  /** Absent: as soon as it could be. */
  readonly sinceMs?: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly ContainerPlan[];
}

export function deploymentObject(world: World, model: ModelPlan): KubernetesObject {
  const state = world.state.of(model);
  return deployment(world, model, {
    name: predictorName(model),
    replicas: model.replicas,
    ready: state.available,
    ...(state.restarts === 0 ? {} : { sinceMs: state.sinceMs }),
    labels: predictorLabels(model, predictorName(model)),
    containers: predictorContainers(model),
  });
}

export function canaryDeploymentObject(world: World, model: ModelPlan): KubernetesObject {
  return deployment(world, model, {
    name: canaryName(model),
    replicas: 1,
    labels: predictorLabels(model, canaryName(model)),
    containers: predictorContainers(model),
  });
}

/** The transformer of a service: a Deployment and its one pod. */
export function transformerObjects(world: World, model: ModelPlan): readonly KubernetesObject[] {
  const { seed, nodes } = world.plan;
  const { namespace } = model;
  const { name: pod, deployment: name, replicaSet } = transformerPod(seed, model);
  const labels = { app: `isvc.${name}`, component: 'transformer', 'serving.kserve.io/inferenceservice': model.name };
  const containers: readonly ContainerPlan[] = [
    {
      name: 'kserve-container',
      image: 'docker.io/kserve/image-transformer:v0.19.0',
      ports: [{ port: 8080 }],
      requests: { cpu: '500m', memory: '512Mi' },
    },
  ];
  return [
    deployment(world, model, { name, replicas: 1, labels, containers }),
    podObject({
      seed,
      namespace,
      name: pod,
      createdMs: createdMs(world, model) + 10_000,
      labels,
      owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: replicaSet },
      nodes,
      containers,
    }),
  ];
}

function deployment(world: World, model: ModelPlan, plan: DeploymentPlan): KubernetesObject {
  const { namespace } = model;
  const { name, replicas, ready, labels, containers } = plan;
  return readyDeployment({
    seed: world.plan.seed,
    namespace,
    name,
    createdMs: createdMs(world, model),
    sinceMs: plan.sinceMs ?? createdMs(world, model) + 60_000,
    replicas,
    ...(ready === undefined ? {} : { ready }),
    labels,
    owner: model.knative
      ? { apiVersion: 'serving.knative.dev/v1', kind: 'Revision', name: revisionName(model) }
      : { apiVersion: V1BETA1, kind: 'InferenceService', name: model.name },
    containers: containers.map(containerSpec),
  });
}

function predictorContainers(model: ModelPlan): readonly ContainerPlan[] {
  const runtime = RUNTIMES.find((each) => each.name === model.server);
  const gpu = model.server === 'kserve-huggingfaceserver' ? { 'nvidia.com/gpu': '1' } : {};
  const serving: ContainerPlan = {
    name: 'kserve-container',
    image: runtime?.image ?? 'docker.io/kserve/sklearnserver:v0.19.0',
    ...(model.server === 'kserve-mlserver' ? { env: { MLSERVER_HTTP_PORT: '8080', MLSERVER_GRPC_PORT: '9000' } } : {}),
    ports: [model.knative ? { name: 'user-port', port: 8080 } : { port: 8080 }],
    requests: { cpu: '1', memory: '2Gi', ...gpu },
    limits: { cpu: '1', memory: '2Gi', ...gpu },
  };
  if (!model.knative) return [serving];
  const queueProxy: ContainerPlan = {
    name: 'queue-proxy',
    // KServe's build of Knative's queue proxy.
    image: 'docker.io/kserve/qpext:v0.19.0',
    env: {
      SERVING_REQUEST_METRICS_BACKEND: 'prometheus',
      AGGREGATE_PROMETHEUS_METRICS_PORT: '9088',
      KSERVE_CONTAINER_PROMETHEUS_METRICS_PORT: '8080',
      KSERVE_CONTAINER_PROMETHEUS_METRICS_PATH: '/metrics',
    },
    ports: [
      { name: 'http-queueadm', port: 8022 },
      { name: 'http-autometric', port: 9090 },
      { name: 'http-usermetric', port: 9091 },
      { name: 'aggr-metric', port: 9088 },
      { name: 'queue-port', port: 8012 },
    ],
    requests: { cpu: '25m' },
  };
  return [serving, queueProxy];
}

export function predictorPodObjects(world: World, model: ModelPlan): readonly KubernetesObject[] {
  const { seed, nodes } = world.plan;
  return predictorPods(seed, model).map((pod) =>
    podObject({
      seed,
      namespace: pod.namespace,
      name: pod.name,
      createdMs: createdMs(world, model) + 10_000,
      labels: predictorLabels(model, pod.index === model.replicas ? canaryName(model) : predictorName(model)),
      annotations: { ...scrapeHints(model.server), ...(model.knative ? AGGREGATED : {}) },
      owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: replicaSetName(seed, model) },
      nodes,
      containers: predictorContainers(model),
      pushedAgain: world.state.of(model).incident === 'swapped-artifacts',
      ...killedOf(world, model, pod.index),
    })
  );
}

/** What became of the server in a pod: the first one is the one that is killed. */
function killedOf(world: World, model: ModelPlan, index: number): Pick<PodPlan, 'killed'> {
  const { restarts, sinceMs, replicas } = world.state.of(model);
  if (restarts === 0 || index !== 0) return {};
  const down = replicas[index] === 'server-down';
  return { killed: { container: 'kserve-container', restarts, atMs: sinceMs, down } };
}
