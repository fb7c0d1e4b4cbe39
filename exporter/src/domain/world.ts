/**
 * The raw facts, indexed so that an event finds the entities that it touches without a walk over the fleet. Every change
 * goes through `apply` and `remove`, or those of a book, which mark what has to be derived again.
 */
import { AutoscalerBook } from './autoscaler-book';
import { CustomBook, type OnConflict } from './custom-book';
import { ownerOfPart, partId, partOfId, predictorName } from './kserve-parts';
import { IncidentBook } from './incidents';
import { DeclaredMemory } from './declared-memory';
import { DependentIndex } from './dependent-index';
import { markNamesakes, type Marks } from './marks';
import { NodeBook } from './node-book';
import { isCurrent, serverOf } from './pods';
import { RolloutBook } from './server-workload';
import { StandaloneBook } from './standalone-book';
import { MultiMap, parseRefId, plainKey, refId, type RefId } from './ref';
import { RuntimeIndex } from './runtime-index';
import { ComponentBook, type Member } from './components/book';
import type { Component } from './components/known';
import { isGateway } from './gateway-targets';
import { SettingsBook, type Setting } from './components/settings';
import type { EndpointRef, Observation } from './observation';
import {
  isCustomKind,
  type Autoscaler,
  type ClusterServingRuntime,
  type CustomKind,
  type CustomResource,
  type InferenceGraph,
  type InferenceService,
  type KubernetesResource,
  type LlmService,
  type ObjectMeta,
  type Pod,
  type ResourceKind,
  type SeldonExperiment,
  type SeldonModel,
  type SeldonPipeline,
  type SeldonServer,
  type ServingRuntime,
  type TrainedModel,
  type Workload,
} from './resources';

export interface WorldOptions {
  /** Keys of the labels by which the mappings of custom resources know their pods. */
  readonly podLabelKeys: readonly (readonly string[])[];
  readonly onConflict: OnConflict;
  /** Whether components and settings of a namespace are ours to show, or only to know of. */
  readonly shows?: ((namespace: string) => boolean) | undefined;
}

/** Kinds that the world files itself; the others go to a book as a group. */
type OwnKind = Exclude<ResourceKind, CustomKind | Setting['kind'] | Member['kind']>;
type OfKind = { readonly [Kind in OwnKind]: Extract<KubernetesResource, { readonly kind: Kind }> };
type Setter<T> = (key: string, next: T | undefined, marks: Marks) => void;

/** The time of its last prediction, and whose it is as its settings say. */
export type Sender = Pick<Extract<Observation, { kind: 'sender-heard' }>, 'lastSeconds' | 'declared'>;

export class World {
  readonly models = new Map<string, SeldonModel>();
  readonly servers = new Map<string, SeldonServer>();
  readonly pipelines = new Map<string, SeldonPipeline>();
  readonly experiments = new Map<string, SeldonExperiment>();
  readonly services = new Map<string, InferenceService>();
  readonly llms = new Map<string, LlmService>();
  readonly trained = new Map<string, TrainedModel>();
  readonly graphs = new Map<string, InferenceGraph>();
  readonly runtimes = new RuntimeIndex();
  readonly pods = new Map<string, Pod>();
  /** By kind/namespace/name. */
  readonly workloads = new Map<string, Workload>();
  /** Custom resources of others. */
  readonly custom: CustomBook;
  readonly components: ComponentBook;
  readonly settings: SettingsBook;
  readonly nodes: NodeBook;
  readonly incidents = new IncidentBook();
  readonly rollouts = new RolloutBook();
  readonly autoscalers = new AutoscalerBook();

  readonly declaredMemory = new DeclaredMemory();
  private readonly podsOfServer = new MultiMap();
  private readonly workloadsOfServer = new MultiMap();
  private readonly modelsOfServer = new MultiMap();
  readonly dependents = new DependentIndex();
  /** Models whose events are counted, whatever they are deployed with. */
  readonly senders = new Map<string, Sender>();
  /** Of servers outside Kubernetes. */
  readonly standalone = new StandaloneBook(this.modelsOfServer, this.dependents);

