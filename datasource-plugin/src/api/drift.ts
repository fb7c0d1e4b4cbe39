/** Answers to the queries *drift* and *distribution*. */
import type { DataFrame, QueryResultMetaNotice } from '@grafana/data';
import type { ModelMonitoring } from '@modelwatch/contract';
import { catchError, map, of, type Observable } from 'rxjs';
import { distributionOf, lacksNames, type Categories } from '../frames/drift/distribution';
import { distributionFrame } from '../frames/drift/distributionFrame';
import { historyFrames, readHistory, sinceMs } from '../frames/drift/history';
import { driftScoresFrame } from '../frames/drift/scoresFrame';
import { joinDrift, type DriftJoin, type DriftRow } from '../frames/drift/subjects';
import { modelIdKey, modelTitle } from '../frames/identity';
import type { FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples, readSeries } from '../frames/samples';
import { isAsRecorded, MAX_MODELS } from '../query/drift';
import type { ResolvedFilters } from '../query/filters';
import type { DistributionQuery, DriftQuery } from '../query/types';
import type { ExporterApi } from './exporter';
import { errorText } from './prometheus';
import type { Reading } from './reading';

export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Rows come worst first, so that the first models are those that drifted most. */
function bounded(rows: readonly DriftRow[]): { rows: readonly DriftRow[]; notices: QueryResultMetaNotice[] } {
  const models = [...new Set(rows.map(modelIdKey))];
  if (models.length <= MAX_MODELS) return { rows, notices: [] };
  const shown = new Set(models.slice(0, MAX_MODELS));
  const text = `Only the ${MAX_MODELS} models that drifted most are shown: choose a namespace or a model for the others.`;
  return { rows: rows.filter((row) => shown.has(modelIdKey(row))), notices: [{ severity: 'info', text }] };
}

function silentNotices(silent: DriftJoin['silent']): QueryResultMetaNotice[] {
  return [...silent].map(([window, models]) => ({
    severity: 'warning',
    text: `No drift is recorded over ${window} of ${models.map(modelTitle).join(', ')}: the rules of that window are not loaded, or have not been evaluated yet.`,
  }));
}

export function driftFrames(query: DriftQuery, reading: Reading, range: Range, base: FrameContext): DataFrame[] {
  const now = reading.part('now', readSamples);
  const before = reading.part('week-before', readSamples) ?? [];
  const series = reading.part('drift-history', readSeries) ?? [];
  if (!now) return [];
  const joined = joinDrift({ now, before, window: query.window });
  const { rows, notices } = bounded(joined.rows);
  const history = readHistory(series, rows, range);
  const dated = rows.map((row) => ({ ...row, sinceMs: sinceMs(row, history, range.toMs) }));
  const context = {
    ...base,
    notices: [...notices, ...silentNotices(joined.silent), ...droppedNotices(joined.dropped)],
  };
  return [driftScoresFrame(dated, context), ...historyFrames(history, base)];
}

/** What the exporter says of the names of categories; or why it does not. */
type Names = { readonly categories?: Categories } | { readonly missing: string };

function categoriesOf({ references }: ModelMonitoring, { subject }: DistributionQuery, feature: string): Categories {
  return new Map(
    references.map(({ id, features, prediction }) => {
      const column = subject === 'prediction' ? prediction : features.find(({ name }) => name === feature);
      const named = (column?.bins ?? []).flatMap(({ bin, category }): Array<[string, string]> =>
        category === undefined ? [] : [[bin, category]]
      );
      return [id, new Map(named)];
    })
  );
}

/** Categories are labels only where their names may be shown to whoever reads metrics: others the exporter knows. */
export function askNames(
  query: DistributionQuery,
  { namespace: [namespace = ''], model: [model = ''], feature: [feature = ''] }: ResolvedFilters,
  reading: Reading,
  api: ExporterApi | undefined,
  requestId: string
): Observable<Names> {
  const bins = reading.part('bins', readSamples);
  if (!bins || !lacksNames(bins)) return of({});
  if (!api) return of({ missing: 'no URL of an exporter is set in the data source' });
  return api.monitoring({ namespace, model }, requestId).pipe(
    map((monitoring) => ({ categories: categoriesOf(monitoring, query, feature) })),
    catchError((error: unknown) => of({ missing: errorText(error) }))
  );
}

export function distributionFrames(
  query: DistributionQuery,
  filters: ResolvedFilters,
  reading: Reading,
  range: Range,
  base: FrameContext,
  names: Names
): DataFrame[] {
  const now = reading.part('now', readSamples);
  const bins = reading.part('bins', readSamples);
  const rows = reading.part('rows', readSamples);
  const series = reading.part('drift-history', readSeries) ?? [];
  // Without one of them a bin would be empty that nobody has counted.
  if (!now || !bins || !rows) return [];
  const asRecorded = isAsRecorded(query, filters);
  const window = query.window === 'range' ? undefined : query.window;
  const joined = joinDrift({ now, window });
  const history = readHistory(series, joined.rows, range);
  const subjects = joined.rows.map((row) => ({ ...row, sinceMs: sinceMs(row, history, range.toMs) }));
  const choice = { asRecorded, method: query.method, window: query.window };
  const categories = 'categories' in names ? names.categories : undefined;
  const found = distributionOf({ bins, rows, subjects, categories }, choice);
  if (!found) return [];
  const unnamed: QueryResultMetaNotice[] =
    'missing' in names
      ? [{ severity: 'info', text: `Bins are without the names of their categories: ${names.missing}.` }]
      : [];
  return [distributionFrame(found, { ...base, notices: [...unnamed, ...droppedNotices(joined.dropped)] })];
}
