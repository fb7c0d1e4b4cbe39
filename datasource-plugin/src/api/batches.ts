/** Answers to the query *batches*. */
import type { DataFrame } from '@grafana/data';
import { batchRows } from '../frames/batches/batches';
import { batchesFrame, batchScoresFrame } from '../frames/batches/batchesFrame';
import type { FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples } from '../frames/samples';
import { batchesParts } from '../query/batches';
import type { BatchesQuery } from '../query/types';
import { answerParts, type Answer } from './context';
import type { Reading } from './reading';

/** Without scores a batch would be calm that nobody has judged. */
function batchesFrames({ show }: BatchesQuery, reading: Reading, base: FrameContext): DataFrame[] {
  const now = reading.part('now', readSamples);
  const scores = reading.part('rows', readSamples);
  const pairs = reading.part('pairs', readSamples) ?? [];
  if (!now || !scores) return [];
  const { rows, dropped } = batchRows({ now, scores, pairs });
  if (rows.length === 0) return [];
  const context = { ...base, notices: droppedNotices(dropped) };
  return [show === 'scores' ? batchScoresFrame(rows, context) : batchesFrame(rows, context)];
}

export const answerBatches: Answer<BatchesQuery> = (query, filters, context) =>
  answerParts(query.refId, batchesParts(filters), context, (reading, base) => batchesFrames(query, reading, base));
