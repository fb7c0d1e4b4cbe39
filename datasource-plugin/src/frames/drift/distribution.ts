/** The distribution of one subject: its bins, and the row of drift that it belongs to. */
import {
  CATEGORY_SPECIAL_BINS,
  DISTRIBUTION_METHOD_NAMES,
  NUMERIC_SPECIAL_BINS,
  ROWS_NEEDED_PER_BIN,
  type DistributionMethod,
  type DriftState,
} from '@modelwatch/contract';
import type { Sample } from '../samples';
import { isOrderedMethod, orderedDistance } from './ordered';
import { driftOf, type Drift } from './statistics';
import { isDriftMethod, type DriftRow } from './subjects';

/** What every type of feature has comes last. */
const SPECIAL: readonly string[] = [
  ...NUMERIC_SPECIAL_BINS.filter((bin) => !CATEGORY_SPECIAL_BINS.some((other) => other === bin)),
  ...CATEGORY_SPECIAL_BINS,
];

/** Names of categories by the id of the reference, then by bin. */
export type Categories = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface DistributionAnswers {
  /** Smoothed shares of the reference with the edges and names of the bins. */
  readonly bins: readonly Sample[];
  /** Rows by bin, with label `window`. */
  readonly rows: readonly Sample[];
  /** The subject as it is recorded; several where versions have references of their own. */
  readonly subjects: readonly DriftRow[];
  /** Names of the categories where the exporter tells them. */
  readonly categories?: Categories | undefined;
}

export interface DistributionChoice {
  /** Absent: the one of the model. */
  readonly method?: DistributionMethod | undefined;
  /** What was counted over; absent: the window of the settings. */
  readonly window?: string | undefined;
  /** Whether the state that is recorded is of the same rows and statistic. */
  readonly asRecorded: boolean;
}

export interface Bin {
  readonly bin: string;
  readonly label: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly special: boolean;
  /** Smoothed share of the reference. */
  readonly share: number;
  /** Undefined where nothing was counted in the window. */
  readonly rows: number | undefined;
}

/** A number, or null where a bin has no such edge. */
function edge(text: string | undefined): number | null {
  const value = text ? Number(text) : NaN;
  return Number.isFinite(value) ? value : null;
}

/** Whether some bin is one of a category that no label names. */
export function lacksNames(bins: readonly Sample[]): boolean {
  return bins.some(({ labels: { bin = '', from, category } }) => !SPECIAL.includes(bin) && !from && !category);
}

/** Bins in the order of the reference; those beside the range or the named categories last. */
function compareBins(a: { readonly bin: string }, b: { readonly bin: string }): number {
  const rank = ({ bin }: { readonly bin: string }): number =>
    SPECIAL.includes(bin) ? 1_000_000 + SPECIAL.indexOf(bin) : Number(bin);
  return rank(a) - rank(b);
}

function labelOf(bin: string, labels: Sample['labels'], categories: Categories | undefined): string {
  const { from, to, category, reference = '' } = labels;
  if (from && to) return from === to ? from : `${from} to ${to}`;
  return category || categories?.get(reference)?.get(bin) || (SPECIAL.includes(bin) ? bin : `bin ${bin}`);
}

/** What lies beyond is named by the edge that it lies beyond. */
function namedBeyond(bins: readonly Bin[]): Bin[] {
  const least = bins.find(({ from }) => from !== null)?.from;
  const most = bins.filter(({ to }) => to !== null).at(-1)?.to;
  return bins.map((bin) => {
    if (bin.bin === 'below' && typeof least === 'number') return { ...bin, label: `below ${least}` };
    if (bin.bin === 'above' && typeof most === 'number') return { ...bin, label: `above ${most}` };
    return bin;
  });
}

function binsOf(reference: string, window: string | undefined, answers: DistributionAnswers): Bin[] {
  const rowsOf = new Map<string, number>();
  for (const { labels, value } of answers.rows) {
    if (labels['reference'] !== reference || (window !== undefined && labels['window'] !== window)) continue;
    const bin = labels['bin'] ?? '';
    rowsOf.set(bin, Math.max(value, rowsOf.get(bin) ?? 0));
  }
  const bins = answers.bins
    .filter(({ labels }) => labels['reference'] === reference)
    .map(({ labels, value }): Bin => {
      const bin = labels['bin'] ?? '';
      const [from, to] = [edge(labels['from']), edge(labels['to'])];
      const label = labelOf(bin, labels, answers.categories);
      return { bin, label, from, to, special: SPECIAL.includes(bin), share: value, rows: rowsOf.get(bin) };
    });
  return namedBeyond(bins.sort(compareBins));
}

