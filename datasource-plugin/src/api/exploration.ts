/** Answers to the query *exploration*. */
import type { DataFrame, QueryResultMetaNotice } from '@grafana/data';
import { ROWS_PER_POINT, type ModelRows } from '@modelwatch/contract';
import { catchError, EMPTY, expand, map, of, reduce, type Observable } from 'rxjs';
import { predictedByRows } from '../frames/exploration/overTime';
import { rowsFrame } from '../frames/exploration/rowsFrame';
import type { FrameContext } from '../frames/inventoryFrame';
import { linesFrame } from '../frames/lines';
import type { ResolvedFilters } from '../query/filters';
import type { ExplorationQuery } from '../query/types';
import { rangeOf, response, type Answer } from './context';
import type { ExporterApi } from './exporter';
import type { Range } from './models';
import { errorText } from './prometheus';

/** As many as one page of the exporter has: a table with more is no help to anybody. */
const MOST_ROWS = 1_000;
/** Over time more are needed, without their features. */
const MOST_PAGES = 10;

export type Rows = { readonly rows: ModelRows } | { readonly missing: string };

/** Without rows is no fault: they are off until somebody switches them on. */
function askRows(
  { show, only }: ExplorationQuery,
  filters: ResolvedFilters,
  { fromMs, toMs }: Range,
  api: ExporterApi | undefined,
  requestId: string
): Observable<Rows> {
  const [namespace, model] = [filters.namespace, filters.model].map((values) => (values.length === 1 ? values[0] : ''));
  if (!namespace || !model) return of({ missing: 'rows are of one model: choose a namespace and a model' });
  if (!api) return of({ missing: 'no URL of an exporter is set in the data source' });
  if (filters.version.length > 1) return of({ missing: 'rows are of one version, or of all' });
  const asked = new URLSearchParams({
    ...{ limit: String(MOST_ROWS), from: String(Math.floor(fromMs / 1_000)), to: String(Math.ceil(toMs / 1_000)) },
    ...(filters.version[0] !== undefined && { version: filters.version[0] }),
    ...((only === 'joined' || show === 'predicted-actual') && { joined: 'true' }),
    ...(show === 'predicted-actual' && { features: 'false' }),
    ...(only === 'wrong' && { wrong: 'true' }),
  });
  const [segment, value] = [filters.segment[0], filters.segment_value[0]];
  if (segment !== undefined && value !== undefined) {
    asked.set('segment', segment);
    asked.set('value', value);
  }
  const page = (before?: number): Observable<ModelRows> =>
    api.rows(
      { namespace, model },
      before === undefined ? asked : new URLSearchParams([...asked, ['before', String(before)]]),
      `${requestId}-${before ?? ''}`
    );
  return page().pipe(
    expand((rows, index) =>
      show !== 'predicted-actual' || rows.next === undefined || index + 1 >= MOST_PAGES ? EMPTY : page(rows.next)
    ),
    reduce((all, rows) => ({ ...rows, items: [...all.items, ...rows.items] })),
    map((rows) => ({ rows })),
    catchError((error: unknown) => of({ missing: errorText(error) }))
  );
}

function explorationFrames(query: ExplorationQuery, found: Rows, base: FrameContext): DataFrame[] {
  if ('missing' in found) {
    const notices: QueryResultMetaNotice[] = [{ severity: 'info', text: `No rows: ${found.missing}.` }];
    return [rowsFrame([], undefined, { ...base, notices })];
  }
  const { rows } = found;
  const { namespace, model, held, items, next } = rows;
  const rowsOf = { namespace, model, held: held.rows, shown: items.length };
  if (query.show === 'predicted-actual') {
    const { timesMs, lines, isShare } = predictedByRows(rows);
    const over = { timesMs, lines, config: isShare ? { unit: 'percentunit' } : {} };
    if (timesMs.length > 0) return [linesFrame('value', { kind: 'predicted-actual-rows', rowsOf }, over, base)];
    const few = `${items.length} rows with an actual are held; a point needs ${ROWS_PER_POINT}.`;
    return [rowsFrame([], rowsOf, { ...base, notices: [{ severity: 'info', text: few }] })];
  }
  const text = `The last ${items.length} of the rows that are held: choose a shorter time range for others.`;
  const notices: QueryResultMetaNotice[] = next === undefined ? [] : [{ severity: 'info', text }];
  return [rowsFrame(items, rowsOf, { ...base, notices })];
}

export const answerExploration: Answer<ExplorationQuery> = (query, filters, context) => {
  const { refId } = query;
  const requestId = `${context.request.requestId}-${refId}-rows`;
  const base = { refId, answeredAtMs: context.nowMs };
  return askRows(query, filters, rangeOf(context), context.api, requestId).pipe(
    map((found) => response(refId, explorationFrames(query, found, base), []))
  );
};
