/** One answer of several shards: lists are merged, a single entity is asked of the shard that owns its namespace. */
import { HEALTH_STATES, type Decoder, type HealthState } from '@modelwatch/contract';
import { HttpError } from '../errors';
import type { Peers } from '../peers';
import type { Query } from './query';

/** A question as it came in. */
export interface Asked {
  readonly query: Query;
  /** Decoded parts of the path. */
  readonly path: Readonly<Record<string, string>>;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly authorization: string | undefined;
}

export interface MissingShard {
  readonly shard: number;
  readonly why: string;
}

export interface Listed {
  readonly namespace: string;
  readonly name: string;
  readonly sinceSeconds?: number;
}

export interface List<Item> {
  readonly items: Item[];
  readonly partial: boolean;
  readonly generatedAtSeconds: number;
  readonly missingShards?: MissingShard[];
}

const NATURAL = new Intl.Collator('en', { numeric: true });

/** Youngest trouble first, then by name as people count. */
export function byAgeAndName(a: Listed, b: Listed): number {
  return (
    (b.sinceSeconds ?? 0) - (a.sinceSeconds ?? 0) ||
    NATURAL.compare(a.name, b.name) ||
    NATURAL.compare(a.namespace, b.namespace)
  );
}

/** Worst first, cut to the limit of the query; a cut list is partial. */
export function worstFirst<Item extends Listed>(
  items: Item[],
  query: Query,
  healthOf: (item: Item) => HealthState
): { items: Item[]; cut: boolean } {
  const sorted = items.sort(
    (a, b) => HEALTH_STATES.indexOf(healthOf(a)) - HEALTH_STATES.indexOf(healthOf(b)) || byAgeAndName(a, b)
  );
  const limit = Number(query.get('limit') ?? Infinity);
  return { items: sorted.slice(0, limit), cut: sorted.length > limit };
}

/**
 * What every shard (of one namespace: its owner) answers; those that did not are told, never left out in silence.
 *
 * @throws HttpError of the first when none answered
 */
export async function askShards<T>(
  { sharding, ask }: Peers,
  own: () => T,
  decode: Decoder<T>,
  { query, url, authorization }: Asked
): Promise<{ answers: T[]; missing: MissingShard[] }> {
  const namespace = query.get('namespace');
  const all = Array.from({ length: sharding.totalShards }, (_, shard) => shard);
  const asked = namespace === undefined ? all : [sharding.ownerOf(namespace)];
  const settled = await Promise.allSettled(
    asked.map(async (shard) => (shard === sharding.shard ? own() : ask(shard, url, decode, authorization)))
  );
  const answers: T[] = [];
  const missing: MissingShard[] = [];
  const failures: unknown[] = [];
  settled.forEach((one, index) => {
    if (one.status === 'fulfilled') return answers.push(one.value);
    // What is wrong here is ours, not the other shard's.
    if (!(one.reason instanceof HttpError)) throw one.reason;
    failures.push(one.reason);
    return missing.push({ shard: asked[index] ?? 0, why: one.reason.message });
  });
  if (answers.length === 0 && namespace === undefined) throw failures[0];
  return { answers, missing };
}

export async function mergedList<Item extends Listed>(
  peers: Peers,
  own: () => List<Item>,
  decode: Decoder<List<Item>>,
  healthOf: (item: Item) => HealthState,
  asked: Asked
): Promise<List<Item>> {
  const { answers, missing } = await askShards(peers, own, decode, asked);
  // While the number of shards changes, two may show one namespace.
  const byKey = new Map<string, Item>();
  for (const item of answers.flatMap((answer) => answer.items)) {
    const key = `${item.namespace}/${item.name}`;
    if (!byKey.has(key)) byKey.set(key, item);
  }
  const { items, cut } = worstFirst([...byKey.values()], asked.query, healthOf);
  const oldest = answers.reduce((time, { generatedAtSeconds: at }) => Math.min(time, at), Infinity);
  return {
    items,
    partial: cut || missing.length > 0 || answers.some(({ partial }) => partial),
    generatedAtSeconds: Number.isFinite(oldest) ? oldest : Date.now() / 1000,
    ...(missing.length > 0 ? { missingShards: missing } : {}),
  };
}

/** @throws HttpError as the owner answered it, 503 when it did not */
export async function ofOwner<T>(
  { sharding, ask }: Peers,
  own: () => T,
  decode: Decoder<T>,
  { path, url, authorization }: Asked
): Promise<T> {
  const owner = sharding.ownerOf(path['namespace'] ?? '');
  return owner === sharding.shard ? own() : ask(owner, url, decode, authorization);
}
