/**
 * The components of the platforms, labelled as their installers label them: a Seldon runtime in each namespace that has
 * Seldon servers, its operator and Kafka (of Strimzi) in one of their own, KServe's controllers in another.
 */
import { DEPLOYMENT_POD } from '../fleet/pods';
import type { KubernetesObject } from '../types';
import { meta } from './meta';
import { containerSpec, podObject, type ContainerPlan } from './pods';
import { SELDON_API, type World } from './seldon';

const SELDON_SYSTEM = 'seldon-mesh';
const KSERVE_SYSTEM = 'kserve';
const SELDON_VERSION = '2.9.1';
const KSERVE_VERSION = 'v0.16.0';
const AGE_MS = 200 * 86_400_000;

interface ComponentPlan {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of its pod. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly container: ContainerPlan;
  readonly owner?: { readonly apiVersion: string; readonly kind: string; readonly name: string };
}

type Ports = ContainerPlan['ports'];

const RUNTIME: readonly (readonly [ComponentPlan['kind'], string, string, Ports])[] = [
  [
    'StatefulSet',
    'seldon-scheduler',
    'scheduler',
    [
      { name: 'xds', port: 9002 },
      { name: 'scheduler', port: 9004 },
      { name: 'agent', port: 9005 },
      { name: 'dataflow', port: 9008 },
      { name: 'health', port: 9999 },
    ],
  ],
  ['StatefulSet', 'seldon-dataflow-engine', 'dataflow-engine', [{ name: 'health', port: 8000 }]],
  ['StatefulSet', 'seldon-modelgateway', 'modelgateway', [{ name: 'health', port: 9999 }]],
  [
    'StatefulSet',
    'seldon-pipelinegateway',
    'pipelinegateway',
    [
      { name: 'http', port: 9010 },
      { name: 'grpc', port: 9011 },
      { name: 'metrics', port: 9006 },
      { name: 'health', port: 9999 },
    ],
  ],
  [
    'Deployment',
    'seldon-envoy',
    'envoy',
    [
      { name: 'http', port: 9000 },
      { name: 'envoy-stats', port: 9003 },
    ],
  ],
];

/** As Seldon's chart annotates Envoy, and nothing else of its runtime. */
const ENVOY_ANNOTATIONS = {
  'prometheus.io/path': '/stats/prometheus',
  'prometheus.io/port': '9003',
  'prometheus.io/scrape': 'true',
};

function container(name: string, image: string, ports: Ports): ContainerPlan {
  return { name, image, ports, requests: { cpu: '100m', memory: '256Mi' } };
}

function runtimeComponents(namespace: string): readonly ComponentPlan[] {
  return RUNTIME.map(([kind, name, part, ports]) => ({
    kind,
    namespace,
    name,
    labels: { 'app.kubernetes.io/name': name },
    container: container(part, `docker.io/seldonio/${name}:${SELDON_VERSION}`, ports),
    ...(name === 'seldon-envoy' ? { annotations: ENVOY_ANNOTATIONS } : {}),
    owner: { apiVersion: SELDON_API, kind: 'SeldonRuntime', name: 'seldon' },
  }));
}

const CONTROLLERS: readonly ComponentPlan[] = [
  {
    kind: 'Deployment',
    namespace: SELDON_SYSTEM,
    name: 'seldon-v2-controller-manager',
    labels: { 'control-plane': 'v2-controller-manager' },
    container: container('manager', `docker.io/seldonio/seldonv2-controller:${SELDON_VERSION}`, [{ port: 4000 }]),
  },
  {
    kind: 'Deployment',
    namespace: KSERVE_SYSTEM,
    name: 'kserve-controller-manager',
    labels: { 'control-plane': 'kserve-controller-manager', 'controller-tools.k8s.io': '1.0' },
    container: container('manager', `docker.io/kserve/kserve-controller:${KSERVE_VERSION}`, [{ port: 8443 }]),
  },
];

function workloadObject(world: World, plan: ComponentPlan): KubernetesObject {
  const { kind, namespace, name, labels, owner } = plan;
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: meta({
      seed: world.plan.seed,
      kind,
      namespace,
      name,
      createdMs: world.startMs - AGE_MS,
      generation: 1,
      labels,
      ...(owner === undefined ? {} : { owner }),
    }),
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [containerSpec(plan.container)] } },
    },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 },
  };
}

/** As the processes know it. */
function podName(kind: ComponentPlan['kind'], name: string): string {
  return kind === 'StatefulSet' ? `${name}-0` : `${name}-${DEPLOYMENT_POD}`;
}

function componentPodObject(
  world: World,
  { kind, namespace, name, labels, annotations, container: one }: ComponentPlan
): KubernetesObject {
  return podObject({
    seed: world.plan.seed,
    namespace,
    name: podName(kind, name),
    createdMs: world.startMs - AGE_MS,
    labels,
    ...(annotations === undefined ? {} : { annotations }),
    owner: { apiVersion: 'apps/v1', kind: kind === 'StatefulSet' ? kind : 'ReplicaSet', name },
    nodes: world.plan.nodes,
    containers: [one],
  });
}

/** Strimzi owns its pods by a StrimziPodSet: there is no workload that says how many there should be. */
function brokerPod(world: World): KubernetesObject {
  return podObject({
    seed: world.plan.seed,
    namespace: SELDON_SYSTEM,
    name: 'seldon-kafka-0',
    createdMs: world.startMs - AGE_MS,
    labels: { 'strimzi.io/kind': 'Kafka', 'strimzi.io/cluster': 'seldon', 'strimzi.io/name': 'seldon-kafka' },
    owner: { apiVersion: 'core.strimzi.io/v1beta2', kind: 'StrimziPodSet', name: 'seldon-kafka' },
    nodes: world.plan.nodes,
    containers: [container('kafka', 'quay.io/strimzi/kafka:0.48.0-kafka-4.1.0', [{ port: 9092 }])],
  });
}

/** Templates without a status, in the operator's namespace. */
function settingObject(
  world: World,
  kind: 'SeldonConfig' | 'ServerConfig',
  name: string,
  spec: unknown
): KubernetesObject {
  return {
    apiVersion: SELDON_API,
    kind,
    metadata: meta({
      seed: world.plan.seed,
      kind,
      namespace: SELDON_SYSTEM,
      name,
      createdMs: world.startMs - AGE_MS,
      generation: 1,
    }),
    spec,
    status: {},
  };
}

export function* componentObjects(world: World): Generator<KubernetesObject> {
  const namespaces = new Set(world.plan.servers.map((server) => server.namespace));
  const kafkaConfig = { 'bootstrap.servers': `seldon-kafka-bootstrap.${SELDON_SYSTEM}:9092`, topicPrefix: 'seldon' };
  yield settingObject(world, 'SeldonConfig', 'default', { config: { kafkaConfig, tracingConfig: { disable: true } } });
  for (const name of ['mlserver', 'triton']) yield settingObject(world, 'ServerConfig', name, { podSpec: {} });
  yield brokerPod(world);
  for (const plan of [...CONTROLLERS, ...[...namespaces].flatMap(runtimeComponents)]) {
    yield workloadObject(world, plan);
    yield componentPodObject(world, plan);
  }
}
