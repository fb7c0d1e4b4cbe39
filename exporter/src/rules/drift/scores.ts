/** The statistics of one window, from rows by bin and shares of the reference. Formulas: contract/src/vocabulary/drift.ts. */
import { RECORDED, SMOOTHING_ROWS, type DriftMethod, type DriftWindow } from '@modelwatch/contract';
import { ID } from '../promql';
import type { RecordingRule } from '../types';
import { BIN, binRows, SUBJECT } from './subjects';

const Q = RECORDED.binReference.name;
const ON_BIN = `on (${BIN})`;
const ofSubject = (expr: string) => `sum by (${SUBJECT}) (${expr})`;

/** `rows`: rows by bin. */
type Statistic = (rows: string) => string;

/** Smoothed shares of the bins. */
function share(rows: string): string {
  const total = `(${ofSubject(rows)} + ${SMOOTHING_ROWS} * count by (${SUBJECT}) (${rows}))`;
  return `((${rows} + ${SMOOTHING_ROWS}) / on (${SUBJECT}) group_left () ${total})`;
}

/** Of the shares of now (`p`) with those of the reference. */
const ofShares =
  (statistic: (p: string) => string): Statistic =>
  (rows) =>
    statistic(share(rows));

/** Kullback-Leibler divergence of the mean of both distributions from `of`, base 2. */
const fromMean = (of: string, p: string) =>
  ofSubject(`${of} * ${ON_BIN} log2(${of} / ${ON_BIN} ((${p} + ${ON_BIN} ${Q}) / 2))`);

const STATISTICS: Record<DriftMethod, Statistic> = {
  psi: ofShares((p) => ofSubject(`(${p} - ${ON_BIN} ${Q}) * ${ON_BIN} ln(${p} / ${ON_BIN} ${Q})`)),
  js: ofShares((p) => `sqrt(clamp_min(0.5 * (${fromMean(p, p)} + on (${SUBJECT}) ${fromMean(Q, p)}), 0))`),
  kl: ofShares((p) => ofSubject(`${Q} * ${ON_BIN} ln(${Q} / ${ON_BIN} ${p})`)),
  hellinger: ofShares((p) => `sqrt(clamp_min(1 - ${ofSubject(`sqrt(${p} * ${ON_BIN} ${Q})`)}, 0))`),
  tvd: ofShares((p) => `0.5 * ${ofSubject(`abs(${p} - ${ON_BIN} ${Q})`)}`),
  linf: ofShares((p) => `max by (${SUBJECT}) (abs(${p} - ${ON_BIN} ${Q}))`),
  // Counts as they are: smoothing would be rows that nobody sent.
  chi2: (rows) => {
    const expected = `(${Q} * on (${SUBJECT}) group_left () ${ofSubject(rows)})`;
    return ofSubject(`(${rows} - ${ON_BIN} ${expected}) ^ 2 / ${ON_BIN} ${expected}`);
  },
};

/** Subjects with rows enough for a verdict. */
export function enough(window: DriftWindow): string {
  return `(${RECORDED.driftRows.name}{window="${window}"} >= on (${SUBJECT}) ${RECORDED.driftRowsNeeded.name})`;
}

/** One rule for each method: each only for the models whose setting it is. */
export function scoreRules(window: DriftWindow, methods: readonly DriftMethod[]): RecordingRule[] {
  const rows = binRows(window);
  return methods.map((method) => {
    const chosen = `${RECORDED.driftSettings.name}{method="${method}"}`;
    const mine = `(${rows} and on (${ID}) ${chosen})`;
    return {
      record: RECORDED.driftScore.name,
      expr: `${STATISTICS[method](mine)}\nand on (${SUBJECT}) ${enough(window)}`,
      labels: { method, window },
    };
  });
}

export function rowsRule(window: DriftWindow): RecordingRule {
  return { record: RECORDED.driftRows.name, expr: ofSubject(binRows(window)), labels: { window } };
}
