/** Asks the Prometheus data source that the user has, at run time, as the user. */
import {
  isDataFrame,
  toDataFrame,
  type DataFrame,
  type DataQuery,
  type DataQueryError,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  type ScopedVars,
} from '@grafana/data';
import { getDataSourceSrv, getTemplateSrv } from '@grafana/runtime';
import { catchError, defer, forkJoin, from, map, mergeMap, of, reduce, type Observable } from 'rxjs';
import { DATASOURCE_PLUGIN_ID } from '@modelwatch/contract';
import { stepSeconds } from '../query/step';

/** A question to Prometheus: as of the end of the range, or with `maxPoints` over the range. */
export interface Question {
  readonly name: string;
  readonly expr: string;
  readonly maxPoints?: number;
  readonly minStepSeconds?: number;
}

/** What came back: frames, or why not. */
export type PartAnswer = { readonly frames: DataFrame[] } | { readonly error: string };

/** What a sub-request takes over from the request it belongs to. */
export type BaseRequest = Omit<DataQueryRequest<DataQuery>, 'targets'>;

/** The query model of Grafana's Prometheus data source, as far as it is used here. */
interface PromQuery extends DataQuery {
  expr: string;
  instant: boolean;
  range: boolean;
  format: 'time_series';
  interval?: string;
  legendFormat: string;
}

/** The interval in milliseconds of a request that has none, as those of variables have. */
const FALLBACK_INTERVAL_MS = 30_000;

/**
 * The data source that `uid` names.
 * @throws Error in words when none is chosen, when it does not exist, or when it is one of ours
 */
async function findPrometheus(uid: string | undefined, scopedVars?: ScopedVars): Promise<DataSourceApi> {
  if (!uid) throw new Error('No Prometheus data source is chosen in the settings of this data source.');
  const resolved = getTemplateSrv().replace(uid, scopedVars);
  const found = await getDataSourceSrv().get({ uid: resolved }, scopedVars);
  if (found.type === DATASOURCE_PLUGIN_ID) {
    throw new Error(`Data source ${resolved} is a Modelwatch data source; it needs a Prometheus data source to ask.`);
  }
  return found;
}

/** The words of an error, wherever Grafana has put them. */
export function errorText(error: unknown): string {
  if (typeof error === 'string') return error;
  const { message, data, statusText } = (error ?? {}) as {
    message?: unknown;
    data?: { message?: unknown } | null;
    statusText?: unknown;
  };
  const text = [message, data?.message, statusText].find((part) => typeof part === 'string' && part !== '');
  return typeof text === 'string' ? text : 'no reason was given';
}

/** All packets of one response; a packet replaces the one with the same key. */
function collect(response: Observable<DataQueryResponse>): Observable<DataQueryResponse[]> {
  return response.pipe(
    reduce((packets, packet) => packets.set(packet.key ?? '', packet), new Map<string, DataQueryResponse>()),
    map((packets) => [...packets.values()])
  );
}

/** A frame belongs to a question by its refId; Prometheus appends to it where it has asked twice. */
function isOf(refId: string, frameRefId: string | undefined): boolean {
  return frameRefId === refId || frameRefId === `${refId}-Instant`;
}

function answersOf(packets: DataQueryResponse[], refIds: ReadonlyMap<string, string>): Map<string, PartAnswer> {
  const frames = packets.flatMap(({ data }) => data.map((one) => (isDataFrame(one) ? one : toDataFrame(one))));
  const errors: DataQueryError[] = packets.flatMap(({ error, errors: several }) => [
    ...(several ?? []),
    ...(error ? [error] : []),
  ]);
  return new Map(
    [...refIds].map(([name, refId]): [string, PartAnswer] => {
      // An error without a refId may be anybody's, so it is everybody's: half an answer must not pass for a whole one.
      const failed = errors.find((error) => error.refId === undefined || isOf(refId, error.refId));
      if (failed) return [name, { error: errorText(failed) }];
      return [name, { frames: frames.filter((frame) => isOf(refId, frame.refId)) }];
    })
  );
}

