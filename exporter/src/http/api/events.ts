/** Events of the event log, as the read API tells them. */
import { EVENT_KINDS, type EventKind, type EventList } from '@modelwatch/contract';
import type { EventLog } from '../../log/events/event-log';
import type { Query, QueryParameter } from './query';

const SECONDS = [0, 100_000_000_000] as const;
const DEFAULT_LIMIT = 1_000;

export const EVENT_QUERY: readonly QueryParameter[] = [
  { name: 'namespace', description: 'Only this namespace.' },
  { name: 'model', description: 'Only models of this name.' },
  { name: 'kind', description: 'Only this kind.', values: EVENT_KINDS.filter((kind) => kind !== 'prediction') },
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
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  const rememberedSinceSeconds = log.rememberedSinceSeconds();
  return {
    items: found.slice(0, limit),
    partial: found.length > limit || (fromSeconds ?? 0) < rememberedSinceSeconds,
    rememberedSinceSeconds,
    generatedAtSeconds: nowSeconds,
  };
}
