import { DRIFT_WINDOWS } from './vocabulary/drift';

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
  /** Prefix of one field per channel that has a verdict: `channel_serving`, `channel_freshness`, ... */
  channelPrefix: 'channel_',
} as const;

/**
 * Frame `drift-scores` of the query *drift*: a row per feature and one for the predictions, as of the end of the time
 * range. A number that nobody knows is null: `score` with too few rows, `importance` where no reference has one.
 */
export const DRIFT_SCORE_FIELDS = {
  cluster: 'cluster',
  namespace: 'namespace',
  model: 'model',
  /** `feature` or `prediction`; the feature of predictions is empty. */
  subject: 'subject',
  feature: 'feature',
  /** `numeric`, `categorical` or `boolean`. */
  type: 'type',
  /** One of DRIFT_STATES. */
  state: 'state',
  /** Since when this state holds; null when longer than anybody knows. */
  since: 'since',
  score: 'score',
  /** The score a week before; null when there was none. */
  scoreBefore: 'score_before',
  method: 'method',
  /** One of DRIFT_WINDOWS; of a distribution one of DISTRIBUTION_WINDOWS. */
  window: 'window',
  rows: 'rows',
  rowsNeeded: 'rows_needed',
  warning: 'warning',
  critical: 'critical',
  /** Share of the model that the feature carries, 0 to 1. */
  importance: 'importance',
  weight: 'weight',
  /** Id and name of the reference, and its rows. */
  reference: 'reference',
  referenceName: 'reference_name',
  referenceRows: 'reference_rows',
  /** When the last prediction was taken in. */
  lastPrediction: 'last_prediction',
} as const;

/**
 * Frame `drift-detectors` of the query *drift*, where detectors of others look for drift: a row per detector and what it is of.
 * Each score is on the scale of its method: it is comparable with itself, and with no row of `drift-scores`. A number that the
 * detector does not tell is null.
 */
export const DRIFT_DETECTOR_FIELDS = {
  cluster: 'cluster',
  namespace: 'namespace',
  model: 'model',
  /** Its name. */
  detector: 'detector',
  /** Who computes it: one of DETECTOR_SOURCES, and by which method. */
  source: 'source',
  method: 'method',
  /** Empty: of all features together. */
  feature: 'feature',
  /** One of DETECTOR_STATES; null of one that tells of no threshold. */
  state: 'state',
  score: 'score',
  /** The score is drift above it. */
  scoreThreshold: 'score_threshold',
  /** How likely such a difference is without drift, 0 to 1; and what it is drift below. */
  pValue: 'p_value',
  pValueThreshold: 'p_value_threshold',
  /** When the last result came in; null where it is not posted but scraped. */
  lastResult: 'last_result',
} as const;

/**
 * Frames `drift-history` (scores) and `drift-rows-history` (rows in the window): a field `time`, then a field per feature
 * and one for the predictions, each with labels cluster, namespace, model, reference, subject and feature. A score
 * that is null where rows are known had too few of them; where rows are null, too, nothing was evaluated.
 */
export const DRIFT_HISTORY_LABELS = ['cluster', 'namespace', 'model', 'reference', 'subject', 'feature'] as const;

/** What a distribution can be counted over; `range` is the time range of the dashboard. */
export const DISTRIBUTION_WINDOWS = [...DRIFT_WINDOWS, 'range'] as const;
export type DistributionWindow = (typeof DISTRIBUTION_WINDOWS)[number];

/** Frame `distribution`: a row per bin of one feature, in the order of the reference, then the special bins. */
export const DISTRIBUTION_FIELDS = {
  bin: 'bin',
  /** What to call the bin: `90 to 180`, `BR`, `missing`, or `bin 3` where its category may not be shown. */
  label: 'label',
  /** Edges of a numeric bin; null for all others. */
  from: 'from',
  to: 'to',
  /** Whether it is one of the bins beside the range or the named categories. */
  special: 'special',
  /** Shares of rows, 0 to 1, as counted: nothing is added to them. `current` is null while there are no rows. */
  reference: 'reference',
  current: 'current',
  rows: 'rows',
  /** What the bin adds to the score; null where the method has no parts, and with too few rows. */
  adds: 'adds',
} as const;

