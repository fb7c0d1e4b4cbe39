/** Answers to the query *coverage*. */
import type { DataFrame } from '@grafana/data';
import { coverageFrames } from '../frames/coverage/frames';
import { joinCoverage } from '../frames/coverage/join';
import { modelIdKey } from '../frames/identity';
import type { FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples } from '../frames/samples';
import { coverageParts, MAX_COVERED_MODELS } from '../query/coverage';
import type { CoverageQuery } from '../query/types';
import { answerParts, type Answer } from './context';
import { boundedModels } from './models';
import type { Reading } from './reading';

function framesOf(reading: Reading, base: FrameContext): DataFrame[] {
  const now = reading.part('now', readSamples);
  // Without what is recorded a model would look as if it had no state.
  if (!now) return [];
  const joined = joinCoverage([...now, ...(reading.part('counts', readSamples) ?? [])]);
  const { rows, notices } = boundedModels(joined.rows, 'whose coverage is worst', MAX_COVERED_MODELS);
  const shown = new Set(rows.map(modelIdKey));
  const reasons = joined.reasons.filter((reason) => shown.has(modelIdKey(reason)));
  return coverageFrames({ rows, reasons }, { ...base, notices: [...notices, ...droppedNotices(joined.dropped)] });
}

export const answerCoverage: Answer<CoverageQuery> = (query, filters, context) =>
  answerParts(query.refId, coverageParts(filters), context, framesOf);
