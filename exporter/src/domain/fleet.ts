/**
 * The live fleet: observations in, views out. An observation marks the entities that it touches; `flush` derives those,
 * in the order in which they rest on each other: servers, models, pipelines, experiments.
 */
import { markWaiting } from './components/marking';
import { describeFrom, outOfModelGateway, type Describe } from './derive';
import { DependencyBook, type Needed } from './dependencies';
import { EndpointBook, dropStray, endpointKey, type EndpointRecord, type ProbeNews } from './endpoints';
import { endpointView } from './endpoint-facts';
import { EntityBook, type CommitContext } from './entities';
import type { EndpointRef, Observation } from './observation';
import type { Views } from './given';
import { GatewayBook, type GatewayNews } from './gateways';
import { ORIGINS, parseRefId, plainKey, refId, type Origin, type RefId } from './ref';
import type { KubernetesResource, ResourceKind } from './resources';
import { createOwnership, DEFAULT_OWNERSHIP, type FindOwnership, type OwnershipOptions } from './ownership';
import { isCurrent, podView } from './pods';
import { Renewals } from './renewals';
import { runtimeView } from './runtime-index';
import { SourceBook } from './source-book';
import type { PodModule } from './pod-modules';
import { TargetBook } from './target-book';
import { NO_TELEMETRY, type Telemetry } from './telemetry';
import {
  UsageBook,
  modelContribution,
  podContribution,
  serverContribution,
  simpleContribution,
  type UsageView,
} from './usage';
import type { EndpointView, ExperimentView, ModelView, PipelineView, ServerView } from './views';
import type { PodView } from './workload-views';
import type { Fleet, FleetChange, Snapshot } from './fleet-interface';
import { SchedulerBook, type SchedulerNews } from './scheduler/book';
import { ReplicaBook } from './scheduler/replica-book';
import { schedulerSource } from './scheduler/words';
import { SyntheticBook, type SyntheticRef } from './synthetic';
import { World } from './world';
import { noMarks } from './marks';
import { STANDALONE_NAMESPACE, entityKey, type ServerType } from '@modelwatch/contract';

export interface FleetOptions {
  /** An endpoint that was not probed for four of these is silent. */
  readonly probeIntervalSeconds: number;
  /** A source without contact for longer than this is not believed. */
  readonly staleAfterSeconds: number;
  readonly telemetry?: Telemetry;
  /**
   * Whose components, settings and nodes a shard shows; absent: there is one exporter for all. Every shard knows them
   * all, since models wait for them.
   */
  readonly shows?: (namespace: string) => boolean;
  /** Who owns which model. Default: as the annotations and labels of the models say. */
  readonly ownership?: OwnershipOptions;
  /** What another fleet shows that this one takes over from: its history goes on in this one, until `settled`. */
  readonly earlier?: () => Snapshot;
  /** Keys of the labels by which the mappings of custom resources know their pods. Default: none. */
  readonly podLabelKeys?: readonly (readonly string[])[];
  /** Descriptions of servers of other kinds. Default: none. */
  readonly modules?: readonly PodModule[];
}

export function createFleet(options: FleetOptions): Fleet {
  return new LiveFleet(options);
}

const DECLARATIONS = [
  'model-declared',
  'model-withdrawn',
  'server-declared',
  'component-declared',
  'dependency-declared',
] as const;
type Declaration = Extract<Observation, { kind: (typeof DECLARATIONS)[number] }>;
type SyntheticProbed = Extract<Observation, { kind: 'synthetic-probed' }>;
type OfScheduler = Extract<Observation, { kind: 'scheduler-told' | 'scheduler-forgot' }>;
type DependencyProbed = Extract<Observation, { kind: 'dependency-probed' }>;
type Measured = Extract<Observation, { kind: 'endpoint-measured' }>;
type Named = 'models' | 'servers' | 'pipelines' | 'experiments';

const EMPTY_USAGE: UsageView = { rows: [], byServerType: [] };
/** Where drops of the domain are counted. */
const SOURCE_NAME = 'domain';