/** `meta.custom.modelwatch` of a frame `distribution`, beside its mark: the row of `drift-scores` that it belongs to. */
export type DistributionSubject = Readonly<Record<keyof typeof DRIFT_SCORE_FIELDS, string | number | null>>;

/**
 * Beside it, where the exporter's API was asked and agrees: where the settings come from, as the API has it (`default`,
 * `config`, `configmap namespace/name`).
 */
export const DISTRIBUTION_SETTINGS = ['method', 'window', 'thresholds', 'minimumRows'] as const;
export type DistributionOrigins = Readonly<Partial<Record<(typeof DISTRIBUTION_SETTINGS)[number], string | undefined>>>;

/**
 * Frame `accuracy-scores` of the query *accuracy*: a row per score of each model, as of the end of the time range. A number
 * that nobody knows is null: `score` with too few pairs, limits of a score that nothing rests on.
 */
export const ACCURACY_SCORE_FIELDS = {
  cluster: 'cluster',
  namespace: 'namespace',
  model: 'model',
  /** One of BASELINE_METRICS. */
  metric: 'metric',
  /** `classification` or `regression`. */
  task: 'task',
  /** The class that precision and recall are of; empty where they are means over classes. */
  positiveClass: 'positive_class',
  /** One of ACCURACY_STATES; null where the score has no limit. */
  state: 'state',
  /** Since when this state holds; null when longer than anybody knows. */
  since: 'since',
  score: 'score',
  /** The score a week before; null when there was none. */
  scoreBefore: 'score_before',
  baseline: 'baseline',
  /** Score minus baseline, and which way is good: one of CUSTOM_DIRECTIONS. */
  change: 'change',
  direction: 'direction',
  warning: 'warning',
  critical: 'critical',
  /** One of DRIFT_WINDOWS. */
  window: 'window',
  /** Pairs of prediction and actual whose actual arrived in the window. */
  pairs: 'pairs',
  pairsNeeded: 'pairs_needed',
  /** When there was last a pair. */
  lastPair: 'last_pair',
  /** Predictions that wait for their actual now. */
  openPredictions: 'open_predictions',
  /** Median time from a prediction to its actual, seconds. */
  actualDelay: 'actual_delay',
} as const;

/** Frame `challengers` of the query of that name: a row per candidate of each model, the champion first. */
export const CHALLENGER_FIELDS = {
  cluster: 'cluster',
  /** Of the champion. */
  namespace: 'namespace',
  model: 'model',
  /** One of CHALLENGER_ROLES. */
  role: 'role',
  /** Its name; null of the champion. */
  challenger: 'challenger',
  /** The model that answers, `namespace/model`, and its version. */
  answersAs: 'answers_as',
  /** Where it is declared. */
  source: 'source',
  /** One of CHALLENGER_STATES, by accuracy or MAE. */
  state: 'state',
  /** Requests that both answered in the window, of those that the champion did; and those whose actual arrived. */
  pairs: 'pairs',
  expected: 'expected',
  judgedPairs: 'judged_pairs',
  pairsNeeded: 'pairs_needed',
  /** Share of the pairs with the same class; of a regression the mean absolute difference. */
  agreement: 'agreement',
  difference: 'difference',
  /** Seconds, and share of requests, over 5 minutes; null where nobody knows. */
  p50: 'p50',
  p95: 'p95',
  errorsRatio: 'errors_ratio',
  /** Status of its channel of drift. */
  drift: 'drift',
  window: 'window',
} as const;

