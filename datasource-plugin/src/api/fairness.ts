/** Answers to the query *fairness*. */
import type { DataFrame, QueryResultMetaNotice } from '@grafana/data';
import { fairnessFrame } from '../frames/fairness/fairnessFrame';
import { joinFairness } from '../frames/fairness/join';
import type { FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples } from '../frames/samples';
import type { Reading } from './reading';
import type { ValueNames } from './segments';

export function fairnessFrames(reading: Reading, base: FrameContext, values: ValueNames): DataFrame[] {
  const now = reading.part('now', readSamples);
  if (!now) return [];
  const { rows, dropped } = joinFairness(now, 'names' in values ? values.names : undefined);
  const unnamed: QueryResultMetaNotice[] =
    'missing' in values ? [{ severity: 'info', text: `Groups are without their names: ${values.missing}.` }] : [];
  return [fairnessFrame(rows, { ...base, notices: [...unnamed, ...droppedNotices(dropped)] })];
}