type ObservationOf<Kind extends Observation['kind']> = Extract<Observation, { kind: Kind }>;

class LiveFleet implements Fleet {
  private readonly world: World;
  private readonly sources: SourceBook;
  private readonly endpoints: EndpointBook;
  private readonly synthetic = new SyntheticBook();
  private readonly dependencies = new DependencyBook();
  private readonly gateways = new GatewayBook();
  private readonly scheduler = new SchedulerBook((namespace) => this.sources.hears(schedulerSource(namespace)));
  private readonly replicas: ReplicaBook;
  private readonly usage = new UsageBook();
  private readonly targetBook: TargetBook;
  private readonly telemetry: Telemetry;
  private readonly ownership: FindOwnership;
  private readonly marks = noMarks();
  private readonly renewals: Renewals;
  private readonly dirtyEndpoints = new Set<string>();

  private readonly models = new EntityBook<ModelView>();
  private readonly servers = new EntityBook<ServerView>();
  private readonly pipelines = new EntityBook<PipelineView>();
  private readonly experiments = new EntityBook<ExperimentView>();
  private changedPods = new Map<string, PodView | undefined>();
  private readonly endpointViews = new Map<string, EndpointView>();
  private everSynced = false;
  private usageView = EMPTY_USAGE;
  private current: Snapshot;
  private earlier: (() => Snapshot) | undefined;

  constructor(options: FleetOptions) {
    this.telemetry = options.telemetry ?? NO_TELEMETRY;
    this.earlier = options.earlier;
    this.ownership = createOwnership(options.ownership ?? DEFAULT_OWNERSHIP, (text) =>
      this.telemetry.dropped(SOURCE_NAME, 'unknown_value', text)
    );
    this.world = new World({
      podLabelKeys: options.podLabelKeys ?? [],
      shows: options.shows,
      onConflict: (text) => this.telemetry.dropped(SOURCE_NAME, 'name_conflict', text),
    });
    this.sources = new SourceBook(options.staleAfterSeconds);
    this.endpoints = new EndpointBook(options.probeIntervalSeconds);
    this.replicas = new ReplicaBook(this.endpoints, this.scheduler, (pod) => this.world.pods.has(pod));
    this.targetBook = new TargetBook(this.world, options.modules ?? []);
    const { models, servers, pipelines, experiments } = this;
    this.renewals = new Renewals(this.world, this.marks, { models, servers, pipelines, experiments }, this.sources);
    this.current = this.present();
  }

  observe(observation: Observation): void {
    if (isDeclaration(observation)) return this.declared(observation);
    if (isOfScheduler(observation)) return this.scheduled(observation);
    switch (observation.kind) {
      case 'resource-applied':
        return this.applied(observation.resource);
      case 'resource-deleted':
        return this.deleted(observation.resource, observation.namespace, observation.name);
      case 'source-status':
        return this.sources.told(observation);
      case 'dependency-probed':
        return this.dependencyProbed(observation);
      case 'endpoint-probed':
        return this.withServer(observation.endpoint, (server) => {
          if (server !== undefined && parseRefId(server).origin === 'standalone') {
            this.world.standalone.listed(observation.endpoint, observation.result, this.marks);
          }
          const news = this.endpoints.probed(
            observation.endpoint,
            observation.atSeconds,
            observation.result,
            observation.unused
          );
          this.touch(observation.endpoint, server, news);
        });
      case 'endpoint-measured':
        return this.withServer(observation.endpoint, (server) => {
          const { endpoint } = observation;
          if (server === undefined) return this.gatewayMeasured(observation);
          const news = this.endpoints.measured(endpoint, observation);
          if (observation.replica) this.replicas.mark(endpoint);
          else this.replicas.markShown(endpoint);
          if (news === undefined) this.touch(endpoint, server);
          else if (news.length > 0) this.world.markServer(server, this.marks, news);
        });
      case 'synthetic-probed':
        return this.syntheticProbed(observation);
      case 'sender-heard':
        return this.senderHeard(observation);
      case 'sender-forgotten':
        return this.senderForgotten(observation);
      case 'endpoint-silent':
        this.endpoints.unmeasured(observation.endpoint);
        this.markGateway(this.gateways.forget(observation.endpoint));
        return this.touch(observation.endpoint, this.world.serverOfEndpoint(observation.endpoint));
      case 'endpoint-removed':
        this.endpoints.remove(observation.endpoint);
        this.markGateway(this.gateways.forget(observation.endpoint));
        return this.touch(observation.endpoint, this.world.serverOfEndpoint(observation.endpoint));
      default:
        return assertNever(observation);
    }
  }

