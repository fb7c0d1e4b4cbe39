/** Usage totals, kept by adding and taking away what each entity and pod contributes. Sums of integers, so never off. */
import type { Platform, ServerType } from '@modelwatch/contract';
import { gpuCount } from './amounts';
import { isCurrent } from './pods';
import { parseRefId, type RefId } from './ref';
import type { Pod } from './resources';
import type { EntityView, ModelView, ServerView } from './views';

/** What can be told apart by the kind of server. */
export interface ServerTypeUsage {
  readonly namespace: string;
  readonly platform: Platform;
  readonly models: number;
  readonly servers: number;
  readonly modelReplicas: number;
  readonly serverReplicas: number;
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly gpus: number;
}

/** Totals by namespace and platform, and with the kind of server. */
export interface UsageView {
  readonly rows: readonly (ServerTypeUsage & {
    readonly modelVersions: number;
    readonly pipelines: number;
    readonly experiments: number;
    readonly multiModelServers: number;
    readonly overcommitServers: number;
    /** Nodes that run a pod of a model server; several namespaces may share one. */
    readonly nodes: number;
  })[];
  readonly byServerType: readonly (ServerTypeUsage & { readonly serverType: ServerType })[];
}

type UsageRow = UsageView['rows'][number];
export type UsageCounts = Omit<UsageRow, 'namespace' | 'platform' | 'cpuCores' | 'nodes'> & {
  readonly cpuMillicores: number;
};

export interface Contribution {
  readonly namespace: string;
  readonly platform: Platform;
  /** Absent for what is no server and on none. */
  readonly serverType?: ServerType;
  readonly counts: Partial<UsageCounts>;
  /** The node that the pod of a model server runs on. */
  readonly node?: string;
}

const NOTHING: UsageCounts = {
  models: 0,
  modelVersions: 0,
  servers: 0,
  pipelines: 0,
  experiments: 0,
  modelReplicas: 0,
  serverReplicas: 0,
  cpuMillicores: 0,
  memoryBytes: 0,
  gpus: 0,
  multiModelServers: 0,
  overcommitServers: 0,
};
const FIELDS = Object.keys(NOTHING) as (keyof UsageCounts)[];

export type Contributor = 'model' | 'server' | 'pipeline' | 'experiment' | 'pod';
const RECENT = 16;

interface Total {
  readonly namespace: string;
  readonly platform: Platform;
  readonly serverType?: ServerType;
  contributors: number;
  counts: UsageCounts;
  /** Pods of model servers, by node. */
  readonly nodes: Map<string, number>;
}

/** Totals of everything that has the same namespace and platform, and, for the one by type, the same kind of server. */
class Totals {
  private readonly held = new Map<string, Total>();

  add({ namespace, platform, counts, node }: Contribution, serverType: ServerType | undefined, sign: 1 | -1): void {
    const key = [platform, namespace, serverType ?? ''].join('|');
    const total = this.held.get(key) ?? {
      namespace,
      platform,
      ...(serverType === undefined ? {} : { serverType }),
      contributors: 0,
      counts: NOTHING,
      nodes: new Map<string, number>(),
    };
    const sums = { ...total.counts };
    for (const field of FIELDS) sums[field] += sign * (counts[field] ?? 0);
    total.counts = sums;
    total.contributors += sign;
    if (total.contributors > 0) this.held.set(key, total);
    else this.held.delete(key);
    if (node !== undefined) addNode(total.nodes, node, sign);
  }

  get sorted(): readonly Total[] {
    return [...this.held].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
  }
}

export class UsageBook {
  /** By kind of contributor, then by its id. */
  private readonly contributions: Record<Contributor, Map<string, Contribution>> = {
    model: new Map(),
    server: new Map(),
    pipeline: new Map(),
    experiment: new Map(),
    pod: new Map(),
  };
  /** The last few: most pods of a namespace contribute the same, and need not each keep a copy. */
  private recent: Contribution[] = [];
  private readonly totals = new Totals();
  private readonly byServerType = new Totals();
  private changed = true;

  /** Replaces what `id` contributed; undefined: it is gone. */
  set(kind: Contributor, id: string, next: Contribution | undefined): void {
    const held = this.contributions[kind];
    const previous = held.get(id);
    if (previous && next && same(previous, next)) return;
    if (!previous && !next) return;
    if (previous) this.add(previous, -1);
    if (next) {
      this.add(next, 1);
      held.set(id, this.shared(next));
    } else held.delete(id);
    this.changed = true;
  }

