/** Drift of features and predictions, from counters per bin. A score travels with its method and window, and joins its rows. */
import { ofModel, type RecordedSeries } from './series';

const SUBJECT = ['reference', 'subject', 'feature'] as const;

export const RECORDED_DRIFT = {
  binRows: ofModel(
    'bin_rows:1h',
    [...SUBJECT, 'bin'],
    'Rows of the last hour by bin, over all versions and exporters. Longer windows are sums of these.'
  ),
  binReference: ofModel(
    'bin_reference_ratio',
    [...SUBJECT, 'bin'],
    'Share of the reference in the bin, once however many exporters say it. Join with this, never with the raw series.'
  ),
  driftRows: ofModel('drift_rows', [...SUBJECT, 'window'], 'Rows in the window that were compared with the reference.'),
  driftRowsNeeded: ofModel('drift_rows_needed', SUBJECT, 'Rows in a window below which there is no verdict.'),
  driftThreshold: ofModel(
    'drift_threshold',
    [...SUBJECT, 'level'],
    'Score from which drift is a warning, and critical.'
  ),
  driftScore: ofModel(
    'drift_score',
    [...SUBJECT, 'method', 'window'],
    'How far rows of the window are from the reference; higher is worse. Absent with fewer rows than needed.'
  ),
  driftState: ofModel(
    'drift_state',
    [...SUBJECT, 'method', 'window', 'state'],
    'Verdict on the score; only the state that holds, value 1.'
  ),
  driftFeatures: ofModel(
    'drift_features',
    ['reference', 'window', 'state'],
    'Features of the model in each state; 0 where none is.'
  ),
} as const satisfies Record<string, RecordedSeries>;
