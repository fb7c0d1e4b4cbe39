/** Wires the simulated fleet: plan, state, objects, model servers, API and control. */
import type { Server } from 'node:http';
import { ApiServer } from './api/server';
import { close, startControl } from './control/server';
import { planFleet } from './fleet/plan';
import { SCENARIO_TABLE } from './fleet/scenarios';
import { FleetState } from './fleet/state';
import { allObjects, objectsOf } from './objects/fleet-objects';
import { Hosts } from './servers/hosts';
import { listenAs } from './servers/socket';
import { SCENARIOS, type Demo, type DemoOptions, type ScenarioName, type StandaloneServer } from './types';

const DEFAULTS = { seed: 1, models: 24, apiPort: 0, controlPort: 0, bookmarkIntervalMs: 10_000, watchList: true };

/**
 * Starts the fleet on 127.0.0.1 and resolves when everything listens.
 * @throws RangeError for a size that cannot be; the listener's error when a port is taken. Nothing stays open then.
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { seed, models, apiPort, controlPort, bookmarkIntervalMs, watchList } = { ...DEFAULTS, ...options };
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
      return ip === undefined ? undefined : { ip, server: hosts.inPod(namespace, pod) };
    },
  });
  for (const object of allObjects(world)) {
    api.apply(object);
    const { status } = object;
    if (object.kind === 'Pod' && typeof status === 'object' && status !== null && 'podIP' in status) {
      podIps.set(`${object.metadata.namespace ?? ''}/${object.metadata.name}`, String(status.podIP));
    }
  }

  const closers: (() => Promise<void>)[] = [];
  const stop = async () => {
    await Promise.all(closers.splice(0).map((end) => end()));
  };
  const setScenario = (name: ScenarioName, on: boolean) => {
    const model = state.set(name, on, nowMs());
    if (model === undefined) return;
    if (name === 'stale') return api.silence(on, 'InferenceService');
    hosts.update(model, nowMs());
    for (const object of objectsOf(world, model)) api.apply(object);
  };
  const scenarios = () =>
    SCENARIOS.map((name) => {
      const { namespace, model, description } = SCENARIO_TABLE[name];
      return { name, on: state.isOn(name), description, model: `${namespace}/${model}` };
    });
  try {
    await api.start();
    closers.push(() => api.stop());
    const standalone = await listenStandalone(hosts, nowMs, closers);
    const control = await startControl(controlPort, () => demo);
    closers.push(() => control.stop());
    const demo: Demo = { api, controlUrl: control.url, standalone, scenarios, setScenario, stop };
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
    const url = await listen(server.ports.http);
    servers.push({ name, url, metricsUrl: `${await listen(server.ports.metrics)}/metrics`, models });
  }
  return servers;
}
