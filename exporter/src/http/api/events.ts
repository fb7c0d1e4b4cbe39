/** Events of the event log, as the read API tells them. */
import { decodeEventList, REMEMBERED_EVENT_KINDS, type EventKind, type EventList } from '@modelwatch/contract';
import type { EventLog } from '../../log/events/event-log';
import type { Peers } from '../peers';
import type { Query, QueryParameter } from './query';
import { askShards, type Asked } from './together';

const SECONDS = [0, 100_000_000_000] as const;
const DEFAULT_LIMIT = 1_000;

export const EVENT_QUERY: readonly QueryParameter[] = [
  { name: 'namespace', description: 'Only this namespace.' },
  { name: 'model', description: 'Only models of this name.' },
  { name: 'kind', description: 'Only this kind.', values: REMEMBERED_EVENT_KINDS },
  { name: 'from', description: 'Only what happened then or later, seconds since 1970.', range: SECONDS },
  { name: 'to', description: 'Only what happened then or before, seconds since 1970.', range: SECONDS },
  { name: 'limit', description: `At most so many, the latest; ${DEFAULT_LIMIT} unless said.`, range: [1, 100_000] },
];

export function eventList(
  log: Pick<EventLog, 'find' | 'rememberedSinceSeconds'>,
  query: Query,
  nowSeconds: number
): EventList {
  const seconds = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
  const fromSeconds = seconds('from');
  const found = log.find({
    fromSeconds,
    toSeconds: seconds('to'),
    namespace: query.get('namespace'),
    model: query.get('model'),
    kind: query.get('kind') as EventKind | undefined,
  });
  const limit = limitOf(query);
  const rememberedSinceSeconds = log.rememberedSinceSeconds();
  return {
    items: found.slice(0, limit),
    partial: found.length > limit || (fromSeconds ?? 0) < rememberedSinceSeconds,
    rememberedSinceSeconds,
    generatedAtSeconds: nowSeconds,
  };
}

/** What Prometheus tells every shard knows, by the same id; what one sees by itself it alone. */
export async function mergedEvents(peers: Peers, own: () => unknown, asked: Asked): Promise<EventList> {
  const { answers, missing } = await askShards(peers, own as () => EventList, decodeEventList, asked);
  const byId = new Map(answers.flatMap(({ items }) => items).map((event) => [event.id, event]));
  const items = [...byId.values()].sort((a, b) => b.atSeconds - a.atSeconds);
  const limit = limitOf(asked.query);
  const nowSeconds = Date.now() / 1000;
  return {
    items: items.slice(0, limit),
    partial: items.length > limit || missing.length > 0 || answers.some(({ partial }) => partial),
    // All of them remember from the last on that began.
    rememberedSinceSeconds:
      answers.length > 0 ? Math.max(...answers.map((one) => one.rememberedSinceSeconds)) : nowSeconds,
    generatedAtSeconds: Math.min(...answers.map((one) => one.generatedAtSeconds), nowSeconds),
    ...(missing.length > 0 ? { missingShards: missing } : {}),
  };
}

function limitOf(query: Query): number {
  return Number(query.get('limit') ?? DEFAULT_LIMIT);
}