  private shared(next: Contribution): Contribution {
    const known = this.recent.find((other) => same(other, next));
    if (known) return known;
    this.recent = [next, ...this.recent.slice(0, RECENT - 1)];
    return next;
  }

  /** The totals, when they changed since the last call. */
  takeChange(): UsageView | undefined {
    if (!this.changed) return undefined;
    this.changed = false;
    return { rows: this.totals.sorted.map(rowOf), byServerType: this.byServerType.sorted.map(serverTypeRowOf) };
  }

  private add(contribution: Contribution, sign: 1 | -1): void {
    this.totals.add(contribution, undefined, sign);
    if (contribution.serverType !== undefined) this.byServerType.add(contribution, contribution.serverType, sign);
  }
}

function sharedFields({ namespace, platform, counts }: Total): ServerTypeUsage {
  const { models, servers, modelReplicas, serverReplicas, cpuMillicores, memoryBytes, gpus } = counts;
  const cpuCores = cpuMillicores / 1000;
  return { namespace, platform, models, servers, modelReplicas, serverReplicas, cpuCores, memoryBytes, gpus };
}

function rowOf(total: Total): UsageView['rows'][number] {
  const { modelVersions, pipelines, experiments, multiModelServers, overcommitServers } = total.counts;
  const more = { modelVersions, pipelines, experiments, multiModelServers, overcommitServers };
  return { ...sharedFields(total), ...more, nodes: total.nodes.size };
}

function serverTypeRowOf(total: Total): UsageView['byServerType'][number] {
  return { ...sharedFields(total), serverType: total.serverType ?? 'other' };
}

function addNode(nodes: Map<string, number>, node: string, sign: 1 | -1): void {
  const pods = (nodes.get(node) ?? 0) + sign;
  if (pods > 0) nodes.set(node, pods);
  else nodes.delete(node);
}

function same(a: Contribution, b: Contribution): boolean {
  const place = a.namespace === b.namespace && a.platform === b.platform && a.node === b.node;
  const alike = place && a.serverType === b.serverType;
  return alike && FIELDS.every((field) => (a.counts[field] ?? 0) === (b.counts[field] ?? 0));
}

/**
 * What a pod of the server takes; undefined for a pod of no model server, for one that is done, and for one that waits for
 * a node: it takes nothing yet.
 */
export function podContribution(
  pod: Pod | undefined,
  server: RefId | undefined,
  serverType: ServerType = 'other'
): Contribution | undefined {
  if (!pod || server === undefined || pod.node === undefined || !isCurrent(pod)) return undefined;
  return {
    namespace: pod.meta.namespace,
    platform: parseRefId(server).platform,
    serverType,
    counts: {
      cpuMillicores: Math.round((pod.requests.cpuCores ?? 0) * 1000),
      memoryBytes: finite(pod.requests.memoryBytes),
      gpus: finite(gpuCount(pod.requests)),
    },
    node: pod.node,
  };
}

function finite(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? Math.round(value) : 0;
}

/** @param serverType of the server that the model is on */
export function modelContribution(view: ModelView, serverType: ServerType = 'other'): Contribution {
  const counts = { models: 1, modelVersions: versionsOf(view), modelReplicas: finite(view.replicas.available) };
  return { ...contribution(view, counts), serverType };
}

/** Those that get traffic: a rollout or a canary has two. */
function versionsOf({ traffic, deployment }: ModelView): number {
  const shares = deployment?.observedTraffic ?? traffic;
  return Math.max(1, shares.filter(({ ratio }) => ratio > 0).length);
}

/** `models` is the number of models that are placed on the server. */
export function serverContribution(view: ServerView, models: number): Contribution {
  const counts = {
    servers: 1,
    serverReplicas: finite(view.replicas.available),
    multiModelServers: models > 1 ? 1 : 0,
    overcommitServers: (view.overcommitRatio ?? 0) > 0 ? 1 : 0,
  };
  return { ...contribution(view, counts), serverType: view.serverType ?? 'other' };
}

export function simpleContribution(view: EntityView, field: 'pipelines' | 'experiments'): Contribution {
  return contribution(view, { [field]: 1 });
}

function contribution(view: EntityView, counts: Partial<UsageCounts>): Contribution {
  return { namespace: view.namespace, platform: view.platform, counts };
}
