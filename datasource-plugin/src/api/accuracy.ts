/** Answers to the queries *accuracy* and *accuracy-detail*. */
import type { DataFrame, QueryResultMetaNotice } from '@grafana/data';
import { DRIFT_WINDOWS, type DistributionWindow } from '@modelwatch/contract';
import { mergeMap, of } from 'rxjs';
import { accuracyHistoryFrames, accuracySinceMs, readAccuracyHistory } from '../frames/accuracy/history';
import { joinAccuracy } from '../frames/accuracy/scores';
import { accuracyScoresFrame } from '../frames/accuracy/scoresFrame';
import { detailOf, modelOf, readSettings } from '../frames/accuracy/detail';
import { detailFrames } from '../frames/accuracy/detailFrames';
import { predictedActual } from '../frames/accuracy/predicted';
import { modelTitle } from '../frames/identity';
import type { FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples, readSeries } from '../frames/samples';
import { accuracyParts } from '../query/accuracy';
import { accuracyDetailParts } from '../query/accuracyDetail';
import type { ResolvedFilters } from '../query/filters';
import type { AccuracyDetailQuery, AccuracyQuery } from '../query/types';
import { answerOf, answerParts, askParts, rangeOf, rangeSeconds, type Answer } from './context';
import { boundedModels, silentNotices, type Range } from './models';
import type { Reading } from './reading';

const NOT_RECORDED = 'there was no pair of prediction and actual yet, or the rules of that window are not loaded';

function accuracyFrames(
  query: AccuracyQuery,
  filters: ResolvedFilters,
  reading: Reading,
  range: Range,
  base: FrameContext
): DataFrame[] {
  const now = reading.part('now', readSamples);
  const actuals = reading.part('actuals', readSamples) ?? [];
  const before = reading.part('week-before', readSamples) ?? [];
  const series = reading.part('accuracy-history', readSeries) ?? [];
  if (!now) return [];
  const joined = joinAccuracy({ now, actuals, before, window: query.window, metrics: filters.metric });
  const { rows, notices } = boundedModels(joined.rows, 'whose accuracy is worst');
  const history = readAccuracyHistory(series, rows, range);
  const dated = rows.map((row) => ({ ...row, sinceMs: accuracySinceMs(row, history, range.toMs) }));
  const context = {
    ...base,
    notices: [...notices, ...silentNotices(joined.silent, 'accuracy', NOT_RECORDED), ...droppedNotices(joined.dropped)],
  };
  return [accuracyScoresFrame(dated, context), ...accuracyHistoryFrames(history, base)];
}

/** The window that the verdict on the model rests on; undefined where nothing is set, so nothing judged. */
function windowOfVerdict(reading: Reading): DistributionWindow | undefined {
  const [settings] = readSettings(reading.part('now', readSamples) ?? []).values();
  return DRIFT_WINDOWS.find((window) => window === settings?.window);
}

function accuracyDetailFrames(
  window: DistributionWindow,
  reading: Reading,
  range: Range,
  base: FrameContext
): DataFrame[] {
  const now = reading.part('now', readSamples);
  const counts = reading.part('counts', readSamples);
  const series = reading.part('predicted-actual', readSeries) ?? [];
  // Without one of them nothing would look counted.
  if (!now || !counts) return [];
  const settings = readSettings(now);
  const model = modelOf(settings, counts);
  if (!model) return [];
  const detail = detailOf(model, counts, window);
  const text = `Several clusters have a model of this name: this is ${modelTitle(model)}, the one with the most pairs. Choose a cluster for another.`;
  const notices: QueryResultMetaNotice[] = settings.size > 1 ? [{ severity: 'info', text }] : [];
  return detailFrames(detail, predictedActual(detail.subject, series, range), { ...base, notices });
}

export const answerAccuracy: Answer<AccuracyQuery> = (query, filters, context) =>
  answerParts(query.refId, accuracyParts(query, filters, rangeSeconds(context)), context, (reading, base) =>
    accuracyFrames(query, filters, reading, rangeOf(context), base)
  );

/** Without a window, what is set of the model says which: then that one is asked for. */
export const answerAccuracyDetail: Answer<AccuracyDetailQuery> = (query, filters, context) => {
  const { refId, window } = query;
  return askParts(refId, accuracyDetailParts(query, filters, rangeSeconds(context)), context).pipe(
    mergeMap((reading) => {
      const found = window ?? windowOfVerdict(reading);
      if (!window && found) return answerAccuracyDetail({ ...query, window: found }, filters, context);
      return of(
        answerOf(refId, reading, context, (base) =>
          found ? accuracyDetailFrames(found, reading, rangeOf(context), base) : []
        )
      );
    })
  );
};
