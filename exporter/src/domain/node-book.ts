/** Nodes that carry pods of model servers, and what these request there. Kept by adding and taking away. */
import { AmountSums } from './amounts';
import { isCurrent } from './pods';
import type { Amounts, Node, Pod } from './resources';

/** A node that carries pods of model servers. */
export interface NodeView {
  readonly node: string;
  /** Absent: nodes cannot be read, nothing was heard of them lately, or this one is not there (any more). */
  readonly state?: { readonly ready?: boolean; readonly unschedulable: boolean; readonly allocatable: Amounts };
  /** What the pods of model servers on it request, by namespace. */
  readonly requested: readonly { readonly namespace: string; readonly requests: Amounts; readonly pods: number }[];
}

interface Load {
  readonly sums: AmountSums;
  pods: number;
}

interface Placed {
  readonly node: string;
  readonly namespace: string;
  readonly requests: Amounts;
}

export class NodeBook {
  private readonly nodes = new Map<string, NonNullable<NodeView['state']>>();
  private readonly placed = new Map<string, Placed>();
  /** By node, then by namespace. */
  private readonly loads = new Map<string, Map<string, Load>>();
  private changed = new Set<string>();
  private trusted = true;

  /**
   * @param shows whose state is shown; a shard cannot know whether pods of another one's namespaces are on a node, so
   * with shards the state of each node is shown by its owner. Absent: of the nodes that carry pods of model servers.
   */
  constructor(private readonly shows?: (node: string) => boolean) {}

  /** A kubelet writes the status every few minutes without a change: that is no news. */
  apply(node: Node): void {
    const { name } = node.meta;
    const { ready, unschedulable, allocatable } = node;
    const next = { ...(ready === undefined ? {} : { ready }), unschedulable, allocatable };
    const before = this.nodes.get(name);
    this.nodes.set(name, next);
    if (JSON.stringify(before) !== JSON.stringify(next)) this.changed.add(name);
  }

  remove(name: string): void {
    if (this.nodes.delete(name)) this.changed.add(name);
  }

  /** Nodes have no state of their own that could turn stale: of a silent source nothing is shown at all. */
  trust(trusted: boolean): void {
    if (trusted === this.trusted) return;
    this.trusted = trusted;
    for (const name of this.nodes.keys()) this.changed.add(name);
  }

  /** Replaces what the pod takes; a pod that is done, or undefined, takes nothing (any more). */
  place(key: string, pod: Pod | undefined): void {
    const before = this.placed.get(key);
    const after: Placed | undefined =
      pod?.node === undefined || !isCurrent(pod)
        ? undefined
        : { node: pod.node, namespace: pod.meta.namespace, requests: pod.requests };
    if (before && after && before.node === after.node && before.requests === after.requests) return;
    if (before) this.add(before, -1);
    if (after) {
      this.add(after, 1);
      this.placed.set(key, after);
    } else this.placed.delete(key);
  }

  /** The nodes that changed since the last call; undefined: no model server is on it any more. */
  takeChange(): ReadonlyMap<string, NodeView | undefined> {
    const change = new Map([...this.changed].map((name) => [name, this.view(name)] as const));
    this.changed = new Set();
    return change;
  }

  private view(name: string): NodeView | undefined {
    const loads = this.loads.get(name);
    const state = !this.trusted || this.shows?.(name) === false ? undefined : this.nodes.get(name);
    if (!loads && !(this.shows && state)) return undefined;
    const sorted = [...(loads ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      node: name,
      ...(state ? { state } : {}),
      requested: sorted.map(([namespace, { sums, pods }]) => ({ namespace, requests: sums.amounts, pods })),
    };
  }

  private add({ node, namespace, requests }: Placed, sign: 1 | -1): void {
    const loads = this.loads.get(node) ?? new Map<string, Load>();
    const load = loads.get(namespace) ?? { sums: new AmountSums(), pods: 0 };
    load.sums.add(requests, sign);
    load.pods += sign;
    if (load.pods > 0) loads.set(namespace, load);
    else loads.delete(namespace);
    if (loads.size > 0) this.loads.set(node, loads);
    else this.loads.delete(node);
    this.changed.add(node);
  }
}
