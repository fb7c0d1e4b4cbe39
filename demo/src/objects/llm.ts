/** An LLMInferenceService with its decode and prefill workloads and its scheduler, as KServe's controller writes them. */
import type { ModelPlan } from '../fleet/plan';
import { LLM_PARTS, llmPods, llmReplicaSet } from '../fleet/pods';
import type { KubernetesObject } from '../types';
import { createdMs } from './kserve-workloads';
import { meta, withReady, type ConditionInput } from './meta';
import { containerSpec, podObject, type ContainerPlan } from './pods';
import { readyDeployment } from './ready-deployment';
import type { World } from './seldon';

const V1ALPHA2 = 'serving.kserve.io/v1alpha2';

interface Part {
  readonly part: keyof typeof LLM_PARTS;
  readonly component: string;
  /** llm-d's word for what its pods do. */
  readonly role?: 'decode' | 'prefill';
  readonly container: ContainerPlan;
}

const vllm = (gpus: string): ContainerPlan => ({
  name: 'main',
  image: 'ghcr.io/llm-d/llm-d-cuda:v0.4.0',
  ports: [{ port: 8000 }],
  requests: { cpu: '4', memory: '32Gi', 'nvidia.com/gpu': gpus },
  limits: { cpu: '4', memory: '32Gi', 'nvidia.com/gpu': gpus },
});

const PARTS: readonly Part[] = [
  { part: 'decode', role: 'decode', component: 'llminferenceservice-workload', container: vllm('2') },
  {
    part: 'prefill',
    role: 'prefill',
    component: 'llminferenceservice-workload-prefill',
    container: vllm('1'),
  },
  {
    part: 'scheduler',
    component: 'llminferenceservice-router-scheduler',
    container: {
      name: 'main',
      image: 'ghcr.io/llm-d/llm-d-inference-scheduler:v0.4.0',
      ports: [{ port: 9002 }],
      requests: { cpu: '256m', memory: '500Mi' },
    },
  },
];

export function llmObjects(world: World, model: ModelPlan): readonly KubernetesObject[] {
  return [serviceObject(world, model), ...PARTS.flatMap((part) => partObjects(world, model, part))];
}

function serviceObject(world: World, model: ModelPlan): KubernetesObject {
  const { namespace, name, replicas } = model;
  const sinceMs = createdMs(world, model) + 300_000;
  const info = (type: string): ConditionInput => ({ type, ok: true, sinceMs, severity: 'Info' });
  const ok = (type: string): ConditionInput => ({ type, ok: true, sinceMs });
  const url = `http://gateway.models.example.com/${namespace}/${name}`;
  const workload = (suffixOfPart: string) => ({
    apiGroup: 'apps',
    kind: 'Deployment',
    name: `${name}${suffixOfPart}`,
    readyReplicas: replicas,
  });
  const conditions = withReady([ok('PresetsCombined'), ok('RouterReady'), ok('WorkloadsReady')]);
  const parts = [
    'GatewaysReady',
    'HTTPRoutesReady',
    'InferencePoolReady',
    'MainWorkloadReady',
    'PrefillWorkloadReady',
    'SchedulerWorkloadReady',
  ];
  return {
    apiVersion: V1ALPHA2,
    kind: 'LLMInferenceService',
    metadata: meta({
      seed: world.plan.seed,
      kind: 'LLMInferenceService',
      namespace,
      name,
      createdMs: createdMs(world, model),
      generation: 1,
      labels: { 'modelwatch.io/owner': `${namespace}-ml` },
    }),
    spec: {
      model: {
        uri: 'hf://example/guard-8b',
        name: `example/${name}`,
        lora: { adapters: [{ name: 'polish', uri: 'hf://example/guard-8b-pl' }] },
      },
      replicas,
      parallelism: { tensor: 2 },
      prefill: { replicas, parallelism: { tensor: 1 } },
      router: { route: {}, gateway: {}, scheduler: { template: {} } },
    },
    status: {
      url,
      addresses: [{ url, origin: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'models' } }],
      workloads: {
        primary: workload('-kserve'),
        prefill: workload('-kserve-prefill'),
        scheduler: workload('-kserve-router-scheduler'),
      },
      conditions: [...conditions, ...withReady(parts.map(info)).filter(({ type }) => type !== 'Ready')],
      observedGeneration: 1,
    },
  };
}

function partObjects(world: World, model: ModelPlan, part: Part): readonly KubernetesObject[] {
  const { namespace, name: owner, replicas } = model;
  const { seed, nodes } = world.plan;
  const name = `${owner}${LLM_PARTS[part.part]}`;
  const labels = {
    'app.kubernetes.io/part-of': 'llminferenceservice',
    'app.kubernetes.io/name': owner,
    'app.kubernetes.io/component': part.component,
    ...(part.role === undefined ? {} : { 'llm-d.ai/role': part.role }),
  };
  const replicaSet = llmReplicaSet(seed, model, part.part);
  const deployment = readyDeployment({
    seed,
    namespace,
    name,
    createdMs: createdMs(world, model),
    sinceMs: createdMs(world, model) + 300_000,
    replicas,
    labels,
    owner: { apiVersion: V1ALPHA2, kind: 'LLMInferenceService', name: owner },
    containers: [containerSpec(part.container)],
  });
  const pods = llmPods(seed, model, part.part).map((pod) =>
    podObject({
      seed,
      namespace,
      name: pod.name,
      createdMs: createdMs(world, model) + 10_000,
      labels,
      owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: replicaSet },
      nodes,
      containers: [part.container],
    })
  );
  return [deployment, ...pods];
}
