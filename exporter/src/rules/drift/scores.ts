/** The statistics of one window, from rows by bin and shares of the reference. Formulas: contract/src/vocabulary/drift.ts. */
import {
  RECORDED,
  SMOOTHING_ROWS,
  type CustomDirection,
  type DriftMethod,
  type DriftWindow,
} from '@modelwatch/contract';
import { constant, ID } from '../promql';
import type { RecordingRule } from '../types';
import { binRows, isHourly, isOfHours, SUBJECT } from './subjects';

const ON_SUBJECT = `on (${SUBJECT})`;
const ofSubject = (expr: string) => `sum by (${SUBJECT}) (${expr})`;

/** Rows by bin, their sum, and what share of it each is. */
export interface Compared {
  readonly rows: string;
  readonly total: string;
  readonly share: string;
  /** Shares of the reference by bin. */
  readonly reference: string;
  /** What a score is of. */
  readonly by: string;
  /** Bins match by all their labels, which costs less than to name them; only rows of some windows have one more. */
  readonly onBin: string;
}
type Statistic = (of: Compared) => string;

/**
 * Only the total knows the method: where it is not asked for there is no share, and hardly anything to compute. There is
 * none, too, where a bin is not counted: the others would be taken for all.
 */
function compared(window: DriftWindow, method: DriftMethod): Compared {
  const counted = binRows(window);
  const all = `${RECORDED.driftRows.name}{window="${window}"}`;
  const bins = RECORDED.driftBins.name;
  const asked = `and on (${ID}) ${RECORDED.driftSettings.name}{method="${method}"}`;
  // chi2 takes counts as they are: smoothing would be rows that nobody sent.
  const [rows, total] =
    method === 'chi2'
      ? [counted, `(${all} and ${ON_SUBJECT} ${bins} ${asked})`]
      : [`(${counted} + ${SMOOTHING_ROWS})`, `(${all} + ${ON_SUBJECT} ${SMOOTHING_ROWS} * ${bins} ${asked})`];
  const onBin = isHourly(window) ? '' : 'ignoring (window) ';
  const share = `(${rows} / ${ON_SUBJECT} group_left () ${total})`;
  return { rows, total, onBin, share, reference: RECORDED.binReference.name, by: SUBJECT };
}

/** Kullback-Leibler divergence of the mean of both from \`of\`, base 2. */
function fromMean(of: string, { share, reference, by, onBin }: Compared): string {
  return `sum by (${by}) (${of} * ${onBin}log2(${of} / ${onBin}((${share} + ${onBin}${reference}) / 2)))`;
}

const STATISTICS: Record<DriftMethod, Statistic> = {
  // The logarithm is of rows: by what factor they exceed shares is the same for all bins, and the differences add up to 0.
  psi: ({ rows, share, reference, by, onBin }) =>
    `sum by (${by}) ((${share} - ${onBin}${reference}) * ${onBin}ln(${rows} / ${onBin}${reference}))`,
  js: (of) => `sqrt(clamp_min(0.5 * (${fromMean(of.share, of)} + on (${of.by}) ${fromMean(of.reference, of)}), 0))`,
  kl: ({ share, reference, by, onBin }) =>
    `sum by (${by}) (${reference} * ${onBin}ln(${reference} / ${onBin}${share}))`,
  hellinger: ({ share, reference, by, onBin }) =>
    `sqrt(clamp_min(1 - sum by (${by}) (sqrt(${share} * ${onBin}${reference})), 0))`,
  tvd: ({ share, reference, by, onBin }) => `0.5 * sum by (${by}) (abs(${share} - ${onBin}${reference}))`,
  linf: ({ share, reference, by, onBin }) => `max by (${by}) (abs(${share} - ${onBin}${reference}))`,
  chi2: ({ share, total, reference, by, onBin }) =>
    `(sum by (${by}) ((${share} - ${onBin}${reference}) ^ 2 / ${onBin}${reference}) * on (${by}) ${total})`,
};

/** The statistic of a method. */
export function statistic(method: DriftMethod, of: Compared): string {
  return STATISTICS[method](of);
}

/** Subjects with rows enough for a verdict. */
export function enough(window: DriftWindow): string {
  return `(${RECORDED.driftRows.name}{window="${window}"} >= ${ON_SUBJECT} ${RECORDED.driftRowsNeeded.name})`;
}

/** One rule for each method: each only for the models whose setting it is. */
export function scoreRules(window: DriftWindow, methods: readonly DriftMethod[]): RecordingRule[] {
  return methods.map((method) => ({
    record: RECORDED.driftScore.name,
    expr: `${STATISTICS[method](compared(window, method))}\nand ${ON_SUBJECT} ${enough(window)}`,
    labels: { method, window },
  }));
}

export function rowsRule(window: DriftWindow): RecordingRule {
  // Of hours the sum is there, and bins need not be read again.
  const expr = isOfHours(window)
    ? `sum_over_time(${RECORDED.driftRows.name}{window="1h"}[${window}:1h])`
    : ofSubject(binRows(window));
  return { record: RECORDED.driftRows.name, expr, labels: { window } };
}

/** Of a statistic nobody can tell from its score which way is good. */
export function methodInfoRule(methods: readonly DriftMethod[]): RecordingRule {
  const direction: CustomDirection = 'lower_is_better';
  const infos = methods.map((method) => constant({ method, direction }));
  return { record: RECORDED.driftMethodInfo.name, expr: infos.join('\nor ') };
}
