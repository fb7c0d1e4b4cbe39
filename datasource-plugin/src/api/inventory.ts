/** Answers to the queries *inventory*, *health-history* and *health-transitions*. */
import type { DataFrame, DataQueryResponse, QueryResultMetaNotice } from '@grafana/data';
import type { ModelList } from '@modelwatch/contract';
import { catchError, forkJoin, map, of, type Observable } from 'rxjs';
import { countNameless, healthHistoryFrame, requestsHistoryFrame } from '../frames/history';
import { NAMELESS } from '../frames/identity';
import { joinInventory, rowsOfApi } from '../frames/inventory';
import { inventoryFrame, type FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples, readSeries } from '../frames/samples';
import { findTransitions, transitionsFrame } from '../frames/transitions';
import { filterSummaries, type ResolvedFilters } from '../query/filters';
import { healthParts, inventoryParts } from '../query/inventory';
import type { HealthHistoryQuery, HealthTransitionsQuery, InventoryQuery } from '../query/types';
import { answerParts, apiRequestId, askParts, response, type Answer, type AnswerContext } from './context';
import { errorText } from './prometheus';
import type { Reading } from './reading';

/** The API knows the present only: its words do not belong to a range that ends earlier than this before now. */
const PRESENT_MS = 5 * 60_000;

type ApiAnswer = { readonly list: ModelList } | { readonly missing: string; readonly isFault: boolean };

function askApi({ refId }: InventoryQuery, context: AnswerContext): Observable<ApiAnswer> {
  const { api, request, nowMs } = context;
  if (!api) return of({ missing: 'no URL of an exporter is set in the data source', isFault: false });
  if (request.range.to.valueOf() < nowMs - PRESENT_MS) {
    return of({ missing: 'the time range ends in the past', isFault: false });
  }
  return api.models(apiRequestId(context, refId)).pipe(
    map((list) => ({ list })),
    catchError((error: unknown) => of({ missing: errorText(error), isFault: true }))
  );
}

function apiNotices(answer: ApiAnswer): QueryResultMetaNotice[] {
  if ('missing' in answer) {
    const text = `Reasons are without details: ${answer.missing}.`;
    return [{ severity: answer.isFault ? 'warning' : 'info', text }];
  }
  if (!answer.list.partial) return [];
  const shards = answer.list.missingShards?.map(({ shard }) => shard) ?? [];
  const who = shards.length > 0 ? `shard ${shards.join(', ')} of the exporter` : 'a part of the exporters';
  return [{ severity: 'warning', text: `Some reasons are without details: ${who} did not answer.` }];
}

/** Rows when Prometheus failed: the API's, where it can tell which models were asked for. */
function standIn(query: InventoryQuery, api: ApiAnswer, filters: ResolvedFilters, context: AnswerContext): DataFrame[] {
  const narrowed = Boolean(context.request.filters?.length) || filters.cluster.length > 0;
  if (!('list' in api) || narrowed) return [];
  const rows = rowsOfApi(filterSummaries(api.list.items, filters));
  const servingOnly = api.list.items.some(({ healthSource }) => healthSource === 'serving-only');
  const text = `Prometheus gave no answer: this is what the exporter says${servingOnly ? ', of serving only' : ''}.`;
  const notices: QueryResultMetaNotice[] = [{ severity: 'warning', text }];
  return [inventoryFrame(rows, { refId: query.refId, answeredAtMs: context.nowMs, notices })];
}

function inventoryResponse(
  query: InventoryQuery,
  filters: ResolvedFilters,
  context: AnswerContext,
  reading: Reading,
  api: ApiAnswer
): DataQueryResponse {
  const { refId } = query;
  const base: FrameContext = { refId, answeredAtMs: context.nowMs };
  const state = reading.part('state', readSamples);
  const numbers = reading.part('numbers', readSamples) ?? [];
  const rate = reading.part('rate', readSamples) ?? [];
  const drifted = reading.part('drifted', readSamples) ?? [];
  const misjudged = reading.part('misjudged', readSamples) ?? [];
  const unfair = reading.part('unfair', readSamples) ?? [];
  const history = reading.part('rate-history', readSeries) ?? [];
  if (!state) return response(refId, standIn(query, api, filters, context), reading.errors());
  const summaries = 'list' in api ? api.list.items : undefined;
  const { rows, dropped } = joinInventory({ state, numbers, rate, drifted, misjudged, unfair, summaries });
  const notices = [...apiNotices(api), ...droppedNotices(dropped)];
  const sparklines = history.length ? [requestsHistoryFrame(history, base)] : [];
  return response(refId, [inventoryFrame(rows, { ...base, notices }), ...sparklines], reading.errors());
}

function framesOverTime(
  query: HealthHistoryQuery | HealthTransitionsQuery,
  filters: ResolvedFilters,
  reading: Reading,
  base: FrameContext
): DataFrame[] {
  const series = reading.part('health-history', readSeries);
  if (!series) return [];
  const nameless = countNameless(series);
  const context = { ...base, notices: droppedNotices(new Map(nameless ? [[NAMELESS, nameless]] : [])) };
  if (query.kind === 'health-transitions') return [transitionsFrame(findTransitions(series, filters.health), context)];
  return series.length ? [healthHistoryFrame(series, context)] : [];
}

export const answerInventory: Answer<InventoryQuery> = (query, filters, context) =>
  forkJoin([askParts(query.refId, inventoryParts(query, filters), context), askApi(query, context)]).pipe(
    map(([reading, api]) => inventoryResponse(query, filters, context, reading, api))
  );

export const answerHealth: Answer<HealthHistoryQuery | HealthTransitionsQuery> = (query, filters, context) =>
  answerParts(query.refId, healthParts(query, filters), context, (reading, base) =>
    framesOverTime(query, filters, reading, base)
  );