/** Frame `challenger-scores`: a row per score of each challenger, of both from the same pairs. */
export const CHALLENGER_SCORE_FIELDS = {
  cluster: 'cluster',
  namespace: 'namespace',
  model: 'model',
  challenger: 'challenger',
  /** One of CHALLENGER_SCORES. */
  metric: 'metric',
  /** One of CHALLENGER_STATES; null of a score without a margin. */
  state: 'state',
  champion: 'champion',
  candidate: 'candidate',
  /** By how much the challenger is better, and what of that chance may have made. */
  lead: 'lead',
  margin: 'margin',
  judgedPairs: 'judged_pairs',
  pairsNeeded: 'pairs_needed',
  window: 'window',
} as const;

/** Frame `fairness` of the query of that name: a row per group of a protected attribute and metric, worst first. */
export const FAIRNESS_FIELDS = {
  cluster: 'cluster',
  namespace: 'namespace',
  model: 'model',
  segment: 'segment',
  /** Null: no group has rows. */
  group: 'group',
  metric: 'metric',
  /** One of FAIRNESS_STATES. */
  state: 'state',
  score: 'score',
  warning: 'warning',
  critical: 'critical',
  rate: 'rate',
  groupRate: 'group_rate',
  referenceGroup: 'reference_group',
  referenceRate: 'reference_rate',
  /** Difference of the rates that chance can make. */
  margin: 'margin',
  /** Of the group, that the rate is of. */
  rows: 'rows',
  rowsNeeded: 'rows_needed',
  favourableClass: 'favourable_class',
  window: 'window',
} as const;

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

/**
 * Frame `accuracy-history` (scores by arrival of the actual): a field `time`, then a field per model and score with these
 * labels. Frame `accuracy-pairs-history`: pairs in the window, a field per model, without `metric`. As with drift, a score that
 * is null where pairs are known had too few of them.
 */
export const ACCURACY_HISTORY_LABELS = ['cluster', 'namespace', 'model', 'metric'] as const;

/**
 * Frame `confusion` of the query *accuracy-detail*: a row per predicted and actual class, by name, the positive class after
 * the others, and `other` last where there is any. Pairs are what counters grew by over the window: not always whole.
 */
export const CONFUSION_FIELDS = { predicted: 'predicted', actual: 'actual', pairs: 'pairs' } as const;

/** Frame `calibration`: a row per bin of scores (SCORE_BINS equal ones), from 0; shares are null without pairs. */
export const CALIBRATION_FIELDS = {
  from: 'from',
  to: 'to',
  pairs: 'pairs',
  /** Mean of the scores in the bin, 0 to 1. */
  meanScore: 'mean_score',
  /** Share of the pairs in the bin whose actual is the positive class, 0 to 1. */
  positives: 'positives',
} as const;

/**
 * Frame `predicted-actual`: predicted beside what came true, over time and by arrival of the actual. A field `time`, then two
 * fields per subject with label `class` (empty for a regression) and label `side`, `predicted` or `actual`: means of a
 * regression, shares of pairs of each class; of a binary classification with scores the mean score and the share of
 * positives, with the positive class.
 */
export const PREDICTED_ACTUAL_LABELS = ['cluster', 'namespace', 'model', 'class', 'side'] as const;

/**
 * Frame `predicted-actual-rows`: the same by time of prediction, of the last rows that an exporter holds; a time with
 * fewer joined rows than ROWS_PER_POINT has no value.
 */
export const ROWS_PER_POINT = 100;

/** Frame `pair-ages`: a row per PREDICTION_AGES with pairs of the window: how old predictions were when their actual came. */
export const PAIR_AGE_FIELDS = { age: 'age', pairs: 'pairs' } as const;

/** `meta.custom.modelwatch` of frames of the query *accuracy-detail*, beside their mark: the model and what was asked for. */
export interface AccuracyDetailSubject {
  readonly cluster: string;
  readonly namespace: string;
  readonly model: string;
  readonly task: string;
  readonly positiveClass: string;
  /** One of DISTRIBUTION_WINDOWS. */
  readonly window: DistributionWindow;
  readonly pairs: number | null;
  readonly pairsNeeded: number | null;
}

