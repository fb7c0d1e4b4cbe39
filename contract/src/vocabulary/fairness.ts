/** Fairness: whether a model decides for the groups of a protected attribute alike. */

/**
 * Statistical parity and disparate impact hold shares of favourable decisions against each other, so they need no actuals;
 * equal opportunity holds shares of them among rows that deserved one, predictive parity shares of those that came true.
 */
export const FAIRNESS_METRICS = [
  'statistical_parity',
  'disparate_impact',
  'equal_opportunity',
  'predictive_parity',
] as const;
export type FairnessMetric = (typeof FAIRNESS_METRICS)[number];

/** What is known of one group: of all its rows, of those that deserved it, and of those that got it. */
export const GROUP_RATES = ['selection_rate', 'true_positive_rate', 'positive_predictive_value'] as const;
export type GroupRate = (typeof GROUP_RATES)[number];

/** The rate that a metric compares. Disparate impact is a ratio, each other a difference. */
export const RATE_OF_FAIRNESS: Readonly<Record<FairnessMetric, GroupRate>> = {
  statistical_parity: 'selection_rate',
  disparate_impact: 'selection_rate',
  equal_opportunity: 'true_positive_rate',
  predictive_parity: 'positive_predictive_value',
};

/** Groups that are treated alike have a difference of 0, or a ratio of 1: further from it is worse, on either side. */
export const DIRECTION_OF_FAIRNESS = {
  statistical_parity: 'nearer_0_is_better',
  disparate_impact: 'nearer_1_is_better',
  equal_opportunity: 'nearer_0_is_better',
  predictive_parity: 'nearer_0_is_better',
} as const satisfies Record<FairnessMetric, string>;

/** Whether an answer is the outcome that people want. */
export const DECISIONS = ['favourable', 'unfavourable'] as const;
export type Decision = (typeof DECISIONS)[number];

/** Rows of a group that a rate is of, below which there is none, unless set. */
export const FAIRNESS_ROWS_NEEDED = 100;

/** Verdict on a group by one metric; worst first. */
export const FAIRNESS_STATES = ['critical', 'warning', 'stale', 'too_little_data', 'ok'] as const;
export type FairnessState = (typeof FAIRNESS_STATES)[number];