  /** A model that is deployed somewhere has its state from there: then there is nothing to derive. */
  private senderHeard({ namespace, model, lastSeconds, declared }: ObservationOf<'sender-heard'>): void {
    if (!this.usable(namespace, model)) return;
    const key = plainKey(namespace, model);
    const id = refId('events', namespace, model);
    const before = this.world.senders.get(key);
    if (!before || this.models.view(id)) this.marks.models.add(id);
    this.world.senders.set(key, { lastSeconds, declared });
    const isSame = before?.declared?.owner === declared?.owner && before?.declared?.importance === declared?.importance;
    if (!isSame) this.markNamed({ namespace, model });
  }

  private senderForgotten({ namespace, model }: ObservationOf<'sender-forgotten'>): void {
    const key = plainKey(namespace, model);
    const isOwned = this.world.senders.get(key)?.declared !== undefined;
    this.world.senders.delete(key);
    this.marks.models.add(refId('events', namespace, model));
    if (isOwned) this.markNamed({ namespace, model });
  }

  private syntheticProbed({ probe, atSeconds, result }: SyntheticProbed): void {
    // Without a replica it is an outage only where the model is known to be down: not while it is idle, or nobody knows.
    if (result.error?.cause === 'no_replica' && !this.isDown(probe)) return;
    if (this.synthetic.probed(probe, atSeconds, result)) this.markNamed(probe);
  }

  private dependencyProbed({ namespace, name, atSeconds, result }: DependencyProbed): void {
    const key = plainKey(namespace, name);
    const wasDown = this.earlier?.().components.get(key)?.up === false;
    this.markNeeding(this.dependencies.probed(key, atSeconds, result, wasDown));
  }

  flush(nowSeconds: number, mayGoOn: () => boolean = () => true): FleetChange {
    const moves = this.sources.refresh(nowSeconds);
    this.renewals.take(moves, mayGoOn);
    if (moves.anyFreshness) {
      for (const news of this.scheduler.refresh()) this.markScheduled(news);
    }
    this.world.nodes.trust(this.sources.trusts('Node'));
    this.world.trustAutoscalers(this.sources.trusts('Autoscaler'), this.marks);
    for (const record of this.endpoints.expire(nowSeconds)) {
      this.markGateway(this.gateways.forget(record.ref));
      this.touch(record.ref, this.world.serverOfEndpoint(record.ref));
    }
    for (const probe of this.synthetic.expire(nowSeconds)) this.markNamed(probe);
    for (const needed of this.dependencies.expire(nowSeconds)) this.markNeeding(needed);
    this.showDependencies();
    // Before the first lists are whole nobody sees the views, and most of them would be derived again with every page.
    if (!this.sources.isReading) this.deriveAll(nowSeconds, mayGoOn);
    const usage = this.usage.takeChange();
    if (usage) this.usageView = usage;
    this.everSynced ||= this.sources.everSynced && !this.pending;
    const change = {
      models: this.models.publish(),
      servers: this.servers.publish(),
      pipelines: this.pipelines.publish(),
      experiments: this.experiments.publish(),
      serverReplicas: this.replicas.takeChange(),
      endpoints: this.publishEndpoints(),
      ...this.takeRuntimes(),
      components: this.world.components.publish(),
      settings: this.world.settings.publish(),
      pods: this.takePods(),
      nodes: this.world.nodes.takeChange(),
      synthetic: this.synthetic.publish(),
      ...(usage ? { usage } : {}),
    };
    this.current = this.present();
    return change;
  }

