/** The processes of Seldon Core 2: servers with their agents, pipeline gateways, Envoys, and what only says that it lives. */
import { ModelTraffic, TrafficMeter, USUAL_PACE, type Load } from '../fleet/meter';
import type { FleetPlan, ModelPlan, PipelinePlan, ServerPlan } from '../fleet/plan';
import { podKey, serverPods, componentPod } from '../fleet/pods';
import { pipelineFlow, servingReplicas, type PipelineFlow, type ServingReplica } from '../fleet/replicas';
import { FAILED_AT_ONCE } from '../fleet/scenarios';
import { isRollingOut, modelKey, modelReplicaOn, type FleetState } from '../fleet/state';
import { envoyProcess, type EnvoyCluster } from './envoy';
import type { HostedModel, ModelServer } from './model-server';
import type { Pods } from './pods';
import { healthPort } from './process';
import { agentProcesses, codesOf, type Agent } from './seldon-agent';
import { gatewayProcesses, type PipelineTraffic } from './seldon-gateway';

const PORTS = { mlserver: { http: 9000, metrics: 8082 }, triton: { http: 9000, metrics: 8002 } } as const;
const NONE: Load = { share: 0, pace: USUAL_PACE };

/** A model as a step of a pipeline: the requests that its gateway sends it over gRPC. */
interface Step {
  readonly pipeline: PipelinePlan;
  readonly place: number;
}

export class SeldonHosts {
  private readonly agents = new Map<string, Agent>();
  private readonly serverOf = new Map<string, ServerPlan>();
  private readonly stepOf = new Map<string, Step>();
  private readonly pipelines = new Map<PipelinePlan, PipelineTraffic>();
  private readonly flows = new Map<PipelinePlan, PipelineFlow>();
  /** Requests that find no replica, by model. */
  private readonly unserved = new Map<string, TrafficMeter>();

  constructor(
    private readonly plan: FleetPlan,
    private readonly state: FleetState,
    private readonly startMs: number,
    pods: Pods
  ) {
    for (const server of plan.servers) {
      for (const model of server.models) this.serverOf.set(modelKey(model), server);
    }
    for (const pipeline of plan.pipelines) this.addPipeline(pipeline);
    for (const server of plan.servers) this.addServer(server, pods);
    for (const namespace of new Set(plan.servers.map((server) => server.namespace))) this.addRuntime(namespace, pods);
  }

  /** Brings servers, pipelines and whatever else is touched in line with what became of a model. */
  update(model: ModelPlan, nowMs: number): void {
    const touched = new Set([this.serverOf.get(modelKey(model))]);
    const pipeline = this.stepOf.get(modelKey(model))?.pipeline;
    if (pipeline !== undefined) {
      const flow = this.flowOf(pipeline);
      this.flows.set(pipeline, flow);
      this.pipelines.get(pipeline)?.meter.change(flow.gateway, nowMs);
      for (const name of pipeline.steps) touched.add(this.serverOf.get(`${pipeline.namespace}/${name}`));
    }
    this.countUnserved(model, nowMs);
    for (const server of touched) {
      if (server !== undefined) this.updateServer(server, nowMs);
    }
    this.failAtOnce(model);
  }

  private failAtOnce(model: ModelPlan): void {
    const { incident } = this.state.of(model);
    const failures = incident === undefined ? 0 : (FAILED_AT_ONCE[incident] ?? 0);
    const hosts = [...this.agents.values()].flatMap((agent) => [...agent.models.values()]);
    const host = hosts.find(({ plan, loaded }) => plan === model && loaded);
    for (let failed = 0; failed < failures; failed += 1) host?.traffic.record('serverError');
  }

  private updateServer(server: ServerPlan, nowMs: number): void {
    const down = this.state.serverIsDown(server);
    for (const pod of serverPods(server)) {
      const agent = this.agents.get(podKey(pod));
      if (agent === undefined) continue;
      const host = agent.server;
      const cameBack = host.reachable === 'refused' && !down;
      host.reachable = down ? 'refused' : 'yes';
      this.fill(agent, nowMs);
      if (!cameBack) continue;
      host.startedMs = nowMs;
      for (const { traffic } of agent.models.values()) for (const meter of traffic.meters) meter.restart(nowMs);
    }
  }

  private addPipeline(pipeline: PipelinePlan): void {
    pipeline.steps.forEach((name, place) => this.stepOf.set(`${pipeline.namespace}/${name}`, { pipeline, place }));
    const flow = this.flowOf(pipeline);
    this.flows.set(pipeline, flow);
    // As old as its youngest step.
    const ages = this.stepsOf(pipeline).map((step) => step.ageSeconds);
    const meter = new TrafficMeter(pipeline.traffic, this.bornMs(Math.min(...ages)), flow.gateway);
    this.pipelines.set(pipeline, { plan: pipeline, meter });
  }

