/** From an id to its description: gathers what an entity rests on and hands it to its platform. */
import { PLATFORMS, STANDALONE_NAMESPACE, type Platform } from '@modelwatch/contract';
import type {
  Described,
  ExperimentFields,
  ModelFields,
  PipelineFields,
  ServerContext,
  ServerFields,
} from './described';
import { BROKEN, describeExperiment, describeGraph } from './dependents';
import type { EndpointRecord } from './endpoints';
import { worldKey } from './entities';
import type { EndpointRef } from './observation';
import { describeInferenceService, describePredictor } from './platforms/kserve';
import { describeSeldonModel, describeSeldonServer } from './platforms/seldon';
import { describeSeldonPipeline } from './platforms/seldon-pipeline';
import { describeStandaloneModel, describeStandaloneServer, type StandaloneEndpoint } from './platforms/standalone';
import { predictorName } from './pods';
import { parseRefId, plainKey, refId, type RefId } from './ref';
import type { SourceBook } from './source-book';
import type { SeldonModel } from './resources';
import { replicaOf } from './targets';
import type { ModelView, PipelineView, ServerView } from './views';
import { serviceOfPredictor, type World } from './world';

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
}

/** One function per kind of entity; each gives undefined for an entity that is gone. */
export interface Describe {
  readonly model: (id: RefId) => Described<ModelFields> | undefined;
  readonly server: (id: RefId) => Described<ServerFields> | undefined;
  readonly pipeline: (id: RefId) => Described<PipelineFields> | undefined;
  readonly experiment: (id: RefId) => Described<ExperimentFields> | undefined;
  readonly modelNameTakenBy: (id: RefId) => Platform | undefined;
  readonly serverNameTakenBy: (id: RefId) => Platform | undefined;
  readonly pipelineNameTakenBy: (id: RefId) => Platform | undefined;
}

export function describeFrom(given: Given): Describe {
  const { world, sources, views } = given;
  return {
    model: (id) => MODELS[parseRefId(id).platform](id, given),
    server: (id) => SERVERS[parseRefId(id).platform](id, given),
    pipeline: (id) => {
      const { platform, namespace } = parseRefId(id);
      const part = (name: string) => views.model(refId(platform, namespace, name));
      const partVerdict = (name: string) => part(name)?.verdict;
      const graph = platform === 'kserve' ? world.graphs.get(worldKey(id)) : undefined;
      if (graph) return describeGraph({ graph, source: sources.of(graph.kind), partVerdict });
      const pipeline = platform === 'seldon' ? world.pipelines.get(worldKey(id)) : undefined;
      if (!pipeline) return undefined;
      return describeSeldonPipeline({
        pipeline,
        source: sources.of(pipeline.kind),
        partVerdict,
        outOfModelGateway: (name) => outOfModelGateway(part(name)),
      });
    },
    experiment: (id) => {
      const experiment = world.experiments.get(worldKey(id));
      if (!experiment) return undefined;
      const part = experiment.resourceKind === 'pipeline' ? views.pipeline : views.model;
      const partVerdict = (name: string) => part(refId('seldon', experiment.meta.namespace, name))?.verdict;
      return describeExperiment({ experiment, source: sources.of(experiment.kind), partVerdict });
    },
    modelNameTakenBy: (id) => firstHolder(id, (other) => hasModel(world, other)),
    serverNameTakenBy: (id) => firstHolder(id, (other) => hasServer(world, other)),
    pipelineNameTakenBy: (id) =>
      firstHolder(id, (other, platform) => platform === 'seldon' && world.pipelines.has(worldKey(other))),
  };
}

/**
 * Who has the plain name when two platforms have an entity of one name: the platform that comes first in the closed list,
 * not the one that was seen first, so that two exporters (and one after a restart) give the same names.
 */
function firstHolder(id: RefId, holds: (other: RefId, platform: Platform) => boolean): Platform | undefined {
  const { platform, namespace, name } = parseRefId(id);
  const before = PLATFORMS.slice(0, PLATFORMS.indexOf(platform));
  return before.find((other) => holds(refId(other, namespace, name), other));
}

function hasModel(world: World, id: RefId): boolean {
  const { platform } = parseRefId(id);
  if (platform === 'seldon') return world.models.has(worldKey(id));
  return platform === 'kserve' ? world.services.has(worldKey(id)) : false;
}

function hasServer(world: World, id: RefId): boolean {
  const { platform } = parseRefId(id);
  if (platform === 'seldon') return world.servers.has(worldKey(id));
  return platform === 'kserve' ? world.workloadsOf(id).length > 0 : false;
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

const MODELS: Record<Platform, (id: RefId, given: Given) => Described<ModelFields> | undefined> = {
  seldon: (id, given) => {
    const model = given.world.models.get(worldKey(id));
    if (!model) return undefined;
    const server = model.server === undefined ? undefined : refId('seldon', model.meta.namespace, model.server);
    const serverView = server === undefined ? undefined : given.views.server(server);
    return describeSeldonModel({
      model,
      source: given.sources.of('SeldonModel'),
      ...(server === undefined ? {} : { context: contextOf(server, given) }),
      ...(serverView ? { serverView } : {}),
      brokenDependencies: brokenDependencies(model, given),
    });
  },
  kserve: (id, given) => {
    const service = given.world.services.get(worldKey(id));
    if (!service) return undefined;
    return describeInferenceService({
      service,
      source: given.sources.ofAll('InferenceService', ['Deployment', 'Pod']),
      context: contextOf(refId('kserve', service.meta.namespace, predictorName(service.meta.name)), given),
      podsKnown: given.sources.reads('Pod'),
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
};

const SERVERS: Record<Platform, (id: RefId, given: Given) => Described<ServerFields> | undefined> = {
  seldon: (id, given) => {
    const server = given.world.servers.get(worldKey(id));
    if (!server) return undefined;
    const models = [...given.world.modelsOn(id)].flatMap((model) => given.world.models.get(worldKey(model)) ?? []);
    return describeSeldonServer({
      server,
      source: given.sources.ofAll('SeldonServer', ['StatefulSet', 'Deployment', 'Pod']),
      context: contextOf(id, given),
      models,
    });
  },
  kserve: (id, given) => {
    const { namespace, name } = parseRefId(id);
    const owner = serviceOfPredictor(name);
    const service = owner === undefined ? undefined : given.world.services.get(plainKey(namespace, owner));
    return describePredictor({
      ...(service ? { service } : {}),
      source: given.sources.ofAll('Deployment', ['Pod']),
      context: contextOf(id, given),
    });
  },
  standalone: (id, given) => {
    const { namespace, name } = parseRefId(id);
    const known = namespace === STANDALONE_NAMESPACE && given.world.declaredOn(name).length > 0;
    return known ? describeStandaloneServer(standaloneEndpoint(name, given)) : undefined;
  },
};

function standaloneEndpoint(server: string, { world, record }: Given): StandaloneEndpoint | undefined {
  const first = world.declaredOn(server).find((model) => model.url !== undefined);
  const replica = first && replicaOf(first);
  if (replica === undefined) return undefined;
  return { replica, record: record({ namespace: STANDALONE_NAMESPACE, server, replica }) };
}
