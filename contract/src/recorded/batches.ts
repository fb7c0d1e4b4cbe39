/** The last batches of each model, and the verdict on each. What is known of a batch stays when no exporter has it any more. */
import { ofModel, type RecordedSeries } from './series';

const SUBJECT = ['reference', 'subject', 'feature'] as const;

export const RECORDED_BATCHES = {
  batchSettings: ofModel(
    'batch_settings_info',
    ['last'],
    'How many batches of the model are judged, once however many exporters say it; stays while no exporter can tell.'
  ),
  batchFailing: ofModel(
    'batch_failing_limit',
    [],
    'Of the last batches, how many must have drifted for the model to be critical; stays while no exporter can tell.'
  ),
  batchOpened: ofModel(
    'batch_opened_timestamp_seconds',
    ['batch'],
    'When each of the last batches of the model was opened: the newest has the highest value.'
  ),
  batchClosed: ofModel('batch_closed_timestamp_seconds', ['batch'], 'When it was closed; absent while it is open.'),
  batchRows: ofModel('batch_rows', ['batch'], 'Predictions of the batch, over all versions and exporters.'),
  batchLost: ofModel(
    'batch_lost',
    ['batch'],
    '1 for a batch of which an exporter that counted rows no longer has them: it was started again, or is gone.'
  ),
  batchDriftRows: ofModel(
    'batch_drift_rows',
    [...SUBJECT, 'batch'],
    'Rows of the batch that were compared with the reference.'
  ),
  batchDriftScore: ofModel(
    'batch_drift_score',
    [...SUBJECT, 'batch', 'method'],
    'How far the rows of the batch are from the reference; higher is worse. Absent with fewer rows than needed.'
  ),
  batchState: ofModel('batch_state', ['batch', 'state'], 'Verdict on the batch; only the state that holds, value 1.'),
  batchesLastVerdict: ofModel(
    'batches_last_verdict_timestamp_seconds',
    ['status'],
    'When the last batches of the model were last judged, by what came of it (ok, warning, critical); one for each model.'
  ),
} as const satisfies Record<string, RecordedSeries>;
