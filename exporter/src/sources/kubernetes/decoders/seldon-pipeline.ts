/** The steps of a Seldon Core 2 Pipeline as a graph. Field names and defaults are facts of its resource definition. */
import { JOIN_TYPES } from '@modelwatch/contract';
import type { ObjectMeta, PipelineGraph, PipelineStep, SeldonPipeline } from '../../../domain/resources';
import { present, type Fields } from './fields';
import { decodeStatus } from './meta';
import { doubtNewStates } from './seldon';

type Edge = PipelineGraph['edges'][number];

export function decodePipeline(object: Fields, meta: ObjectMeta): SeldonPipeline {
  const graph = decodeGraph(object.child('spec'), meta.name);
  const base = decodeStatus(object);
  doubtNewStates(object, base, ['PipelineReady', 'PipelineGwReady'], 'Pipeline');
  return {
    kind: 'SeldonPipeline',
    meta,
    ...base,
    steps: graph.steps.map((step) => step.name),
    ...(graph.steps.length === 0 ? {} : { graph }),
  };
}

function decodeGraph(spec: Fields, pipeline: string): PipelineGraph {
  const input = spec.child('input');
  const output = spec.child('output');
  const steps = namedSteps(spec);
  const edges = unique([
    ...[...steps].flatMap(([name, step]) => stepEdges(name, step, pipeline)),
    ...edgesTo('', 'output', output.texts('steps'), pipeline),
    ...edgesTo('', 'external_input', input.texts('externalInputs'), pipeline),
    ...edgesTo('', 'external_trigger', input.texts('externalTriggers'), pipeline),
  ]);
  const waitedFor = upstreamOfOutput(edges);
  const outputs = output.texts('steps').length > 0;
  return {
    steps: [...steps].map(([name, step]) => decodeStep(name, step, !waitedFor.has(name))),
    edges,
    cyclic: spec.bool('allowCycles') ?? false,
    ...present({
      inputsJoin: input.keys().length > 0 ? (input.oneOf('joinType', JOIN_TYPES) ?? 'inner') : undefined,
      outputJoin: outputs ? (output.oneOf('stepsJoin', JOIN_TYPES) ?? 'inner') : undefined,
    }),
  };
}

/** Each step once: a name is a model, and the first that has it counts. */
function namedSteps(spec: Fields): ReadonlyMap<string, Fields> {
  const steps = new Map<string, Fields>();
  for (const step of spec.children('steps')) {
    const name = step.needed('name');
    if (name !== undefined && !steps.has(name)) steps.set(name, step);
  }
  return steps;
}

function decodeStep(name: string, step: Fields, asynchronous: boolean): PipelineStep {
  return {
    name,
    inputsJoin: step.oneOf('inputsJoinType', JOIN_TYPES) ?? 'inner',
    asynchronous,
    ...present({
      triggersJoin:
        step.texts('triggers').length > 0 ? (step.oneOf('triggersJoinType', JOIN_TYPES) ?? 'inner') : undefined,
      batchSize: step.child('batch').count('size'),
    }),
  };
}

/** A step without inputs gets those of the pipeline. */
function stepEdges(name: string, step: Fields, pipeline: string): readonly Edge[] {
  const inputs = step.texts('inputs');
  const from = inputs.length > 0 ? inputs : [pipeline];
  return [...edgesTo(name, 'input', from, pipeline), ...edgesTo(name, 'trigger', step.texts('triggers'), pipeline)];
}

/** `step`, `step.outputs` and `step.outputs.tensor` name a step; the name of the pipeline stands for its own inputs. */
function edgesTo(to: string, edge: Edge['edge'], references: readonly string[], pipeline: string): readonly Edge[] {
  return references.map((reference) => {
    const from = reference.split('.', 1)[0] ?? '';
    return { from: from === pipeline ? '' : from, to, edge };
  });
}

function unique(edges: readonly Edge[]): readonly Edge[] {
  return [...new Map(edges.map((each) => [`${each.edge}\n${each.from}\n${each.to}`, each])).values()];
}

/** Steps that the answer of the pipeline waits for. */
function upstreamOfOutput(edges: readonly Edge[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = edges.filter(({ edge }) => edge === 'output').map(({ from }) => from);
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (found.has(step)) continue;
    found.add(step);
    for (const { from, to, edge } of edges) {
      if (to === step && (edge === 'input' || edge === 'trigger')) open.push(from);
    }
  }
  return found;
}
