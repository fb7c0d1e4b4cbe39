/** Challengers beside their champion, whose names stand in namespace and model. What is summed over a window has its label. */
import { ofModel, type RecordedSeries } from './series';

const challenger = (name: string, labels: readonly string[], help: string) =>
  ofModel(name, ['challenger', ...labels], help);

export const RECORDED_CHALLENGERS = {
  challengerPairs: challenger(
    'challenger_pairs',
    ['window'],
    'Requests that both answered in the window, over all exporters. 1d and 7d are sums of hours and end at the last full one, here and below.'
  ),
  challengerExpected: challenger(
    'challenger_expected',
    ['window'],
    'Answers of the champion with an id, which the challenger may have answered, too.'
  ),
  challengerJudgedPairs: challenger(
    'challenger_judged_pairs',
    ['window'],
    'Pairs whose actual arrived in the window and tells of both whether they were right.'
  ),
  challengerClasses: challenger(
    'challenger_classes',
    ['champion', 'candidate', 'window'],
    'Pairs by the class of the champion and that of the challenger.'
  ),
  challengerOutcomes: challenger(
    'challenger_outcomes',
    ['role', 'predicted', 'actual', 'window'],
    'Judged pairs by whose answer it is, predicted and actual class.'
  ),
  challengerClassPairs: challenger(
    'challenger_class_pairs',
    ['role', 'class', 'counted', 'window'],
    'Judged pairs by class: those that the role predicted to be it, those that are it, and those that are both.'
  ),
  challengerVerdicts: challenger(
    'challenger_verdicts',
    ['champion', 'candidate', 'window'],
    'Judged pairs by whether the champion was right and whether the challenger was.'
  ),
  challengerSum: challenger(
    'challenger_sum',
    ['role', 'sum', 'window'],
    'Sums over pairs that figures are made of: told_pairs, agreed_pairs, difference, difference_squared, scored_pairs, and by role absolute_error and squared_error; loss_difference_squared_brier and _mae.'
  ),
  challengerAgreement: challenger(
    'challenger_agreement_ratio',
    ['window'],
    'Share of the pairs of a classification where both answered the same class. Absent with fewer pairs than needed.'
  ),
  challengerDifference: challenger(
    'challenger_difference',
    ['statistic', 'window'],
    'By how much two answers of a regression differ: mean_absolute, root_mean_square. Absent with fewer pairs than needed.'
  ),
  challengerScore: challenger(
    'challenger_score',
    ['role', 'metric', 'window'],
    'Score of champion and challenger over the same judged pairs. Absent with fewer of them than needed.'
  ),
  challengerLead: challenger(
    'challenger_lead',
    ['metric', 'window'],
    'By how much the score of the challenger is better than that of the champion; below 0 where it is worse.'
  ),
  challengerMargin: challenger(
    'challenger_margin',
    ['metric', 'window'],
    'What chance alone may make of the lead: it is within this of the true one in 99 of 100 cases.'
  ),
  challengerState: challenger(
    'challenger_state',
    ['metric', 'window', 'state'],
    'Verdict on the challenger by each score that has a margin; only the state that holds, value 1.'
  ),
} as const satisfies Record<string, RecordedSeries>;
