/** From one query to its response: asks the halves, joins them, and says what is missing. */
import {
  LoadingState,
  type DataFrame,
  type DataQueryError,
  type DataQueryResponse,
  type QueryResultMetaNotice,
} from '@grafana/data';
import type { ModelList } from '@modelwatch/contract';
import { catchError, defer, forkJoin, from, map, mergeMap, of, type Observable } from 'rxjs';
import { figureFrame } from '../frames/figure';
import { countNameless, healthHistoryFrame, requestsHistoryFrame } from '../frames/history';
import { NAMELESS } from '../frames/identity';
import { joinInventory, rowsOfApi } from '../frames/inventory';
import { inventoryFrame, type FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples, readSeries } from '../frames/samples';
import { findTransitions, transitionsFrame } from '../frames/transitions';
import { buildParts } from '../query/build';
import { withSubject } from '../query/drift';
import { filterSummaries, type ResolvedFilters } from '../query/filters';
import { figureOf } from '../query/figures';
import type {
  AccuracyDetailQuery,
  AccuracyVersionsQuery,
  DistributionQuery,
  ExplorationQuery,
  FairnessQuery,
  FigureQuery,
  HealthHistoryQuery,
  HealthTransitionsQuery,
  InventoryQuery,
  ModelwatchQuery,
  PredictionHistoryQuery,
  SegmentsQuery,
} from '../query/types';
import type { ExporterApi } from './exporter';
import { accuracyDetailFrames, accuracyFrames, windowOfVerdict } from './accuracy';
import { challengerFrames } from './challengers';
import { askMonitoring, distributionFrames, driftFrames } from './drift';
import { batchesFrames } from './batches';
import type { Range } from './models';
import { askPrometheus, errorText, type BaseRequest, type PartAnswer } from './prometheus';
import { Reading } from './reading';

export interface AnswerContext {
  readonly prometheusUid: string | undefined;
  /** Undefined when no API is configured. */
  readonly api: ExporterApi | undefined;
  readonly request: BaseRequest;
  readonly nowMs: number;
}

/** The API knows the present only: its words do not belong to a range that ends earlier than this before now. */
const PRESENT_MS = 5 * 60_000;

function response(refId: string, data: DataFrame[], errors: DataQueryError[]): DataQueryResponse {
  return { key: refId, state: LoadingState.Done, data, ...(errors.length && { errors }) };
}

type ApiAnswer = { readonly list: ModelList } | { readonly missing: string; readonly isFault: boolean };

