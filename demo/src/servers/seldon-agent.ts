/**
 * The agent of Seldon Core 2 beside each of its servers: port 9006 for its metrics, 9008 for the kubelet, 9001 as the way
 * to the server. It counts what it passes on, and goes on counting when the server is killed.
 */
import type { Outcome, TrafficMeter } from '../fleet/meter';
import { addUp, OUTCOMES } from '../fleet/meter';
import type { ModelPlan, ServerPlan } from '../fleet/plan';
import type { ModelTraffic } from '../fleet/meter';
import { replyOf } from './answer';
import { GO, goFloat, header, histogramText, labelText, PYTHON_BUCKETS, type Labels } from './exposition';
import type { ModelServer } from './model-server';
import { healthPort, textPort, type Process } from './process';

const MEBIBYTE = 1_048_576;
const PROXY_PORT = 9001;
const METRICS_PORT = 9006;
const READINESS_PORT = 9008;
/** On a server with overcommit the model that is asked least is put to disk and taken back in turn. */
const EVICTION_SECONDS = 1_900;

export interface AgentModel {
  readonly plan: ModelPlan;
  /** `<model>_<version>` */
  readonly internal: string;
  readonly traffic: ModelTraffic;
  loaded: boolean;
}

export interface Agent {
  readonly plan: ServerPlan;
  readonly replica: number;
  readonly server: ModelServer;
  readonly startedMs: number;
  /** Every model that this replica has had, by its internal name. */
  readonly models: Map<string, AgentModel>;
  loads: number;
  unloads: number;
}

type Method = 'rest' | 'grpc';

/** What the server answers, by outcome: HTTP status, or the name that Go gives a gRPC code. */
export function codesOf(kind: ServerPlan['kind']): Readonly<Record<Method, Readonly<Record<Outcome, string>>>> {
  return {
    rest: { success: '200', clientError: kind === 'triton' ? '400' : '422', serverError: '500' },
    grpc: { success: 'OK', clientError: 'InvalidArgument', serverError: 'Internal' },
  };
}

export function agentProcesses(agent: Agent): readonly Process[] {
  return [
    {
      ports: [PROXY_PORT],
      reply: (_, request, nowMs) => replyOf(agent.server, agent.server.ports.http, request, nowMs),
    },
    textPort(METRICS_PORT, '/metrics', (nowMs) => agentText(agent, nowMs)),
    healthPort(READINESS_PORT, ['/ready'], () => agent.server.reachable === 'yes'),
  ];
}

function metersOf(model: AgentModel): readonly (readonly [Method, TrafficMeter])[] {
  const { rest, grpc } = model.traffic;
  return grpc === undefined
    ? [['rest', rest]]
    : [
        ['rest', rest],
        ['grpc', grpc],
      ];
}

function agentText(agent: Agent, nowMs: number): string {
  const own: Labels = { server: agent.plan.name, server_replica: String(agent.replica) };
  return (
    apiSeconds(agent, own, nowMs) +
    modelCounters(agent, own, nowMs) +
    aggregates(agent, own, nowMs) +
    memory(agent, own, nowMs)
  );
}

function apiSeconds(agent: Agent, own: Labels, nowMs: number): string {
  const name = 'seldon_model_infer_api_seconds';
  const codes = codesOf(agent.plan.kind);
  let text = header(name, 'histogram', 'A histogram of latencies for inference server');
  for (const method of ['rest', 'grpc'] as const) {
    for (const outcome of OUTCOMES) {
      const meters = [...agent.models.values()].flatMap((model) =>
        metersOf(model)
          .filter(([each]) => each === method)
          .map(([, meter]) => meter)
      );
      const all = addUp(
        meters.map((meter) => meter.durations(outcome, nowMs, PYTHON_BUCKETS, 'ever')),
        PYTHON_BUCKETS
      );
      if (all.count === 0) continue;
      const labels = { code: codes[method][outcome], method: method === 'rest' ? 'post' : 'grpc', ...own };
      text += histogramText(name, labels, PYTHON_BUCKETS, all, GO);
    }
  }
  return text;
}

