/** What detectors found that others run. Results add up; the rest is of the last result that this exporter got. */
import { family, MODEL } from './family';

const DETECTOR = [...MODEL, 'detector', 'kind', 'source', 'method', 'feature'] as const;

export const DETECTOR_METRICS = {
  detectorResults: family(
    'detector_results_total',
    'counter',
    [...DETECTOR, 'outcome'],
    'Results of a detector by what it said: one a batch for drift, one a row for outliers. feature is empty for all together.'
  ),
  detectorFlagged: family(
    'detector_flagged',
    'gauge',
    DETECTOR,
    'Whether the last result of a detector of drift is drift.'
  ),
  detectorScore: family(
    'detector_score',
    'gauge',
    DETECTOR,
    'Statistic of the last result, on the scale of its method; of outliers the mean of the last rows.'
  ),
  detectorPValue: family(
    'detector_p_value',
    'gauge',
    DETECTOR,
    'p-value of the last result; of several features together the smallest.'
  ),
  detectorThreshold: family(
    'detector_threshold',
    'gauge',
    [...DETECTOR, 'of'],
    'What the p_value is drift below, or the score above.'
  ),
  detectorLastResult: family(
    'detector_last_result_timestamp_seconds',
    'gauge',
    DETECTOR,
    'When the last result came in.'
  ),
} as const;
