/**
 * Frame `coverage` of the query of that name: a row per model, worst first, of the events of the last hour. One row of an
 * event can be in several numbers. What nobody counted is null.
 */
export const COVERAGE_FIELDS = {
  cluster: 'cluster',
  namespace: 'namespace',
  model: 'model',
  /** One of COVERAGE_STATES; null where none is recorded. */
  state: 'state',
  /** The state in a sentence. */
  words: 'words',
  /** Share of the rows received, 0 to 1, that is at least not seen; null with fewer than COVERAGE_ROWS_NEEDED. */
  unseen: 'unseen',
  received: 'received',
  counted: 'counted',
  dropped: 'dropped',
  /** Sent before. */
  duplicates: 'duplicates',
  missingId: 'missing_id',
  absentFeatures: 'absent_features',
  unknownFeatures: 'unknown_features',
  uncompared: 'uncompared',
  /** Rows counted, of the predictions that they stand for, 0 to 1. */
  sampleRatio: 'sample_ratio',
  /** Turned away unread. */
  refusedRequests: 'refused_requests',
  /** That there is no room for, now. */
  seriesRefused: 'series_refused',
  /** Actuals that met their prediction, predictions that wait for theirs now, and those that waited in vain. */
  joined: 'joined',
  openPredictions: 'open_predictions',
  expired: 'expired',
  /** From a prediction to its arrival, seconds. */
  lagMedian: 'lag_p50',
  lagHigh: 'lag_p95',
  lastPrediction: 'last_prediction',
} as const;

/** Frame `coverage-reasons` beside it: a row per model and reason for which something did not count. */
export const COVERAGE_REASON_FIELDS = {
  cluster: 'cluster',
  namespace: 'namespace',
  model: 'model',
  /** `rows dropped`, `refused requests` or `actuals`. */
  of: 'of',
  /** In words; of actuals what became of them. */
  reason: 'reason',
  count: 'count',
} as const;
