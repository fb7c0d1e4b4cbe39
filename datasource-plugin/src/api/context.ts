/** What the answers to all kinds of queries have in common. */
import { LoadingState, type DataFrame, type DataQueryError, type DataQueryResponse } from '@grafana/data';
import { map, type Observable } from 'rxjs';
import type { FrameContext } from '../frames/inventoryFrame';
import type { ResolvedFilters } from '../query/filters';
import type { PromPart } from '../query/parts';
import type { ModelwatchQuery } from '../query/types';
import type { ExporterApi } from './exporter';
import type { Range } from './models';
import { askPrometheus, type BaseRequest } from './prometheus';
import { Reading } from './reading';

export interface AnswerContext {
  readonly prometheusUid: string | undefined;
  /** Undefined when no API is configured. */
  readonly api: ExporterApi | undefined;
  /** Uid of an Alertmanager, as in the settings. */
  readonly alertmanagerUid?: string | undefined;
  readonly request: BaseRequest;
  readonly nowMs: number;
}

export function response(refId: string, data: DataFrame[], errors: DataQueryError[]): DataQueryResponse {
  return { key: refId, state: LoadingState.Done, data, ...(errors.length && { errors }) };
}

/** Answers one kind of query: one packet, keyed by the query's refId; failures are in its `errors`. */
export type Answer<Query extends ModelwatchQuery> = (
  query: Query,
  filters: ResolvedFilters,
  context: AnswerContext
) => Observable<DataQueryResponse>;

export function rangeOf({ request }: AnswerContext): Range {
  return { fromMs: request.range.from.valueOf(), toMs: request.range.to.valueOf() };
}

/** A window below this holds no two samples. */
const MIN_RANGE_SECONDS = 60;

/** Length of the time range, as a window in PromQL: how far the period before lies back. */
export function rangeSeconds(context: AnswerContext): number {
  const { fromMs, toMs } = rangeOf(context);
  return Math.max(MIN_RANGE_SECONDS, Math.round((toMs - fromMs) / 1_000));
}

/** Id of what the exporter's API is asked for beside Prometheus: a newer request of the same query cancels it. */
export function apiRequestId({ request }: AnswerContext, refId: string): string {
  return `${request.requestId}-${refId}-api`;
}

export function askParts(refId: string, parts: readonly PromPart[], context: AnswerContext): Observable<Reading> {
  return askPrometheus(context.prometheusUid, context.request, refId, parts).pipe(
    map((answers) => new Reading(answers, refId))
  );
}

/** What is read of the parts, with the errors of those that failed. */
export function answerOf(
  refId: string,
  reading: Reading,
  { nowMs }: AnswerContext,
  read: (base: FrameContext) => DataFrame[]
): DataQueryResponse {
  const frames = read({ refId, answeredAtMs: nowMs });
  return response(refId, frames, reading.errors());
}

/** The answer of a kind that asks Prometheus alone. */
export function answerParts(
  refId: string,
  parts: readonly PromPart[],
  context: AnswerContext,
  read: (reading: Reading, base: FrameContext) => DataFrame[]
): Observable<DataQueryResponse> {
  return askParts(refId, parts, context).pipe(
    map((reading) => answerOf(refId, reading, context, (base) => read(reading, base)))
  );
}