  /** When something of this age began to get requests. */
  private bornMs(ageSeconds: number): number {
    return this.startMs - ageSeconds * 1_000 + 90_000;
  }

  private stepsOf(pipeline: PipelinePlan): readonly ModelPlan[] {
    return pipeline.steps.flatMap((name) => {
      const models = this.serverOf.get(`${pipeline.namespace}/${name}`)?.models ?? [];
      return models.filter((model) => model.name === name);
    });
  }

  private flowOf(pipeline: PipelinePlan): PipelineFlow {
    return pipelineFlow(
      pipeline,
      this.stepsOf(pipeline).map((plan) => ({ plan, replicas: this.replicasOf(plan) }))
    );
  }

  private replicasOf(model: ModelPlan): readonly ServingReplica[] {
    return servingReplicas(this.plan.seed, model, this.state.of(model));
  }

  private addServer(server: ServerPlan, pods: Pods): void {
    const startedMs = this.startMs - server.ageSeconds * 1_000 + 30_000;
    for (const pod of serverPods(server)) {
      const host: ModelServer = {
        kind: server.kind,
        ports: PORTS[server.kind],
        hostname: pod.name,
        startedMs,
        models: [],
        reachable: 'yes',
      };
      const agent: Agent = {
        plan: server,
        replica: pod.index,
        server: host,
        startedMs,
        models: new Map(),
        loads: 0,
        unloads: 0,
      };
      this.agents.set(podKey(pod), agent);
      this.fill(agent, this.startMs);
      pods.addServer({ pod, container: server.kind, server: host }, agentProcesses(agent));
    }
  }

  /** Loads and unloads what this replica shall have, and gives each model its share of the requests. */
  private fill(agent: Agent, nowMs: number): void {
    const hosted = agent.plan.models.flatMap((model) => {
      const index = modelReplicaOn(model, agent.plan, agent.replica);
      return index === undefined ? [] : this.versionsOn(agent, model, index, nowMs);
    });
    const names = new Set(hosted.map((model) => model.name));
    agent.server.models = hosted;
    agent.server.unloaded = [...agent.models.values()]
      .filter((model) => !names.has(model.internal))
      .map(({ internal, traffic }) => ({ name: internal, version: '1', state: 'unavailable', reason: '', traffic }));
    for (const model of agent.models.values()) {
      const loaded = hosted.some((each) => each.name === model.internal && each.state === 'ready');
      if (loaded && !model.loaded) agent.loads += 1;
      if (!loaded && model.loaded) agent.unloads += 1;
      model.loaded = loaded;
      if (names.has(model.internal)) continue;
      for (const meter of model.traffic.meters) meter.change({ ...NONE, pace: meter.pace }, nowMs);
    }
  }

  /** Seldon Core 2 loads every version under a name of its own; the server knows each as its version 1. */
  private versionsOn(agent: Agent, model: ModelPlan, index: number, nowMs: number): HostedModel[] {
    const state = this.state.of(model);
    const replica = state.replicas[index] ?? 'unloaded';
    const serving = this.replicasOf(model).find((each) => each.index === index);
    const put = (version: number, hostedState: HostedModel['state']) =>
      this.hosted(agent, model, version, hostedState, serving?.version === version ? serving : undefined, nowMs);
    if (isRollingOut(state.incident)) {
      const done = replica === 'serving';
      return [put(model.version, 'ready'), put(state.version, done ? 'ready' : 'loading')];
    }
    return [put(model.version, serving === undefined ? 'unavailable' : 'ready')];
  }

  private hosted(
    agent: Agent,
    model: ModelPlan,
    version: number,
    state: HostedModel['state'],
    serving: ServingReplica | undefined,
    nowMs: number
  ): HostedModel {
    const internal = `${model.name}_${version}`;
    const { incident } = this.state.of(model);
    const lost = state === 'unavailable' && incident === 'degraded';
    const reason = lost ? 'Internal: weights of the model are missing' : '';
    const rest: Load = serving ?? NONE;
    const step = this.stepOf.get(modelKey(model));
    const reaching = step === undefined ? 0 : (this.flows.get(step.pipeline)?.reaching[step.place] ?? 0);
    const grpc: Load = { share: rest.share * reaching, pace: rest.pace };
    const known = agent.models.get(internal);
    if (known !== undefined) {
      known.traffic.rest.change(rest, nowMs);
      known.traffic.grpc?.change(grpc, nowMs);
      return { name: internal, version: '1', state, reason, traffic: known.traffic };
    }
    const bornMs = version > model.version ? nowMs : Math.max(agent.server.startedMs, this.bornMs(model.ageSeconds));
    const traffic = this.createTraffic(model, step, bornMs, rest, grpc);
    agent.models.set(internal, { plan: model, internal, traffic, loaded: false });
    return { name: internal, version: '1', state, reason, traffic };
  }

