/** From an id to its description: gathers what an entity rests on and hands it to its platform. */
import { STANDALONE_NAMESPACE, type ServerType } from '@modelwatch/contract';
import { podTotals } from './amounts';
import {
  defined,
  joined,
  type Described,
  type ExperimentFields,
  type ModelFields,
  type PipelineFields,
  type ServerContext,
  type ServerFields,
} from './described';
import { BROKEN, describeExperiment } from './dependents';
import type { Waiting } from './components/known';
import { withComponents } from './components/waits';
import type { EndpointRecord } from './endpoints';
import type { CustomHolding } from './custom-book';
import { worldKey } from './entities';
import type { EndpointRef } from './observation';
import { describeCustomModel, describeCustomServer, type CustomInput } from './platforms/custom';
import { describeInferenceService, predictorOwner, type Parts } from './platforms/kserve';
import { describeGraph } from './platforms/kserve-graph';
import { describeLlmService, llmOwner } from './platforms/kserve-llm';
import { describePredictor } from './platforms/kserve-predictor';
import { describeTrainedModel } from './platforms/kserve-trained';
import { describeSeldonModel, describeSeldonServer } from './platforms/seldon';
import { describeSeldonPipeline } from './platforms/seldon-pipeline';
import { describeStandaloneModel, describeStandaloneServer, type StandaloneEndpoint } from './platforms/standalone';
import { partId, partOfId, type KservePart } from './kserve-parts';
import type { GatewayBook } from './gateways';
import type { FindOwnership } from './ownership';
import { inferenceContainer } from './pods';
import { serverTypeOf } from './server-type';
import { serverWorkload, together, type RolloutClock } from './server-workload';
import { ORIGINS, parseRefId, plainKey, refId, type Origin, type RefId } from './ref';
import type { SourceBook } from './source-book';
import type { DependencyBook } from './dependencies';
import type { SyntheticBook } from './synthetic';
import type { SeldonModel } from './resources';
import { replicaOf } from './targets';
import type { ModelView, PipelineView, ServerView } from './views';
import type { World } from './world';

/** Views as they are so far in this flush. */
export interface Views {
  readonly server: (id: RefId) => ServerView | undefined;
  readonly model: (id: RefId) => ModelView | undefined;
  readonly pipeline: (id: RefId) => PipelineView | undefined;
}

interface Given {
  readonly world: World;
  readonly sources: SourceBook;
  readonly record: (ref: EndpointRef) => EndpointRecord | undefined;
  readonly views: Views;
  readonly clock: RolloutClock;
  readonly ownership: FindOwnership;
  readonly synthetic: Pick<SyntheticBook, 'causesOf'>;
  readonly dependencies: Pick<DependencyBook, 'causesOf'>;
  readonly gateways: GatewayBook;
}

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
  const owned = ownership({ namespace, name, meta: described.meta, declared: defined({ owner, importance }) });
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

/**
 * Who has the plain name when two origins have an entity of one name: the origin that comes first in the closed list,
 * not the one that was seen first, so that two exporters (and one after a restart) give the same names.
 */
function firstHolder(id: RefId, holds: (other: RefId, origin: Origin) => boolean): Origin | undefined {
  const { origin, namespace, name } = parseRefId(id);
  const before = ORIGINS.slice(0, ORIGINS.indexOf(origin));
  return before.find((other) => holds(refId(other, namespace, name), other));
}

function hasModel(world: World, id: RefId): boolean {
  const held = {
    seldon: world.models,
    kserve: world.services,
    'kserve-llm': world.llms,
    'kserve-trained': world.trained,
  };
  const { origin, namespace, name } = parseRefId(id);
  if (origin === 'custom') return world.custom.model(id) !== undefined;
  if (origin === 'standalone') return namespace === STANDALONE_NAMESPACE && world.declared.has(name);
  return held[origin].has(worldKey(id));
}

function hasServer(world: World, id: RefId): boolean {
  const { origin, namespace, name } = parseRefId(id);
  if (origin === 'seldon') return world.servers.has(worldKey(id));
  if (origin === 'custom') return world.custom.server(id) !== undefined;
  if (origin === 'standalone') return namespace === STANDALONE_NAMESPACE && isDeclaredServer(name, world);
  return isModelServer(partOfId(id)) && world.workloadsOf(id).length > 0;
}

