/** Answers to the query *challengers*. */
import type { DataFrame } from '@grafana/data';
import { challengerFrame, challengerScoresFrame } from '../frames/challengers/frames';
import { joinChallengers } from '../frames/challengers/join';
import type { FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples } from '../frames/samples';
import { challengerParts } from '../query/challengers';
import type { ChallengersQuery } from '../query/types';
import { answerParts, type Answer } from './context';
import type { Reading } from './reading';

/** Without what is known of serving the others stand. */
function challengerFrames({ window }: ChallengersQuery, reading: Reading, base: FrameContext): DataFrame[] {
  const now = reading.part('now', readSamples);
  const serving = reading.part('serving', readSamples) ?? [];
  if (!now) return [];
  const { candidates, scores, dropped } = joinChallengers(now, serving, window);
  const context = { ...base, notices: droppedNotices(dropped) };
  return [challengerFrame(candidates, context), challengerScoresFrame(scores, base)];
}

export const answerChallengers: Answer<ChallengersQuery> = (query, filters, context) =>
  answerParts(query.refId, challengerParts(query, filters), context, (reading, base) =>
    challengerFrames(query, reading, base)
  );
