/** How much of the events of models is seen, from their counters. */
import { ofModel, type RecordedSeries } from './series';

export const RECORDED_COVERAGE = {
  coverageRows: ofModel(
    'coverage_rows:1h',
    ['part'],
    'Rows of the last hour by what they amounted to; one row can be in several parts.'
  ),
  coverageRatio: ofModel(
    'coverage_ratio:1h',
    ['part'],
    'The same as a share of the received rows; absent with fewer than 20.'
  ),
  modelCoverage: ofModel(
    'model_coverage',
    ['state'],
    'How much of what the model predicts is seen as events; only the state that holds, value 1. A verdict stands for a day after the last event.'
  ),
} as const satisfies Record<string, RecordedSeries>;