function modelCounters(agent: Agent, own: Labels, nowMs: number): string {
  const [total, seconds] = ['seldon_model_infer_total', 'seldon_model_infer_seconds_total'];
  const codes = codesOf(agent.plan.kind);
  let counts = header(total, 'counter', 'A count of server inferences');
  let sums = header(seconds, 'counter', 'A latency counter for server inferences');
  for (const model of agent.models.values()) {
    for (const [method, meter] of metersOf(model)) {
      for (const outcome of OUTCOMES) {
        const { count, sum } = meter.durations(outcome, nowMs, [], 'ever');
        if (count === 0) continue;
        const labels = labelText({
          code: codes[method][outcome],
          method_type: method,
          model: model.plan.name,
          model_internal: model.internal,
          ...own,
        });
        counts += `${total}${labels} ${goFloat(count)}\n`;
        sums += `${seconds}${labels} ${goFloat(sum)}\n`;
      }
    }
  }
  return counts + sums;
}

function aggregates(agent: Agent, own: Labels, nowMs: number): string {
  const [total, seconds] = ['seldon_model_aggregate_infer_total', 'seldon_model_aggregate_infer_seconds_total'];
  let counts = header(total, 'counter', 'A count of server inferences');
  let sums = header(seconds, 'counter', 'A latency counter for server inferences');
  for (const method of ['rest', 'grpc'] as const) {
    const all = addUp(
      [...agent.models.values()].flatMap((model) =>
        metersOf(model)
          .filter(([each]) => each === method)
          .flatMap(([, meter]) => OUTCOMES.map((outcome) => meter.durations(outcome, nowMs, [], 'ever')))
      )
    );
    if (all.count === 0) continue;
    const labels = labelText({ method_type: method, ...own });
    counts += `${total}${labels} ${goFloat(all.count)}\n`;
    sums += `${seconds}${labels} ${goFloat(all.sum)}\n`;
  }
  return counts + sums;
}

/** How often the cache has put a model to disk, and which one is there now. */
function evictions(agent: Agent, nowMs: number): { readonly count: number; readonly evicted?: string } {
  const loaded = [...agent.models.values()].filter((model) => model.loaded);
  if (agent.plan.overcommitPercent === 0 || loaded.length < 4) return { count: 0 };
  const count = Math.floor(Math.max(0, nowMs - agent.startedMs) / (EVICTION_SECONDS * 1_000));
  const [least] = loaded.sort((a, b) => a.plan.traffic.requestsPerSecond - b.plan.traffic.requestsPerSecond);
  return count % 2 === 0 || least === undefined ? { count } : { count, evicted: least.internal };
}

function memory(agent: Agent, own: Labels, nowMs: number): string {
  const { count, evicted } = evictions(agent, nowMs);
  const capacity = agent.plan.memoryGibibytes * 1_024 * MEBIBYTE;
  const overcommit = Math.floor(capacity * (1 + agent.plan.overcommitPercent / 100));
  const one = (name: string, type: 'counter' | 'gauge', help: string, value: number) =>
    `${header(name, type, help)}${name}${labelText(own)} ${goFloat(value)}\n`;
  const each = (name: string, help: string, value: (model: AgentModel) => number) =>
    header(name, 'gauge', help) +
    [...agent.models.values()]
      .map((model) => `${name}${labelText({ model_internal: model.internal, ...own })} ${goFloat(value(model))}\n`)
      .join('');
  const declared = (model: AgentModel) => (model.plan.memoryMebibytes ?? 0) * MEBIBYTE;
  const inMemory = (model: AgentModel) => model.loaded && model.internal !== evicted;
  return (
    one('seldon_cache_evict_count', 'counter', 'A count of model cache evict', count) +
    // Whatever was put to disk is missed when it is asked for.
    one('seldon_cache_miss_count', 'counter', 'A count of model cache miss', Math.floor(count / 2)) +
    one('seldon_load_model_counter', 'counter', 'A count of model load', agent.loads) +
    one('seldon_unload_model_counter', 'counter', 'A count of model unload', agent.unloads) +
    each('seldon_loaded_model_gauge', 'A gauge of models loaded', (model) => (model.loaded ? 1 : 0)) +
    each('seldon_loaded_model_memory_bytes_gauge', 'A gauge of models loaded memory', (model) =>
      inMemory(model) ? declared(model) : 0
    ) +
    each('seldon_evicted_model_memory_bytes_gauge', 'A gauge of models evicted memory', (model) =>
      model.loaded && model.internal === evicted ? declared(model) : 0
    ) +
    one('seldon_server_replica_memory_capacity_bytes_gauge', 'gauge', 'A gauge of server memory capacity', capacity) +
    one(
      'seldon_server_replica_memory_capacity_overcommit_bytes_gauge',
      'gauge',
      'A gauge of server memory capacity with overcommit',
      overcommit
    )
  );
}
