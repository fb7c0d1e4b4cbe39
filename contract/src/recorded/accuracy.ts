/** Accuracy of models, from counters of pairs of prediction and actual. What is summed over a window has its label. */
import { ofModel, series, type RecordedSeries } from './series';

export const RECORDED_ACCURACY = {
  accuracySettings: ofModel(
    'accuracy_settings_info',
    ['task', 'window', 'positive_class'],
    'What the model answers, the window that the verdict rests on, and the class that precision and recall are of; once however many exporters say it; stays while no exporter can tell.'
  ),
  accuracyRowsNeeded: ofModel('accuracy_rows_needed', [], 'Pairs in the window below which there is no verdict.'),
  accuracyPairs: ofModel(
    'accuracy_pairs',
    ['window'],
    'Pairs of prediction and actual whose actual arrived in the window, over all versions, ages and exporters. 1d and 7d are sums of hours and end at the last full one, here and below.'
  ),
  outcomes: ofModel('outcomes', ['predicted', 'actual', 'window'], 'Pairs by predicted and actual class.'),
  classPairs: ofModel(
    'class_pairs',
    ['class', 'counted', 'window'],
    'Pairs by class: those that were predicted to be it, those that are it, and those that are both. Without classes that are not told apart.'
  ),
  scoreOutcomes: ofModel(
    'score_outcomes',
    ['bin', 'actual', 'window'],
    'Pairs with a score by its bin (20 equal ones) and actual: 1 for the positive class, else 0.'
  ),
  scorePositivesUpTo: ofModel(
    'score_positives_up_to',
    ['bin', 'window'],
    'Positive actuals whose score is in the bin or below it.'
  ),
  scoreSum: ofModel('score_sum', ['bin', 'window'], 'Sum of the scores of the pairs in the bin.'),
  accuracySum: ofModel(
    'accuracy_sum',
    ['sum', 'window'],
    'Sums over pairs that scores are made of: classified_pairs, scored_pairs, log_loss, squared_error, absolute_error, relative_error, relative_error_pairs, actual, actual_squared.'
  ),
  accuracyScore: ofModel(
    'accuracy_score',
    ['metric', 'window'],
    'Score of the model over the pairs of the window. Absent with fewer pairs than needed.'
  ),
  accuracyMetricInfo: series(
    'accuracy_metric_info',
    ['metric', 'direction', 'samples'],
    'Of each metric whether a higher score is better. `samples`: what it rests on, pairs being modelwatch:accuracy_pairs, others modelwatch:accuracy_sum with that `sum`.'
  ),
  accuracyBaseline: ofModel('accuracy_baseline', ['metric'], 'Score on data that the model was not trained on.'),
  accuracyLimit: ofModel(
    'accuracy_limit',
    ['metric', 'level'],
    'Score from which accuracy is a warning, and critical.'
  ),
  accuracyState: ofModel(
    'accuracy_state',
    ['metric', 'window', 'state'],
    'Verdict on each score that has a limit; only the state that holds, value 1.'
  ),
  accuracyLastVerdict: ofModel(
    'accuracy_last_verdict_timestamp_seconds',
    ['status'],
    'When the accuracy of the model was last judged, by what came of it (ok, warning, critical); one for each model.'
  ),
  accuracyLastPair: ofModel(
    'accuracy_last_pair_timestamp_seconds',
    [],
    'When there was last a pair within the hour before.'
  ),
  scoredPredictions: ofModel(
    'scored_predictions',
    ['bin', 'predicted', 'stage', 'window'],
    'Predictions by bin of the score and decision, made or joined in the window.'
  ),
  scoredPredictionSum: ofModel(
    'scored_prediction_sum',
    ['bin', 'window'],
    'Sum of the scores of those that were made.'
  ),
  scoreCalibrationPairs: ofModel(
    'score_calibration_pairs',
    ['bin', 'actual'],
    'Pairs of seven days, none of the last, by bin of the score: what scores are calibrated with.'
  ),
  calibratedScore: ofModel(
    'calibrated_score',
    ['bin', 'window'],
    'Probability of the positive class in the bin: the share among those pairs, with ten rows of the mean score added.'
  ),
  expectedOutcomes: ofModel(
    'expected_outcomes',
    ['predicted', 'actual', 'stage', 'window'],
    'Outcomes that calibrated scores lead to expect.'
  ),
  estimatedAccuracyScore: ofModel(
    'estimated_accuracy_score',
    ['metric', 'stage', 'window'],
    'Score that calibrated scores lead to expect: of predictions made in the window, without their actuals; of those joined, for comparison.'
  ),
  estimatedAccuracyGap: ofModel(
    'estimated_accuracy_gap',
    ['metric', 'window'],
    'Score of the pairs of the window less what was to be expected of the same pairs.'
  ),
} as const satisfies Record<string, RecordedSeries>;
