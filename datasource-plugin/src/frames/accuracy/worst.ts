import { accuracySentence, DRIFT_WINDOWS } from '@modelwatch/contract';
import { modelIdKey } from '../identity';
import type { Sample } from '../samples';
import { joinAccuracy, type AccuracyRow } from './scores';

function sentence({ metric, state, score, warning, critical, baseline, ...row }: AccuracyRow): string | undefined {
  const window = DRIFT_WINDOWS.find((one) => one === row.window);
  const limit = state === 'critical' ? critical : warning;
  if (!window || score === undefined || limit === undefined) return undefined;
  return accuracySentence({ metric, window, score, limit, baseline });
}

/** Of each model the score that is worst against its limit, in words; by key of the model. */
export function worstAccuracy(samples: readonly Sample[]): Map<string, string> {
  const said = new Map<string, string>();
  // Worst first.
  for (const row of joinAccuracy({ now: samples }).rows) {
    if (row.state !== 'critical' && row.state !== 'warning') continue;
    const text = sentence(row);
    if (text !== undefined && !said.has(modelIdKey(row))) said.set(modelIdKey(row), text);
  }
  return said;
}