  hears(kinds: readonly ResourceKind[]): boolean {
    return kinds.every((kind) => !this.sources.reads(kind) || this.sources.of(kind).fresh);
  }

  get pending(): boolean {
    if (this.sources.isReading) return false;
    const { servers, models, pipelines, experiments, pods } = this.marks;
    return servers.size + models.size + pipelines.size + experiments.size + pods.size > 0 || this.renewals.marking;
  }

  get renewing(): boolean {
    return this.renewals.renewing || this.marks.targets.size > 0;
  }

  private isDown({ namespace, model }: SyntheticRef): boolean {
    return ORIGINS.some((origin) => this.models.view(refId(origin, namespace, model))?.verdict.state === 'failed');
  }

  /** A model, whatever it is deployed with: probes name it as its users do. */
  private markNamed({ namespace, model }: Pick<SyntheticRef, 'namespace' | 'model'>): void {
    for (const origin of ORIGINS) {
      const id = refId(origin, namespace, model);
      if (this.models.view(id)) this.marks.models.add(id);
    }
  }

  /** Only when a dependency went down or came up are the models of the fleet walked. */
  private markNeeding(needed: Needed | undefined): void {
    if (!needed) return;
    for (const id of this.models.ids) {
      const { namespace, name } = parseRefId(id);
      if (needed(namespace, name)) this.marks.models.add(id);
    }
  }

  private showDependencies(): void {
    for (const view of this.dependencies.takeViews()) this.world.components.showProbed(view);
  }

  private takeRuntimes(): Pick<FleetChange, 'runtimes'> {
    const keys = [...this.marks.runtimes];
    this.marks.runtimes.clear();
    if (keys.length === 0) return {};
    return { runtimes: new Map(keys.map((key) => [key, runtimeView(this.world.runtimes, key)])) };
  }

  snapshot(): Snapshot {
    return this.current;
  }

  settled(): void {
    this.earlier = undefined;
  }

  takeTargets() {
    return this.targetBook.take(this.marks.targets);
  }

  private present(): Snapshot {
    return {
      models: this.models.all,
      servers: this.servers.all,
      pipelines: this.pipelines.all,
      experiments: this.experiments.all,
      endpoints: this.endpointViews,
      components: this.world.components.all,
      settings: this.world.settings.all,
      usage: this.usageView,
      sources: this.sources.views(),
      // The first lists are read, but not all of what they told is derived yet.
      synced: this.sources.isSynced && this.everSynced,
      everSynced: this.everSynced,
    };
  }

  private applied(resource: KubernetesResource): void {
    if (!this.usable(resource.meta.namespace, resource.meta.name)) return;
    this.world.apply(resource, this.marks);
    this.dropVoidPods();
  }

  private deleted(kind: ResourceKind, namespace: string, name: string): void {
    this.world.remove(kind, namespace, name, this.marks);
    this.dropVoidPods();
  }

  /** What cannot be a key cannot be shown; the API server refuses such names, so something else is wrong. */
  private usable(namespace: string, name: string): boolean {
    if (namespace && name && !namespace.includes('/') && !name.includes('/')) return true;
    const place = `${JSON.stringify(namespace)}, ${JSON.stringify(name)}`;
    this.telemetry.dropped(SOURCE_NAME, 'wrong_type', `namespace and name: expected names without "/", got ${place}`);
    return false;
  }

  private dropVoidPods(): void {
    for (const key of this.marks.voidPods) {
      const ref = this.endpoints.refOf(key);
      if (!ref) continue;
      this.endpoints.remove(ref);
      this.touch(ref, undefined);
    }
    this.marks.voidPods.clear();
  }

