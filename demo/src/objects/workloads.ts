/** StatefulSets and pods behind Seldon servers, and the nodes and namespaces that everything lives in. */
import type { ServerPlan } from '../fleet/plan';
import { serverPods, type PodIdentity } from '../fleet/pods';
import type { KubernetesObject } from '../types';
import { meta, time } from './meta';
import { containerSpec, nodeName, podObject, type ContainerPlan } from './pods';
import { CAPABILITIES, SELDON_API, type World } from './seldon';

const METRICS_PORT = { mlserver: 8082, triton: 8002 } as const;
const IMAGES = {
  mlserver: 'docker.io/seldonio/mlserver:1.7.1',
  triton: 'nvcr.io/nvidia/tritonserver:23.03-py3',
  agent: 'docker.io/seldonio/seldon-agent:2.9.1',
  rclone: 'docker.io/seldonio/seldon-rclone:2.9.1',
} as const;

/** Containers and ports as Seldon's ServerConfigs name them: `http` is the agent's proxy, `server-http` the server. */
function serverContainers(server: ServerPlan): readonly ContainerPlan[] {
  const gpu = server.gpus === 0 ? {} : { 'nvidia.com/gpu': String(server.gpus) };
  return [
    {
      name: 'rclone',
      image: IMAGES.rclone,
      ports: [{ name: 'rclone', port: 5572 }],
      requests: { cpu: '50m', memory: '64Mi' },
    },
    {
      name: 'agent',
      image: IMAGES.agent,
      env: {
        SELDON_SERVER_CAPABILITIES: CAPABILITIES[server.kind],
        SELDON_OVERCOMMIT_PERCENTAGE: String(server.overcommitPercent),
        SELDON_SERVER_HTTP_PORT: '9000',
        SELDON_SERVER_GRPC_PORT: '9500',
        SELDON_METRICS_PORT: '9006',
        SELDON_SERVER_TYPE: server.kind,
      },
      ports: [
        { name: 'grpc', port: 9501 },
        { name: 'http', port: 9001 },
        { name: 'metrics', port: 9006 },
        { name: 'readiness', port: 9008 },
      ],
      requests: { cpu: '100m', memory: '128Mi' },
    },
    {
      name: server.kind,
      image: IMAGES[server.kind],
      ports: [
        { name: 'server-grpc', port: 9500 },
        { name: 'server-http', port: 9000 },
        { name: 'server-metrics', port: METRICS_PORT[server.kind] },
      ],
      requests: { cpu: `${server.cpuMillicores}m`, memory: `${server.memoryGibibytes}Gi`, ...gpu },
      limits: { memory: `${server.memoryGibibytes}Gi`, ...gpu },
    },
  ];
}

function serverLabels(server: ServerPlan): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/managed-by': 'seldon-core',
    'app.kubernetes.io/name': 'seldon-server',
    'seldon-server-name': server.name,
  };
}

/** What happened to the pods of a server: the killings of a model that has it to itself. */
function killings(world: World, server: ServerPlan) {
  for (const model of server.models) {
    const state = world.state.of(model);
    if (state.restarts === 0) continue;
    return {
      container: server.kind,
      restarts: state.restarts,
      atMs: state.sinceMs,
      down: state.replicas.includes('server-down'),
    };
  }
  return undefined;
}

export function statefulSetObject(world: World, server: ServerPlan): KubernetesObject {
  const ready = world.state.serverIsDown(server) ? 0 : server.replicas;
  const { replicas, namespace, name } = server;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: meta({
      seed: world.plan.seed,
      kind: 'StatefulSet',
      namespace,
      name,
      createdMs: world.startMs - server.ageSeconds * 1_000,
      generation: 1,
      labels: serverLabels(server),
      owner: { apiVersion: SELDON_API, kind: 'Server', name },
    }),
    spec: {
      replicas,
      serviceName: name,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: { 'seldon-server-name': name } },
      template: {
        metadata: { labels: serverLabels(server) },
        spec: { containers: serverContainers(server).map(containerSpec) },
      },
    },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      currentReplicas: replicas,
      collisionCount: 0,
      // Kubernetes leaves readyReplicas out when it is 0, yet always writes availableReplicas.
      ...(ready === 0 ? {} : { readyReplicas: ready }),
      availableReplicas: ready,
      currentRevision: `${name}-1`,
      updateRevision: `${name}-1`,
    },
  };
}

function serverPodObject(world: World, server: ServerPlan, pod: PodIdentity): KubernetesObject {
  const killed = killings(world, server);
  return podObject({
    seed: world.plan.seed,
    namespace: pod.namespace,
    name: pod.name,
    createdMs: world.startMs - server.ageSeconds * 1_000,
    labels: {
      ...serverLabels(server),
      'seldon-server-replica': 'true',
      'seldon-server-replica-name': server.name,
      'apps.kubernetes.io/pod-index': String(pod.index),
      'statefulset.kubernetes.io/pod-name': pod.name,
    },
    owner: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: server.name },
    nodes: world.plan.nodes,
    containers: serverContainers(server),
    ...(killed === undefined ? {} : { killed }),
  });
}

export function serverPodObjects(world: World, server: ServerPlan): readonly KubernetesObject[] {
  return serverPods(server).map((pod) => serverPodObject(world, server, pod));
}

function gpus(node: number): Readonly<Record<string, string>> {
  return node % 3 === 0 ? { 'nvidia.com/gpu': '4' } : {};
}

export function nodeObjects(world: World): readonly KubernetesObject[] {
  const createdMs = world.startMs - 300 * 86_400_000;
  return Array.from({ length: world.plan.nodes }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: meta({
      seed: world.plan.seed,
      kind: 'Node',
      name: nodeName(index),
      createdMs,
      labels: { 'kubernetes.io/hostname': nodeName(index), 'kubernetes.io/os': 'linux' },
    }),
    spec: { podCIDR: `10.${64 + (index % 190)}.0.0/24` },
    status: {
      capacity: { cpu: '32', memory: '128Gi', pods: '110', ...gpus(index) },
      // Without what the kubelet keeps for itself and the system.
      allocatable: { cpu: '31850m', memory: '130023424Ki', pods: '110', ...gpus(index) },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: time(createdMs) }],
      nodeInfo: { kubeletVersion: 'v1.34.1', operatingSystem: 'linux', architecture: 'amd64' },
    },
  }));
}

export function namespaceObjects(world: World): readonly KubernetesObject[] {
  return world.plan.namespaces.map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: meta({
      seed: world.plan.seed,
      kind: 'Namespace',
      name,
      createdMs: world.startMs - 290 * 86_400_000,
      labels: { 'kubernetes.io/metadata.name': name },
    }),
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }));
}
