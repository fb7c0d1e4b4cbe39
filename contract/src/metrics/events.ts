/**
 * What inference events amount to. Counters per bin are not cumulative and add up over bins, time, versions and replicas;
 * every bin of a reference exists from the start, at 0. What is said of a reference is said alike by every exporter: read
 * it through `max by`.
 */
import { family, MODEL } from './family';

const EVENT = [...MODEL, 'version'] as const;
const REFERENCE = [...MODEL, 'reference'] as const;
/** `feature` is empty where `subject` is `prediction`. */
const SUBJECT = [...REFERENCE, 'subject', 'feature'] as const;
const EDGES = ['from', 'to', 'category'] as const;

const SMOOTHED =
  'Share of the rows of the reference in the bin, with half a row added to each bin. from and to are the edges of a numeric bin; category is there where its names may be shown.';

export const EVENT_METRICS = {
  predictions: family('predictions_total', 'counter', EVENT, 'Predictions (rows) that were taken in as events.'),
  lastPrediction: family(
    'last_prediction_timestamp_seconds',
    'gauge',
    MODEL,
    'When the last prediction was taken in; absent before the first.'
  ),
  predictionExpectedInterval: family(
    'prediction_expected_interval_seconds',
    'gauge',
    MODEL,
    'How long the model may go without a prediction before that is news, where its settings say it.'
  ),
  eventsReceived: family(
    'events_received_total',
    'counter',
    MODEL,
    'Predictions that arrived for the model, those that were counted and those that were not.'
  ),
  consumers: family(
    'consumers',
    'gauge',
    [...MODEL, 'window'],
    'Different consumers named by predictions; an estimate with a standard error of 3.3 %. Absent where none is named.'
  ),
  eventsDropped: family(
    'events_dropped_total',
    'counter',
    [...MODEL, 'reason'],
    'Events that arrived and were not counted, by reason; without namespace and model where these are not known.'
  ),
  eventsMissingId: family(
    'events_missing_id_total',
    'counter',
    MODEL,
    'Predictions without an id: counted, but a repetition goes unnoticed and no actual can follow.'
  ),
  eventsImplausibleTime: family(
    'events_implausible_time_total',
    'counter',
    MODEL,
    'Predictions with a time in the future or more than a day ago: counted when they arrived, without a lag.'
  ),
  eventsUncompared: family(
    'events_uncompared_total',
    'counter',
    MODEL,
    'Predictions of a version that has no reference: counted, and compared with nothing.'
  ),
  eventsAbsentFeatures: family(
    'events_absent_features_total',
    'counter',
    MODEL,
    'Predictions without one of the watched features or more: counted, and missing there.'
  ),
  eventsUnknownFeatures: family(
    'events_unknown_features_total',
    'counter',
    MODEL,
    'Predictions with a feature that the reference does not have: counted, and that feature is watched by nobody.'
  ),
  predictionsRepresented: family(
    'predictions_represented_total',
    'counter',
    MODEL,
    'Predictions that those which were taken in stand for: more, where senders say that they send a sample.'
  ),
  ingestRefusedRequests: family(
    'ingest_refused_requests_total',
    'counter',
    [...MODEL, 'reason'],
    'Requests with events that were turned away unread and whose address names the model, by reason; nobody knows how many events were in them.'
  ),
  eventLag: family('event_lag_seconds', 'histogram', MODEL, 'From the time of a prediction to its arrival.'),
  eventSeriesRefused: family(
    'event_series_refused',
    'gauge',
    MODEL,
    'Series that are not there since the model, or the exporter, has as many as it may: what they would show is not watched.'
  ),
  featureObservations: family(
    'feature_observations_total',
    'counter',
    [...EVENT, 'reference', 'feature', 'bin'],
    'Rows by the bin of the reference that their value of the feature falls into, or missing, invalid, below, above, other, new.'
  ),
  predictionObservations: family(
    'prediction_observations_total',
    'counter',
    [...EVENT, 'reference', 'bin'],
    'Rows by the bin of the reference that their prediction falls into.'
  ),
  featureReference: family('feature_reference_ratio', 'gauge', [...REFERENCE, 'feature', 'bin', ...EDGES], SMOOTHED),
  predictionReference: family('prediction_reference_ratio', 'gauge', [...REFERENCE, 'bin', ...EDGES], SMOOTHED),
  referenceInfo: family(
    'reference_info',
    'gauge',
    [...REFERENCE, 'reference_name', 'version'],
    'A reference that the model is compared with; version is empty where it holds for all that have none of their own.'
  ),
  referenceRows: family('reference_rows', 'gauge', REFERENCE, 'Rows of the data that the reference was made of.'),
  driftSettings: family(
    'drift_settings_info',
    'gauge',
    [...MODEL, 'method', 'window'],
    'The statistic and the window that the verdict on the drift of the model rests on.'
  ),
  driftSubject: family(
    'drift_subject_info',
    'gauge',
    [...SUBJECT, 'type', 'weight'],
    'What is watched for drift. weight low: its drift makes the model a warning at most.'
  ),
  featureImportance: family(
    'feature_importance_ratio',
    'gauge',
    [...REFERENCE, 'feature'],
    'Share of the model that the feature carries; absent where the reference does not tell.'
  ),
  driftThreshold: family(
    'drift_threshold',
    'gauge',
    [...SUBJECT, 'level'],
    'Value of the statistic from which drift is a warning, and critical.'
  ),
  driftRowsNeeded: family(
    'drift_rows_needed',
    'gauge',
    SUBJECT,
    'Rows in the window below which there is no verdict: 30 for each bin, unless set.'
  ),
} as const;
