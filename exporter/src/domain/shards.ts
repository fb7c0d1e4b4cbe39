/**
 * Which of several exporters owns what. The unit is the namespace: all that decides on a model (servers, pods, pipelines,
 * graphs) stands in its namespace, so a shard needs nothing of another one. What has no namespace goes by its name.
 *
 * The hash is FNV-1a (64 bits) of the name in UTF-8, the shard its jump consistent hash: from n to
 * n + 1 shards it moves one name in n + 1, all of them to the new shard.
 */

import { jumpHash } from './jump-hash';
import type { RuntimeView } from './runtime-index';
import type { FleetChange } from './fleet-interface';

/** Which shard this exporter is. Without sharding: shard 0 of 1. */
export interface ShardPlace {
  readonly shard: number;
  readonly totalShards: number;
}

export interface Sharding extends ShardPlace {
  /** The shard that owns a namespace, or a cluster-scoped object of that name. */
  ownerOf(name: string): number;
  owns(name: string): boolean;
}

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;
/** Owners are looked up for every object that arrives; names come and go, so the memory of them is bounded. */
const REMEMBERED_OWNERS = 10_000;

export function fnv1a64(text: string): bigint {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  }
  return hash;
}

export function createSharding({ shard, totalShards }: ShardPlace): Sharding {
  const owners = new Map<string, number>();
  const ownerOf = (name: string): number => {
    if (totalShards === 1) return 0;
    let owner = owners.get(name);
    if (owner === undefined) {
      owner = jumpHash(fnv1a64(name), totalShards);
      if (owners.size >= REMEMBERED_OWNERS) owners.clear();
      owners.set(name, owner);
    }
    return owner;
  };
  return { shard, totalShards, ownerOf, owns: (name) => totalShards === 1 || ownerOf(name) === shard };
}

/**
 * Every shard reads the runtimes of the whole cluster, because its models need them; one shows them. A view that is not
 * shown here never was, so it needs no deletion.
 */
export function ownRuntimes(change: FleetChange, { totalShards, owns }: Sharding): FleetChange {
  if (totalShards === 1 || !change.runtimes) return change;
  const shown = [...change.runtimes].flatMap(([key, view]): [string, RuntimeView | undefined][] => {
    if (view?.namespace !== '') return [[key, view]];
    const { models: _part, ...rest } = view;
    return owns(view.name) ? [[key, rest]] : [];
  });
  return { ...change, runtimes: new Map(shown) };
}

/** One exporter for everything. */
export const UNSHARDED: Sharding = createSharding({ shard: 0, totalShards: 1 });