  /** @param act gets no server where the endpoint is a gateway */
  private declared(observation: Declaration): void {
    const { world, marks } = this;
    switch (observation.kind) {
      case 'model-declared': {
        const { model } = observation;
        const usable = this.usable(STANDALONE_NAMESPACE, model.name) && this.usable('server', model.server);
        return usable ? world.standalone.declare(model, marks) : undefined;
      }
      case 'model-withdrawn':
        return world.standalone.withdraw(observation.name, observation.server, marks);
      case 'server-declared':
        return this.usable('server', observation.server.server)
          ? world.standalone.declareServer(observation.server, marks)
          : undefined;
      case 'component-declared':
        return world.components.declare(observation.component);
      case 'dependency-declared':
        this.dependencies.declare(observation.dependency);
        return this.showDependencies();
    }
  }

  private withServer(ref: EndpointRef, act: (server: RefId | undefined) => void): void {
    const server = this.world.serverOfEndpoint(ref);
    if (server === undefined && !this.world.gatewayOf(ref)) dropStray(this.telemetry, ref);
    else act(server);
  }

  private gatewayMeasured({ endpoint, samples, pipelines = [] }: Measured): void {
    const { namespace } = endpoint;
    const proxy = this.world.gatewayOf(endpoint)?.role === 'ingress';
    const usable = pipelines.filter(({ pipeline }) => this.world.pipelines.has(plainKey(namespace, pipeline)));
    const strange = new Set(pipelines.filter((sample) => !usable.includes(sample)).map(({ pipeline }) => pipeline));
    for (const name of strange) {
      // The gateway also counts calls of a model by way of Kafka as if the model were a pipeline; its server counts them.
      if (this.world.models.has(plainKey(namespace, name))) continue;
      const detail = `endpoint ${endpointKey(endpoint)}: expected a pipeline, got ${JSON.stringify(name.slice(0, 80))}`;
      this.telemetry.dropped('servers', 'unknown_value', detail);
    }
    this.markGateway(this.gateways.measured(endpoint, proxy, samples, usable));
  }

  private scheduled(observation: OfScheduler): void {
    const { namespace } = observation;
    if (observation.kind === 'scheduler-told') {
      const { word } = observation;
      if (this.scheduler.told(namespace, word)) this.markScheduled({ namespace, of: word.of, name: word.name });
    } else if (this.scheduler.forgot(namespace, observation.of, observation.name)) this.markScheduled(observation);
  }

  private markScheduled({ of, namespace, name }: SchedulerNews): void {
    const id = refId('seldon', namespace, name);
    switch (of) {
      case 'model':
        return void this.marks.models.add(id);
      case 'pipeline':
        return void this.marks.pipelines.add(id);
      case 'experiment':
        return void this.marks.experiments.add(id);
      case 'server':
        this.marks.servers.add(id);
        for (const pod of this.world.podsOf(id))
          this.replicas.mark({ namespace, server: name, replica: pod.meta.name });
    }
  }

  private markGateway(news: GatewayNews | undefined): void {
    if (!news) return;
    const { namespace, pipelines, models } = news;
    for (const name of pipelines) this.marks.pipelines.add(refId('seldon', namespace, name));
    for (const name of models) this.marks.models.add(refId('seldon', namespace, name));
  }

  /** @param news of a probe: which models it concerns; absent: all of the server */
  private touch(ref: EndpointRef, server: RefId | undefined, news?: ProbeNews): void {
    this.dirtyEndpoints.add(endpointKey(ref));
    this.replicas.markShown(ref);
    if (server === undefined) return;
    // The word of a probe is all there is of a server outside Kubernetes, the time of each included.
    if (parseRefId(server).origin === 'standalone') this.world.markServer(server, this.marks);
    else if (news?.length !== 0) this.world.markServer(server, this.marks, news);
  }

