/** All simulated processes of the fleet: model servers with what they host at the moment, and what stands around them. */
import { ModelTraffic, TrafficMeter, USUAL_PACE, type Load } from '../fleet/meter';
import type { FleetPlan, ModelPlan } from '../fleet/plan';
import { llmPods, predictorPods, transformerPod } from '../fleet/pods';
import { servingReplicas } from '../fleet/replicas';
import { kindOfRuntime, kindOfStandalone, type ModelServerKind } from '../fleet/server-kinds';
import type { FleetState } from '../fleet/state';
import type { HostedModel, ModelServer, ServerPorts } from './model-server';
import { Pods, type PodServer } from './pods';
import { modelServerProcess } from './process';
import { queueProxyProcesses } from './queue-proxy';
import { SeldonHosts } from './seldon-hosts';

/** MLServer keeps its metrics apart from what KServe's annotation says. */
const KSERVE_PORTS: Readonly<Partial<Record<ModelServerKind, ServerPorts>>> = {
  mlserver: { http: 8080, metrics: 8082 },
  vllm: { http: 8000, metrics: 8000 },
};
const STANDALONE_PORTS: Readonly<Partial<Record<ModelServerKind, ServerPorts>>> = {
  mlserver: { http: 8080, metrics: 8082 },
  triton: { http: 8000, metrics: 8002 },
  tgi: { http: 80, metrics: 80 },
};
const ONE_PORT: ServerPorts = { http: 8080, metrics: 8080 };

export interface StandaloneHost {
  readonly name: string;
  readonly server: ModelServer;
  readonly models: readonly string[];
}

export class Hosts {
  readonly pods = new Pods();
  readonly standalone: readonly StandaloneHost[];
  private readonly seldon: SeldonHosts;
  /** Pods of a model on KServe, by place. */
  private readonly predictors = new Map<ModelPlan, readonly PodServer[]>();

  constructor(
    private readonly plan: FleetPlan,
    private readonly state: FleetState,
    startMs: number
  ) {
    this.seldon = new SeldonHosts(plan, state, startMs, this.pods);
    const standalone: StandaloneHost[] = [];
    for (const model of plan.models) {
      if (model.platform === 'kserve') this.predictors.set(model, this.createPredictors(model, startMs));
      if (model.transformer) this.addTransformer(model, startMs);
      if (model.platform === 'standalone') standalone.push(createStandalone(model, startMs));
    }
    this.standalone = standalone;
  }

  /** Brings the servers of a model in line with what became of it at `nowMs`. */
  update(model: ModelPlan, nowMs: number): void {
    if (model.platform === 'seldon') return this.seldon.update(model, nowMs);
    const state = this.state.of(model);
    const servers = this.predictors.get(model) ?? [];
    const loads = this.loadsOf(model, servers.length);
    servers.forEach(({ server, pod }) => {
      const down = state.replicas[pod.index] === 'server-down';
      for (const { traffic } of server.models) {
        traffic.rest.change(loads.get(pod.index) ?? { share: 0, pace: USUAL_PACE }, nowMs);
        if (!down && server.reachable === 'refused') traffic.rest.restart(nowMs);
      }
      if (!down && server.reachable === 'refused') server.startedMs = nowMs;
      server.reachable = down ? 'refused' : 'yes';
      server.isMetricsBlocked = state.incident === 'metrics-blocked';
    });
  }

  /** A canary is the last of the pods and gets the share that it is meant to get. */
  private loadsOf(model: ModelPlan, pods: number): ReadonlyMap<number, Load> {
    const canary = pods > model.replicas ? (model.canary?.percent ?? 0) / 100 : 0;
    const replicas = servingReplicas(this.plan.seed, model, this.state.of(model), model.replicas);
    const loads = new Map<number, Load>(
      replicas.map(({ index, share, pace }) => [index, { share: share * (1 - canary), pace }])
    );
    if (pods > model.replicas) loads.set(model.replicas, { share: canary, pace: USUAL_PACE });
    return loads;
  }

