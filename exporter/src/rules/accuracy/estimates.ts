/**
 * Accuracy before actuals come, from calibrated scores alone: confidence-based performance estimation (CBPE) as NannyML has
 * it, by bins. The same estimate of the pairs that came tells how far it is off.
 */
import { METRICS, RECORDED, type DriftWindow, type MetricFamily, type RecordedSeries } from '@modelwatch/contract';
import { ID, labelled } from '../promql';
import type { RecordingRule } from '../types';
import { inWindow } from './sums';

const BIN = `${ID}, bin`;
const STAGE = `${ID}, stage`;
const ON_BIN = `on (${BIN})`;
const ON_STAGE = `on (${STAGE})`;
/** So many rows with the mean score of the bin stand beside the pairs: where there are none, scores are believed. */
const ROWS_OF_SCORE = 10;
const CALIBRATION = RECORDED.scoreCalibrationPairs.name;

/**
 * Seven sums of a day each, none of the last day: what is estimated was calibrated with other pairs. Subqueries are aligned,
 * so these are days of UTC.
 */
function calibrationRule(): RecordingRule {
  return {
    record: CALIBRATION,
    expr: `sum by (${BIN}, actual) (sum_over_time(${inWindow(RECORDED.scoreOutcomes, '1d')}[7d:1d] offset 1d))`,
  };
}

function sumRules(window: DriftWindow): RecordingRule[] {
  const added = (series: RecordedSeries, family: MetricFamily, labels: readonly string[]): RecordingRule => ({
    record: series.name,
    expr:
      window === '1d' || window === '7d'
        ? `sum_over_time(${inWindow(series, '1h')}[${window}:1h])`
        : `sum by (${[BIN, ...labels].join(', ')}) (increase(${family.name}[${window}]))`,
    labels: { window },
  });
  return [
    added(RECORDED.scoredPredictions, METRICS.scoredPredictions, ['predicted', 'stage']),
    added(RECORDED.scoredPredictionSum, METRICS.scoredPredictionSum, []),
  ];
}

/** Of bins that have rows. */
function calibratedRule(window: DriftWindow): RecordingRule {
  const made = `sum by (${BIN}) (${inWindow(RECORDED.scoredPredictions, window, ['stage="made"'])})`;
  const joined = `sum by (${BIN}) (${inWindow(RECORDED.scoreOutcomes, window)})`;
  const orNone = (expr: string) => `(${expr} or ${ON_BIN} 0 * ${made})`;
  const rows = `(${made} + ${ON_BIN} ${orNone(joined)})`;
  const sums = `(${inWindow(RECORDED.scoredPredictionSum, window)} + ${ON_BIN} ${orNone(inWindow(RECORDED.scoreSum, window))})`;
  const mean = `(${sums} / ${ON_BIN} (${rows} > 0))`;
  const positives = orNone(`sum by (${BIN}) (${CALIBRATION}{actual="1"})`);
  const pairs = orNone(`sum by (${BIN}) (${CALIBRATION})`);
  return {
    record: RECORDED.calibratedScore.name,
    expr: `sum by (${BIN}) ((${positives} + ${ON_BIN} ${ROWS_OF_SCORE} * ${mean}) / ${ON_BIN} (${pairs} + ${ROWS_OF_SCORE}))`,
    labels: { window },
  };
}

function expectedRule(window: DriftWindow): RecordingRule {
  const rows = inWindow(RECORDED.scoredPredictions, window);
  const positive = inWindow(RECORDED.calibratedScore, window);
  const expected = (actual: '0' | '1', chance: string) =>
    labelled(`sum by (${STAGE}, predicted) (${rows} * ${ON_BIN} group_left () ${chance})`, 'actual', actual);
  return {
    record: RECORDED.expectedOutcomes.name,
    expr: `${expected('1', positive)}\nor\n${expected('0', `(1 - ${positive})`)}`,
    labels: { window },
  };
}

/** As the scores of pairs are defined, of the positive class. */
function scoreRules(window: DriftWindow): RecordingRule[] {
  const expected = (...matchers: readonly string[]) =>
    `sum by (${STAGE}) (${inWindow(RECORDED.expectedOutcomes, window, matchers)})`;
  const hits = expected('predicted="1"', 'actual="1"');
  const rejections = expected('predicted="0"', 'actual="0"');
  const predicted = expected('predicted="1"');
  const actual = expected('actual="1"');
  const scores = {
    accuracy: `(${hits} + ${ON_STAGE} ${rejections}) / ${ON_STAGE} (${expected()} > 0)`,
    precision: `${hits} / ${ON_STAGE} (${predicted} > 0)`,
    recall: `${hits} / ${ON_STAGE} (${actual} > 0)`,
    f1: `2 * ${hits} / ${ON_STAGE} (${predicted} + ${ON_STAGE} ${actual} > 0)`,
  };
  const enough = `(sum by (${STAGE}) (${inWindow(RECORDED.scoredPredictions, window)}) >= on (${ID}) group_left () ${RECORDED.accuracyRowsNeeded.name})`;
  return Object.entries(scores).map(([metric, expr]) => ({
    record: RECORDED.estimatedAccuracyScore.name,
    expr: `(${expr})\nand ${ON_STAGE} ${enough}`,
    labels: { metric, window },
  }));
}

/** What came true of the pairs, less what was to be expected of the same. */
function gapRule(window: DriftWindow): RecordingRule {
  const expected = inWindow(RECORDED.estimatedAccuracyScore, window, ['stage="joined"']);
  return {
    record: RECORDED.estimatedAccuracyGap.name,
    expr: `sum by (${ID}, metric) (${inWindow(RECORDED.accuracyScore, window)} - on (${ID}, metric) ${expected})`,
    labels: { window },
  };
}

export function estimateRules(window: DriftWindow): RecordingRule[] {
  return [
    ...(window === '1h' ? [calibrationRule()] : []),
    ...sumRules(window),
    calibratedRule(window),
    expectedRule(window),
    ...scoreRules(window),
    gapRule(window),
  ];
}