  private deriveAll(nowSeconds: number, mayGoOn: () => boolean): void {
    const views: Views = {
      server: (id) => this.servers.view(id),
      model: (id) => this.models.view(id),
      pipeline: (id) => this.pipelines.view(id),
    };
    const earlier = this.earlier?.();
    const recordTransitions = this.everSynced && !earlier;
    const describe = describeFrom({
      world: this.world,
      sources: this.sources,
      record: this.recordOf,
      views,
      clock: { nowSeconds, sawBefore: recordTransitions },
      ownership: this.ownership,
      synthetic: this.synthetic,
      dependencies: this.dependencies,
      gateways: this.gateways,
      scheduler: this.scheduler,
    });
    const context = (of: Named, nameTakenBy: CommitContext['nameTakenBy'] = () => undefined): CommitContext => ({
      nowSeconds,
      recordTransitions,
      earlier: (key) => earlier?.[of].get(key),
      nameTakenBy,
      onConflict: (id, taken) => this.conflict(id, taken),
    });
    this.deriveComponents();
    const { servers, models, pipelines, experiments, pods } = this.marks;
    const ofServers = context('servers', describe.serverNameTakenBy);
    drain(servers, mayGoOn, (id) => this.deriveServer(id, describe, ofServers));
    const ofModels = context('models', describe.modelNameTakenBy);
    drain(models, mayGoOn, (id) => this.deriveModel(id, describe, ofModels));
    const ofPipelines = context('pipelines', describe.pipelineNameTakenBy);
    drain(pipelines, mayGoOn, (id) => this.derivePipeline(id, describe, ofPipelines));
    const ofExperiments = context('experiments');
    drain(experiments, mayGoOn, (id) => {
      const after = this.experiments.commit(id, describe.experiment(id), ofExperiments);
      this.usage.set('experiment', id, after && simpleContribution(after, 'experiments'));
    });
    drain(pods, mayGoOn, (key) => this.derivePod(key));
  }

  private derivePod(key: string): void {
    const pod = this.world.pods.get(key);
    const server = pod && this.world.chargedServerOf(pod.meta);
    const type = server === undefined ? undefined : this.servers.view(server)?.serverType;
    this.usage.set('pod', key, podContribution(pod, server, type));
    if (!pod || server === undefined || !isCurrent(pod)) {
      this.changedPods.set(key, undefined);
      this.replicas.markPod(key);
      return;
    }
    const { namespace, name } = parseRefId(server);
    if (this.scheduler.server(namespace, name)) this.replicas.mark({ namespace, server: name, replica: pod.meta.name });
    this.changedPods.set(key, podView(pod, this.servers.view(server)?.name ?? parseRefId(server).name));
  }

  private takePods(): ReadonlyMap<string, PodView | undefined> {
    const changed = this.changedPods;
    this.changedPods = new Map();
    return changed;
  }

  private deriveComponents(): void {
    this.world.settings.derive();
    const source = this.sources.ofAll('Pod', ['Deployment', 'StatefulSet']);
    for (const component of this.world.components.derive(source)) {
      markWaiting(component, this.world, this.marks, {
        model: (id) => this.models.view(id),
        server: (id) => this.servers.view(id),
      });
    }
  }

  private conflict(id: RefId, taken: Origin): void {
    const { origin, namespace, name } = parseRefId(id);
    const detail = `${namespace}/${name} is also on ${taken}: expected one, shown as ${name}@${origin}`;
    this.telemetry.dropped(SOURCE_NAME, 'name_conflict', detail);
  }

  private deriveServer(id: RefId, describe: Describe, context: CommitContext): void {
    const before = this.servers.view(id);
    this.adoptEarlier(id, describe);
    const after = this.servers.commit(id, describe.server(id), context);
    this.usage.set('server', id, after && serverContribution(after, this.world.modelCountOn(id)));
    // Usage counts pods by the kind of their server.
    if (before?.serverType !== after?.serverType) this.world.markPodsOf([id], this.marks);
    if (!modelsNotice(before, after)) return;
    for (const model of this.world.modelsOn(id)) this.marks.models.add(model);
  }

  private adoptEarlier(id: RefId, describe: Describe): void {
    if (!this.earlier) return;
    const { origin, namespace, name } = parseRefId(id);
    const shown = describe.serverNameTakenBy(id) === undefined ? name : `${name}@${origin}`;
    const seen = this.earlier().servers.get(entityKey({ namespace, name: shown }))?.workload;
    if (!seen) return;
    this.world.incidents.adopt(id, seen);
    this.world.rollouts.adopt(id, seen.rollout?.startedSeconds);
  }

