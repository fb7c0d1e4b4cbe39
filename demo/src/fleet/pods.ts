/** Which pods there are and what they are called; the objects and the model servers agree through this file. */
import type { ModelPlan, ServerPlan } from './plan';
import { suffix } from '../random';

export interface PodIdentity {
  readonly namespace: string;
  readonly name: string;
  /** Place among the pods of its workload, from 0. */
  readonly index: number;
}

export function podKey(pod: { readonly namespace: string; readonly name: string }): string {
  return `${pod.namespace}/${pod.name}`;
}

/** Pods of a Seldon Server: a StatefulSet of the same name. */
export function serverPods(server: ServerPlan): readonly PodIdentity[] {
  return Array.from({ length: server.replicas }, (_, index) => ({
    namespace: server.namespace,
    name: `${server.name}-${index}`,
    index,
  }));
}

/** KServe's Deployment of the predictor; in Knative mode that of its first revision. */
export function predictorName(model: ModelPlan): string {
  return model.knative ? `${revisionName(model)}-deployment` : `${model.name}-predictor`;
}

export function revisionName(model: ModelPlan): string {
  return `${model.name}-predictor-${String(model.version).padStart(5, '0')}`;
}

export function replicaSetName(seed: number, model: ModelPlan): string {
  return `${predictorName(model)}-${suffix(10, seed, model.namespace, model.name, 'replica-set')}`;
}

/** The transformer of a service: a Deployment, and its one pod. */
export function transformerPod(
  seed: number,
  model: ModelPlan
): PodIdentity & Record<'deployment' | 'replicaSet', string> {
  const { namespace } = model;
  const deployment = `${model.name}-transformer`;
  const replicaSet = `${deployment}-${suffix(10, seed, namespace, deployment, 'replica-set')}`;
  const name = `${replicaSet}-${suffix(5, seed, namespace, deployment, 'pod')}`;
  return { namespace, name, index: 0, deployment, replicaSet };
}

/** Deployment of the canary, beside that of the predictor. */
export function canaryName(model: ModelPlan): string {
  return `${model.name}-${model.canary?.name ?? ''}-predictor`;
}

/** The last one is the canary's, where there is one. */
export function predictorPods(seed: number, model: ModelPlan): readonly PodIdentity[] {
  const { namespace, name, replicas } = model;
  const pods = Array.from({ length: replicas }, (_, index) => ({
    namespace,
    name: `${replicaSetName(seed, model)}-${suffix(5, seed, namespace, name, 'pod', index)}`,
    index,
  }));
  if (!model.canary) return pods;
  const canary = `${canaryName(model)}-${suffix(15, seed, namespace, name, 'canary')}`;
  return [...pods, { namespace, name: canary, index: replicas }];
}

/** The Deployments behind an LLMInferenceService, by the end of their names. */
export const LLM_PARTS = {
  decode: '-kserve',
  prefill: '-kserve-prefill',
  scheduler: '-kserve-router-scheduler',
} as const;

export function llmReplicaSet(seed: number, model: ModelPlan, part: keyof typeof LLM_PARTS): string {
  const name = `${model.name}${LLM_PARTS[part]}`;
  return `${name}-${suffix(10, seed, model.namespace, name, 'replica-set')}`;
}

export function llmPods(seed: number, model: ModelPlan, part: keyof typeof LLM_PARTS): readonly PodIdentity[] {
  const { namespace, replicas } = model;
  const name = `${model.name}${LLM_PARTS[part]}`;
  return Array.from({ length: replicas }, (_, index) => ({
    namespace,
    name: `${llmReplicaSet(seed, model, part)}-${suffix(5, seed, namespace, name, 'pod', index)}`,
    index,
  }));
}

/** End of the name of a component's pod that is no StatefulSet's. */
export const DEPLOYMENT_POD = '7c9f5d-x2x4k';

/** The one pod of a component of a Seldon runtime: all but Envoy are StatefulSets. */
export function componentPod(namespace: string, name: string): { readonly namespace: string; readonly name: string } {
  return { namespace, name: name === 'seldon-envoy' ? `${name}-${DEPLOYMENT_POD}` : `${name}-0` };
}
