/** Answers to the query *segments*. */
import type { DataFrame, QueryResultMetaNotice } from '@grafana/data';
import { catchError, map, mergeMap, of, type Observable } from 'rxjs';
import type { FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples } from '../frames/samples';
import { hidesNames, segmentRows, type SegmentAnswers } from '../frames/segments/segments';
import { segmentsFrame } from '../frames/segments/segmentsFrame';
import type { ResolvedFilters } from '../query/filters';
import { segmentsParts } from '../query/segments';
import type { SegmentsQuery } from '../query/types';
import { answerOf, apiRequestId, askParts, rangeSeconds, type Answer } from './context';
import type { ExporterApi } from './exporter';
import { errorText } from './prometheus';
import type { Reading } from './reading';

/** What values are called where that is no label; or why nobody says it. */
export type ValueNames = { readonly names?: NonNullable<SegmentAnswers['names']> } | { readonly missing: string };

export function askValueNames(
  { namespace: [namespace = ''], model: [model = ''] }: ResolvedFilters,
  reading: Reading,
  api: ExporterApi | undefined,
  requestId: string
): Observable<ValueNames> {
  const bins = reading.part('bins', readSamples);
  // Names are asked for of one model.
  if (!bins || !hidesNames(bins) || namespace === '' || model === '') return of({});
  if (!api) return of({ missing: 'no URL of an exporter is set in the data source' });
  return api.monitoring({ namespace, model }, requestId).pipe(
    map(({ segments = [] }) => ({
      names: new Map(
        segments.map(({ column, values }) => [column, new Map(values.map(({ label, name }) => [label, name]))])
      ),
    })),
    catchError((error: unknown) => of({ missing: errorText(error) }))
  );
}

function segmentsFrames(query: SegmentsQuery, reading: Reading, base: FrameContext, values: ValueNames): DataFrame[] {
  const now = reading.part('now', readSamples);
  const bins = reading.part('bins', readSamples);
  const rows = reading.part('rows', readSamples);
  const pairs = reading.part('pairs', readSamples) ?? [];
  // Without one of them a value would be calm that nobody has judged.
  if (!now || !bins || !rows) return [];
  const names = 'names' in values ? values.names : undefined;
  const found = segmentRows({ now, bins, rows, pairs, window: query.window ?? 'range', names });
  const unnamed: QueryResultMetaNotice[] =
    'missing' in values ? [{ severity: 'info', text: `Values are without their names: ${values.missing}.` }] : [];
  return [segmentsFrame(found.rows, { ...base, notices: [...unnamed, ...droppedNotices(found.dropped)] })];
}

export const answerSegments: Answer<SegmentsQuery> = (query, filters, context) => {
  const { refId } = query;
  return askParts(refId, segmentsParts(query, filters, rangeSeconds(context)), context).pipe(
    mergeMap((reading) =>
      askValueNames(filters, reading, context.api, apiRequestId(context, refId)).pipe(
        map((names) => answerOf(refId, reading, context, (base) => segmentsFrames(query, reading, base, names)))
      )
    )
  );
};
