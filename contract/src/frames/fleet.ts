/**
 * The frame that the data source's *inventory* query gives and the panel's health view reads: one row per model.
 * Field names are fixed; a field that nobody can fill is left out. Times are milliseconds since 1970, as frames have it.
 */
export const INVENTORY_FIELDS = {
  cluster: 'cluster',
  namespace: 'namespace',
  model: 'model',
  platform: 'platform',
  health: 'health',
  /** Worst reason in words. */
  reason: 'reason',
  /** Since when this health holds. */
  since: 'since',
  replicasDesired: 'replicas_desired',
  replicasAvailable: 'replicas_available',
  /** When the state was last confirmed: the age of the data. */
  lastObserved: 'last_observed',
  server: 'server',
  runtime: 'runtime',
  version: 'version',
  owner: 'owner',
  /** Requests per second now. */
  requestsPerSecond: 'requests_per_second',
  /** When the model last answered a request. */
  lastRequest: 'last_prediction',
  requestsPerDay: 'predictions_per_day',
  /** Share of the requests of the last 5 minutes that failed, and of those that were slow. */
  errorsRatio: 'errors_ratio',
  slowRatio: 'slow_ratio',
  /** Features over a limit; of a model whose channel of drift is not, absent. */
  featuresDrifted: 'features_drifted',
  /** Of the objective that has least. */
  budgetLeft: 'budget_left_ratio',
  /** Prefix of one field per channel that has a verdict: `channel_serving`, `channel_freshness`, ... */
  channelPrefix: 'channel_',
} as const;
