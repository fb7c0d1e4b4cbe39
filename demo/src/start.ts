/** Wires the simulated fleet: plan, state, objects, model servers, API and control. */
import type { Server } from 'node:http';
import { ApiServer } from './api/server';
import { close, startControl } from './control/server';
import { clusterExporterText, type Cluster } from './exporters';
import { planFleet, type ModelPlan } from './fleet/plan';
import type { ModelServerKind } from './fleet/server-kinds';
import { SCENARIO_TABLE } from './fleet/scenarios';
import { startEvents } from './data/events';
import { FleetState } from './fleet/state';
import { allObjects, objectsOf } from './objects/fleet-objects';
import { Hosts } from './servers/hosts';
import { startScheduler, type StartedScheduler } from './servers/seldon-scheduler';
import { listenAs } from './servers/socket';
import {
  DEMO_MODELS,
  SCENARIOS,
  type ClusterExporter,
  type Demo,
  type DemoOptions,
  type ScenarioName,
  type StandaloneServer,
} from './types';

const DEFAULTS = {
  seed: 1,
  models: DEMO_MODELS,
  apiPort: 0,
  controlPort: 0,
  bookmarkIntervalMs: 10_000,
  eventsIntervalMs: 1_000,
  watchList: true,
  schedulers: false,
};

/** What the exporter has to be told of a server that stands alone. */
const WAYS_TO_ASK: Readonly<Partial<Record<ModelServerKind, Pick<StandaloneServer, 'kind' | 'module'>>>> = {
  llamacpp: { kind: 'llamacpp' },
  tgi: { module: 'tgi' },
};

/** Older than anything that runs on them. */
const NODE_AGE_MS = 300 * 86_400_000;

/** How late an object may say what a scenario has done by itself. */
const ADVANCE_EVERY_MS = 500;

/**
 * Starts the fleet on 127.0.0.1 and resolves when everything listens.
 * @throws RangeError for a size that cannot be; the listener's error when a port is taken. Nothing stays open then.
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const settings = { ...DEFAULTS, ...options };
  const { seed, models, apiPort, controlPort, bookmarkIntervalMs, watchList, schedulers: withSchedulers } = settings;
  const nowMs = options.nowMs ?? Date.now;
  const startMs = nowMs();
  const plan = planFleet(seed, models);
  const state = new FleetState(plan, startMs);
  const hosts = new Hosts(plan, state, startMs);
  const world = { plan, state, startMs };
  const podIps = new Map<string, string>();
  const api = new ApiServer({
    port: apiPort,
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    bookmarkIntervalMs,
    watchList,
    nowMs,
    moreKinds: options.moreKinds ?? [],
    findPod: (namespace, pod) => {
      const ip = podIps.get(`${namespace}/${pod}`);
      advance();
      return ip === undefined ? undefined : { ip, processes: hosts.pods.processesIn(namespace, pod) };
    },
  });
  for (const object of allObjects(world)) {
    api.apply(object);
    const { status } = object;
    if (object.kind === 'Pod' && typeof status === 'object' && status !== null && 'podIP' in status) {
      podIps.set(`${object.metadata.namespace ?? ''}/${object.metadata.name}`, String(status.podIP));
    }
  }

  const schedulers: StartedScheduler[] = [];
  const closers: (() => Promise<void>)[] = [
    () => Promise.all(schedulers.map((one) => one.stop())).then(() => undefined),
  ];
  const stop = async () => {
    await Promise.all(closers.splice(0).map((end) => end()));
  };
  /** Scenarios that go on by themselves: what is due happens before anybody is told anything. */
  const advance = () => {
    const changed = new Set<ModelPlan>();
    for (const { model, atMs } of state.advance(nowMs())) {
      hosts.update(model, atMs);
      changed.add(model);
    }
    for (const model of changed) for (const object of objectsOf(world, model)) api.apply(object);
    if (changed.size > 0) for (const scheduler of schedulers) scheduler.update();
  };
  const setScenario = (name: ScenarioName, on: boolean) => {
    advance();
    const model = state.set(name, on, nowMs());
    if (model === undefined) return;
    if (name === 'stale') return api.silence(on, 'InferenceService');
    hosts.update(model, nowMs());
    for (const object of objectsOf(world, model)) api.apply(object);
    for (const scheduler of schedulers) scheduler.update();
  };
  const cluster: Cluster = {
    list: (kind) => api.list(kind),
    pods: hosts.pods,
    state,
    bootMs: startMs - NODE_AGE_MS,
  };
  const clusterMetrics = (exporter: ClusterExporter) => {
    advance();
    return clusterExporterText(cluster, exporter, nowMs());
  };
  const scenarios = () =>
    SCENARIOS.filter((name) => state.modelOf(name) !== undefined).map((name) => {
      const { namespace, model, description } = SCENARIO_TABLE[name];
      return { name, on: state.isOn(name), description, model: `${namespace}/${model}` };
    });
  const clock = setInterval(advance, ADVANCE_EVERY_MS);
  clock.unref();
  closers.push(() => Promise.resolve(clearInterval(clock)));
  try {
    await api.start();
    closers.push(() => api.stop());
    const standalone = await listenStandalone(hosts, nowMs, closers);
    const runScheduler: Demo['startScheduler'] = async (namespace, schedulerOptions = {}) => {
      const scheduler = await startScheduler(world, namespace, schedulerOptions);
      schedulers.push(scheduler);
      return scheduler;
    };
    if (withSchedulers) {
      for (const namespace of new Set(plan.servers.map((server) => server.namespace))) await runScheduler(namespace);
    }
    closers.push(startEvents(options.eventsUrl, { seed, state, nowMs, intervalMs: settings.eventsIntervalMs }).stop);
    const control = await startControl(controlPort, () => demo);
    closers.push(() => control.stop());
    const demo: Demo = {
      ...{ api, controlUrl: control.url, standalone, scenarios, setScenario, clusterMetrics, stop },
      schedulers: () => schedulers.map(({ namespace, url }) => ({ namespace, url })),
      startScheduler: runScheduler,
    };
    return demo;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listenStandalone(
  hosts: Hosts,
  nowMs: () => number,
  closers: (() => Promise<void>)[]
): Promise<readonly StandaloneServer[]> {
  const servers: StandaloneServer[] = [];
  for (const { name, server, models } of hosts.standalone) {
    const listen = async (port: number): Promise<string> => {
      const { url, http }: { url: string; http: Server } = await listenAs(server, port, nowMs);
      closers.push(() => close(http));
      return url;
    };
    const { http, metrics } = server.ports;
    const url = await listen(http);
    const metricsUrl = `${metrics === http ? url : await listen(metrics)}/metrics`;
    servers.push({ name, url, metricsUrl, ...WAYS_TO_ASK[server.kind], models });
  }
  return servers;
}
