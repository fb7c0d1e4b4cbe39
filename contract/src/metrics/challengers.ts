/**
 * Challengers beside their champion, on the same ids: the labels namespace and model are the champion's, so that what is
 * said of both stands in one place. All but the info are counters that add up over time and replicas.
 */
import { family, MODEL } from './family';

const CHALLENGER = [...MODEL, 'challenger'] as const;

export const CHALLENGER_METRICS = {
  challengerInfo: family(
    'challenger_info',
    'gauge',
    [...CHALLENGER, 'challenger_namespace', 'challenger_model', 'challenger_version', 'source'],
    'A challenger of the model: which model and version answers beside it, and where that is declared; the value is always 1.'
  ),
  challengerExpected: family(
    'challenger_expected_total',
    'counter',
    CHALLENGER,
    'Predictions of the champion with an id, which the challenger may answer, too.'
  ),
  challengerPredictions: family(
    'challenger_predictions_total',
    'counter',
    [...CHALLENGER, 'outcome'],
    'Predictions of the challenger, by what became of them: paired, incomparable, alone, missing_id, duplicate.'
  ),
  challengerClasses: family(
    'challenger_classes_total',
    'counter',
    [...CHALLENGER, 'champion', 'candidate'],
    'Pairs of answers to one request of a classification, by the class of the champion and that of the challenger.'
  ),
  challengerDifferenceSum: family(
    'challenger_difference_sum_total',
    'counter',
    [...CHALLENGER, 'sign'],
    'Sum of the differences between two answers of a regression: over where the challenger says more, under where it says less; both positive.'
  ),
  challengerDifferenceSquaredSum: family(
    'challenger_difference_squared_sum_total',
    'counter',
    CHALLENGER,
    'Sum of the squared differences between two answers of a regression.'
  ),
  challengerJudgedPairs: family(
    'challenger_judged_pairs_total',
    'counter',
    CHALLENGER,
    'Pairs whose actual is known, and tells of both whether they were right.'
  ),
  challengerOutcomes: family(
    'challenger_outcomes_total',
    'counter',
    [...CHALLENGER, 'role', 'predicted', 'actual'],
    'Judged pairs of a classification by whose answer it is, predicted and actual class: both roles from the same rows.'
  ),
  challengerVerdicts: family(
    'challenger_verdicts_total',
    'counter',
    [...CHALLENGER, 'champion', 'candidate'],
    'Judged pairs of a classification by whether the champion was right and whether the challenger was.'
  ),
  challengerScoredPairs: family(
    'challenger_scored_pairs_total',
    'counter',
    CHALLENGER,
    'Judged pairs of a binary classification where both told a score.'
  ),
  challengerSquaredErrorSum: family(
    'challenger_squared_error_sum_total',
    'counter',
    [...CHALLENGER, 'role'],
    'Sum of the squared differences of prediction and actual of judged pairs; of scores and 0 or 1 for a binary classification, where both have a score.'
  ),
  challengerErrorSum: family(
    'challenger_error_sum_total',
    'counter',
    [...CHALLENGER, 'role', 'sign'],
    'Sum of the differences of prediction and actual of judged pairs of a regression: over where too much was predicted, under where too little; both positive.'
  ),
  challengerLossDifferenceSquaredSum: family(
    'challenger_loss_difference_squared_sum_total',
    'counter',
    [...CHALLENGER, 'metric'],
    'Sum over judged pairs of the squared difference between the error of the champion and that of the challenger: absolute errors for mae, squared ones of scores for brier.'
  ),
} as const;