function promQuery(refId: string, question: Question, step: number | undefined, ds: DataSourceApi): PromQuery {
  return {
    refId,
    expr: question.expr,
    instant: step === undefined,
    range: step !== undefined,
    format: 'time_series',
    // The automatic legend compares every series with every other one, and nobody reads it here.
    legendFormat: '{{namespace}}/{{model}}',
    ...(step !== undefined && { interval: `${step}s` }),
    datasource: { uid: ds.uid, type: ds.type },
  };
}

/** One sub-request: its own id, so that none cancels another, and its own interval; the rest is passed on whole. */
function subRequest(
  base: BaseRequest,
  id: string,
  targets: PromQuery[],
  step: number | undefined,
  maxPoints: number | undefined
): DataQueryRequest<PromQuery> {
  const intervalMs = step === undefined ? base.intervalMs || FALLBACK_INTERVAL_MS : step * 1000;
  const interval = step === undefined ? base.interval || `${intervalMs / 1000}s` : `${step}s`;
  return {
    ...base,
    requestId: `${base.requestId}-${id}`,
    targets,
    interval,
    intervalMs,
    maxDataPoints: maxPoints ?? base.maxDataPoints ?? 100,
    scopedVars: {
      ...base.scopedVars,
      __interval: { text: interval, value: interval },
      __interval_ms: { text: String(intervalMs), value: intervalMs },
    },
  };
}

function askOnce(
  ds: DataSourceApi,
  base: BaseRequest,
  refId: string,
  questions: readonly Question[]
): Observable<Map<string, PartAnswer>> {
  const [first] = questions;
  if (!first) return of(new Map());
  const maxPoints = first.maxPoints;
  const rangeMs = base.range.to.valueOf() - base.range.from.valueOf();
  const leastMs = Math.max(base.intervalMs || 0, (first.minStepSeconds ?? 0) * 1000);
  const step = maxPoints === undefined ? undefined : stepSeconds(rangeMs, leastMs, maxPoints);
  const refIds = new Map(questions.map(({ name }) => [name, `${refId}_${name}`]));
  const targets = questions.map((question) => promQuery(`${refId}_${question.name}`, question, step, ds));
  const request = subRequest(base, `${refId}-${first.name}`, targets, step, maxPoints);
  return collect(defer(() => from(ds.query(request)))).pipe(
    map((packets) => answersOf(packets, refIds)),
    catchError((error: unknown) =>
      of(new Map(questions.map(({ name }): [string, PartAnswer] => [name, { error: errorText(error) }])))
    )
  );
}

/**
 * Asks all questions: those as of the end of the range in one sub-request, each one over the range in its own. A
 * question that fails answers with its error; the others stand.
 * @param refId of the query that the questions serve; with each question's name it makes the refIds of the parts
 */
export function askPrometheus(
  uid: string | undefined,
  base: BaseRequest,
  refId: string,
  questions: readonly Question[]
): Observable<ReadonlyMap<string, PartAnswer>> {
  const failAll = (error: unknown): ReadonlyMap<string, PartAnswer> =>
    new Map(questions.map(({ name }) => [name, { error: errorText(error) }]));
  const groups = [
    questions.filter(({ maxPoints }) => maxPoints === undefined),
    ...questions.filter(({ maxPoints }) => maxPoints !== undefined).map((question) => [question]),
  ].filter((group) => group.length);
  return defer(() => findPrometheus(uid, base.scopedVars)).pipe(
    mergeMap((ds) => (groups.length === 0 ? of([]) : forkJoin(groups.map((group) => askOnce(ds, base, refId, group))))),
    map((answers) => new Map(answers.flatMap((answer) => [...answer]))),
    catchError((error: unknown) => of(failAll(error)))
  );
}
