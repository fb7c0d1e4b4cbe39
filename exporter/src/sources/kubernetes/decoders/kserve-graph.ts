/** InferenceGraph, `serving.kserve.io/v1alpha1`. */
import { ROUTER_TYPES, STEP_DEPENDENCIES } from '@modelwatch/contract';
import type { GraphNode, GraphStep, InferenceGraph } from '../../../domain/kserve-resources';
import type { ObjectMeta } from '../../../domain/resources';
import { present, type Fields } from './fields';
import { decodeMode, decodeScale, isStopRequested } from './kserve';
import { decodeStatus } from './meta';

export function decodeInferenceGraph(object: Fields, meta: ObjectMeta): InferenceGraph {
  const spec = object.child('spec');
  const status = object.child('status');
  const map = spec.child('nodes');
  const nodes = map.keys().map((name) => decodeNode(name, map.child(name)));
  const models = nodes.flatMap((node) => node.steps.flatMap((step) => step.model ?? []));
  return {
    kind: 'InferenceGraph',
    meta,
    ...decodeStatus(object),
    steps: [...new Set(models)],
    nodes,
    stopRequested: isStopRequested(meta),
    ...decodeScale(spec),
    ...present({ deploymentMode: decodeMode(object, meta), url: status.text('url') }),
  };
}

function decodeNode(name: string, node: Fields): GraphNode {
  const routerType = node.closed('routerType', ROUTER_TYPES) ?? 'unknown';
  return { name, routerType, steps: node.children('steps').map((step, index) => decodeStep(step, index)) };
}

/** KServe's router counts a step as hard only where it says so. */
function decodeStep(step: Fields, index: number): GraphStep {
  const model = step.text('serviceName');
  const node = step.text('nodeName');
  if (model === undefined && node === undefined && !step.has('serviceUrl')) {
    step.lacks('serviceName', 'a name, or nodeName or serviceUrl');
  }
  return {
    name: step.text('name') ?? String(index),
    external: model === undefined && node === undefined && step.has('serviceUrl'),
    dependency: step.closed('dependency', STEP_DEPENDENCIES) ?? 'Soft',
    conditional: step.text('condition') !== undefined,
    ...present({ model, node, weight: step.count('weight') }),
  };
}
