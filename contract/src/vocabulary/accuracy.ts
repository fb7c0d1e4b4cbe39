/** Accuracy: how right a model was, told from actuals that arrive later. */
import type { CustomDirection } from './custom';

/** Metrics of accuracy, for which a reference may have a baseline. */
export const BASELINE_METRICS = [
  ...['accuracy', 'precision', 'recall', 'f1', 'auc', 'log_loss', 'brier', 'calibration_error'],
  ...['mae', 'rmse', 'r2', 'mape'],
] as const;
export type BaselineMetric = (typeof BASELINE_METRICS)[number];

/** Of which a lower score is better; of all others a higher one. */
export const LOWER_IS_BETTER: readonly BaselineMetric[] = [
  'log_loss',
  'brier',
  'calibration_error',
  'mae',
  'rmse',
  'mape',
];

/** Which way a score is good. */
export function directionOf(metric: BaselineMetric): CustomDirection {
  return LOWER_IS_BETTER.includes(metric) ? 'lower_is_better' : 'higher_is_better';
}

/** What counts as a sample of a score: all pairs, those whose class is told apart, that have a score, or an actual other than 0. */
export const PAIRS_OF_METRIC = {
  accuracy: 'classified_pairs',
  precision: 'classified_pairs',
  recall: 'classified_pairs',
  f1: 'classified_pairs',
  auc: 'scored_pairs',
  log_loss: 'scored_pairs',
  brier: 'scored_pairs',
  calibration_error: 'scored_pairs',
  mae: 'pairs',
  rmse: 'pairs',
  r2: 'pairs',
  mape: 'relative_error_pairs',
} as const satisfies Record<BaselineMetric, string>;

/**
 * How old a prediction was when its actual came: what counters of accuracy count by arrival can be told apart by it.
 * Bounds belong to the younger.
 */
export const PREDICTION_AGES = ['1h', '1d', '7d', 'older'] as const;
export type PredictionAge = (typeof PREDICTION_AGES)[number];

/**
 * What became of an actual. `joined`: it met its prediction. `corrected`: it replaces an earlier one of the same
 * prediction. `duplicate`: it says what is known. `incomparable`: it met its prediction, and one of the two is not what
 * the task of the model asks for. `unknown`: nobody has a prediction of this id, or no longer; an actual that comes first
 * is so only when it has waited in vain.
 */
export const ACTUAL_OUTCOMES = ['joined', 'corrected', 'duplicate', 'incomparable', 'unknown'] as const;
export type ActualOutcome = (typeof ACTUAL_OUTCOMES)[number];

/** Equal bins of scores from 0 to 1, for the area under the curve and for calibration. */
export const SCORE_BINS = 20;

/** Scored predictions that are counted: `made`, and of those `joined` with their actual. */
export const SCORED_STAGES = ['made', 'joined'] as const;
export type ScoredStage = (typeof SCORED_STAGES)[number];

/** Pairs of prediction and actual below which there is no verdict on accuracy, unless set; more where chance asks for more. */
export const ACCURACY_ROWS_NEEDED = 100;
/** So many are enough, whatever chance asks for. */
export const MOST_ACCURACY_ROWS_NEEDED = 100_000;

/** Classes that are not told apart; one that is called so is among them. */
export const OTHER_CLASSES = 'other';

/** Classes of a classification that are told apart; those after them in the list are `other`. */
export const MOST_CLASSES = 10;

/** Pairs of one class: predicted to be it, being it, or both. */
export const CLASS_COUNTS = ['predicted', 'actual', 'both'] as const;
export type ClassCount = (typeof CLASS_COUNTS)[number];

/** Why open predictions could not be read or written. `locked`: another process has them. `corrupt`: they are damaged. */
export const JOIN_STORE_ERRORS = ['disk_full', 'locked', 'no_access', 'corrupt', 'other'] as const;
export type JoinStoreError = (typeof JOIN_STORE_ERRORS)[number];

export const ACCURACY_STATES = ['critical', 'warning', 'stale', 'too_little_data', 'ok'] as const;
export type AccuracyState = (typeof ACCURACY_STATES)[number];
