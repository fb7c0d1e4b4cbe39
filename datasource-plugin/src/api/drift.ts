/** Answers to the queries *drift* and *distribution*. */
import type { DataFrame, QueryResultMetaNotice } from '@grafana/data';
import type { ModelMonitoring } from '@modelwatch/contract';
import { catchError, forkJoin, map, of, type Observable } from 'rxjs';
import { joinDetectors } from '../frames/drift/detectors';
import { detectorsFrame } from '../frames/drift/detectorsFrame';
import { distributionOf, lacksNames, type Categories } from '../frames/drift/distribution';
import { distributionFrame } from '../frames/drift/distributionFrame';
import { historyFrames, readHistory, sinceMs } from '../frames/drift/history';
import { driftScoresFrame } from '../frames/drift/scoresFrame';
import { originsOf } from '../frames/drift/origins';
import { joinDrift } from '../frames/drift/subjects';
import type { FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples, readSeries } from '../frames/samples';
import { distributionParts, driftParts, isAsRecorded, withSubject } from '../query/drift';
import type { ResolvedFilters } from '../query/filters';
import type { DistributionQuery, DriftQuery } from '../query/types';
import { answerOf, answerParts, apiRequestId, askParts, rangeOf, rangeSeconds, type Answer } from './context';
import type { ExporterApi } from './exporter';
import { boundedModels, silentNotices, type Range } from './models';
import { errorText } from './prometheus';
import type { Reading } from './reading';

/** What was not said of detectors leaves our own drift as it is. */
function framesOfDetectors(reading: Reading, base: FrameContext): DataFrame[] {
  const joined = joinDetectors(reading.part('detectors', readSamples) ?? []);
  if (joined.rows.length + joined.dropped.size === 0) return [];
  const { rows, notices } = boundedModels(joined.rows, 'that detectors warn of');
  return [detectorsFrame(rows, { ...base, notices: [...notices, ...droppedNotices(joined.dropped)] })];
}

const NOT_RECORDED = 'the rules of that window are not loaded, or have not been evaluated yet';

function driftFrames(query: DriftQuery, reading: Reading, range: Range, base: FrameContext): DataFrame[] {
  const now = reading.part('now', readSamples);
  const before = reading.part('week-before', readSamples) ?? [];
  const series = reading.part('drift-history', readSeries) ?? [];
  const detectors = framesOfDetectors(reading, base);
  if (!now) return detectors;
  const joined = joinDrift({ now, before, window: query.window });
  const { rows, notices } = boundedModels(joined.rows, 'that drifted most');
  const history = readHistory(series, rows, range);
  const dated = rows.map((row) => ({ ...row, sinceMs: sinceMs(row, history, range.toMs) }));
  const context = {
    ...base,
    notices: [...notices, ...silentNotices(joined.silent, 'drift', NOT_RECORDED), ...droppedNotices(joined.dropped)],
  };
  return [driftScoresFrame(dated, context), ...historyFrames(history, base), ...detectors];
}

/** What the exporter says of the model that the distribution is of; or why it does not. */
type Told = { readonly monitoring: ModelMonitoring } | { readonly missing: string };

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
function askMonitoring(
  { namespace: [namespace = ''], model: [model = ''] }: ResolvedFilters,
  api: ExporterApi | undefined,
  requestId: string
): Observable<Told> {
  if (!api) return of({ missing: 'no URL of an exporter is set in the data source' });
  return api.monitoring({ namespace, model }, requestId).pipe(
    map((monitoring) => ({ monitoring })),
    catchError((error: unknown) => of({ missing: errorText(error) }))
  );
}

function distributionFrames(
  query: DistributionQuery,
  filters: ResolvedFilters,
  reading: Reading,
  range: Range,
  base: FrameContext,
  told: Told
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
  const monitoring = 'monitoring' in told ? told.monitoring : undefined;
  const [feature = ''] = filters.feature;
  const categories = monitoring && lacksNames(bins) ? categoriesOf(monitoring, query, feature) : undefined;
  const found = distributionOf({ bins, rows, subjects, categories }, choice);
  if (!found) return [];
  const unnamed: QueryResultMetaNotice[] =
    'missing' in told && lacksNames(bins)
      ? [{ severity: 'info', text: `Bins are without the names of their categories: ${told.missing}.` }]
      : [];
  const noScore: QueryResultMetaNotice[] = found.noScore ? [{ severity: 'info', text: found.noScore }] : [];
  const origins = monitoring && originsOf(monitoring.settings, found.subject);
  const notices = [...noScore, ...unnamed, ...droppedNotices(joined.dropped)];
  return [distributionFrame(found, { ...base, notices }, origins)];
}

export const answerDrift: Answer<DriftQuery> = (query, filters, context) =>
  answerParts(query.refId, driftParts(query, filters, rangeSeconds(context)), context, (reading, base) =>
    driftFrames(query, reading, rangeOf(context), base)
  );

export const answerDistribution: Answer<DistributionQuery> = (asked, filters, context) => {
  const { refId } = asked;
  const query = withSubject(asked, filters);
  const parts = distributionParts(query, filters, rangeSeconds(context));
  const told = askMonitoring(filters, context.api, apiRequestId(context, refId));
  return forkJoin([askParts(refId, parts, context), told]).pipe(
    map(([reading, found]) =>
      answerOf(refId, reading, context, (base) =>
        distributionFrames(query, filters, reading, rangeOf(context), base, found)
      )
    )
  );
};
