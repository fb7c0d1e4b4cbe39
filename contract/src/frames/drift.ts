import { DRIFT_WINDOWS } from '../vocabulary/drift';

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
