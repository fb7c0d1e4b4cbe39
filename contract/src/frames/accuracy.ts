import type { DistributionWindow } from './drift';

/**
 * Frame `accuracy-scores` of the query *accuracy*: a row per score of each model, as of the end of the time range. A number
 * that nobody knows is null: `score` with too few pairs, limits of a score that nothing rests on.
 */
export const ACCURACY_SCORE_FIELDS = {
  cluster: 'cluster',
  namespace: 'namespace',
  model: 'model',
  /** One of BASELINE_METRICS. */
  metric: 'metric',
  /** `classification` or `regression`. */
  task: 'task',
  /** The class that precision and recall are of; empty where they are means over classes. */
  positiveClass: 'positive_class',
  /** One of ACCURACY_STATES; null where the score has no limit. */
  state: 'state',
  /** Since when this state holds; null when longer than anybody knows. */
  since: 'since',
  score: 'score',
  /** The score a week before; null when there was none. */
  scoreBefore: 'score_before',
  baseline: 'baseline',
  /** Score minus baseline, and which way is good: one of CUSTOM_DIRECTIONS. */
  change: 'change',
  direction: 'direction',
  warning: 'warning',
  critical: 'critical',
  /** One of DRIFT_WINDOWS. */
  window: 'window',
  /** Pairs of prediction and actual whose actual arrived in the window. */
  pairs: 'pairs',
  pairsNeeded: 'pairs_needed',
  /** When there was last a pair. */
  lastPair: 'last_pair',
  /** Predictions that wait for their actual now. */
  openPredictions: 'open_predictions',
  /** Median time from a prediction to its actual, seconds. */
  actualDelay: 'actual_delay',
} as const;

/**
 * Frame `accuracy-history` (scores by arrival of the actual): a field `time`, then a field per model and score with these
 * labels. Frame `accuracy-pairs-history`: pairs in the window, a field per model, without `metric`. As with drift, a score that
 * is null where pairs are known had too few of them.
 */
export const ACCURACY_HISTORY_LABELS = ['cluster', 'namespace', 'model', 'metric'] as const;

/**
 * Frame `confusion` of the query *accuracy-detail*: a row per predicted and actual class, by name, the positive class after
 * the others, and `other` last where there is any. Pairs are what counters grew by over the window: not always whole.
 */
export const CONFUSION_FIELDS = { predicted: 'predicted', actual: 'actual', pairs: 'pairs' } as const;

/** Frame `calibration`: a row per bin of scores (SCORE_BINS equal ones), from 0; shares are null without pairs. */
export const CALIBRATION_FIELDS = {
  from: 'from',
  to: 'to',
  pairs: 'pairs',
  /** Mean of the scores in the bin, 0 to 1. */
  meanScore: 'mean_score',
  /** Share of the pairs in the bin whose actual is the positive class, 0 to 1. */
  positives: 'positives',
} as const;

/**
 * Frame `predicted-actual`: predicted beside what came true, over time and by arrival of the actual. A field `time`, then two
 * fields per subject with label `class` (empty for a regression) and label `side`, `predicted` or `actual`: means of a
 * regression, shares of pairs of each class; of a binary classification with scores the mean score and the share of
 * positives, with the positive class.
 */
export const PREDICTED_ACTUAL_LABELS = ['cluster', 'namespace', 'model', 'class', 'side'] as const;

/**
 * Frame `predicted-actual-rows`: the same by time of prediction, of the last rows that an exporter holds; a time with
 * fewer joined rows than ROWS_PER_POINT has no value.
 */
export const ROWS_PER_POINT = 100;

/** Frame `pair-ages`: a row per PREDICTION_AGES with pairs of the window: how old predictions were when their actual came. */
export const PAIR_AGE_FIELDS = { age: 'age', pairs: 'pairs' } as const;

/** `meta.custom.modelwatch` of frames of the query *accuracy-detail*, beside their mark: the model and what was asked for. */
export interface AccuracyDetailSubject {
  readonly cluster: string;
  readonly namespace: string;
  readonly model: string;
  readonly task: string;
  readonly positiveClass: string;
  /** One of DISTRIBUTION_WINDOWS. */
  readonly window: DistributionWindow;
  readonly pairs: number | null;
  readonly pairsNeeded: number | null;
}
