/** Fairness of models, by protected attribute (`segment`) and group (`value`). What is summed over a window has its label. */
import { ofModel, series, type RecordedSeries } from './series';

const OF_GROUP = ['segment', 'value'] as const;

export const RECORDED_FAIRNESS = {
  fairnessSettings: ofModel(
    'fairness_settings_info',
    ['segment', 'favourable_class', 'reference_group', 'window'],
    'A protected attribute and what is set of it, once however many exporters say it; stays while no exporter can tell.'
  ),
  fairnessLimit: ofModel('fairness_limit', ['metric', 'level'], 'Difference or ratio from which there is a verdict.'),
  fairnessRowsNeeded: ofModel('fairness_rows_needed', [], 'Rows below which a group has no rate.'),
  fairnessRows: ofModel(
    'fairness_rows',
    [...OF_GROUP, 'rate', 'window'],
    'Rows of the group that the rate is of, in the window. 1d and 7d are sums of hours and end at the last full one.'
  ),
  fairnessFavourable: ofModel(
    'fairness_favourable_rows',
    [...OF_GROUP, 'rate', 'window'],
    'Of those rows the ones that the rate counts.'
  ),
  fairnessRate: ofModel(
    'fairness_rate',
    [...OF_GROUP, 'rate', 'window'],
    'Rate of the group. Absent with fewer rows than needed, and of rows without a value.'
  ),
  fairnessReferenceRate: ofModel(
    'fairness_reference_rate',
    [...OF_GROUP, 'rate', 'window'],
    'Rate of the group that the others are compared with.'
  ),
  fairnessScore: ofModel(
    'fairness_score',
    [...OF_GROUP, 'metric', 'window'],
    'Rate of the group less that of the reference group; by it for disparate_impact.'
  ),
  fairnessMetricInfo: series(
    'fairness_metric_info',
    ['metric', 'rate', 'direction'],
    'Of each metric which value is best, and the rate that it compares: it rests on modelwatch:fairness_rows with that `rate`.'
  ),
  fairnessMargin: ofModel(
    'fairness_margin',
    [...OF_GROUP, 'rate', 'window'],
    'Difference of the two rates that chance alone stays within in 99 of 100 cases.'
  ),
  fairnessState: ofModel(
    'fairness_state',
    [...OF_GROUP, 'metric', 'window', 'state'],
    'Verdict on each group by each metric with limits; only the state that holds, value 1. Without a value: no group has rows.'
  ),
  fairnessLastVerdict: ofModel(
    'fairness_last_verdict_timestamp_seconds',
    [...OF_GROUP, 'metric', 'status'],
    'When the group was last judged, by what came of it (ok, warning, critical).'
  ),
} as const satisfies Record<string, RecordedSeries>;