/** Parts that hold the model; the others only stand in front of or beside it. */
function isModelServer(part: KservePart | undefined): boolean {
  return part !== undefined && part.of !== 'graph' && (part.component === 'predictor' || part.component === 'prefill');
}

function partsOf(namespace: string, of: KservePart['of'], owner: string, given: Given): Parts {
  return (component) => contextOf(partId(namespace, { of, owner, component }), given);
}

function contextOf(id: RefId, { world, record }: Given): ServerContext {
  const { namespace, name } = parseRefId(id);
  return {
    name,
    pods: world.podsOf(id),
    workloads: world.workloadsOf(id),
    record: (replica) => record({ namespace, server: name, replica }),
  };
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
  const { world, sources, views, gateways } = given;
  const part = (name: string) => views.model(refId('seldon', namespace, name));
  const pipeline = origin === 'seldon' ? world.pipelines.get(worldKey(id)) : undefined;
  if (!pipeline) return undefined;
  const described = describeSeldonPipeline({
    pipeline,
    source: sources.of(pipeline.kind),
    partVerdict: (name) => part(name)?.verdict,
    outOfModelGateway: (name) => outOfModelGateway(part(name)),
  });
  const calls = gateways.ofPipeline(namespace, name);
  return calls.length === 0 ? described : joined(described, { fields: joined(described.fields, { calls }) });
}

function experimentOf(id: RefId, { world, sources, views }: Given): Described<ExperimentFields> | undefined {
  const experiment = world.experiments.get(worldKey(id));
  if (!experiment) return undefined;
  const part = experiment.resourceKind === 'pipeline' ? views.pipeline : views.model;
  const partVerdict = (name: string) => part(refId('seldon', experiment.meta.namespace, name))?.verdict;
  return describeExperiment({ experiment, source: sources.of(experiment.kind), partVerdict });
}

/** In words, where the status says that the model is not ready in the model gateway. */
export function outOfModelGateway(view: ModelView | undefined): string | undefined {
  const told = view?.conditions.find(({ condition }) => condition === 'ModelGatewayReady');
  return told?.status === 'False' ? (told.message ?? 'not ready') : undefined;
}

/** What a model rests on and cannot use. What has no view yet in this flush is not judged: it marks the model later. */
function brokenDependencies({ meta, dependencies = [] }: SeldonModel, { world, views }: Given): readonly string[] {
  return dependencies.flatMap(({ kind, name }) => {
    const id = refId('seldon', meta.namespace, name);
    const exists = (kind === 'model' ? world.models : world.pipelines).has(worldKey(id));
    if (!exists) return [`${kind} ${name} not found`];
    const state = (kind === 'model' ? views.model(id) : views.pipeline(id))?.verdict.state;
    return state !== undefined && BROKEN.includes(state) ? [`${kind} ${name} is ${state}`] : [];
  });
}