/**
 * Frame `slo-status` of the query of that name: a row per objective, as of the end of the time range. Without a verdict
 * (`stale`, `too_little_data`, none at all) `attained`, `budget_left`, the burn rates and `exhaustion` are null.
 */
export const SLO_STATUS_FIELDS = {
  cluster: 'cluster',
  namespace: 'namespace',
  /** Of model and pipeline one is empty. */
  model: 'model',
  pipeline: 'pipeline',
  slo: 'slo',
  /** One of SLO_STATES; null where no rule has judged it. */
  state: 'state',
  /** Since when this state holds; null when longer than the time range. */
  since: 'since',
  /** One of SLO_INDICATORS, and of SLO_METHODS. */
  indicator: 'indicator',
  method: 'method',
  /** Of accuracy the score, of cost the currency. */
  metric: 'metric',
  /** Share of events that must be good, 0 to 1. */
  objective: 'objective',
  /** Seconds, a score, or a cost; `threshold_op` is one of `lte`, `gte`. */
  threshold: 'threshold',
  thresholdOp: 'threshold_op',
  /** One of SLO_WINDOWS. */
  window: 'window',
  attained: 'attained',
  /** Share of the budget; negative when more was spent than there was. */
  budgetLeft: 'budget_left',
  /** Of an objective that is `stale`: what was left when its events were last counted. */
  budgetLeftBefore: 'budget_left_before',
  /** Burn rates over an hour and over 5 minutes. */
  burn: 'burn',
  burnShort: 'burn_short',
  /** Lowest and highest burn rate above which an alert pages; null where none does. */
  pageFrom: 'page_from',
  pageTo: 'page_to',
  /** Of the alert that holds: one of BURN_SEVERITIES, its two windows, and the burn over the long one. */
  severity: 'severity',
  long: 'long',
  short: 'short',
  alertBurn: 'alert_burn',
  /** Seconds until the budget is spent; 0 when it is, null while nothing burns. */
  exhaustion: 'exhaustion',
  /** Events of the window of the budget, those that were bad, and how many it takes that a single bad one is allowed. */
  events: 'events',
  badEvents: 'bad_events',
  eventsNeeded: 'events_needed',
  owner: 'owner',
  /** Why this state, in words; null where there is nothing to say. */
  reason: 'reason',
} as const;

/**
 * Frame `slo-budget` of the query of that name: of one objective, over the window of its budget, not over the time range. The
 * last row is of the end of the time range.
 */
export const SLO_BUDGET_FIELDS = {
  time: 'time',
  /** Share of the budget that is left of what this window allows; it only falls. */
  budgetLeft: 'budget_left',
  /** Share of the budget that was spent since the row before. */
  spent: 'spent',
} as const;

/**
 * Frame `slo-events` beside it: a row per rollout and start of drift of the model in that window, and
 * per time that an alert fired: of this objective, or of the model without being of any objective.
 */
export const SLO_EVENT_FIELDS = {
  time: 'time',
  /** Null: it is still so. Of a rollout the time itself. */
  end: 'end',
  /** One of SLO_EVENT_KINDS. */
  kind: 'kind',
  /** Version, status of drift, or name of the alert. */
  title: 'title',
  severity: 'severity',
  /** Of an alert the objective that it is about; null where it is about none. */
  slo: 'slo',
} as const;
export const SLO_EVENT_KINDS = ['rollout', 'drift', 'alert'] as const;
export type SloEventKind = (typeof SLO_EVENT_KINDS)[number];

/**
 * Frame `slo-burn` of the query of that name: of one objective a field `time`, then a field per window, with labels cluster,
 * namespace, model, pipeline, slo and window: the highest burn rate over that window since the time before.
 */
export const SLO_BURN_LABELS = ['cluster', 'namespace', 'model', 'pipeline', 'slo', 'window'] as const;

