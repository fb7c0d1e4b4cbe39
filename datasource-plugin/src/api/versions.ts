/** Answers to the query *accuracy-versions*. */
import type { DataFrame } from '@grafana/data';
import { versionScores } from '../frames/accuracy/versions';
import { versionScoresFrame } from '../frames/accuracy/versionsFrame';
import type { FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples } from '../frames/samples';
import { accuracyVersionsParts } from '../query/accuracyVersions';
import type { AccuracyVersionsQuery } from '../query/types';
import { answerParts, rangeSeconds, type Answer } from './context';
import type { Reading } from './reading';

function versionFrames({ window = 'range' }: AccuracyVersionsQuery, reading: Reading, base: FrameContext): DataFrame[] {
  const now = reading.part('now', readSamples);
  const counts = reading.part('counts', readSamples);
  // Without what is set, no number of pairs would be too few.
  if (!now || !counts) return [];
  const { rows, dropped } = versionScores(now, counts);
  return rows.length ? [versionScoresFrame(rows, window, { ...base, notices: droppedNotices(dropped) })] : [];
}

export const answerVersions: Answer<AccuracyVersionsQuery> = (query, filters, context) =>
  answerParts(query.refId, accuracyVersionsParts(query, filters, rangeSeconds(context)), context, (reading, base) =>
    versionFrames(query, reading, base)
  );