function askApi(query: InventoryQuery, { api, request, nowMs }: AnswerContext): Observable<ApiAnswer> {
  if (!api) return of({ missing: 'no URL of an exporter is set in the data source', isFault: false });
  if (request.range.to.valueOf() < nowMs - PRESENT_MS) {
    return of({ missing: 'the time range ends in the past', isFault: false });
  }
  return api.models(`${request.requestId}-${query.refId}-api`).pipe(
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
  answers: ReadonlyMap<string, PartAnswer>,
  api: ApiAnswer
): DataQueryResponse {
  const { refId } = query;
  const base: FrameContext = { refId, answeredAtMs: context.nowMs };
  const reading = new Reading(answers, refId);
  const state = reading.part('state', readSamples);
  const numbers = reading.part('numbers', readSamples) ?? [];
  const rate = reading.part('rate', readSamples) ?? [];
  const drifted = reading.part('drifted', readSamples) ?? [];
  const misjudged = reading.part('misjudged', readSamples) ?? [];
  const history = reading.part('rate-history', readSeries) ?? [];
  if (!state) return response(refId, standIn(query, api, filters, context), reading.errors());
  const summaries = 'list' in api ? api.list.items : undefined;
  const { rows, dropped } = joinInventory({ state, numbers, rate, drifted, misjudged, summaries });
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

function figureFrames(query: FigureQuery, reading: Reading, base: FrameContext): DataFrame[] {
  const now = reading.part('metric', readSeries) ?? [];
  const before = reading.part('before', readSeries) ?? [];
  if (now.length + before.length === 0) return [];
  return [figureFrame(query.metric, figureOf(query.kind, query.metric), { now, before }, base)];
}

type FrameQuery = Exclude<
  ModelwatchQuery,
  | InventoryQuery
  | DistributionQuery
  | SegmentsQuery
  | FairnessQuery
  | AccuracyDetailQuery
  | AccuracyVersionsQuery
  | ExplorationQuery
  | PredictionHistoryQuery
>;

function rangeOf({ request }: AnswerContext): Range {
  return { fromMs: request.range.from.valueOf(), toMs: request.range.to.valueOf() };
}

function framesOf(query: FrameQuery, filters: ResolvedFilters, reading: Reading, context: AnswerContext): DataFrame[] {
  const base = { refId: query.refId, answeredAtMs: context.nowMs };
  switch (query.kind) {
    case 'health-history':
    case 'health-transitions':
      return framesOverTime(query, filters, reading, base);
    case 'drift':
      return driftFrames(query, reading, rangeOf(context), base);
    case 'accuracy':
      return accuracyFrames(query, filters, reading, rangeOf(context), base);
    case 'batches':
      return batchesFrames(query, reading, base);
    case 'challengers':
      return challengerFrames(query, reading, base);
    default:
      return figureFrames(query, reading, base);
  }
}

function distributionResponse(
  query: DistributionQuery,
  filters: ResolvedFilters,
  context: AnswerContext,
  prometheus: Observable<ReadonlyMap<string, PartAnswer>>
): Observable<DataQueryResponse> {
  const { refId } = query;
  const told = askMonitoring(filters, context.api, `${context.request.requestId}-${refId}-api`);
  return forkJoin([prometheus, told]).pipe(
    map(([answers, found]) => {
      const reading = new Reading(answers, refId);
      const base = { refId, answeredAtMs: context.nowMs };
      const frames = distributionFrames(query, filters, reading, rangeOf(context), base, found);
      return response(refId, frames, reading.errors());
    })
  );
}

function segmentsResponse(
  query: SegmentsQuery | FairnessQuery,
  filters: ResolvedFilters,
  context: AnswerContext,
  answers: ReadonlyMap<string, PartAnswer>
): Observable<DataQueryResponse> {
  const { refId } = query;
  const reading = new Reading(answers, refId);
  // In files of their own: most dashboards do without.
  return forkJoin([
    from(import(/* webpackChunkName: "segments" */ './segments')),
    from(import(/* webpackChunkName: "segments" */ './fairness')),
  ]).pipe(
    mergeMap(([{ askValueNames, segmentsFrames }, { fairnessFrames }]) =>
      askValueNames(filters, reading, context.api, `${context.request.requestId}-${refId}-api`).pipe(
        map((names) => {
          const base = { refId, answeredAtMs: context.nowMs };
          const frames =
            query.kind === 'fairness'
              ? fairnessFrames(reading, base, names)
              : segmentsFrames(query, reading, base, names);
          return response(refId, frames, reading.errors());
        })
      )
    )
  );
}

/** Without a window, what is set of the model says which: then that one is asked for. */
function detailResponse(
  query: AccuracyDetailQuery,
  filters: ResolvedFilters,
  context: AnswerContext,
  answers: ReadonlyMap<string, PartAnswer>
): Observable<DataQueryResponse> {
  const { refId, window } = query;
  const reading = new Reading(answers, refId);
  if (!window) {
    const found = windowOfVerdict(reading);
    return found
      ? answerQuery({ ...query, window: found }, filters, context)
      : of(response(refId, [], reading.errors()));
  }
  const base = { refId, answeredAtMs: context.nowMs };
  const frames = accuracyDetailFrames(window, reading, rangeOf(context), base);
  return of(response(refId, frames, reading.errors()));
}

/** Like segments in a file of its own: most dashboards do without. */
function explorationResponse(
  query: ExplorationQuery,
  filters: ResolvedFilters,
  context: AnswerContext
): Observable<DataQueryResponse> {
  const { refId } = query;
  const base = { refId, answeredAtMs: context.nowMs };
  const requestId = `${context.request.requestId}-${refId}-rows`;
  return defer(() => import(/* webpackChunkName: "exploration" */ './exploration')).pipe(
    mergeMap(({ askRows, explorationFrames }) =>
      askRows(query, filters, rangeOf(context), context.api, requestId).pipe(
        map((found) => response(refId, explorationFrames(query, found, base), []))
      )
    )
  );
}

/** Always one packet, keyed by the query's refId; failures are in its `errors`. */
export function answerQuery(
  asked: ModelwatchQuery,
  filters: ResolvedFilters,
  context: AnswerContext
): Observable<DataQueryResponse> {
  if (asked.kind === 'exploration') return explorationResponse(asked, filters, context);
  const query = asked.kind === 'distribution' ? withSubject(asked, filters) : asked;
  const { from, to } = context.request.range;
  const parts = buildParts(query, filters, (to.valueOf() - from.valueOf()) / 1_000);
  const prometheus = askPrometheus(context.prometheusUid, context.request, query.refId, parts);
  if (query.kind === 'inventory') {
    return forkJoin([prometheus, askApi(query, context)]).pipe(
      map(([answers, api]) => inventoryResponse(query, filters, context, answers, api))
    );
  }
  if (query.kind === 'distribution') return distributionResponse(query, filters, context, prometheus);
  if (query.kind === 'segments' || query.kind === 'fairness') {
    return prometheus.pipe(mergeMap((answers) => segmentsResponse(query, filters, context, answers)));
  }
  if (query.kind === 'accuracy-versions') {
    // Beside what it shares with segments.
    const versions = defer(() => import(/* webpackChunkName: "segments" */ './versions'));
    return forkJoin([prometheus, versions]).pipe(
      map(([answers, { versionFrames }]) => {
        const reading = new Reading(answers, query.refId);
        const base = { refId: query.refId, answeredAtMs: context.nowMs };
        return response(query.refId, versionFrames(query, reading, base), reading.errors());
      })
    );
  }
  if (query.kind === 'prediction-history') {
    const predictions = defer(() => import(/* webpackChunkName: "exploration" */ './predictions'));
    return forkJoin([prometheus, predictions]).pipe(
      map(([answers, { predictionFrames }]) => {
        const reading = new Reading(answers, query.refId);
        const base = { refId: query.refId, answeredAtMs: context.nowMs };
        return response(query.refId, predictionFrames(reading, rangeOf(context), base), reading.errors());
      })
    );
  }
  if (query.kind === 'accuracy-detail') {
    return prometheus.pipe(mergeMap((answers) => detailResponse(query, filters, context, answers)));
  }
  return prometheus.pipe(
    map((answers) => {
      const reading = new Reading(answers, query.refId);
      const frames = framesOf(query, filters, reading, context);
      return response(query.refId, frames, reading.errors());
    })
  );
}