  private createTraffic(
    model: ModelPlan,
    step: Step | undefined,
    bornMs: number,
    rest: Load,
    grpc: Load
  ): ModelTraffic {
    const direct = new TrafficMeter(model.traffic, bornMs, rest);
    if (step === undefined) return new ModelTraffic(direct);
    const { pipeline, place } = step;
    const { requestsPerSecond, clientErrorRatio, peakHour } = pipeline.traffic;
    // What its gateway takes in, less what the steps before it fail.
    const before = this.stepsOf(pipeline).slice(0, place);
    const succeeds = before.reduce(
      (product, each) => product * (1 - each.traffic.serverErrorRatio),
      1 - clientErrorRatio
    );
    const profile = {
      ...model.traffic,
      requestsPerSecond: requestsPerSecond * succeeds,
      peakHour,
      clientErrorRatio: 0,
    };
    const ages = this.stepsOf(pipeline).map((each) => each.ageSeconds);
    const pipelineBornMs = Math.max(bornMs, this.bornMs(Math.min(...ages)));
    return new ModelTraffic(direct, new TrafficMeter(profile, pipelineBornMs, grpc));
  }

  private countUnserved(model: ModelPlan, nowMs: number): void {
    const state = this.state.of(model);
    const lost = state.desired > 0 && this.replicasOf(model).length === 0;
    const key = modelKey(model);
    const meter = this.unserved.get(key);
    const load = { share: lost ? 1 : 0, pace: USUAL_PACE };
    if (meter !== undefined) meter.change(load, nowMs);
    else if (lost) this.unserved.set(key, new TrafficMeter(model.traffic, nowMs, load));
  }

  /** Gateway, Envoy and the rest of a runtime, one of each in a namespace. */
  private addRuntime(namespace: string, pods: Pods): void {
    const at = (name: string) => componentPod(namespace, name);
    const pipelines = [...this.pipelines.values()].filter(({ plan }) => plan.namespace === namespace);
    const agents = [...this.agents.values()].filter(({ plan }) => plan.namespace === namespace);
    const startedMs = Math.min(...agents.map((agent) => agent.startedMs));
    pods.addProcesses(at('seldon-pipelinegateway'), gatewayProcesses(pipelines));
    pods.addProcesses(at('seldon-envoy'), [
      envoyProcess(() => ({
        clusters: [...modelClusters(agents), ...pipelines.map(pipelineCluster)],
        unserved: [...this.unserved].filter(([key]) => key.startsWith(`${namespace}/`)).map(([, meter]) => meter),
        startedMs,
      })),
    ]);
    pods.addProcesses(at('seldon-scheduler'), [healthPort(9999, ['/ready', '/live', '/startup'])]);
    pods.addProcesses(at('seldon-modelgateway'), [healthPort(9999, ['/ready', '/live', '/startup'])]);
    pods.addProcesses(at('seldon-dataflow-engine'), [healthPort(8000, ['/ready', '/live', '/startup'])]);
  }
}

function pipelineCluster({ plan, meter }: PipelineTraffic): EnvoyCluster {
  // The gateway answers 400 for a step that failed.
  const codes = { success: '200', clientError: '400', serverError: '400' };
  return { name: `${plan.name}_pipeline_http`, meters: [meter], codes, members: 1, healthy: 1 };
}

/** One cluster for each version of a model and each way to it. Envoy calls a gRPC answer with an error code a 200. */
function modelClusters(agents: readonly Agent[]): readonly EnvoyCluster[] {
  const members = new Map<
    string,
    { codes: EnvoyCluster['codes']; meters: TrafficMeter[]; members: number; healthy: number }
  >();
  for (const agent of agents) {
    for (const { internal, traffic, loaded } of agent.models.values()) {
      for (const meter of traffic.meters) {
        const name = `${internal}_${meter === traffic.rest ? 'http' : 'grpc'}`;
        const codes = codesOf(agent.plan.kind).rest;
        const cluster = members.get(name) ?? { codes, meters: [], members: 0, healthy: 0 };
        cluster.meters.push(meter);
        if (loaded) cluster.members += 1;
        if (loaded && agent.server.reachable === 'yes') cluster.healthy += 1;
        members.set(name, cluster);
      }
    }
  }
  return [...members].map(([name, cluster]) => ({ name, ...cluster }));
}