  private deriveModel(id: RefId, describe: Describe, context: CommitContext): void {
    const before = this.models.view(id);
    const after = this.models.commit(id, describe.model(id), context);
    if ((before === undefined) !== (after === undefined)) this.markSender(id);
    this.usage.set('model', id, after && modelContribution(after, this.serverTypeOf(after)));
    const sameGateway = outOfModelGateway(before) === outOfModelGateway(after);
    if (before?.verdict.state !== after?.verdict.state || !samePods(before, after)) {
      for (const trained of this.world.trainedOn(id)) this.marks.models.add(trained);
    }
    if (before?.verdict.state === after?.verdict.state && sameGateway) return;
    this.world.dependents.markOfModel(id, this.marks);
  }

  /** Who is deployed somewhere is not known by its events alone, and who is so no more is again. */
  private markSender(id: RefId): void {
    const { origin, namespace, name } = parseRefId(id);
    if (origin !== 'events' && this.world.senders.has(plainKey(namespace, name))) {
      this.marks.models.add(refId('events', namespace, name));
    }
  }

  private serverTypeOf({ namespace, server }: ModelView): ServerType | undefined {
    return server === undefined ? undefined : this.servers.named(namespace, server)?.serverType;
  }

  private derivePipeline(id: RefId, describe: Describe, context: CommitContext): void {
    const before = this.pipelines.view(id)?.verdict.state;
    const after = this.pipelines.commit(id, describe.pipeline(id), context);
    this.usage.set('pipeline', id, after && simpleContribution(after, 'pipelines'));
    if (before === after?.verdict.state) return;
    this.world.dependents.markOfPipeline(id, this.marks);
  }

  private readonly recordOf = (ref: EndpointRef): EndpointRecord | undefined => this.endpoints.get(endpointKey(ref));

  private publishEndpoints(): ReadonlyMap<string, EndpointView | undefined> {
    const change = new Map<string, EndpointView | undefined>();
    for (const key of this.dirtyEndpoints) {
      const record = this.endpoints.get(key);
      if (record) {
        const view = endpointView(record);
        change.set(key, view);
        this.endpointViews.set(key, view);
      } else if (this.endpointViews.delete(key)) change.set(key, undefined);
    }
    this.dirtyEndpoints.clear();
    return change;
  }
}

/** What models on the server of another one show of it. */
function samePods(before: ModelView | undefined, after: ModelView | undefined): boolean {
  const names = (view: ModelView | undefined) => view?.pods.map(({ pod }) => pod).join() ?? '';
  return names(before) === names(after);
}

/** What models show of their server, or judge by. */
function modelsNotice(before: ServerView | undefined, after: ServerView | undefined): boolean {
  const full = (view: ServerView | undefined) =>
    (view?.memoryDeclaredBytes ?? 0) > (view?.memoryCapacityBytes ?? Infinity);
  const same = (field: 'runtime' | 'serverType') => before?.[field] === after?.[field];
  return full(before) !== full(after) || !same('runtime') || !same('serverType');
}

/** Takes one after the other out of the set, those that are marked meanwhile too, while it may go on. */
function drain(marked: Set<string>, mayGoOn: () => boolean, derive: (id: string) => void): void {
  for (const id of marked) {
    if (!mayGoOn()) return;
    marked.delete(id);
    derive(id);
  }
}

/** What the configuration says, or a document that it names. */
function isDeclaration(observation: Observation): observation is Declaration {
  return DECLARATIONS.some((kind) => kind === observation.kind);
}

function isOfScheduler(observation: Observation): observation is OfScheduler {
  return observation.kind === 'scheduler-told' || observation.kind === 'scheduler-forgot';
}

function assertNever(value: never): never {
  throw new TypeError(`unknown observation: ${JSON.stringify(value)}`);
}
