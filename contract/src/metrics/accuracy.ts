/**
 * What pairs of prediction and actual amount to: counters that add up over time, versions, ages and replicas. They count
 * when the actual arrives. A corrected actual adds its new outcome and cannot take the old one back.
 */
import { family, MODEL } from './family';

const PAIR = [...MODEL, 'version', 'age'] as const;

/**
 * A row with a score is in score_outcomes as well as in accuracy_pairs: what comes of scores (log loss, Brier score) is
 * shared out among those.
 */
export const ACCURACY_METRICS = {
  actuals: family(
    'actuals_total',
    'counter',
    [...MODEL, 'outcome'],
    'Actuals that arrived, by what became of them: joined, corrected, duplicate, incomparable, unknown.'
  ),
  openPredictions: family('open_predictions', 'gauge', MODEL, 'Predictions that wait for their actual.'),
  expiredPredictions: family(
    'expired_predictions_total',
    'counter',
    MODEL,
    'Predictions whose actual did not come in time, or for which there was no room.'
  ),
  actualDelay: family(
    'actual_delay_seconds',
    'histogram',
    MODEL,
    'Time from a prediction to its actual, of those that were joined.'
  ),
  pairs: family(
    'accuracy_pairs_total',
    'counter',
    PAIR,
    'Predictions whose actual is known, by age of the prediction.'
  ),
  outcomes: family(
    'outcomes_total',
    'counter',
    [...PAIR, 'predicted', 'actual'],
    'Pairs of a classification by predicted and actual class; classes that the reference does not name are other.'
  ),
  scoreOutcomes: family(
    'score_outcomes_total',
    'counter',
    [...PAIR, 'bin', 'actual'],
    'Pairs of a binary classification by bin of the score (20 equal bins from 0 to 1, from 0) and actual: 1 for the positive class, else 0.'
  ),
  scorePositivesUpTo: family(
    'score_positives_up_to_total',
    'counter',
    [...PAIR, 'bin'],
    'Positive actuals whose score is in the bin or below it: cumulative, for the area under the curve.'
  ),
  scoreSum: family('score_sum_total', 'counter', [...PAIR, 'bin'], 'Sum of the scores of the pairs in the bin.'),
  logLossSum: family('log_loss_sum_total', 'counter', PAIR, 'Sum of the logarithmic loss of the pairs.'),
  squaredErrorSum: family(
    'squared_error_sum_total',
    'counter',
    PAIR,
    'Sum of the squared differences of prediction and actual; of scores and 0 or 1 for a binary classification.'
  ),
  errorSum: family(
    'error_sum_total',
    'counter',
    [...PAIR, 'sign'],
    'Sum of the differences of prediction and actual of a regression: over where it predicted too much, under where too little; both positive.'
  ),
  relativeErrorSum: family(
    'relative_error_sum_total',
    'counter',
    PAIR,
    'Sum of the differences of prediction and actual, as a share of the actual; without pairs whose actual is 0.'
  ),
  relativeErrorPairs: family('relative_error_pairs_total', 'counter', PAIR, 'Pairs whose actual is not 0.'),
  actualSum: family(
    'actual_sum_total',
    'counter',
    [...PAIR, 'sign'],
    'Sum of the actuals of a regression: over for those above 0, under for those below; both positive.'
  ),
  actualSquaredSum: family('actual_squared_sum_total', 'counter', PAIR, 'Sum of the squared actuals of a regression.'),
  scoredPredictions: family(
    'scored_predictions_total',
    'counter',
    [...MODEL, 'bin', 'predicted', 'stage'],
    'Predictions of a binary classification by bin of the score and decision, 1 for the positive class, else 0: when they are made, and when they are joined with their actual.'
  ),
  scoredPredictionSum: family(
    'scored_prediction_sum_total',
    'counter',
    [...MODEL, 'bin'],
    'Sum of the scores of the predictions that were made, by bin.'
  ),
  accuracyBaseline: family(
    'accuracy_baseline',
    'gauge',
    [...MODEL, 'reference', 'metric'],
    'Score on data that the model was not trained on, as the reference has it.'
  ),
  accuracyLimit: family(
    'accuracy_limit',
    'gauge',
    [...MODEL, 'metric', 'level'],
    'Score from which accuracy is a warning, and critical: at or below it where higher is better, at or above it where lower is.'
  ),
  accuracyRowsNeeded: family(
    'accuracy_rows_needed',
    'gauge',
    MODEL,
    'Pairs in the window below which there is no verdict on accuracy.'
  ),
  accuracySettings: family(
    'accuracy_settings_info',
    'gauge',
    [...MODEL, 'task', 'window', 'positive_class'],
    'What the model answers, the window that the verdict on its accuracy rests on, and the class that precision and recall are of; empty where they are means over classes.'
  ),
} as const;