  private createPredictors(model: ModelPlan, startMs: number): readonly PodServer[] {
    if (model.llm) return this.createLlm(model, startMs);
    const { seed } = this.plan;
    const pods = predictorPods(seed, model);
    const kind = kindOfRuntime(model.server);
    const loads = this.loadsOf(model, pods.length);
    return pods.map((pod) => {
      const server = createServer(
        kind,
        KSERVE_PORTS[kind] ?? ONE_PORT,
        pod.name,
        startMs - model.ageSeconds * 1_000 + 45_000
      );
      const version = kind === 'tfserving' ? String(model.version) : '';
      server.models = [hostedAlone(server, model, version, loads.get(pod.index))];
      const entry = { pod, container: 'kserve-container', server, model };
      const behind = model.server === 'kserve-torchserve' ? [modelServerProcess(torchserveBehind(server))] : [];
      this.pods.addServer(entry, model.knative ? queueProxyProcesses(model, server) : behind);
      return entry;
    });
  }

  /** On KServe's Python server too, whose health is all that anybody asks of it. */
  private addTransformer(model: ModelPlan, startMs: number): void {
    const pod = transformerPod(this.plan.seed, model);
    const server = createServer('kserve', ONE_PORT, pod.name, startMs - model.ageSeconds * 1_000 + 45_000);
    this.pods.addProcesses(pod, [modelServerProcess(server)]);
  }

  /** Every request is taken in by a pod that computes its prompt, and answered by one that makes the rest. */
  private createLlm(model: ModelPlan, startMs: number): readonly PodServer[] {
    const loads = this.loadsOf(model, model.replicas);
    const parts = ['decode', 'prefill'] as const;
    return parts.flatMap((part) =>
      llmPods(this.plan.seed, model, part).map((pod) => {
        const startedMs = startMs - model.ageSeconds * 1_000 + 240_000;
        const server: ModelServer = {
          ...createServer('vllm', KSERVE_PORTS.vllm ?? ONE_PORT, pod.name, startedMs),
          ...(part === 'prefill' ? { prefillOnly: true } : {}),
        };
        // Taking in a prompt is a small part of the work.
        const owner = part === 'prefill' ? faster(model) : model;
        server.models = [{ ...hostedAlone(server, owner, '', loads.get(pod.index)), name: `example/${model.name}` }];
        const entry = { pod, container: 'main', server, model };
        this.pods.addServer(entry);
        return entry;
      })
    );
  }
}

function faster(model: ModelPlan): ModelPlan {
  return { ...model, traffic: { ...model.traffic, medianSeconds: model.traffic.medianSeconds * 0.15 } };
}

/**
 * KServe's image for TorchServe: its own server in Python takes the requests on 8080 and passes them to TorchServe on
 * 8085, whose metrics are on 8082. One container, so one fate.
 */
function torchserveBehind(front: ModelServer): ModelServer {
  return {
    kind: 'torchserve',
    ports: { http: 8085, metrics: 8082, management: 8081 },
    hostname: front.hostname,
    get startedMs() {
      return front.startedMs;
    },
    get models() {
      return front.models.map((model) => ({ ...model, version: '1.0' }));
    },
    get reachable() {
      return front.reachable;
    },
  };
}

function createServer(kind: ModelServerKind, ports: ServerPorts, hostname: string, startedMs: number): ModelServer {
  return { kind, ports, hostname, startedMs, models: [], reachable: 'yes' };
}

/** A model that has its server to itself and never changes its version. */
function hostedAlone(server: ModelServer, model: ModelPlan, version: string, load: Load | undefined): HostedModel {
  const meter = new TrafficMeter(model.traffic, server.startedMs + 45_000, load ?? { share: 1, pace: USUAL_PACE });
  return { name: model.name, version, state: 'ready', reason: '', traffic: new ModelTraffic(meter) };
}

function createStandalone(model: ModelPlan, startMs: number): StandaloneHost {
  const kind = kindOfStandalone(model.server);
  const startedMs = startMs - model.ageSeconds * 1_000;
  const server = createServer(kind, STANDALONE_PORTS[kind] ?? ONE_PORT, model.server, startedMs);
  server.models = [hostedAlone(server, model, kind === 'triton' ? '1' : `v${model.version}`, undefined)];
  return { name: model.server, server, models: [model.name] };
}
