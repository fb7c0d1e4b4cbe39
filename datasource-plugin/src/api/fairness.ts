/** Answers to the query *fairness*. */
import type { DataFrame, QueryResultMetaNotice } from '@grafana/data';
import { map, mergeMap } from 'rxjs';
import { fairnessFrame } from '../frames/fairness/fairnessFrame';
import { joinFairness } from '../frames/fairness/join';
import type { FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples } from '../frames/samples';
import { fairnessParts } from '../query/fairness';
import type { FairnessQuery } from '../query/types';
import { answerOf, apiRequestId, askParts, type Answer } from './context';
import type { Reading } from './reading';
import { askValueNames, type ValueNames } from './segments';

function fairnessFrames(reading: Reading, base: FrameContext, values: ValueNames): DataFrame[] {
  const now = reading.part('now', readSamples);
  if (!now) return [];
  const { rows, dropped } = joinFairness(now, 'names' in values ? values.names : undefined);
  const unnamed: QueryResultMetaNotice[] =
    'missing' in values ? [{ severity: 'info', text: `Groups are without their names: ${values.missing}.` }] : [];
  return [fairnessFrame(rows, { ...base, notices: [...unnamed, ...droppedNotices(dropped)] })];
}

export const answerFairness: Answer<FairnessQuery> = (query, filters, context) => {
  const { refId } = query;
  return askParts(refId, fairnessParts(query, filters), context).pipe(
    mergeMap((reading) =>
      askValueNames(filters, reading, context.api, apiRequestId(context, refId)).pipe(
        map((names) => answerOf(refId, reading, context, (base) => fairnessFrames(reading, base, names)))
      )
    )
  );
};