const MODELS: Record<Origin, (id: RefId, given: Given) => Described<ModelFields> | undefined> = {
  seldon: (id, given) => {
    const model = given.world.models.get(worldKey(id));
    if (!model) return undefined;
    const server = model.server === undefined ? undefined : refId('seldon', model.meta.namespace, model.server);
    const serverView = server === undefined ? undefined : given.views.server(server);
    return describeSeldonModel({
      model,
      source: given.sources.of('SeldonModel'),
      evidence: given.sources.ofAll('SeldonModel', ['StatefulSet', 'Deployment', 'Pod']),
      ...(server === undefined ? {} : { context: contextOf(server, given) }),
      ...(serverView ? { serverView } : {}),
      brokenDependencies: brokenDependencies(model, given),
    });
  },
  kserve: (id, given) => {
    const service = given.world.services.get(worldKey(id));
    if (!service) return undefined;
    const { sources, world } = given;
    const runtimesKnown = sources.knowsAll('ServingRuntime') && sources.knowsAll('ClusterServingRuntime');
    const runtimeState = runtimesKnown ? world.runtimes.stateFor(service) : undefined;
    return describeInferenceService({
      service,
      source: sources.ofAll('InferenceService', ['Deployment', 'Pod']),
      parts: partsOf(service.meta.namespace, 'service', service.meta.name, given),
      podsKnown: sources.reads('Pod'),
      ...(runtimeState ? { runtimeState } : {}),
    });
  },
  'kserve-llm': (id, given) => {
    const service = given.world.llms.get(worldKey(id));
    if (!service) return undefined;
    return describeLlmService({
      service,
      source: given.sources.ofAll('LLMInferenceService', ['Deployment', 'Pod']),
      parts: partsOf(service.meta.namespace, 'llm', service.meta.name, given),
    });
  },
  'kserve-trained': (id, given) => {
    const model = given.world.trained.get(worldKey(id));
    if (!model) return undefined;
    const { service } = model;
    return describeTrainedModel({
      model,
      source: given.sources.of('TrainedModel'),
      service: service === undefined ? undefined : given.views.model(refId('kserve', model.meta.namespace, service)),
    });
  },
  standalone: (id, given) => {
    const { name, namespace } = parseRefId(id);
    if (namespace !== STANDALONE_NAMESPACE) return undefined;
    const declared = [...(given.world.declared.get(name)?.values() ?? [])];
    return describeStandaloneModel({
      declared: declared.map((model) => ({ model, endpoint: standaloneEndpoint(model.server, given) })),
    });
  },
  custom: (id, given) => {
    const input = customInput(given.world.custom.model(id), given);
    return input && describeCustomModel(input);
  },
};

function customInput(holding: CustomHolding | undefined, { world, sources }: Given): CustomInput | undefined {
  return (
    holding && {
      holding,
      source: sources.ofAll(holding.resource.kind, holding.pods === undefined ? [] : ['Pod']),
      pods: holding.pods === undefined ? [] : world.podsOf(holding.pods),
      podsKnown: sources.reads('Pod'),
    }
  );
}

const SERVERS: Record<Origin, (id: RefId, given: Given) => Described<ServerFields> | undefined> = {
  seldon: (id, given) => {
    const server = given.world.servers.get(worldKey(id));
    if (!server) return undefined;
    return describeSeldonServer({
      server,
      source: given.sources.ofAll('SeldonServer', ['StatefulSet', 'Deployment', 'Pod']),
      context: contextOf(id, given),
      memoryDeclaredBytes: given.world.declaredMemory.bytesOn(id),
    });
  },
  kserve: kserveServer,
  'kserve-llm': kserveServer,
  'kserve-trained': () => undefined,
  standalone: (id, given) => {
    const { namespace, name } = parseRefId(id);
    const known = namespace === STANDALONE_NAMESPACE && isDeclaredServer(name, given.world);
    return known ? describeStandaloneServer(standaloneEndpoint(name, given)) : undefined;
  },
  custom: (id, given) => {
    const input = customInput(given.world.custom.server(id), given);
    return input && describeCustomServer(input);
  },
};

function kserveServer(id: RefId, given: Given): Described<ServerFields> | undefined {
  const part = partOfId(id);
  if (!part || !isModelServer(part)) return undefined;
  const key = plainKey(parseRefId(id).namespace, part.owner);
  const service = part.of === 'service' ? given.world.services.get(key) : undefined;
  const llm = part.of === 'llm' ? given.world.llms.get(key) : undefined;
  const owner = service ? predictorOwner(service) : llm && llmOwner(llm);
  return describePredictor({
    ...(owner ? { owner } : {}),
    source: given.sources.ofAll('Deployment', ['Pod']),
    context: contextOf(id, given),
  });
}

function isDeclaredServer(name: string, world: World): boolean {
  return world.listing.has(name) || world.declaredOn(name).length > 0;
}

function standaloneEndpoint(server: string, { world, record }: Given): StandaloneEndpoint | undefined {
  const first = world.listing.get(server) ?? world.declaredOn(server).find((model) => model.url !== undefined);
  const replica = first && replicaOf(first);
  if (replica === undefined) return undefined;
  return { replica, record: record({ namespace: STANDALONE_NAMESPACE, server, replica }) };
}
