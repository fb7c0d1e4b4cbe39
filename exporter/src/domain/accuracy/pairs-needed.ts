/** How many pairs it takes until a score is off by chance less than its limit is away. */
import {
  ACCURACY_ROWS_NEEDED,
  MOST_ACCURACY_ROWS_NEEDED,
  type BaselineMetric,
  type ColumnReference,
} from '@modelwatch/contract';

/** One-sided, of a normal distribution: of a hundred windows of a calm model one is beyond the limit by chance. */
const ONE_IN_A_HUNDRED = 2.326;

/** @returns the standard error of a score times the root of the pairs; undefined where too little is known to tell */
type Spread = (score: number, positives: number | undefined) => number | undefined;

const share: Spread = (score) => Math.sqrt(Math.max(0, score * (1 - score)));
/** Of the pairs that a share is of: those that are, or were said to be, the positive class. */
const shareOfPositives: Spread = (score, positives) =>
  positives ? Math.sqrt(Math.max(0, score * (1 - score)) / positives) : undefined;

/** Hanley and McNeil 1982, "The meaning and use of the area under a ROC curve", for many pairs. */
const auc: Spread = (area, positives) => {
  if (!positives || positives >= 1) return undefined;
  const positive = area / (2 - area) - area ** 2;
  const negative = (2 * area ** 2) / (1 + area) - area ** 2;
  return Math.sqrt(Math.max(0, positive / (1 - positives) + negative / positives));
};

/** Of errors with the tails of a Laplace distribution, which is more than most models have: kurtosis 6, and a mean of one deviation. */
const rmse: Spread = (score) => score * Math.sqrt(5 / 4);
const mae: Spread = (score) => score;

const SPREADS: Readonly<Partial<Record<BaselineMetric, Spread>>> = {
  ...{ accuracy: share, precision: shareOfPositives, recall: shareOfPositives, auc, rmse, mae },
};

/** Share of the positive class in the target of the reference. */
export function shareOfClass(target: ColumnReference | undefined, name: string | undefined): number | undefined {
  if (!target || name === undefined) return undefined;
  const bins: readonly { readonly share: number }[] =
    target.type === 'numeric'
      ? target.bins.filter(({ to }) => String(to) === name)
      : target.bins.filter(({ category }) => category === name);
  return bins.length === 0 ? undefined : bins.reduce((sum, bin) => sum + bin.share, 0);
}

/**
 * Pairs that the scores with a limit need, so that chance alone takes them there in at most one window of a hundred;
 * never fewer than ACCURACY_ROWS_NEEDED, which also holds where nobody knows, never more than MOST_ACCURACY_ROWS_NEEDED.
 *
 * @param limits by metric: where it becomes a warning
 * @param positives share of the positive class
 */
export function pairsNeeded(
  limits: Readonly<Partial<Record<BaselineMetric, { readonly warning: number }>>>,
  baseline: Readonly<Partial<Record<BaselineMetric, number>>>,
  positives: number | undefined
): number {
  const needed = Object.entries(limits).map(([name, { warning }]) => {
    const metric = name as BaselineMetric;
    const score = baseline[metric];
    const distance = score === undefined ? 0 : Math.abs(score - warning);
    const spread = score === undefined ? undefined : SPREADS[metric]?.(score, positives);
    return spread === undefined || distance === 0 ? 0 : Math.ceil(((ONE_IN_A_HUNDRED * spread) / distance) ** 2);
  });
  return Math.min(MOST_ACCURACY_ROWS_NEEDED, Math.max(ACCURACY_ROWS_NEEDED, ...needed));
}
