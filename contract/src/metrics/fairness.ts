/** Fairness: what the groups of a protected attribute were decided, and what is set of it. */
import { family, MODEL } from './family';

export const FAIRNESS_METRIC_FAMILIES = {
  segmentDecisions: family(
    'segment_decisions_total',
    'counter',
    [...MODEL, 'segment', 'value', 'decision'],
    'Predictions by value of a protected attribute, and whether they are the favourable outcome; without those that cannot be read.'
  ),
  fairnessSettings: family(
    'fairness_settings_info',
    'gauge',
    [...MODEL, 'segment', 'favourable_class', 'reference_group', 'window'],
    'A protected attribute, the outcome that people want, the group that others are compared with (empty: the most favoured), and the window of the verdict.'
  ),
  fairnessLimit: family(
    'fairness_limit',
    'gauge',
    [...MODEL, 'metric', 'level'],
    'Distance between groups from which fairness is a warning, and critical: a difference of rates, or a ratio of them.'
  ),
  fairnessRowsNeeded: family(
    'fairness_rows_needed',
    'gauge',
    MODEL,
    'Rows of a group that a rate is of, below which there is none.'
  ),
} as const;
