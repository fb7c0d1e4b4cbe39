/** The description of a model or server, by where it comes from: gathers what its platform needs, and asks that. */
import { STANDALONE_NAMESPACE } from '@modelwatch/contract';
import type { CustomHolding } from './custom-book';
import { BROKEN } from './dependents';
import type { Described, ModelFields, ServerFields } from './described';
import { worldKey } from './entities';
import { contextOf, isModelServer, partsOf, standaloneEndpoint, type Given } from './given';
import { partOfId } from './kserve-parts';
import { firstHolder, hasModel } from './name-holders';
import { describeCustomModel, type CustomInput, describeCustomServer } from './platforms/custom';
import { describeInferenceService, predictorOwner } from './platforms/kserve';
import { describeLlmService, llmOwner } from './platforms/kserve-llm';
import { describePredictor } from './platforms/kserve-predictor';
import { describeTrainedModel } from './platforms/kserve-trained';
import { describeSeldonModel } from './platforms/seldon-model';
import { describeSeldonServer } from './platforms/seldon-server';
import { describeSender } from './platforms/sender';
import { describeStandaloneModel, describeStandaloneServer } from './platforms/standalone';
import { refId, type Origin, type RefId, parseRefId, plainKey } from './ref';
import type { SeldonModel } from './resources';
import { connectedServer, placedModel } from './scheduler/placed';

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

export const MODELS: Record<Origin, (id: RefId, given: Given) => Described<ModelFields> | undefined> = {
  seldon: (id, given) => {
    const model = given.world.models.get(worldKey(id));
    if (!model) return undefined;
    const server = model.server === undefined ? undefined : refId('seldon', model.meta.namespace, model.server);
    const serverView = server === undefined ? undefined : given.views.server(server);
    const described = describeSeldonModel({
      model,
      source: given.sources.of('SeldonModel'),
      evidence: given.sources.ofAll('SeldonModel', ['StatefulSet', 'Deployment', 'Pod']),
      ...(server === undefined ? {} : { context: contextOf(server, given) }),
      ...(serverView ? { serverView } : {}),
      brokenDependencies: brokenDependencies(model, given),
    });
    return placedModel(described, id, given);
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
    const declared = [...(given.world.standalone.models.get(name)?.values() ?? [])];
    return describeStandaloneModel({
      declared: declared.map((model) => ({ model, endpoint: standaloneEndpoint(model.server, given) })),
    });
  },
  custom: (id, given) => {
    const input = customInput(given.world.custom.model(id), given);
    return input && describeCustomModel(input);
  },
  events: (id, { world }) => {
    const key = worldKey(id);
    // Deployed somewhere it is that model, and its events are of it.
    if (!world.senders.has(key) || firstHolder(id, (other) => hasModel(world, other)) !== undefined) return undefined;
    return describeSender(world.senders.get(key)?.lastSeconds);
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

export const SERVERS: Record<Origin, (id: RefId, given: Given) => Described<ServerFields> | undefined> = {
  seldon: (id, given) => {
    const server = given.world.servers.get(worldKey(id));
    if (!server) return undefined;
    const described = describeSeldonServer({
      server,
      source: given.sources.ofAll('SeldonServer', ['StatefulSet', 'Deployment', 'Pod']),
      context: contextOf(id, given),
      memoryDeclaredBytes: given.world.declaredMemory.bytesOn(id),
    });
    return connectedServer(described, id, given);
  },
  kserve: kserveServer,
  'kserve-llm': kserveServer,
  'kserve-trained': () => undefined,
  standalone: (id, given) => {
    const { namespace, name } = parseRefId(id);
    const known = namespace === STANDALONE_NAMESPACE && given.world.standalone.hasServer(name);
    return known ? describeStandaloneServer(standaloneEndpoint(name, given)) : undefined;
  },
  custom: (id, given) => {
    const input = customInput(given.world.custom.server(id), given);
    return input && describeCustomServer(input);
  },
  events: () => undefined,
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