/** Rows of all bins. */
export const totalOf = (bins: readonly Bin[]): number => bins.reduce((sum, { rows = 0 }) => sum + rows, 0);

/** Thresholds hold for the statistic of the model alone. */
function judged(score: number | undefined, row: DriftRow): DriftState | undefined {
  if (score === undefined) return 'too_little_data';
  if (row.critical === undefined || row.warning === undefined) return undefined;
  if (score >= row.critical) return 'critical';
  return score >= row.warning ? 'warning' : 'ok';
}

export interface Distribution {
  readonly subject: DriftRow;
  readonly bins: readonly Bin[];
  readonly adds: ReadonlyArray<number | null>;
  /** Why there is no score although there are rows enough. */
  readonly noScore?: string | undefined;
}

/** Score and parts over the rows that were counted; undefined with fewer than needed, and where the method has none. */
function driftOver(
  bins: readonly Bin[],
  method: DistributionMethod | undefined,
  needed: number,
  referenceRows: number | undefined
): Drift | undefined {
  if (!method || totalOf(bins) < needed) return undefined;
  if (isOrderedMethod(method)) {
    const score = orderedDistance(method, bins, referenceRows);
    return score === undefined ? undefined : { score, adds: bins.map(() => null) };
  }
  return driftOf(
    method,
    bins.map(({ rows = 0, share }) => ({ rows, reference: share }))
  );
}

/** Rows enough, and no score: bins of names have no order, and rows without a number no place among the bins. */
function whyNoScore(
  { feature, method, subject }: DriftRow,
  bins: readonly Bin[],
  rowsNeeded: number
): string | undefined {
  if (!isOrderedMethod(method) || bins.length === 0 || totalOf(bins) < rowsNeeded) return undefined;
  const name = DISTRIBUTION_METHOD_NAMES[method];
  const what = subject === 'prediction' ? 'predictions' : feature;
  return bins.some(({ from }) => from !== null)
    ? `${name} cannot be computed for ${what}: no row of the window has a number, or the reference has no spread.`
    : `${name} is of bins that have an order: those of ${what} are names, which have none.`;
}

/** One subject with its bins, scored over the rows that were counted. */
export function scoredAgainst(
  subject: DriftRow,
  answers: DistributionAnswers,
  choice: DistributionChoice
): Distribution {
  const window = choice.window ?? subject.window;
  const bins = binsOf(subject.reference, window, answers);
  const own = isDriftMethod(subject.method) ? subject.method : undefined;
  const method = choice.method ?? own;
  const rowsNeeded = subject.rowsNeeded ?? ROWS_NEEDED_PER_BIN * bins.length;
  const drift = driftOver(bins, method, rowsNeeded, subject.referenceRows);
  const counted: DriftRow = {
    ...subject,
    ...(method !== own && { warning: undefined, critical: undefined }),
    method,
    window,
    rows: bins.some(({ rows }) => rows !== undefined) ? totalOf(bins) : undefined,
    rowsNeeded,
    score: drift?.score,
  };
  const row: DriftRow =
    choice.asRecorded && subject.state
      ? counted
      : { ...counted, state: judged(drift?.score, counted), sinceMs: undefined, scoreBefore: undefined };
  const noScore = drift ? undefined : whyNoScore(counted, bins, rowsNeeded);
  if (noScore) return { subject: { ...row, state: undefined }, bins, adds: bins.map(() => null), noScore };
  // Rules may have counted a moment before: what is said to be too little has no score.
  if (!drift || row.state === 'too_little_data') {
    return { subject: { ...row, score: undefined }, bins, adds: bins.map(() => null) };
  }
  return { subject: row, bins, adds: drift.adds };
}

/**
 * Of several references the one that most rows were compared with: versions can have their own.
 * @returns undefined where nothing is known of any reference
 */
export function distributionOf(answers: DistributionAnswers, choice: DistributionChoice): Distribution | undefined {
  const found = answers.subjects
    .map((subject) => scoredAgainst(subject, answers, choice))
    .filter(({ bins }) => bins.length > 0)
    .sort((a, b) => totalOf(b.bins) - totalOf(a.bins));
  return found[0];
}
