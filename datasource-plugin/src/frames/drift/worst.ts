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

export interface ModelDrift {
  /** What drifted most, in words. */
  readonly worst?: string | undefined;
  /** How many features are over a limit. */
  readonly features: number;
}

/** Of each model that drifted, by its key. */
export function driftByModel(samples: readonly Sample[]): Map<string, ModelDrift> {
  const over = joinDrift({ now: samples }).rows.filter(({ state }) => state === 'critical' || state === 'warning');
  const worst = new Map<string, DriftRow>();
  const features = new Map<string, number>();
  for (const row of over) {
    const key = modelIdKey(row);
    const before = worst.get(key);
    if (!before || severityOf(row) > severityOf(before)) worst.set(key, row);
    features.set(key, (features.get(key) ?? 0) + (row.subject === 'feature' ? 1 : 0));
  }
  return new Map([...worst].map(([key, row]) => [key, { worst: sentence(row), features: features.get(key) ?? 0 }]));
}
