/** Answers to the query *custom-metric*. */
import type { DataFrame } from '@grafana/data';
import { customMetricsFrame } from '../frames/custom/frame';
import { customHistoryFrames, customSinceMs, readCustomHistory } from '../frames/custom/history';
import { joinCustom } from '../frames/custom/join';
import type { FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples, readSeries } from '../frames/samples';
import { customMetricParts } from '../query/custom';
import type { CustomMetricQuery } from '../query/types';
import { answerParts, rangeOf, rangeSeconds, type Answer } from './context';
import { boundedModels, type Range } from './models';
import type { Reading } from './reading';

function framesOf({ show }: CustomMetricQuery, reading: Reading, range: Range, base: FrameContext): DataFrame[] {
  const now = reading.part('now', readSamples);
  const series = reading.part('custom-history', readSeries) ?? [];
  if (!now) return [];
  const joined = joinCustom(now);
  const { rows, notices } = boundedModels(joined.rows, 'whose verdict is worst');
  const history = readCustomHistory(series, range);
  if (show === 'values') return customHistoryFrames(rows, history, base);
  const dated = rows.map((row) => ({ ...row, sinceMs: customSinceMs(row, history, range.toMs) }));
  const context = { ...base, notices: [...notices, ...droppedNotices(joined.dropped)] };
  return [customMetricsFrame(dated, context)];
}

export const answerCustomMetric: Answer<CustomMetricQuery> = (query, filters, context) =>
  answerParts(query.refId, customMetricParts(filters, rangeSeconds(context)), context, (reading, base) =>
    framesOf(query, reading, rangeOf(context), base)
  );
