/** What pairs of one window amount to: the counters over versions, ages and exporters, once for all scores. */
import {
  METRICS,
  OTHER_CLASSES,
  RECORDED,
  type ClassCount,
  type DriftWindow,
  type MetricFamily,
  type RecordedSeries,
} from '@modelwatch/contract';
import { ID } from '../promql';
import type { RecordingRule } from '../types';

/** Sums over all pairs of a model, from which scores follow. */
type PairSum =
  | 'classified_pairs'
  | 'scored_pairs'
  | 'log_loss'
  | 'squared_error'
  | 'absolute_error'
  | 'relative_error'
  | 'relative_error_pairs'
  | 'actual'
  | 'actual_squared';

/** A recorded series of `window`. */
export function inWindow({ name }: RecordedSeries, window: DriftWindow, matchers: readonly string[] = []): string {
  return `${name}{${[...matchers, `window="${window}"`].join(', ')}}`;
}

export const pairSum = (sum: PairSum, window: DriftWindow) => inWindow(RECORDED.accuracySum, window, [`sum="${sum}"`]);
export const classPairs = (counted: ClassCount, window: DriftWindow) =>
  inWindow(RECORDED.classPairs, window, [`counted="${counted}"`]);

/** Recorded as they are counted, only added up. */
const ADDED: readonly (readonly [RecordedSeries, MetricFamily, labels: readonly string[]])[] = [
  [RECORDED.accuracyPairs, METRICS.pairs, []],
  [RECORDED.outcomes, METRICS.outcomes, ['predicted', 'actual']],
  [RECORDED.scoreOutcomes, METRICS.scoreOutcomes, ['bin', 'actual']],
  [RECORDED.scorePositivesUpTo, METRICS.scorePositivesUpTo, ['bin']],
  [RECORDED.scoreSum, METRICS.scoreSum, ['bin']],
];

/** Full hours: counters of a whole day would be read again and again. */
function ofHours(window: '1d' | '7d'): RecordingRule[] {
  return [...ADDED.map(([series]) => series), RECORDED.accuracySum].map((series) => ({
    record: series.name,
    expr: `sum_over_time(${inWindow(series, '1h')}[${window}:1h])`,
    labels: { window },
  }));
}

function ofCounters(window: '10m' | '1h'): RecordingRule[] {
  const added = (family: MetricFamily, labels: readonly string[] = [], matchers = '') =>
    `sum by (${[ID, ...labels].join(', ')}) (increase(${family.name}${matchers}[${window}]))`;
  const actual = (sign: string) => added(METRICS.actualSum, [], `{sign="${sign}"}`);
  const told = (label: string) => inWindow(RECORDED.outcomes, window, [`${label}!="${OTHER_CLASSES}"`]);
  const sums: Record<PairSum, string> = {
    // Of two classes that are not told apart nobody can say whether they are the same.
    classified_pairs: `sum by (${ID}) (${told('predicted')} or ${told('actual')})`,
    scored_pairs: `sum by (${ID}) (${inWindow(RECORDED.scoreOutcomes, window)})`,
    log_loss: added(METRICS.logLossSum),
    squared_error: added(METRICS.squaredErrorSum),
    absolute_error: added(METRICS.errorSum),
    relative_error: added(METRICS.relativeErrorSum),
    relative_error_pairs: added(METRICS.relativeErrorPairs),
    actual: `${actual('over')} - on (${ID}) ${actual('under')}`,
    actual_squared: added(METRICS.actualSquaredSum),
  };
  return [
    ...ADDED.map(([series, family, labels]) => ({
      record: series.name,
      expr: added(family, labels),
      labels: { window },
    })),
    ...Object.entries(sums).map(([sum, expr]) => ({
      record: RECORDED.accuracySum.name,
      expr,
      labels: { sum, window },
    })),
  ];
}

/** Counts by class, of which precision and recall are made. */
export function classRules(window: DriftWindow): RecordingRule[] {
  const outcomes = (label: string) => inWindow(RECORDED.outcomes, window, [`${label}!="${OTHER_CLASSES}"`]);
  const ofClass = (label: string, expr: string) =>
    `sum by (${ID}, class) (label_replace(${expr}, "class", "$1", "${label}", "(.+)"))`;
  const alike = `label_replace(group by (${ID}, predicted) (${outcomes('predicted')}), "actual", "$1", "predicted", "(.+)")`;
  const counts: Record<ClassCount, string> = {
    predicted: ofClass('predicted', outcomes('predicted')),
    actual: ofClass('actual', outcomes('actual')),
    both: ofClass('predicted', `${outcomes('predicted')} and on (${ID}, predicted, actual) ${alike}`),
  };
  return Object.entries(counts).map(([counted, expr]) => ({
    record: RECORDED.classPairs.name,
    expr,
    labels: { counted, window },
  }));
}

export function sumRules(window: DriftWindow): RecordingRule[] {
  return window === '1d' || window === '7d' ? ofHours(window) : ofCounters(window);
}