  private readonly setters: { readonly [Kind in OwnKind]: Setter<OfKind[Kind]> } = {
    SeldonModel: (key, next, marks) => this.setModel(key, next, marks),
    SeldonServer: (key, next, marks) => this.setServer(key, next, marks),
    InferenceService: (key, next, marks) => this.setService(key, next, marks),
    LLMInferenceService: (key, next, marks) => this.setLlm(key, next, marks),
    TrainedModel: (key, next, marks) => this.setTrained(key, next, marks),
    SeldonPipeline: (key, next, marks) => this.setPipeline('seldon', key, this.pipelines, next, marks),
    InferenceGraph: (key, next, marks) => this.setPipeline('kserve', key, this.graphs, next, marks),
    SeldonExperiment: (key, next, marks) => this.setExperiment(key, next, marks),
    ServingRuntime: (key, next, marks) => this.setRuntime(key, next, marks),
    ClusterServingRuntime: (key, next, marks) => this.setRuntime(key, next, marks),
    Autoscaler: (key, next, marks) => this.markAllScaled(this.autoscalers.set(key, next), marks),
    // Of references and settings: nothing of the fleet is in it.
    ConfigMap: () => undefined,
    Node: (key, next) => (next ? this.nodes.apply(next) : this.nodes.remove(key.slice(key.indexOf('/') + 1))),
  };

  constructor({ podLabelKeys, onConflict, shows }: WorldOptions) {
    this.custom = new CustomBook(podLabelKeys, onConflict);
    const owns = shows ?? (() => true);
    this.components = new ComponentBook(owns);
    this.settings = new SettingsBook(owns);
    this.nodes = new NodeBook(shows);
  }

  apply(resource: KubernetesResource, marks: Marks): void {
    const key = plainKey(resource.meta.namespace, resource.meta.name);
    if (isSetting(resource)) return this.setSetting(resource, marks);
    if (isMember(resource)) return this.setMember(resource, key, marks);
    if (isCustom(resource)) return this.markPodsOf(this.custom.apply(resource, marks), marks);
    this.set(resource.kind, key, resource, marks);
  }

  remove(kind: ResourceKind, namespace: string, name: string, marks: Marks): void {
    const key = plainKey(namespace, name);
    if (isCustomKind(kind)) this.markPodsOf(this.custom.remove(kind, namespace, name, marks), marks);
    else if (isSettingKind(kind)) this.removeSetting(kind, key, marks);
    else if (isMemberKind(kind)) this.removeMember(kind, key, marks);
    else this.set(kind, key, undefined, marks);
  }

  /** @param next absent: it is gone */
  private set<Kind extends OwnKind>(kind: Kind, key: string, next: OfKind[Kind] | undefined, marks: Marks): void {
    this.setters[kind](key, next, marks);
  }

  private setSetting(setting: Setting, marks: Marks): void {
    if (this.settings.apply(setting)) this.markAllPipelines(marks);
  }

  private removeSetting(kind: Setting['kind'], key: string, marks: Marks): void {
    this.settings.remove(kind, key);
    this.markAllPipelines(marks);
  }

  /** What is a part of a component is no part of a server. */
  private setMember(member: Member, key: string, marks: Marks): void {
    const before = this.components.ofPod(key);
    const isOfComponent = this.components.apply(member);
    this.markGateways([before, this.components.ofPod(key)], marks);
    if (member.kind === 'Pod') this.setPod(key, isOfComponent ? undefined : member, marks);
    else this.setWorkload(`${member.kind}/${key}`, isOfComponent ? undefined : member, marks);
  }

  private removeMember(kind: Member['kind'], key: string, marks: Marks): void {
    const before = this.components.ofPod(key);
    this.components.remove(kind, key);
    this.markGateways([before], marks);
    if (kind === 'Pod') this.setPod(key, undefined, marks);
    else this.setWorkload(`${kind}/${key}`, undefined, marks);
  }

  /** The pods of a gateway are asked like those of a server of its name. */
  private markGateways(components: readonly (Component | undefined)[], marks: Marks): void {
    for (const component of components) {
      if (component && isGateway(component)) marks.targets.add(refId('seldon', component.namespace, component.name));
    }
  }

