/** Answers to the query *events*. */
import type { QueryResultMetaNotice } from '@grafana/data';
import type { EventList } from '@modelwatch/contract';
import { catchError, map, of } from 'rxjs';
import { filterEvents, rememberedFrame } from '../frames/events';
import type { FrameContext } from '../frames/inventoryFrame';
import type { ResolvedFilters } from '../query/filters';
import type { EventsQuery } from '../query/types';
import { apiRequestId, rangeOf, response, type Answer } from './context';
import type { Range } from './models';
import { errorText } from './prometheus';

/** More marks than this nobody can tell apart. */
const MOST_EVENTS = 1_000;

function parametersOf(
  { events = [] }: EventsQuery,
  filters: ResolvedFilters,
  { fromMs, toMs }: Range
): URLSearchParams {
  const asked = new URLSearchParams({
    ...{ limit: String(MOST_EVENTS), from: String(Math.floor(fromMs / 1_000)), to: String(Math.ceil(toMs / 1_000)) },
  });
  // One of each is asked for; of several, and of what else is chosen, the answer is filtered.
  const only = (name: string, [value, another]: readonly string[]) => {
    if (value !== undefined && another === undefined) asked.set(name, value);
  };
  only('namespace', filters.namespace);
  if (filters.pipeline.length === 0) only('model', filters.model);
  only('kind', events);
  return asked;
}

/** An exporter begins anew without a memory: a range that looks calm may only be forgotten. */
function noticesOf({ partial, rememberedSinceSeconds, items, missingShards = [] }: EventList, { fromMs }: Range) {
  const texts = [
    ...missingShards.map(({ shard }) => `Events of shard ${shard} of the exporter are missing: it did not answer.`),
    ...(rememberedSinceSeconds * 1_000 > fromMs
      ? [`Events are remembered since ${new Date(rememberedSinceSeconds * 1_000).toISOString()}, and not before.`]
      : []),
    ...(partial && items.length >= MOST_EVENTS
      ? [`The last ${items.length} events: choose a shorter time range.`]
      : []),
  ];
  return texts.map((text): QueryResultMetaNotice => ({ severity: 'info', text }));
}

export const answerEvents: Answer<EventsQuery> = (query, filters, context) => {
  const { refId } = query;
  const base: FrameContext = { refId, answeredAtMs: context.nowMs };
  if (!context.api) {
    const text = 'No events: no URL of an exporter is set in the data source.';
    // No fault: annotations of a dashboard that we ship are just not there.
    return of(response(refId, [rememberedFrame([], { ...base, notices: [{ severity: 'info', text }] })], []));
  }
  const range = rangeOf(context);
  return context.api.events(parametersOf(query, filters, range), apiRequestId(context, refId)).pipe(
    map((list) => {
      const events = filterEvents(list.items, filters, query.events ?? []);
      return response(refId, [rememberedFrame(events, { ...base, notices: noticesOf(list, range) })], []);
    }),
    catchError((error: unknown) => of(response(refId, [], [{ refId, message: errorText(error) }])))
  );
};
