/** Answers to the query *prediction-history*. */
import type { DataFrame, QueryResultMetaNotice } from '@grafana/data';
import type { FrameContext } from '../frames/inventoryFrame';
import { linesFrame } from '../frames/lines';
import { predictionHistory } from '../frames/predictions/history';
import { readSamples, readSeries } from '../frames/samples';
import { predictionHistoryParts } from '../query/predictionHistory';
import type { PredictionHistoryQuery } from '../query/types';
import { answerParts, rangeOf, type Answer } from './context';
import type { Range } from './models';
import type { Reading } from './reading';

function predictionFrames(reading: Reading, range: Range, base: FrameContext): DataFrame[] {
  const bins = reading.part('bins', readSamples);
  const rows = reading.part('prediction-rows', readSeries);
  const needed = reading.part('now', readSamples) ?? [];
  if (!bins || !rows || rows.length === 0) return [];
  const { timesMs, lines, isShare, needed: most } = predictionHistory({ bins, rows, needed }, range);
  const frame = linesFrame(
    'value',
    { kind: 'prediction-history' },
    { timesMs, lines, config: isShare ? { unit: 'percentunit' } : {} },
    base
  );
  const isDrawn = lines.some(({ values }) => values.size > 0);
  const text = `A point is of one hour and needs ${most} predictions${isDrawn ? '' : ': there were too few'}.`;
  const notices: QueryResultMetaNotice[] = most === undefined ? [] : [{ severity: 'info', text }];
  return [{ ...frame, meta: { ...frame.meta, notices } }];
}

export const answerPredictions: Answer<PredictionHistoryQuery> = (query, filters, context) =>
  answerParts(query.refId, predictionHistoryParts(filters), context, (reading, base) =>
    predictionFrames(reading, rangeOf(context), base)
  );
