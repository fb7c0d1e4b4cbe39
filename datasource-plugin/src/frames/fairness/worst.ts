import { DRIFT_WINDOWS, fairnessSentence } from '@modelwatch/contract';
import { modelIdKey } from '../identity';
import type { Sample } from '../samples';
import { joinFairness, type FairnessRow } from './join';

/** How far groups are apart: a ratio by how far it is from 1, as far above as below. */
function apart({ metric, score = 0 }: FairnessRow): number {
  if (metric !== 'disparate_impact') return Math.abs(score);
  return 1 - (score > 1 ? 1 / score : score);
}

function sentence({ metric, segment, group, state, score, warning, critical, ...row }: FairnessRow) {
  const window = DRIFT_WINDOWS.find((one) => one === row.window);
  const limit = state === 'critical' ? critical : warning;
  if (!window || score === undefined || limit === undefined) return undefined;
  return fairnessSentence({ metric, segment, value: group, window, score, limit });
}

/** Of each model the group that is furthest away, in the words of the exporter's API; by key of the model. */
export function worstFairness(samples: readonly Sample[]): Map<string, string> {
  const worst = new Map<string, FairnessRow>();
  const isWorse = (row: FairnessRow, than: FairnessRow) =>
    row.state === than.state ? apart(row) > apart(than) : row.state === 'critical';
  for (const row of joinFairness(samples).rows) {
    if (row.state !== 'critical' && row.state !== 'warning') continue;
    const before = worst.get(modelIdKey(row));
    if (!before || isWorse(row, before)) worst.set(modelIdKey(row), row);
  }
  const said = new Map<string, string>();
  for (const [key, row] of worst) {
    const text = sentence(row);
    if (text !== undefined) said.set(key, text);
  }
  return said;
}
