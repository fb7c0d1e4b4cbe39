/** All simulated model servers of the fleet, each with what it hosts at the moment. */
import { TrafficMeter } from '../fleet/meter';
import type { FleetPlan, ModelPlan, ServerPlan } from '../fleet/plan';
import { podKey, predictorPods, serverPods } from '../fleet/pods';
import { SLOW_FACTOR } from '../fleet/scenarios';
import { modelReplicaOn, type FleetState, type ModelState } from '../fleet/state';
import { share } from '../random';
import type { HostedModel, ModelServer, ModelServerKind } from './model-server';

const PORTS = {
  seldon: { mlserver: { http: 9000, metrics: 8082 }, triton: { http: 9000, metrics: 8002 } },
  // MLServer keeps its metrics apart from what KServe's annotation says.
  kserve: { mlserver: { http: 8080, metrics: 8082 }, kserve: { http: 8080, metrics: 8080 } },
  standalone: { mlserver: { http: 8080, metrics: 8082 }, triton: { http: 8000, metrics: 8002 } },
} as const;

export interface StandaloneHost {
  readonly name: string;
  readonly server: ModelServer;
  readonly models: readonly string[];
}

/** A model may be on a replica in two versions while it is rolled out; each has its own counters. */
type Meters = Map<string, TrafficMeter>;

export class Hosts {
  private readonly byPod = new Map<string, ModelServer>();
  private readonly meters = new WeakMap<ModelServer, Meters>();
  private readonly serverOf = new Map<string, ServerPlan>();
  readonly standalone: readonly StandaloneHost[];

  constructor(
    private readonly plan: FleetPlan,
    private readonly state: FleetState,
    startMs: number
  ) {
    for (const server of plan.servers) {
      for (const model of server.models) this.serverOf.set(`${model.namespace}/${model.name}`, server);
      for (const pod of serverPods(server)) {
        const startedMs = startMs - server.ageSeconds * 1_000 + 30_000;
        const host = this.create(server.kind, PORTS.seldon[server.kind], startedMs);
        this.byPod.set(podKey(pod), host);
        this.fillSeldon(server, pod.index, host, startMs);
      }
    }
    const standalone: StandaloneHost[] = [];
    for (const model of plan.models) {
      if (model.platform === 'kserve') this.createPredictors(model, startMs);
      if (model.platform === 'standalone') standalone.push(this.createStandalone(model, startMs));
    }
    this.standalone = standalone;
  }

  /** The server in this pod; `undefined` if no such pod runs one. */
  inPod(namespace: string, pod: string): ModelServer | undefined {
    return this.byPod.get(podKey({ namespace, name: pod }));
  }

  /** Share of the requests that comes to replica `index` when those in `serving` answer: nearly even, as behind a load balancer. */
  private shareOf(model: ModelPlan, index: number, serving: readonly number[]): number {
    const weight = (replica: number) =>
      0.93 + 0.14 * share(this.plan.seed, model.namespace, model.name, 'load', replica);
    return weight(index) / serving.reduce((sum, replica) => sum + weight(replica), 0);
  }

  /** Brings the servers of a model in line with what became of it at `nowMs`. */
  update(model: ModelPlan, nowMs: number): void {
    const server = this.serverOf.get(`${model.namespace}/${model.name}`);
    if (server === undefined) return;
    const down = this.state.serverIsDown(server);
    for (const pod of serverPods(server)) {
      const host = this.byPod.get(podKey(pod));
      if (host === undefined) continue;
      const cameBack = host.reachable === 'refused' && !down;
      host.reachable = down ? 'refused' : 'yes';
      if (cameBack) for (const meter of this.metersOf(host).values()) meter.restart(nowMs);
      this.fillSeldon(server, pod.index, host, nowMs);
    }
  }

  private create(kind: ModelServerKind, ports: ModelServer['ports'], startedMs: number): ModelServer {
    const server: ModelServer = { kind, ports, startedMs, models: [], reachable: 'yes' };
    this.meters.set(server, new Map());
    return server;
  }

