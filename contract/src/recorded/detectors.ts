/** Detectors that others run: alibi-detect's results as they were posted, TrustyAI's series as Prometheus scraped them. */
import { ofModel, type RecordedSeries } from './series';

const DETECTOR = ['detector', 'kind', 'source', 'method', 'feature'];

export const RECORDED_DETECTORS = {
  detectorScore: ofModel('detector_score', DETECTOR, 'Statistic of the last result, on the scale of its method.'),
  detectorPValue: ofModel('detector_p_value', DETECTOR, 'p-value of the last result.'),
  detectorThreshold: ofModel(
    'detector_threshold',
    [...DETECTOR, 'of'],
    'What the p_value is drift below, or the score above.'
  ),
  detectorFlaggedRatio: ofModel(
    'detector_flagged_ratio:1h',
    DETECTOR,
    'Share of the results of the last hour that were flagged.'
  ),
  detectorState: ofModel(
    'detector_state',
    [...DETECTOR, 'state'],
    'Verdict of each detector that tells one; only the state that holds, value 1.'
  ),
} as const satisfies Record<string, RecordedSeries>;
