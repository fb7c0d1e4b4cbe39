/** Accuracy of models, from counters of pairs of prediction and actual. */
import { ofModel, type RecordedSeries } from './series';

export const RECORDED_ACCURACY = {
  accuracyPairs: ofModel(
    'accuracy_pairs',
    ['window'],
    'Pairs of prediction and actual whose actual arrived in the window.'
  ),
  accuracyScore: ofModel(
    'accuracy_score',
    ['metric', 'window'],
    'Score of the model over the pairs of the window. Absent with fewer pairs than needed.'
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
    'Verdict on the score; only the state that holds, value 1.'
  ),
} as const satisfies Record<string, RecordedSeries>;