/** Frame `slo-tiers` beside it: a row per alert on the burn rate, the fastest first. */
export const SLO_TIER_FIELDS = {
  severity: 'severity',
  long: 'long',
  short: 'short',
  /** Burn rate above which it holds. */
  line: 'line',
  burnLong: 'burn_long',
  burnShort: 'burn_short',
  events: 'events',
  eventsNeeded: 'events_needed',
  /** `yes` where it holds, else `no`. */
  holds: 'holds',
} as const;

/** Frame `alerts` of the query of that name: a row per alert that fires or waits, worst first. */
export const ALERT_FIELDS = {
  alert: 'alert',
  /** `firing` or `pending`. */
  state: 'state',
  severity: 'severity',
  since: 'since',
  cluster: 'cluster',
  namespace: 'namespace',
  model: 'model',
  pipeline: 'pipeline',
  slo: 'slo',
  owner: 'owner',
  /** Of one that fires, one of ALERT_NOTIFICATIONS; null where no Alertmanager was asked. */
  notification: 'notification',
  /** Where Alertmanager routes it to, by name. That a message has arrived it does not say. */
  receivers: 'receivers',
  /** Who silenced it, until when, why, and the id of the silence. */
  silencedBy: 'silenced_by',
  silencedUntil: 'silenced_until',
  silenceComment: 'silence_comment',
  silence: 'silence',
  /** The alert that keeps it back, where it is known. */
  inhibitedBy: 'inhibited_by',
  /** All others, `name=value`. */
  labels: 'labels',
} as const;

/** Of a frame `alerts`. */
export interface AlertsMark {
  /** Whether the rules are evaluated at all: else that nothing fires tells nothing. */
  readonly isWatched: boolean;
  readonly alertmanager: AlertmanagerMark;
}

/** Whether Alertmanager was asked, and what came of it. */
export interface AlertmanagerMark {
  /** `none`: there is no Alertmanager to ask. */
  readonly state: 'answered' | 'failed' | 'none';
  /** As Grafana's own pages call it. */
  readonly name?: string;
  /** Why it was not asked, or did not answer. */
  readonly problem?: string;
}

/** `meta.custom.modelwatch` of a frame from our data source, so that the panel knows it without guessing. */
export const FRAME_KINDS = [
  'inventory',
  'health-history',
  'requests-history',
  'drift-scores',
  'drift-history',
  'drift-rows-history',
  'drift-detectors',
  'distribution',
  'accuracy-scores',
  'accuracy-history',
  'accuracy-pairs-history',
  'confusion',
  'calibration',
  'predicted-actual',
  'predicted-actual-rows',
  'rows',
  'prediction-history',
  'pair-ages',
  'challengers',
  'challenger-scores',
  'fairness',
  'coverage',
  'coverage-reasons',
  'custom-metrics',
  'custom-metric-history',
  'version-scores',
  'slo-status',
  'slo-budget',
  'slo-events',
  'slo-burn',
  'slo-tiers',
  'alerts',
] as const;
export type FrameKind = (typeof FRAME_KINDS)[number];

/** Whose rows they are, and how many of those that are held were asked for and found. */
export interface RowsSubject {
  readonly namespace: string;
  readonly model: string;
  readonly held: number;
  readonly shown: number;
}

export interface FrameMark {
  readonly kind: FrameKind;
  /** Milliseconds since 1970: when the data source put the frame together. */
  readonly answeredAtMs?: number;
  /** Of a frame `distribution`. */
  readonly subject?: DistributionSubject;
  readonly origins?: DistributionOrigins;
  /** Of the frames `rows` and `predicted-actual-rows`. */
  readonly rowsOf?: RowsSubject;
  /** Of the frames `confusion`, `calibration`, `predicted-actual` and `pair-ages`. */
  readonly accuracyOf?: AccuracyDetailSubject;
  /** Of the frame `alerts`. */
  readonly alerts?: AlertsMark;
}

/** Plugin ids are part of the public interface. */
export const PANEL_PLUGIN_ID = 'modelwatch-models-panel';
export const DATASOURCE_PLUGIN_ID = 'modelwatch-models-datasource';
