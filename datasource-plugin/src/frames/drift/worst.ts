import { DRIFT_WINDOWS, driftSentence } from '@modelwatch/contract';
import { modelIdKey } from '../identity';
import type { Sample } from '../samples';
import { isDriftMethod, joinDrift, severityOf, type DriftRow } from './subjects';

function sentence(row: DriftRow): string | undefined {
  const { subject, feature, method, score, warning, critical } = row;
  const window = DRIFT_WINDOWS.find((one) => one === row.window);
  const threshold = row.state === 'critical' ? critical : warning;
  if (!isDriftMethod(method) || !window || score === undefined || threshold === undefined) return undefined;
  return driftSentence({ subject, feature, method, window, score, threshold });
}

/** Of each model what drifted most, in words; by key of the model. */
export function worstDrift(samples: readonly Sample[]): Map<string, string> {
  const worst = new Map<string, DriftRow>();
  for (const row of joinDrift({ now: samples }).rows) {
    if (row.state !== 'critical' && row.state !== 'warning') continue;
    const key = modelIdKey(row);
    const before = worst.get(key);
    if (!before || severityOf(row) > severityOf(before)) worst.set(key, row);
  }
  const said = new Map<string, string>();
  for (const [key, row] of worst) {
    const text = sentence(row);
    if (text !== undefined) said.set(key, text);
  }
  return said;
}
