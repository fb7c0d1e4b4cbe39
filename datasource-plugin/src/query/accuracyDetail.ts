/**
 * What the scores of one model are made of, counted over a window. Pairs count when their actual arrives; the label `age`
 * tells how old the prediction was by then.
 */
import { ACCURACY_METRICS, MODEL_LABELS, RECORDED, type MetricFamily, type RecordedSeries } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { identity } from './identity';
import type { PromPart } from './parts';
import { anyOf, matcher, selector, selectorOfNames } from './promql';
import type { AccuracyDetailQuery } from './types';
import { accuracySettings, labelled, leastStepSeconds, names, SCORE_MAX_POINTS } from './window';

const HOUR_SECONDS = 3600;

/** What is counted; the name is the value of the label `counted` in the answer. */
export type Counted = 'pairs' | 'ages' | 'outcomes' | 'score_outcomes' | 'score_sum' | 'actual' | 'error';

interface Counter {
  readonly family: MetricFamily;
  /** Its hourly sums, where rules record them: of all versions and ages. */
  readonly recorded?: RecordedSeries;
  readonly labels: readonly string[];
}

const COUNTERS: Readonly<Record<Counted, Counter>> = {
  pairs: { family: ACCURACY_METRICS.pairs, recorded: RECORDED.accuracyPairs, labels: [] },
  ages: { family: ACCURACY_METRICS.pairs, labels: ['age'] },
  outcomes: { family: ACCURACY_METRICS.outcomes, recorded: RECORDED.outcomes, labels: ['predicted', 'actual'] },
  score_outcomes: {
    family: ACCURACY_METRICS.scoreOutcomes,
    recorded: RECORDED.scoreOutcomes,
    labels: ['bin', 'actual'],
  },
  score_sum: { family: ACCURACY_METRICS.scoreSum, recorded: RECORDED.scoreSum, labels: ['bin'] },
  actual: { family: ACCURACY_METRICS.actualSum, labels: ['sign'] },
  error: { family: ACCURACY_METRICS.errorSum, labels: ['sign'] },
};

/** @throws RangeError in words unless the filters choose one model */
function refuseMany(filters: ResolvedFilters): void {
  for (const field of ['namespace', 'model'] as const) {
    const { length } = filters[field];
    if (length === 1) continue;
    throw new RangeError(
      `Accuracy in detail is of one model: choose one ${field}, not ${length === 0 ? 'all' : length}.`
    );
  }
}

/** By version and age only the counters know it; days and weeks of all are made of full hours, as the rules make them. */
function overSpan(counted: Counted, filters: ResolvedFilters, span: string, by = COUNTERS[counted].labels): string {
  const { family, recorded, labels: all } = COUNTERS[counted];
  const labels = `(${[MODEL_LABELS, ...by].join(', ')})`;
  const isNarrowed = filters.version.length + filters.age.length > 0;
  const ids = identity(filters);
  if (recorded && !isNarrowed && (span === '1d' || span === '7d')) {
    const hourly = selector(recorded.name, [...ids, matcher('window', '=', '1h')]);
    // Several Prometheus servers may hold one series twice: `max` before `sum` counts it once.
    const each = `max by (${[MODEL_LABELS, ...all].join(', ')}) (sum_over_time(${hourly}[${span}:1h]))`;
    return labelled(`sum by ${labels} (${each})`, 'counted', counted);
  }
  const raw = selector(family.name, [...ids, ...anyOf('version', filters.version), ...anyOf('age', filters.age)]);
  return labelled(`sum by ${labels} (increase(${raw}[${span}]))`, 'counted', counted);
}

/** What one point over time is counted over: the window; over the time range an hour, or the step where that is longer. */
function spanOfPoint(window: NonNullable<AccuracyDetailQuery['window']>, rangeSeconds: number): string {
  if (window !== 'range') return window;
  return `${Math.max(HOUR_SECONDS, Math.ceil(rangeSeconds / SCORE_MAX_POINTS))}s`;
}

/** Without a window only what says which: the rest is asked when it is known, and reads that window alone. */
export function accuracyDetailParts(
  query: AccuracyDetailQuery,
  filters: ResolvedFilters,
  rangeSeconds: number
): PromPart[] {
  refuseMany(filters);
  const { window } = query;
  const ids = identity(filters);
  const now: PromPart = {
    name: 'now',
    expr: `${accuracySettings(ids, '')} or ${selectorOfNames(names([RECORDED.accuracyRowsNeeded]), ids)}`,
  };
  if (!window) return [now];
  const span = window === 'range' ? `${rangeSeconds}s` : window;
  const counts = (['pairs', 'ages', 'outcomes', 'score_outcomes', 'score_sum'] as const).map((counted) =>
    overSpan(counted, filters, span)
  );
  const ofPoint = spanOfPoint(window, rangeSeconds);
  const overTime = [
    overSpan('pairs', filters, ofPoint),
    overSpan('outcomes', filters, ofPoint),
    overSpan('score_outcomes', filters, ofPoint, ['actual']),
    overSpan('score_sum', filters, ofPoint, []),
    overSpan('actual', filters, ofPoint),
    overSpan('error', filters, ofPoint),
  ];
  return [
    now,
    { name: 'counts', expr: counts.join(' or ') },
    {
      name: 'predicted-actual',
      expr: overTime.join(' or '),
      maxPoints: SCORE_MAX_POINTS,
      minStepSeconds: leastStepSeconds(rangeSeconds),
    },
  ];
}
