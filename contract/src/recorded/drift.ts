/** Drift of features and predictions, from counters per bin. A score travels with its method and window, and joins its rows. */
import { MODEL_LABELS, ofModel, series, type RecordedSeries } from './series';

const SUBJECT = ['reference', 'subject', 'feature'] as const;
/** What identifies a feature of a reference, or its predictions, in a `by` or `on` of PromQL. */
export const DRIFT_SUBJECT_LABELS = [MODEL_LABELS, ...SUBJECT].join(', ');

export const RECORDED_DRIFT = {
  binRows: ofModel(
    'bin_rows:1h',
    [...SUBJECT, 'bin'],
    'Rows of the last hour by bin, over all versions and exporters. Longer windows are sums of these.'
  ),
  windowBinRows: ofModel(
    'bin_rows',
    [...SUBJECT, 'bin', 'window'],
    'The same for each other window that is counted for itself (10m); sums of hours are not recorded.'
  ),
  binReference: ofModel(
    'bin_reference_ratio',
    [...SUBJECT, 'bin'],
    'Share of the reference in the bin, once however many exporters say it. Join with this, never with the raw series.'
  ),
  driftBins: ofModel(
    'drift_bins',
    SUBJECT,
    'Bins of the reference, where rows are counted in every one of them. Without it there is no score.'
  ),
  driftSettings: ofModel(
    'drift_settings_info',
    ['method', 'window'],
    'The statistic and the window that the verdict rests on, once however many exporters say it; stays while no exporter can tell.'
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
  driftLastVerdict: ofModel(
    'drift_last_verdict_timestamp_seconds',
    ['status'],
    'When the drift of the model was last judged, by what came of it (ok, warning, critical); one for each model.'
  ),
  driftMethodInfo: series(
    'drift_method_info',
    ['method', 'direction'],
    'Of each statistic of drift that a higher score is worse. It rests on modelwatch:drift_rows.'
  ),
  dataQualityRatio: ofModel(
    'data_quality_ratio',
    [...SUBJECT, 'problem'],
    'Share of the rows of the last hour whose value of the feature is missing, of a new category, out of range or invalid. Absent with fewer rows than needed.'
  ),
  dataQualityReferenceRatio: ofModel(
    'data_quality_reference_ratio',
    [...SUBJECT, 'problem'],
    'The same share of the reference.'
  ),
  dataQualityExcess: ofModel(
    'data_quality_excess_ratio',
    [...SUBJECT, 'problem'],
    'By how much the share is above that of the reference; only where that is more than the margin of the alert.'
  ),
  outOfRange: ofModel(
    'out_of_range_per_prediction:10m',
    [],
    'Values out of the range of the reference for each prediction of the last 10 minutes, over all features; absent below 100 predictions.'
  ),
} as const satisfies Record<string, RecordedSeries>;
