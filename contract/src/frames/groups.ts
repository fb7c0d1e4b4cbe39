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
