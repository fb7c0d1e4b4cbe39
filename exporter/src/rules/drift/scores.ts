/** The statistics of one window, from rows by bin and shares of the reference. Formulas: contract/src/vocabulary/drift.ts. */
import { RECORDED, SMOOTHING_ROWS, type DriftMethod, type DriftWindow } from '@modelwatch/contract';
import { ID } from '../promql';
import type { RecordingRule } from '../types';
import { BIN, binRows, SUBJECT } from './subjects';

const ON_SUBJECT = `on (${SUBJECT})`;
const ON_BIN = `on (${BIN})`;
const ofSubject = (expr: string) => `sum by (${SUBJECT}) (${expr})`;

/** Rows by bin, those that the reference leads one to expect, and the sum of either. */
interface Compared {
  readonly rows: string;
  readonly expected: string;
  readonly total: string;
}
type Statistic = (of: Compared) => string;

/**
 * Only the total knows the method: where it is not asked for there is nothing to expect, and hardly anything to compute.
 */
function compared(rows: string, method: DriftMethod): Compared {
  const asked = `${RECORDED.driftSettings.name}{method="${method}"}`;
  const total = `(${ofSubject(rows)} and on (${ID}) ${asked})`;
  return { rows, total, expected: `(${RECORDED.binReference.name} * ${ON_SUBJECT} group_left () ${total})` };
}

/** Kullback-Leibler divergence of the mean of both from \`of\`, base 2, in rows. */
function fromMean(of: string, { rows, expected }: Compared): string {
  return ofSubject(`${of} * ${ON_BIN} log2(${of} / ${ON_BIN} ((${rows} + ${ON_BIN} ${expected}) / 2))`);
}

/** A share is rows over their total: divided once by subject, instead of once by bin. */
const perRow =
  (statistic: Statistic): Statistic =>
  (of) =>
    `(${statistic(of)} / ${ON_SUBJECT} ${of.total})`;

const STATISTICS: Record<DriftMethod, Statistic> = {
  psi: perRow(({ rows, expected }) =>
    ofSubject(`(${rows} - ${ON_BIN} ${expected}) * ${ON_BIN} ln(${rows} / ${ON_BIN} ${expected})`)
  ),
  js: (of) => {
    const divergences = `(${fromMean(of.rows, of)} + ${ON_SUBJECT} ${fromMean(of.expected, of)})`;
    return `sqrt(clamp_min(0.5 * ${divergences} / ${ON_SUBJECT} ${of.total}, 0))`;
  },
  kl: perRow(({ rows, expected }) => ofSubject(`${expected} * ${ON_BIN} ln(${expected} / ${ON_BIN} ${rows})`)),
  hellinger: (of) =>
    `sqrt(clamp_min(1 - ${ofSubject(`sqrt(${of.rows} * ${ON_BIN} ${of.expected})`)} / ${ON_SUBJECT} ${of.total}, 0))`,
  tvd: perRow(({ rows, expected }) => `0.5 * ${ofSubject(`abs(${rows} - ${ON_BIN} ${expected})`)}`),
  linf: perRow(({ rows, expected }) => `max by (${SUBJECT}) (abs(${rows} - ${ON_BIN} ${expected}))`),
  chi2: ({ rows, expected }) => ofSubject(`(${rows} - ${ON_BIN} ${expected}) ^ 2 / ${ON_BIN} ${expected}`),
};

/** Subjects with rows enough for a verdict. */
export function enough(window: DriftWindow): string {
  return `(${RECORDED.driftRows.name}{window="${window}"} >= ${ON_SUBJECT} ${RECORDED.driftRowsNeeded.name})`;
}

/** One rule for each method: each only for the models whose setting it is. */
export function scoreRules(window: DriftWindow, methods: readonly DriftMethod[]): RecordingRule[] {
  const counted = binRows(window);
  return methods.map((method) => {
    // chi2 takes counts as they are: smoothing would be rows that nobody sent.
    const rows = method === 'chi2' ? counted : `(${counted} + ${SMOOTHING_ROWS})`;
    return {
      record: RECORDED.driftScore.name,
      expr: `${STATISTICS[method](compared(rows, method))}\nand ${ON_SUBJECT} ${enough(window)}`,
      labels: { method, window },
    };
  });
}

export function rowsRule(window: DriftWindow): RecordingRule {
  return { record: RECORDED.driftRows.name, expr: ofSubject(binRows(window)), labels: { window } };
}
