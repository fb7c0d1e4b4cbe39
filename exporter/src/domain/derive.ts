/** From an id to its description: gathers what an entity rests on and hands it to its platform. */
import type { ServerType } from '@modelwatch/contract';
import { podTotals } from './amounts';
import {
  defined,
  joined,
  type Described,
  type ExperimentFields,
  type ModelFields,
  type PipelineFields,
  type ServerFields,
} from './described';
import { describeExperiment } from './dependents';
import type { Waiting } from './components/known';
import { withComponents } from './components/waits';
import type { EndpointRecord } from './endpoints';
import { worldKey } from './entities';
import { describeGraph } from './platforms/kserve-graph';
import { describeSeldonPipeline } from './platforms/seldon-pipeline';
import { partId } from './kserve-parts';
import { inferenceContainer } from './pods';
import { experimentWith, pipelineWith } from './scheduler/merge';
import { serverTypeOf } from './server-type';
import { serverWorkload, together } from './server-workload';
import { parseRefId, refId, type Origin, type RefId } from './ref';
import type { ModelView } from './views';
import { contextOf, standaloneEndpoint, type Given } from './given';
import { MODELS, SERVERS } from './by-origin';
import { firstHolder, hasModel, hasServer } from './name-holders';

/** One function per kind of entity; each gives undefined for an entity that is gone. */
export interface Describe {
  readonly model: (id: RefId) => Described<ModelFields> | undefined;
  readonly server: (id: RefId) => Described<ServerFields> | undefined;
  readonly pipeline: (id: RefId) => Described<PipelineFields> | undefined;
  readonly experiment: (id: RefId) => Described<ExperimentFields> | undefined;
  readonly modelNameTakenBy: (id: RefId) => Origin | undefined;
  readonly serverNameTakenBy: (id: RefId) => Origin | undefined;
  readonly pipelineNameTakenBy: (id: RefId) => Origin | undefined;
}

export function describeFrom(given: Given): Describe {
  const { world } = given;
  return {
    model: (id) => waiting('model', id, withModelFacts(MODELS[parseRefId(id).origin](id, given), id, given), given),
    server: (id) => waiting('server', id, withServerFacts(SERVERS[parseRefId(id).origin](id, given), id, given), given),
    pipeline: (id) => waiting('pipeline', id, pipelineOf(id, given), given),
    experiment: (id) => waiting('experiment', id, experimentOf(id, given), given),
    modelNameTakenBy: (id) => firstHolder(id, (other) => hasModel(world, other)),
    serverNameTakenBy: (id) => firstHolder(id, (other) => hasServer(world, other)),
    pipelineNameTakenBy: (id) =>
      firstHolder(id, (other, origin) => origin === 'seldon' && world.pipelines.has(worldKey(other))),
  };
}

/** What holds of servers alike, whatever they are deployed with. */
function withServerFacts(
  described: Described<ServerFields> | undefined,
  id: RefId,
  given: Given
): Described<ServerFields> | undefined {
  const { world, clock } = given;
  if (!described) {
    world.rollouts.forget(id);
    return undefined;
  }
  const workload = serverWorkload(id, world, clock);
  const more = defined({ workload, serverType: serverTypeOfServer(id, described.fields.runtime, given) });
  return joined(described, { fields: joined(described.fields, more) });
}

function serverTypeOfServer(id: RefId, runtime: string | undefined, given: Given): ServerType | undefined {
  const { origin, namespace, name } = parseRefId(id);
  if (origin === 'standalone') return serverTypeOf({ names: namesOf([standaloneEndpoint(name, given)?.record]) });
  const pods = given.world.podsOf(id);
  const holders = pods.length > 0 ? pods : given.world.workloadsOf(id);
  return serverTypeOf({
    container: inferenceContainer(holders[0]?.containers ?? []),
    runtime,
    names: namesOf(pods.map((pod) => given.record({ namespace, server: name, replica: pod.meta.name }))),
  });
}

function namesOf(records: readonly (EndpointRecord | undefined)[]): readonly string[] {
  return records.flatMap((record) => (record ? [record.lastServerName ?? '', record.last.kind] : []));
}

