/** Scores of one window, as scikit-learn defines them, from recorded sums over its pairs. */
import {
  BASELINE_METRICS,
  PAIRS_OF_METRIC,
  RECORDED,
  directionOf,
  type BaselineMetric,
  type DriftWindow,
  type Task,
} from '@modelwatch/contract';
import { constant, ID } from '../promql';
import type { RecordingRule } from '../types';
import { classPairs, inWindow, pairSum } from './sums';

const ON = `on (${ID})`;
const ON_CLASS = `on (${ID}, class)`;
const SETTINGS = RECORDED.accuracySettings.name;
/** Classes that precision and recall are of, where somebody named one. */
const POSITIVE = `label_replace(${SETTINGS}{positive_class!=""}, "class", "$1", "positive_class", "(.+)")`;
/** Below this share of the squares of the actuals their spread is lost in rounding. */
const LEAST_SPREAD = 1e-9;

/**
 * Of the positive class where there is one; else the mean over the classes that occur, where one that was never predicted
 * (or never happened) counts 0, as in scikit-learn.
 */
function ofClasses(both: string, all: string, window: DriftWindow): string {
  const perClass = `(${both} / ${ON_CLASS} (${all} > 0))`;
  const occurs = `(${classPairs('predicted', window)} + ${ON_CLASS} ${classPairs('actual', window)} > 0)`;
  return `(
  sum by (${ID}) (${perClass} and ${ON_CLASS} ${POSITIVE})
  or ${ON}
  (sum by (${ID}) (${perClass}) / ${ON} count by (${ID}) (${occurs}) unless ${ON} ${SETTINGS}{positive_class!=""})
)`;
}

function classificationScores(window: DriftWindow): Partial<Record<BaselineMetric, string>> {
  const predicted = classPairs('predicted', window);
  const actual = classPairs('actual', window);
  const both = classPairs('both', window);
  return {
    accuracy: `sum by (${ID}) (${both}) / ${ON} (${pairSum('classified_pairs', window)} > 0)`,
    precision: ofClasses(both, predicted, window),
    recall: ofClasses(both, actual, window),
    f1: ofClasses(`2 * ${both}`, `(${predicted} + ${ON_CLASS} ${actual})`, window),
  };
}

/** For each negative the positives above it, and half of those in its bin: what brute force counts on binned scores. */
function areaUnderCurve(window: DriftWindow): string {
  const ofActual = (actual: '0' | '1') => inWindow(RECORDED.scoreOutcomes, window, [`actual="${actual}"`]);
  const onBin = `on (${ID}, bin)`;
  const positives = `sum by (${ID}) (${ofActual('1')})`;
  const negatives = `sum by (${ID}) (${ofActual('0')})`;
  const upTo = `(${inWindow(RECORDED.scorePositivesUpTo, window)} - ${onBin} 0.5 * ${ofActual('1')})`;
  const wrong = `sum by (${ID}) (${ofActual('0')} * ${onBin} ${upTo})`;
  return `1 - ${wrong} / ${ON} ((${positives} > 0) * ${ON} (${negatives} > 0))`;
}

function scoreScores(window: DriftWindow): Partial<Record<BaselineMetric, string>> {
  const scored = `(${pairSum('scored_pairs', window)} > 0)`;
  const positives = inWindow(RECORDED.scoreOutcomes, window, ['actual="1"']);
  const offBy = `abs(${inWindow(RECORDED.scoreSum, window)} - on (${ID}, bin) ${positives})`;
  return {
    auc: areaUnderCurve(window),
    log_loss: `${pairSum('log_loss', window)} / ${ON} ${scored}`,
    brier: `${pairSum('squared_error', window)} / ${ON} ${scored}`,
    calibration_error: `sum by (${ID}) (${offBy}) / ${ON} ${scored}`,
  };
}

function regressionScores(window: DriftWindow): Partial<Record<BaselineMetric, string>> {
  const pairs = `(${inWindow(RECORDED.accuracyPairs, window)} > 0)`;
  const squared = pairSum('actual_squared', window);
  const spread = `(${squared} - ${ON} ${pairSum('actual', window)} ^ 2 / ${ON} ${pairs})`;
  const enoughSpread = `(${spread} > ${ON} ${LEAST_SPREAD} * ${squared})`;
  return {
    mae: `${pairSum('absolute_error', window)} / ${ON} ${pairs}`,
    rmse: `sqrt(${pairSum('squared_error', window)} / ${ON} ${pairs})`,
    r2: `1 - ${pairSum('squared_error', window)} / ${ON} ${enoughSpread}`,
    mape: `${pairSum('relative_error', window)} / ${ON} (${pairSum('relative_error_pairs', window)} > 0)`,
  };
}

/** The pairs that a score is made of. */
function pairsOf(metric: BaselineMetric, window: DriftWindow): string {
  const pairs = PAIRS_OF_METRIC[metric];
  return pairs === 'pairs' ? inWindow(RECORDED.accuracyPairs, window) : pairSum(pairs, window);
}

function ofTask(task: Task, window: DriftWindow): RecordingRule[] {
  const exprs =
    task === 'regression' ? regressionScores(window) : { ...classificationScores(window), ...scoreScores(window) };
  return (Object.entries(exprs) as [BaselineMetric, string][]).map(([metric, expr]) => ({
    record: RECORDED.accuracyScore.name,
    expr: `sum by (${ID}) (${expr})
and ${ON} (${pairsOf(metric, window)} >= ${ON} ${RECORDED.accuracyRowsNeeded.name})
and ${ON} ${SETTINGS}{task="${task}"}`,
    labels: { metric, window },
  }));
}

export function scoreRules(window: DriftWindow): RecordingRule[] {
  return [...ofTask('classification', window), ...ofTask('regression', window)];
}

/** What nobody can tell from a score alone: which way is good, and what it rests on. */
export function metricInfoRule(): RecordingRule {
  const infos = BASELINE_METRICS.map((metric): Record<string, string> => {
    return { metric, direction: directionOf(metric), samples: PAIRS_OF_METRIC[metric] };
  });
  return { record: RECORDED.accuracyMetricInfo.name, expr: infos.map(constant).join('\nor ') };
}
