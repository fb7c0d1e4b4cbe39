/**
 * What events amount to in each of the last batches of a model, all versions together. A batch is finite and may be older
 * than what Prometheus looks back on: its counters are read as they are, added up over exporters, and not by `increase`.
 */
import { family, MODEL } from './family';

const BATCH = [...MODEL, 'batch'] as const;

export const BATCH_METRICS = {
  batchInfo: family(
    'batch_info',
    'gauge',
    [...BATCH, 'name', 'state'],
    'A batch that is told apart, 1: open, closed, or forgotten.'
  ),
  batchOpened: family(
    'batch_opened_timestamp_seconds',
    'gauge',
    BATCH,
    'When the batch was opened, or its first row came.'
  ),
  batchClosed: family('batch_closed_timestamp_seconds', 'gauge', BATCH, 'When the batch was closed; absent before.'),
  batchPredictions: family(
    'batch_predictions_total',
    'counter',
    BATCH,
    'Predictions of the batch. Read it as it is: the whole of a batch is this, added up over exporters.'
  ),
  batchExpectedRows: family(
    'batch_expected_rows',
    'gauge',
    BATCH,
    'Rows that the batch has, as whoever closed it says; absent where nobody does.'
  ),
  batchObservations: family(
    'batch_observations_total',
    'counter',
    [...MODEL, 'reference', 'batch', 'subject', 'feature', 'bin'],
    'Rows of the batch by bin of the reference that its first row was compared with: predictions first, then features by their weight, as many as there is room for.'
  ),
  batchPairs: family('batch_accuracy_pairs_total', 'counter', BATCH, 'Predictions of the batch whose actual is known.'),
  batchClassPairs: family(
    'batch_class_pairs_total',
    'counter',
    [...BATCH, 'class', 'counted'],
    'Pairs of a classification by batch: predicted to be of the class, of the class in truth (actual), or both.'
  ),
  batchSquaredErrorSum: family(
    'batch_squared_error_sum_total',
    'counter',
    BATCH,
    'Sum of the squared differences of prediction and actual of a regression, by batch.'
  ),
  batchErrorSum: family(
    'batch_error_sum_total',
    'counter',
    [...BATCH, 'sign'],
    'Sum of the differences of prediction and actual of a regression by batch: over where it predicted too much, under where too little; both positive.'
  ),
  batchSettings: family(
    'batch_settings_info',
    'gauge',
    [...MODEL, 'last'],
    'How many batches of the model are told apart, and judged: the last ones. Value 1.'
  ),
  batchFailing: family(
    'batch_failing_limit',
    'gauge',
    MODEL,
    'Of the last batches, how many must have drifted for the model to be critical.'
  ),
  batchSeriesRefused: family(
    'batch_series_refused',
    'gauge',
    MODEL,
    'Series of each batch that there is no room for: their features are not told apart by batch.'
  ),
  batchRowsRefused: family(
    'batch_rows_refused_total',
    'counter',
    [...MODEL, 'reason'],
    'Predictions that name a batch and are counted for the model alone, by reason.'
  ),
  batchesEvicted: family(
    'batches_evicted_total',
    'counter',
    MODEL,
    'Batches that are told apart no more, since there were newer ones.'
  ),
} as const;
