/** Drift: how data and predictions of now differ from those of the reference. */

/**
 * Statistics of two distributions over the same bins. `psi`: population stability index, natural logarithm. `js`:
 * Jensen-Shannon distance, base 2. `kl`: Kullback-Leibler divergence of the current from the reference, natural
 * logarithm. `tvd`: total variation distance. `linf`: the largest difference of two shares. `chi2`: Pearson's statistic.
 * All grow with drift: higher is worse.
 */
export const DRIFT_METHODS = ['psi', 'js', 'kl', 'hellinger', 'tvd', 'linf', 'chi2'] as const;
export type DriftMethod = (typeof DRIFT_METHODS)[number];

/**
 * Distances of two distributions over bins that have an order, so of numbers alone. `ks`: Kolmogorov-Smirnov statistic.
 * `wasserstein`: first Wasserstein distance, in units of the feature; `wasserstein_normed`: divided by the standard deviation
 * of the reference. All as the bins tell them. No rule records them, and no threshold holds for them.
 */
export const ORDERED_METHODS = ['ks', 'wasserstein', 'wasserstein_normed'] as const;
export type OrderedMethod = (typeof ORDERED_METHODS)[number];

/** What a distribution can be measured by when it is asked for. */
export const DISTRIBUTION_METHODS = [...DRIFT_METHODS, ...ORDERED_METHODS] as const;
export type DistributionMethod = (typeof DISTRIBUTION_METHODS)[number];

/** Verdict on one feature, or on the predictions; worst first. Without a reference there is none. */
export const DRIFT_STATES = ['critical', 'warning', 'stale', 'too_little_data', 'ok'] as const;
export type DriftState = (typeof DRIFT_STATES)[number];

/** What drifts: a feature, or the predictions, which have no name (label `feature` is empty). */
export const DRIFT_SUBJECTS = ['feature', 'prediction'] as const;
export type DriftSubject = (typeof DRIFT_SUBJECTS)[number];

/** Stands for the predictions where a feature is chosen, as in a variable: an empty value means all features there. */
export const PREDICTIONS_VALUE = '__predictions__';

/** Spans over which rows are compared with the reference. `10m` is evaluated only where its rules are loaded. */
export const DRIFT_WINDOWS = ['10m', '1h', '1d', '7d'] as const;
export type DriftWindow = (typeof DRIFT_WINDOWS)[number];

export const DRIFT_LEVELS = ['warning', 'critical'] as const;
export type DriftLevel = (typeof DRIFT_LEVELS)[number];

/** A state is left only when the score is below this share of its threshold: one that hovers there would come and go. */
export const DRIFT_LEFT_BELOW = 0.9;

/** Whether the drift of a feature makes its model critical (`high`), or a warning at most (`low`). */
export const FEATURE_WEIGHTS = ['high', 'low'] as const;
export type FeatureWeight = (typeof FEATURE_WEIGHTS)[number];

/**
 * Added to the rows of every bin, current and reference, before shares are taken: an empty bin would make most
 * statistics infinite, and how it is filled decides the verdict.
 */
export const SMOOTHING_ROWS = 0.5;

/** Rows per bin below which a statistic is mostly noise: of PSI over so many it stays below 0.1 without any drift. */
export const ROWS_NEEDED_PER_BIN = 30;
/** Fewer suffice where PSI is only looked at from 0.15 on. */
const COARSE_PSI = { from: 0.15, rowsNeededPerBin: 20 };

/** @param warning the threshold that says most with the fewest rows: the lowest one */
export function driftRowsNeeded(bins: number, method: DriftMethod, warning: number): number {
  const isCoarse = method === 'psi' && warning >= COARSE_PSI.from;
  return bins * (isCoarse ? COARSE_PSI.rowsNeededPerBin : ROWS_NEEDED_PER_BIN);
}

/** What can be wrong with the values of a feature, whatever their distribution. `out_of_range`: below or above all of the reference. */
export const DATA_PROBLEMS = ['missing', 'new', 'out_of_range', 'invalid'] as const;
export type DataProblem = (typeof DATA_PROBLEMS)[number];