  /** The server that an endpoint belongs to; undefined when it is no (longer a) replica of any. */
  serverOfEndpoint(ref: EndpointRef): RefId | undefined {
    const pod = this.pods.get(plainKey(ref.namespace, ref.replica));
    const server = pod && isCurrent(pod) ? serverOf(pod.meta) : undefined;
    if (server !== undefined && parseRefId(server).name === ref.server) return server;
    const standalone = refId('standalone', ref.namespace, ref.server);
    const isKnown = this.modelsOfServer.size(standalone) > 0 || this.standalone.listing.has(ref.server);
    return isKnown ? standalone : undefined;
  }

  /** The gateway that an endpoint is a replica of; undefined when it is none (any more). */
  gatewayOf(ref: EndpointRef): Component | undefined {
    const ofPod = this.components.ofPod(plainKey(ref.namespace, ref.replica));
    return ofPod?.name === ref.server ? this.components.gateway(plainKey(ofPod.namespace, ofPod.name)) : undefined;
  }

  podsOf(server: RefId): readonly Pod[] {
    return this.allPodsOf(server).filter(isCurrent);
  }

  /** With those that are done or on their way out. */
  allPodsOf(server: RefId): readonly Pod[] {
    return [...this.podsOfServer.get(server)].sort().flatMap((key) => this.pods.get(key) ?? []);
  }

  trustAutoscalers(trusted: boolean, marks: Marks): void {
    this.markAllScaled(this.autoscalers.trust(trusted), marks);
  }

  /** By owner and labels; a Seldon server whose workload says nothing of it is found by its name. */
  workloadsOf(server: RefId): readonly Workload[] {
    const found = [...this.workloadsOfServer.get(server)].sort().flatMap((key) => this.workloads.get(key) ?? []);
    const owned = found.filter((workload) => serverOf(workload.meta) !== undefined);
    return owned.length > 0 ? owned : found;
  }

  modelsOn(server: RefId): Iterable<RefId> {
    const part = partOfId(server);
    if (!part || part.of === 'graph') return this.modelsOfServer.get(server);
    const { namespace } = parseRefId(server);
    const held = part.of === 'llm' ? this.llms : this.services;
    const own = held.has(plainKey(namespace, part.owner)) ? [ownerOfPart(namespace, part)] : [];
    return [...own, ...this.modelsOfServer.get(server)];
  }

  modelCountOn(server: RefId): number {
    return this.modelsOfServer.size(server);
  }

  /** Models that are loaded into the server of another model. */
  trainedOn(service: RefId): Iterable<RefId> {
    const { namespace, name } = parseRefId(service);
    return this.modelsOfServer.get(refId('kserve', namespace, predictorName(name)));
  }

  /** Every server that a pod belongs to; one of a platform of ours first. Empty: no model server's. */
  serversOfPod(meta: ObjectMeta): readonly RefId[] {
    const server = serverOf(meta);
    return [...(server === undefined ? [] : [server]), ...this.custom.podServersOf(meta)];
  }

  /** The server that what a pod asks for is counted for; undefined: nobody's that we show. */
  chargedServerOf(meta: ObjectMeta): RefId | undefined {
    return serverOf(meta) ?? this.custom.podServersOf(meta).find((server) => this.custom.hasPods(server));
  }

  markPodsOf(servers: readonly RefId[], marks: Marks): void {
    for (const server of servers) for (const key of this.podsOfServer.get(server)) marks.pods.add(key);
  }

  /** @param only names of the models on it that are concerned, as its endpoints call them; absent: all */
  markServer(server: RefId, marks: Marks, only?: readonly string[]): void {
    const part = partOfId(server);
    if (part?.of === 'graph') {
      marks.pipelines.add(ownerOfPart(parseRefId(server).namespace, part));
      return;
    }
    marks.servers.add(server);
    const { origin, namespace } = parseRefId(server);
    // Elsewhere an endpoint may call a model by a name of its own, and servers are small: all are judged again.
    if (only === undefined || origin !== 'seldon') for (const model of this.modelsOn(server)) marks.models.add(model);
    // A name that is no model derives to nothing.
    else for (const name of only) marks.models.add(refId(origin, namespace, name));
  }

  /** Which Kafka a pipeline uses stands in settings that hardly ever change. */
  private markAllPipelines(marks: Marks): void {
    for (const key of this.pipelines.keys()) marks.pipelines.add(`seldon|${key}`);
  }

