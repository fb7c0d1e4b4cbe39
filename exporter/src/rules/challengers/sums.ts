/** What pairs of champion and challenger of one window amount to, over exporters: once for all figures. */
import {
  METRICS,
  OTHER_CLASSES,
  RECORDED,
  type ChallengerRole,
  type ClassCount,
  type DriftWindow,
  type MetricFamily,
  type RecordedSeries,
} from '@modelwatch/contract';
import { inWindow } from '../accuracy/sums';
import { ID } from '../promql';
import type { RecordingRule } from '../types';

/** What identifies a challenger. */
export const CHALLENGER = `${ID}, challenger`;
export const ON_CHALLENGER = `on (${CHALLENGER})`;

/** Sums over all pairs of a challenger; those of the second list are of each role. */
type PairSum =
  | 'told_pairs'
  | 'agreed_pairs'
  | 'difference'
  | 'difference_squared'
  | 'scored_pairs'
  | 'loss_difference_squared_brier'
  | 'loss_difference_squared_mae';
type RoleSum = 'absolute_error' | 'squared_error';

export const challengerSum = (sum: PairSum, window: DriftWindow) =>
  inWindow(RECORDED.challengerSum, window, [`sum="${sum}"`]);
/** Of both roles, unless one is said. */
export const roleSum = (sum: RoleSum, window: DriftWindow, role?: ChallengerRole) =>
  inWindow(RECORDED.challengerSum, window, [`sum="${sum}"`, role === undefined ? 'role!=""' : `role="${role}"`]);

const PAIRED = '{outcome="paired"}';

/** Recorded as they are counted, only added up. */
const ADDED: readonly (readonly [RecordedSeries, MetricFamily, labels: readonly string[], matchers?: string])[] = [
  [RECORDED.challengerPairs, METRICS.challengerPredictions, [], PAIRED],
  [RECORDED.challengerExpected, METRICS.challengerExpected, []],
  [RECORDED.challengerJudgedPairs, METRICS.challengerJudgedPairs, []],
  [RECORDED.challengerClasses, METRICS.challengerClasses, ['champion', 'candidate']],
  [RECORDED.challengerOutcomes, METRICS.challengerOutcomes, ['role', 'predicted', 'actual']],
  [RECORDED.challengerVerdicts, METRICS.challengerVerdicts, ['champion', 'candidate']],
];

function added(family: MetricFamily, labels: readonly string[], matchers: string, window: DriftWindow): string {
  return `sum by (${[CHALLENGER, ...labels].join(', ')}) (increase(${family.name}${matchers}[${window}]))`;
}

function ofCounters(window: '10m' | '1h'): RecordingRule[] {
  const classes = (label: string) => inWindow(RECORDED.challengerClasses, window, [`${label}!="${OTHER_CLASSES}"`]);
  const alike = `label_replace(group by (${CHALLENGER}, champion) (${classes('champion')}), "candidate", "$1", "champion", "(.+)")`;
  const sum = (family: MetricFamily, matchers = '') => added(family, [], matchers, window);
  const loss = (metric: string) => sum(METRICS.challengerLossDifferenceSquaredSum, `{metric="${metric}"}`);
  const sums: Record<PairSum | RoleSum, string> = {
    // Of two classes that are not told apart nobody can say whether they are the same.
    told_pairs: `sum by (${CHALLENGER}) (${classes('champion')} or ${classes('candidate')})`,
    agreed_pairs: `sum by (${CHALLENGER}) (${classes('champion')} and on (${CHALLENGER}, champion, candidate) ${alike})`,
    difference: sum(METRICS.challengerDifferenceSum),
    difference_squared: sum(METRICS.challengerDifferenceSquaredSum),
    scored_pairs: sum(METRICS.challengerScoredPairs),
    loss_difference_squared_brier: loss('brier'),
    loss_difference_squared_mae: loss('mae'),
    absolute_error: added(METRICS.challengerErrorSum, ['role'], '', window),
    squared_error: added(METRICS.challengerSquaredErrorSum, ['role'], '', window),
  };
  return [
    ...ADDED.map(([series, family, labels, matchers = '']) => ({
      record: series.name,
      expr: added(family, labels, matchers, window),
      labels: { window },
    })),
    ...Object.entries(sums).map(([name, expr]) => ({
      ...{ record: RECORDED.challengerSum.name, expr, labels: { sum: name, window } },
    })),
  ];
}

/** Full hours: counters of a whole day would be read again and again. */
function ofHours(window: '1d' | '7d'): RecordingRule[] {
  return [...ADDED.map(([series]) => series), RECORDED.challengerSum].map((series) => ({
    record: series.name,
    expr: `sum_over_time(${inWindow(series, '1h')}[${window}:1h])`,
    labels: { window },
  }));
}

/** Counts by class of each role, of which precision and recall are made. */
function classRules(window: DriftWindow): RecordingRule[] {
  const ROLE = `${CHALLENGER}, role`;
  const outcomes = (label: string) => inWindow(RECORDED.challengerOutcomes, window, [`${label}!="${OTHER_CLASSES}"`]);
  const ofClass = (label: string, expr: string) =>
    `sum by (${ROLE}, class) (label_replace(${expr}, "class", "$1", "${label}", "(.+)"))`;
  const alike = `label_replace(group by (${ROLE}, predicted) (${outcomes('predicted')}), "actual", "$1", "predicted", "(.+)")`;
  const counts: Record<ClassCount, string> = {
    predicted: ofClass('predicted', outcomes('predicted')),
    actual: ofClass('actual', outcomes('actual')),
    both: ofClass('predicted', `${outcomes('predicted')} and on (${ROLE}, predicted, actual) ${alike}`),
  };
  return Object.entries(counts).map(([counted, expr]) => ({
    ...{ record: RECORDED.challengerClassPairs.name, expr, labels: { counted, window } },
  }));
}

export function challengerSumRules(window: DriftWindow): RecordingRule[] {
  return [...(window === '1d' || window === '7d' ? ofHours(window) : ofCounters(window)), ...classRules(window)];
}
