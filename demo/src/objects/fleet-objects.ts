/** All objects of the fleet, and those that a change of one model touches. */
import type { ModelPlan } from '../fleet/plan';
import type { KubernetesObject } from '../types';
import { predictorAutoscalers, serverAutoscaler } from './autoscalers';
import { componentObjects } from './components';
import {
  clusterServingRuntimeObjects,
  inferenceGraphObjects,
  inferenceServiceObject,
  servingRuntimeObjects,
} from './kserve';
import { canaryDeploymentObject, deploymentObject, predictorPodObjects, transformerObjects } from './kserve-workloads';
import { llmObjects } from './llm';
import { experimentObject, modelObject, pipelineObject, runtimeObject, serverObject, type World } from './seldon';
import { namespaceObjects, nodeObjects, serverPodObjects, statefulSetObject } from './workloads';

export function* allObjects(world: World): Generator<KubernetesObject> {
  const { plan } = world;
  yield* namespaceObjects(world);
  yield* nodeObjects(world);
  yield* clusterServingRuntimeObjects(world);
  yield* servingRuntimeObjects(world);
  for (const namespace of new Set(plan.servers.map((server) => server.namespace)))
    yield runtimeObject(world, namespace);
  yield* componentObjects(world);
  for (const server of plan.servers) {
    yield serverObject(world, server);
    yield statefulSetObject(world, server);
    yield* serverPodObjects(world, server);
  }
  const [scaled] = plan.servers;
  if (scaled) yield serverAutoscaler(world, scaled);
  for (const model of plan.models) {
    if (model.platform === 'seldon') yield modelObject(world, model);
    if (model.platform !== 'kserve') continue;
    if (model.llm) {
      yield* llmObjects(world, model);
      continue;
    }
    yield inferenceServiceObject(world, model);
    yield deploymentObject(world, model);
    if (model.canary) yield canaryDeploymentObject(world, model);
    if (model.transformer) yield* transformerObjects(world, model);
    yield* predictorPodObjects(world, model);
    yield* predictorAutoscalers(world, model);
  }
  for (const pipeline of plan.pipelines) yield pipelineObject(world, pipeline);
  for (const experiment of plan.experiments) yield experimentObject(world, experiment);
  yield* inferenceGraphObjects(world);
}

/** What has to be written anew when the state of a model changes: causes first, as controllers would. */
export function* objectsOf(world: World, model: ModelPlan): Generator<KubernetesObject> {
  const { plan } = world;
  const isHere = (name: string) => name === model.name;
  if (model.platform === 'kserve' && !model.llm) {
    yield* predictorPodObjects(world, model);
    yield deploymentObject(world, model);
    yield inferenceServiceObject(world, model);
  }
  for (const server of plan.servers) {
    if (server.namespace !== model.namespace || server.name !== model.server) continue;
    yield* serverPodObjects(world, server);
    yield statefulSetObject(world, server);
    yield serverObject(world, server);
  }
  if (model.platform === 'seldon') yield modelObject(world, model);
  for (const pipeline of plan.pipelines) {
    if (pipeline.namespace === model.namespace && pipeline.steps.some(isHere)) yield pipelineObject(world, pipeline);
  }
  for (const experiment of plan.experiments) {
    const names = [...experiment.candidates.map((candidate) => candidate.name), experiment.mirror?.name ?? ''];
    if (experiment.namespace === model.namespace && names.some(isHere)) yield experimentObject(world, experiment);
  }
}