  private setModel(key: string, next: SeldonModel | undefined, marks: Marks): void {
    const id: RefId = `seldon|${key}`;
    const previous = this.models.get(key);
    store(this.models, key, next);
    const namespace = parseRefId(id).namespace;
    const before = previous?.server && refId('seldon', namespace, previous.server);
    const after = next?.server && refId('seldon', namespace, next.server);
    this.declaredMemory.move([before, previous], [after, next]);
    if (before) this.modelsOfServer.remove(before, id);
    if (after) this.modelsOfServer.add(after, id);
    for (const server of [before, after]) {
      if (!server) continue;
      marks.servers.add(server);
      if (before !== after) marks.targets.add(server);
    }
    this.dependents.modelMoved(id, previous, next);
    marks.models.add(id);
    if (!previous || !next) this.markCame(id, marks);
  }

  private setServer(key: string, next: SeldonServer | undefined, marks: Marks): void {
    const id: RefId = `seldon|${key}`;
    const previous = this.servers.get(key);
    store(this.servers, key, next);
    this.settings.serverMoved(previous, next);
    marks.servers.add(id);
    marks.targets.add(id);
    if (!next) this.rollouts.forget(id);
    if (previous?.serverConfig !== next?.serverConfig) this.markServer(id, marks);
    if (!previous || !next) markNamesakes(marks.servers, id);
  }

  private setService(key: string, next: InferenceService | undefined, marks: Marks): void {
    const id: RefId = `kserve|${key}`;
    const previous = this.services.get(key);
    store(this.services, key, next);
    const { namespace, name } = parseRefId(id);
    const server = refId('kserve', namespace, predictorName(name));
    marks.models.add(id);
    marks.servers.add(server);
    marks.targets.add(server);
    for (const runtime of this.runtimes.use(id, previous, next)) marks.runtimes.add(runtime);
    if (!previous || !next) this.markCame(id, marks);
  }

  private setLlm(key: string, next: LlmService | undefined, marks: Marks): void {
    const id: RefId = `kserve-llm|${key}`;
    const previous = this.llms.get(key);
    store(this.llms, key, next);
    const { namespace, name } = parseRefId(id);
    for (const component of ['predictor', 'prefill'] as const) {
      const server = partId(namespace, { of: 'llm', owner: name, component });
      marks.servers.add(server);
      marks.targets.add(server);
    }
    marks.models.add(id);
    if (!previous || !next) this.markCame(id, marks);
  }

  private setTrained(key: string, next: TrainedModel | undefined, marks: Marks): void {
    const id: RefId = `kserve-trained|${key}`;
    const { namespace } = parseRefId(id);
    const previous = this.trained.get(key);
    store(this.trained, key, next);
    const serverOfTrained = (model: TrainedModel | undefined) =>
      model?.service === undefined ? undefined : refId('kserve', namespace, predictorName(model.service));
    const before = serverOfTrained(previous);
    const after = serverOfTrained(next);
    if (before !== undefined) this.modelsOfServer.remove(before, id);
    if (after !== undefined) this.modelsOfServer.add(after, id);
    for (const server of [before, after]) if (server !== undefined) marks.servers.add(server);
    marks.models.add(id);
    if (!previous || !next) this.markCame(id, marks);
  }

  private setRuntime(key: string, next: ServingRuntime | ClusterServingRuntime | undefined, marks: Marks): void {
    marks.runtimes.add(key);
    for (const model of this.runtimes.set(key, next)) marks.models.add(model);
  }

  private setPipeline<T extends { readonly steps: readonly string[] }>(
    platform: 'seldon' | 'kserve',
    key: string,
    held: Map<string, T>,
    next: T | undefined,
    marks: Marks
  ): void {
    const id: RefId = `${platform}|${key}`;
    const previous = held.get(key);
    store(held, key, next);
    this.dependents.pipelineMoved(platform, id, previous, next);
    marks.pipelines.add(id);
    if (previous && next) return;
    markNamesakes(marks.pipelines, id);
    this.dependents.markOfPipeline(id, marks);
  }

  private setExperiment(key: string, next: SeldonExperiment | undefined, marks: Marks): void {
    const id: RefId = `seldon|${key}`;
    const previous = this.experiments.get(key);
    store(this.experiments, key, next);
    this.dependents.experimentMoved(id, previous, next);
    marks.experiments.add(id);
  }

