/** KServe: an InferenceGraph is a pipeline. Its state is that of its router and of the models that requests must pass. */
import type { StepTarget } from '@modelwatch/contract';
import { conditionText, conditionViews, findCondition } from '../conditions';
import { defined, type Described, type PipelineFields, type ServerContext, type SourceFreshness } from '../described';
import { cause, NO_FACTS, type Declared } from '../facts';
import { podCauses } from '../pods';
import type { GraphNode, GraphStep, InferenceGraph } from '../resources';
import type { InferenceGraphView, ModelView, Replicas } from '../views';
import { replicasOfWorkloads } from './kserve-deployment';

const ROOT = 'root';

export interface GraphInput {
  readonly graph: InferenceGraph;
  readonly source: SourceFreshness;
  /** Its router. */
  readonly router: ServerContext;
  /** A model of the namespace; undefined: there is none of that name. */
  readonly part: (name: string) => ModelView | undefined;
}

export function describeGraph({ graph, source, router, part }: GraphInput): Described<PipelineFields> {
  const ready = findCondition(graph.status, 'Ready');
  const replicas = replicasOfWorkloads(router.workloads);
  const { broken, unconfirmed, fails } = walk(graph, part);
  const dependency = cause('dependency_not_ready', broken.join(', '));
  const declared = declaredOf(graph);
  const stopped = graph.stopRequested || findCondition(graph.status, 'Stopped')?.status === 'True';
  const scaledToZero = graph.minReplicas === 0 && replicas.desired === 0 && declared === 'ready';
  return {
    facts: {
      ...NO_FACTS,
      source,
      hasStatus: ready !== undefined,
      deleting: graph.meta.deletedSeconds !== undefined,
      declared,
      replicas,
      ...defined({ oddStatus: ready?.oddStatus }),
      ...(stopped ? { intendedZero: 'stopped' as const } : {}),
      ...(!stopped && scaledToZero ? { intendedZero: 'scaled_to_zero' as const } : {}),
      ...(fails ? { fatal: dependency } : {}),
      ...unconfirmedFacts(unconfirmed),
      causes: [
        ...(declared === 'failed' ? [cause('other', conditionText(ready))] : []),
        ...podCauses(router.pods),
        ...(broken.length > 0 ? [dependency] : []),
      ],
    },
    fields: { steps: graph.steps, inferenceGraph: graphView(graph, replicas) },
    conditions: conditionViews(graph.status),
    meta: graph.meta,
    ...defined({
      createdSeconds: graph.meta.createdSeconds,
      transitionSeconds: ready?.lastTransitionSeconds,
      contactSeconds: source.lastContactSeconds,
    }),
  };
}

/**
 * In Standard mode `Ready` is True as soon as the Deployment of the router has a condition `Available`, be it False: so
 * its replicas count, by the rules for all.
 */
function declaredOf({ status }: InferenceGraph): Declared {
  const ready = findCondition(status, 'Ready');
  if (ready?.status === 'True') return 'ready';
  return ready?.status === 'False' ? 'failed' : 'none';
}

function unconfirmedFacts(silent: readonly { readonly state: 'stale' | 'unknown'; readonly text: string }[]) {
  if (silent.length === 0) return {};
  const state = silent.some((each) => each.state === 'stale') ? ('stale' as const) : ('unknown' as const);
  const detail = silent.map(({ text }) => text).join(', ');
  return { unconfirmed: { state, cause: cause('dependency_not_ready', detail) } };
}

interface Walk {
  /** Models that do not serve, in words. */
  readonly broken: readonly string[];
  readonly unconfirmed: readonly { readonly state: 'stale' | 'unknown'; readonly text: string }[];
  /** No request can be answered. */
  readonly fails: boolean;
}

/** From the root, as the router goes; nodes that nothing leads to have no say. */
function walk(graph: InferenceGraph, part: GraphInput['part']): Walk {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const broken = new Set<string>();
  const unconfirmed = new Map<string, { state: 'stale' | 'unknown'; text: string }>();
  const known = new Map<string, boolean>();
  const modelFails = (name: string): boolean => {
    const view = part(name);
    const state = view?.verdict.state;
    // Knative holds a request until the service that it scaled to zero is up again.
    const sleeps = view?.verdict.reasons[0]?.reason === 'scaled_to_zero' && view.deployment?.mode === 'Knative';
    if (sleeps) return false;
    if (state === 'stale' || state === 'unknown') unconfirmed.set(name, { state, text: `${name} is ${state}` });
    if (state !== undefined && state !== 'failed' && state !== 'idle') return false;
    broken.add(`${name} ${state === undefined ? 'not found' : `is ${state}`}`);
    return true;
  };
  const stepFails = (step: GraphStep): boolean => {
    if (step.node !== undefined) return nodeFails(step.node);
    return step.model !== undefined && modelFails(step.model);
  };
  const nodeFails = (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    // A node that leads back to itself is no reason of its own.
    known.set(name, false);
    const node = nodes.get(name);
    if (!node) broken.add(`node ${name} not found`);
    const fails = !node || nodeAnswersNothing(node, node.steps.map(stepFails));
    known.set(name, fails);
    return fails;
  };
  const fails = graph.nodes.length > 0 && nodeFails(ROOT);
  return { broken: [...broken], unconfirmed: [...unconfirmed.values()], fails };
}

/**
 * Whether no request through the node succeeds. In a sequence and an ensemble a hard step decides, a soft one does not. A
 * splitter and a switch send each request to one step.
 */
function nodeAnswersNothing(node: GraphNode, failed: readonly boolean[]): boolean {
  const { steps, routerType } = node;
  if (steps.length === 0) return false;
  if (routerType === 'Splitter') return steps.every((step, index) => failed[index] || step.weight === 0);
  const hard = steps.some((step, index) => failed[index] && step.dependency !== 'Soft' && !step.conditional);
  const all = failed.every(Boolean);
  return routerType === 'Switch' ? all : hard || all;
}

function graphView(graph: InferenceGraph, replicas: Replicas): InferenceGraphView {
  return {
    nodes: graph.nodes.map((node) => ({
      name: node.name,
      routerType: node.routerType,
      steps: node.steps.map((step) => ({ ...stepView(step), ...ratioOf(node, step) })),
    })),
    replicas,
    ...defined({ minReplicas: graph.minReplicas, maxReplicas: graph.maxReplicas }),
  };
}

function stepView({ name, model, node, dependency }: GraphStep) {
  const target: StepTarget = model !== undefined ? 'model' : node !== undefined ? 'node' : 'url';
  return { name, target, dependency, ...defined({ calls: model ?? node }) };
}

/** The router draws a number below 100, so weights are percents. Elsewhere a weight has no meaning. */
function ratioOf({ routerType }: GraphNode, { weight }: GraphStep): { ratio?: number } {
  return routerType !== 'Splitter' || weight === undefined ? {} : { ratio: weight / 100 };
}