/** What holds of models alike, whatever they are deployed with. */
function withModelFacts(
  described: Described<ModelFields> | undefined,
  id: RefId,
  { world, ownership, synthetic, dependencies, gateways }: Given
): Described<ModelFields> | undefined {
  if (!described) return undefined;
  const { origin, namespace, name } = parseRefId(id);
  const { pods, owner, importance } = described.fields;
  // Seldon Core 2 places many models on one server, and trained models share their service's: who uses what nobody knows.
  const alone = (origin === 'kserve' || origin === 'kserve-llm') && pods.length > 0;
  const autoscalers = [
    ...world.autoscalers.ofModel(id),
    ...serversWith(id).flatMap((server) => world.autoscalers.ofServer(server, world.workloadsOf(server))),
  ];
  const declared = { ...world.senders.get(worldKey(id))?.declared, ...defined({ owner, importance }) };
  const owned = ownership({ namespace, name, meta: described.meta, declared });
  const routes = origin === 'seldon' ? gateways.ofModel(namespace, name) : [];
  const more = defined({
    own: alone ? podTotals(pods) : undefined,
    autoscaler: together(autoscalers),
    routes: routes.length > 0 ? routes : undefined,
  });
  const failing = [...synthetic.causesOf(namespace, name), ...dependencies.causesOf(namespace, name)];
  const { facts } = described;
  return joined(described, {
    fields: joined(joined(described.fields, owned), more),
    ...(failing.length === 0 ? {} : { facts: { ...facts, impaired: [...(facts.impaired ?? []), ...failing] } }),
  });
}

/** Servers that hold this model alone, whether they have pods now or not: what scales them scales it. */
function serversWith(id: RefId): readonly RefId[] {
  const { origin, namespace, name: owner } = parseRefId(id);
  if (origin === 'kserve') return [partId(namespace, { of: 'service', owner, component: 'predictor' })];
  if (origin !== 'kserve-llm') return [];
  return (['predictor', 'prefill'] as const).map((component) => partId(namespace, { of: 'llm', owner, component }));
}

function graphOf(id: RefId, given: Given): Described<PipelineFields> | undefined {
  const graph = given.world.graphs.get(worldKey(id));
  if (!graph) return undefined;
  const { namespace, name } = graph.meta;
  return describeGraph({
    graph,
    source: given.sources.ofAll('InferenceGraph', ['Deployment', 'Pod']),
    router: contextOf(partId(namespace, { of: 'graph', owner: name, component: 'router' }), given),
    part: (model) => given.views.model(refId('kserve', namespace, model)),
  });
}

function waiting<Fields>(
  kind: Waiting,
  id: RefId,
  described: Described<Fields> | undefined,
  { world }: Given
): Described<Fields> | undefined {
  const { origin, platform, namespace } = parseRefId(id);
  if (!described || (platform !== 'seldon' && platform !== 'kserve')) return described;
  const { components, settings } = world;
  const subject = { platform, kind: origin === 'kserve-llm' ? ('llm' as const) : kind };
  return withComponents(described, subject, (role) =>
    role === 'kafka'
      ? components.down(platform, role, namespace, (kafka) => settings.usesKafka(namespace, kafka))
      : components.down(platform, role, namespace)
  );
}

function pipelineOf(id: RefId, given: Given): Described<PipelineFields> | undefined {
  const { origin, namespace, name } = parseRefId(id);
  if (origin === 'kserve') return graphOf(id, given);
  const { world, sources, views, gateways, scheduler } = given;
  const part = (name: string) => views.model(refId('seldon', namespace, name));
  const pipeline = origin === 'seldon' ? world.pipelines.get(worldKey(id)) : undefined;
  if (!pipeline) return undefined;
  const declared = describeSeldonPipeline({
    pipeline,
    source: sources.of(pipeline.kind),
    partVerdict: (name) => part(name)?.verdict,
    outOfModelGateway: (name) => outOfModelGateway(part(name)),
  });
  const word = scheduler.pipeline(namespace, name);
  const described = word ? pipelineWith(declared, word) : declared;
  const calls = gateways.ofPipeline(namespace, name);
  return calls.length === 0 ? described : joined(described, { fields: joined(described.fields, { calls }) });
}

function experimentOf(id: RefId, { world, sources, views, scheduler }: Given): Described<ExperimentFields> | undefined {
  const experiment = world.experiments.get(worldKey(id));
  if (!experiment) return undefined;
  const part = experiment.resourceKind === 'pipeline' ? views.pipeline : views.model;
  const partVerdict = (name: string) => part(refId('seldon', experiment.meta.namespace, name))?.verdict;
  const described = describeExperiment({ experiment, source: sources.of(experiment.kind), partVerdict });
  const word = scheduler.experiment(experiment.meta.namespace, experiment.meta.name);
  return word ? experimentWith(described, word) : described;
}

/** In words, where the status says that the model is not ready in the model gateway. */
export function outOfModelGateway(view: ModelView | undefined): string | undefined {
  const told = view?.conditions.find(({ condition }) => condition === 'ModelGatewayReady');
  return told?.status === 'False' ? (told.message ?? 'not ready') : undefined;
}