  private setPod(key: string, next: Pod | undefined, marks: Marks): void {
    const previous = this.pods.get(key);
    const before = previous ? this.serversOfPod(previous.meta) : [];
    const after = next ? this.serversOfPod(next.meta) : [];
    // The pods of everything else in the cluster are none of our business, and many.
    if (before.length + after.length === 0 || same(previous, next)) return;
    store(this.pods, key, after.length === 0 ? undefined : next);
    for (const server of before) this.podsOfServer.remove(server, key);
    for (const server of after) this.podsOfServer.add(server, key);
    marks.pods.add(key);
    this.nodes.place(key, after.length > 0 ? next : undefined);
    if (previous && next) {
      const both = after.filter((server) => before.includes(server));
      for (const server of both) this.incidents.saw(server, previous, next);
    }
    if (previous && !isSamePod(previous, next)) marks.voidPods.add(key);
    for (const server of new Set([...before, ...after])) this.markPodMoved(server, marks);
  }

  private markPodMoved(server: RefId, marks: Marks): void {
    if (parseRefId(server).origin === 'custom') return this.custom.markPods(server, marks);
    this.markServer(server, marks);
    marks.targets.add(server);
  }

  private setWorkload(key: string, next: Workload | undefined, marks: Marks): void {
    const previous = this.workloads.get(key);
    if (same(previous, next)) return;
    store(this.workloads, key, next);
    const before = previous && serverOfWorkload(previous);
    const after = next && serverOfWorkload(next);
    if (before !== undefined) this.workloadsOfServer.remove(before, key);
    if (after !== undefined) this.workloadsOfServer.add(after, key);
    for (const server of new Set([before, after])) if (server !== undefined) this.markServer(server, marks);
  }

  private markAllScaled(scalers: Iterable<Autoscaler>, marks: Marks): void {
    for (const scaler of scalers) this.markScaled(scaler, marks);
  }

  private markScaled({ target: { kind, name }, meta: { namespace } }: Autoscaler, marks: Marks): void {
    if (kind === 'Model') marks.models.add(refId('seldon', namespace, name));
    else if (kind === 'Server') marks.servers.add(refId('seldon', namespace, name));
    else {
      const workload = this.workloads.get(`${kind}/${plainKey(namespace, name)}`);
      if (workload) this.markServer(serverOfWorkload(workload), marks);
    }
  }

  /** It came or went: others of its name may have to change theirs, and what rests on it sees a new part. */
  private markCame(id: RefId, marks: Marks): void {
    markNamesakes(marks.models, id);
    this.dependents.markOfModel(id, marks);
  }
}

function isSetting(resource: KubernetesResource): resource is Setting {
  return isSettingKind(resource.kind);
}

function isSettingKind(kind: ResourceKind): kind is Setting['kind'] {
  return kind === 'SeldonRuntime' || kind === 'SeldonConfig' || kind === 'SeldonServerConfig';
}

function isCustom(resource: KubernetesResource): resource is CustomResource {
  return isCustomKind(resource.kind);
}

function isMember(resource: KubernetesResource): resource is Member {
  return isMemberKind(resource.kind);
}

function isMemberKind(kind: ResourceKind): kind is Member['kind'] {
  return kind === 'Pod' || kind === 'Deployment' || kind === 'StatefulSet';
}

function serverOfWorkload(workload: Workload): RefId {
  return serverOf(workload.meta) ?? refId('seldon', workload.meta.namespace, workload.meta.name);
}

function isSamePod(previous: Pod, next: Pod | undefined): boolean {
  if (!next || !isCurrent(next)) return false;
  return next.meta.uid === previous.meta.uid && serverOf(next.meta) === serverOf(previous.meta);
}

/** A controller or kubelet writes the same again, or only what we do not read. */
function same(previous: object | undefined, next: object | undefined): boolean {
  return previous !== undefined && next !== undefined && JSON.stringify(previous) === JSON.stringify(next);
}

function store<T>(held: Map<string, T>, key: string, next: T | undefined): void {
  if (next === undefined) held.delete(key);
  else held.set(key, next);
}
