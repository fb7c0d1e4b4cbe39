/** The sums that scores by version are made of: rules record those of all versions, so all is counted when it is asked. */
import { ACCURACY_METRICS, MODEL_LABELS, RECORDED, type MetricFamily } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { identity } from './identity';
import type { PromPart } from './parts';
import { anyOf, selector, selectorOfNames } from './promql';
import type { AccuracyVersionsQuery } from './types';
import { labelled, names } from './window';

/** What is counted, the value of the label `counted` in the answer; with its labels beside those of the model. */
const COUNTERS = {
  pairs: [ACCURACY_METRICS.pairs, []],
  outcomes: [ACCURACY_METRICS.outcomes, ['predicted', 'actual']],
  score_outcomes: [ACCURACY_METRICS.scoreOutcomes, ['bin', 'actual']],
  score_sum: [ACCURACY_METRICS.scoreSum, ['bin']],
  log_loss: [ACCURACY_METRICS.logLossSum, []],
  squared_error: [ACCURACY_METRICS.squaredErrorSum, []],
  absolute_error: [ACCURACY_METRICS.errorSum, []],
  relative_error: [ACCURACY_METRICS.relativeErrorSum, []],
  relative_error_pairs: [ACCURACY_METRICS.relativeErrorPairs, []],
  actual: [ACCURACY_METRICS.actualSum, ['sign']],
  actual_squared: [ACCURACY_METRICS.actualSquaredSum, []],
} as const satisfies Record<string, readonly [MetricFamily, readonly string[]]>;
export type CountedByVersion = keyof typeof COUNTERS;

const SETTINGS = [
  RECORDED.accuracySettings,
  RECORDED.accuracyRowsNeeded,
  RECORDED.accuracyBaseline,
  RECORDED.accuracyLimit,
];

/**
 * @param rangeSeconds length of the time range
 * @throws RangeError in words unless the filters choose one model
 */
export function accuracyVersionsParts(
  { window = 'range' }: AccuracyVersionsQuery,
  filters: ResolvedFilters,
  rangeSeconds: number
): PromPart[] {
  for (const field of ['namespace', 'model'] as const) {
    const { length } = filters[field];
    if (length === 1) continue;
    throw new RangeError(
      `Accuracy by version is of one model: choose one ${field}, not ${length === 0 ? 'all' : length}.`
    );
  }
  const ids = identity(filters);
  const chosen = [...ids, ...anyOf('version', filters.version), ...anyOf('age', filters.age)];
  const span = window === 'range' ? `${rangeSeconds}s` : window;
  const counts = Object.entries(COUNTERS).map(([counted, [family, labels]]) => {
    const by = `(${[MODEL_LABELS, 'version', ...labels].join(', ')})`;
    return labelled(`sum by ${by} (increase(${selector(family.name, chosen)}[${span}]))`, 'counted', counted);
  });
  return [
    { name: 'now', expr: selectorOfNames(names(SETTINGS), ids) },
    { name: 'counts', expr: counts.join(' or ') },
  ];
}
