/**
 * Frame `custom-metrics` of the query *custom-metric*: a row per custom metric of each model, worst first. A value is null
 * with fewer samples than needed, and when it is too old.
 */
export const CUSTOM_METRIC_FIELDS = {
  cluster: 'cluster',
  namespace: 'namespace',
  model: 'model',
  metric: 'metric',
  /** One of CUSTOM_STATES; null of a metric without a limit. */
  state: 'state',
  /** Since when this state holds; null when longer than the time range. */
  since: 'since',
  value: 'value',
  /** Grafana's id of it, as declared. */
  unit: 'unit',
  baseline: 'baseline',
  /** Value minus baseline, and which way is good: one of CUSTOM_DIRECTIONS. */
  change: 'change',
  direction: 'direction',
  warningBelow: 'warning_below',
  criticalBelow: 'critical_below',
  warningAbove: 'warning_above',
  criticalAbove: 'critical_above',
  /** One of CUSTOM_AGGREGATIONS. */
  aggregation: 'aggregation',
  /** One of DRIFT_WINDOWS; null where the query says it. */
  window: 'window',
  /** One of CUSTOM_SOURCES. */
  source: 'source',
  /** Null of gauges and queries. */
  samples: 'samples',
  samplesNeeded: 'samples_needed',
  /** When there last was a verdict. */
  lastVerdict: 'last_verdict',
} as const;

/**
 * Frame `custom-metric-history`, in its place over time: a field `time`, then fields per metric with these labels. `line` is `value`, `baseline`, or a
 * limit: `warning below`, `critical below`, `warning above`, `critical above`.
 */
export const CUSTOM_HISTORY_LABELS = ['cluster', 'namespace', 'model', 'metric', 'line'] as const;