  private metersOf(server: ModelServer): Meters {
    const meters = this.meters.get(server) ?? new Map<string, TrafficMeter>();
    this.meters.set(server, meters);
    return meters;
  }

  private createPredictors(model: ModelPlan, startMs: number): void {
    // Nobody asks vLLM through the protocols that are simulated here.
    if (model.llm) return;
    const pods = predictorPods(this.plan.seed, model);
    for (const pod of pods) {
      const kind = model.server === 'kserve-mlserver' ? 'mlserver' : 'kserve';
      const host = this.create(kind, PORTS.kserve[kind], startMs - model.ageSeconds * 1_000 + 45_000);
      const part = this.shareOf(model, pod.index, [...pods.keys()]);
      host.models = [this.hosted(host, model, model.name, '', 'ready', part, startMs)];
      this.byPod.set(podKey(pod), host);
    }
  }

  private createStandalone(model: ModelPlan, startMs: number): StandaloneHost {
    const kind = model.server.includes('triton') ? 'triton' : 'mlserver';
    const server = this.create(kind, PORTS.standalone[kind], startMs - model.ageSeconds * 1_000);
    const version = kind === 'triton' ? '1' : `v${model.version}`;
    server.models = [this.hosted(server, model, model.name, version, 'ready', 1, startMs)];
    return { name: model.server, server, models: [model.name] };
  }

  private fillSeldon(server: ServerPlan, replica: number, host: ModelServer, nowMs: number): void {
    host.models = server.models.flatMap((model) => {
      const index = modelReplicaOn(model, server, replica);
      return index === undefined ? [] : this.versionsOn(host, model, this.state.of(model), index, nowMs);
    });
  }

  /** Seldon Core 2 loads every version under a name of its own; the server knows each as its version 1. */
  private versionsOn(
    host: ModelServer,
    model: ModelPlan,
    state: ModelState,
    index: number,
    nowMs: number
  ): HostedModel[] {
    const replica = state.replicas[index] ?? 'unloaded';
    const internal = (version: number) => `${model.name}_${version}`;
    const put = (number: number, hostedState: HostedModel['state'], part: number) =>
      this.hosted(host, model, internal(number), '1', hostedState, part, nowMs);
    if (state.incident === 'rollout') {
      const part = this.shareOf(model, index, [...state.replicas.keys()]);
      const done = replica === 'serving';
      return [
        put(model.version, 'ready', done ? 0 : part),
        put(state.version, done ? 'ready' : 'loading', done ? part : 0),
      ];
    }
    // A new version that was taken back leaves nothing behind but its counters, which nobody shows.
    this.metersOf(host)
      .get(internal(model.version + 1))
      ?.change({ share: 0, slowness: 1 }, nowMs);
    if (replica !== 'serving') return [put(model.version, 'unavailable', 0)];
    const serving = [...state.replicas.keys()].filter((each) => state.replicas[each] === 'serving');
    return [put(model.version, 'ready', this.shareOf(model, index, serving))];
  }

  private hosted(
    host: ModelServer,
    model: ModelPlan,
    name: string,
    version: string,
    state: HostedModel['state'],
    part: number,
    nowMs: number
  ): HostedModel {
    const { incident } = this.state.of(model);
    const load = { share: part, slowness: incident === 'slow' ? SLOW_FACTOR : 1 };
    const meters = this.metersOf(host);
    let meter = meters.get(name);
    if (meter === undefined) {
      const isNew = name.endsWith(`_${model.version + 1}`);
      const loadedMs = isNew ? nowMs : Math.max(host.startedMs, nowMs - model.ageSeconds * 1_000 + 90_000);
      meter = new TrafficMeter(model.traffic, loadedMs, load);
      meters.set(name, meter);
    } else {
      meter.change(load, nowMs);
    }
    const reason =
      state === 'unavailable' && incident === 'degraded' ? 'Internal: weights of the model are missing' : '';
    return { name, version, state, reason, meter };
  }
}
