/** The containers of the fleet with what they use, as every exporter of a cluster is about. */
import { OUTCOMES, type ModelTraffic } from '../fleet/meter';
import { podKey } from '../fleet/pods';
import type { FleetState } from '../fleet/state';
import { cpuSeconds, heldBackSeconds, residentBytes } from '../servers/cost';
import type { Pods, PodServer } from '../servers/pods';
import type { KubernetesObject } from '../types';

const MEBIBYTE = 1_048_576;

/** Pods as `objects/pods.ts` writes them, as far as it is read here. */
export interface PodJson extends KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly ownerReferences: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly spec: { readonly nodeName: string; readonly containers: readonly ContainerJson[] };
  readonly status: {
    readonly podIP: string;
    readonly hostIP?: string;
    readonly containerStatuses: readonly {
      readonly name: string;
      readonly ready: boolean;
      readonly restartCount: number;
      readonly state: { readonly waiting?: { readonly reason: string } };
      readonly lastState: { readonly terminated?: { readonly reason: string } };
    }[];
  };
}

interface ContainerJson {
  readonly name: string;
  readonly image: string;
  readonly resources: { readonly requests?: Resources; readonly limits?: Resources };
}

type Resources = Readonly<Record<string, string>>;

export interface ContainerUse {
  readonly pod: PodJson;
  readonly spec: ContainerJson;
  readonly restarts: number;
  /** Not while it waits to be started again. */
  readonly running: boolean;
  /** Of this container, which begins anew with each restart. */
  readonly cpuSeconds: number;
  /** Of all containers in its place so far. */
  readonly cpuSecondsEver: number;
  /** Of this container, beyond the usual for one with a limit. */
  readonly heldBackSeconds: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** Requests that it has answered ever. */
  readonly requests: number;
  /** Of a model server: the mean number of requests in work. */
  readonly busy?: number;
}

/** Quantities of Kubernetes in base units: cores, bytes, or a count. */
export function quantity(text: string): number {
  const [, digits = '0', unit = ''] = /^([\d.]+)([a-zA-Z]*)$/.exec(text) ?? [];
  const factors: Readonly<Record<string, number>> = { m: 0.001, Ki: 1_024, Mi: MEBIBYTE, Gi: 1_024 * MEBIBYTE };
  return Number(digits) * (factors[unit] ?? 1);
}

/** What a container beside a model server uses: little, and a little more for each request that it passes on. */
const SIDECAR = { cores: 0.004, secondsPerRequest: 0.0006, memoryBytes: 48 * MEBIBYTE, diskBytes: 2 * MEBIBYTE };

export function containerUses(
  objects: readonly KubernetesObject[],
  pods: Pods,
  state: FleetState,
  nowMs: number
): readonly ContainerUse[] {
  const servers = new Map([...pods.servers].map((entry) => [podKey(entry.pod), entry]));
  return objects.flatMap((object) => {
    // Made by this program itself.
    const pod = object as unknown as PodJson;
    const server = servers.get(podKey(pod.metadata));
    return pod.spec.containers.map((spec) => containerUse(pod, spec, server, state, nowMs));
  });
}

function containerUse(
  pod: PodJson,
  spec: ContainerJson,
  server: PodServer | undefined,
  state: FleetState,
  nowMs: number
): ContainerUse {
  const status = pod.status.containerStatuses.find((each) => each.name === spec.name);
  const bornMs = Date.parse(pod.metadata.creationTimestamp) + 20_000;
  const common = {
    pod,
    spec,
    restarts: status?.restartCount ?? 0,
    running: status?.state.waiting === undefined,
  };
  const traffic = server === undefined ? [] : trafficOf(server);
  const requests = traffic.reduce((sum, each) => sum + answered(each, nowMs), 0);
  if (server?.container !== spec.name) {
    const seconds = ((nowMs - bornMs) / 1_000) * SIDECAR.cores + requests * SIDECAR.secondsPerRequest;
    const used = Number(Math.max(0, seconds).toFixed(3));
    const { memoryBytes, diskBytes } = SIDECAR;
    return { ...common, cpuSeconds: used, cpuSecondsEver: used, heldBackSeconds: 0, memoryBytes, diskBytes, requests };
  }
  const { kind, startedMs } = server.server;
  return {
    ...common,
    cpuSeconds: cpuSeconds(kind, traffic, startedMs, nowMs, 'process'),
    cpuSecondsEver: cpuSeconds(kind, traffic, bornMs, nowMs, 'ever'),
    heldBackSeconds: heldBackSeconds(kind, traffic, nowMs),
    memoryBytes: memoryOf(server, spec, state, nowMs),
    diskBytes: traffic.length * 180 * MEBIBYTE,
    requests,
    busy: traffic.reduce(
      (sum, each) => sum + each.meters.reduce((all, one) => all + one.inFlight(nowMs).working, 0),
      0
    ),
  };
}

function trafficOf({ server }: PodServer): readonly ModelTraffic[] {
  return [...server.models, ...(server.unloaded ?? [])].map((model) => model.traffic);
}

function answered(traffic: ModelTraffic, nowMs: number): number {
  return OUTCOMES.reduce((sum, outcome) => sum + traffic.count(outcome, nowMs, 'ever'), 0);
}

/** How long a server with a leak takes to fill its memory, and with how much it begins: of its limit. */
const LEAK_SECONDS = 62;
const LEAK_FROM = 0.5;
/** Of its limit, while a server keeps in main memory what it took out of its KV cache. */
const SWAPPED_RATIO = 0.94;

function memoryOf(entry: PodServer, spec: ContainerJson, state: FleetState, nowMs: number): number {
  const { server, model, pod } = entry;
  const limit = quantity(spec.resources.limits?.memory ?? '0');
  const leaks = model !== undefined && state.of(model).incident === 'oom-restarts' && pod.index === 0;
  if (leaks && limit > 0) {
    const filled = Math.min(1, Math.max(0, nowMs - server.startedMs) / (LEAK_SECONDS * 1_000));
    return Math.floor(limit * (LEAK_FROM + (0.99 - LEAK_FROM) * filled));
  }
  const swaps = model !== undefined && state.of(model).incident === 'kv-cache-full';
  if (swaps && limit > 0) return Math.floor(limit * SWAPPED_RATIO);
  const used = residentBytes(server.kind, trafficOf(entry), nowMs);
  // What comes near its limit frees what it can.
  return limit === 0 ? used : Math.floor(Math.min(used, limit * 0.88));
}
