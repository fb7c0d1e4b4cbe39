/** Names and numbers of drift as people read them. */
import {
  SMOOTHING_ROWS,
  type DistributionMethod,
  type DistributionWindow,
  type DriftWindow,
} from '@modelwatch/contract';
import { countText, spanText, threeFigures } from '../words';
import type { Subject, Verdict } from './types';

const NBSP = '\u00a0';
const HOUR_MS = 3_600_000;

interface MethodWords {
  readonly name: string;
  /** Base of its logarithm; empty where it has none. */
  readonly log: string;
  /** Fixed decimals; undefined for a statistic without a scale of its own. */
  readonly decimals?: number;
  /** Whether it is of shares as they were counted. */
  readonly asCounted?: boolean;
}

const METHODS: Readonly<Record<DistributionMethod, MethodWords>> = {
  psi: { name: 'PSI', log: 'ln', decimals: 2 },
  js: { name: 'JS distance', log: 'log2', decimals: 2 },
  kl: { name: 'KL divergence', log: 'ln', decimals: 2 },
  hellinger: { name: 'Hellinger distance', log: '', decimals: 2 },
  tvd: { name: 'Total variation', log: '', decimals: 2 },
  linf: { name: 'Largest difference', log: '', decimals: 2 },
  chi2: { name: 'Chi-square', log: '' },
  ks: { name: 'KS on bins', log: '', decimals: 2, asCounted: true },
  wasserstein: { name: 'Wasserstein on bins', log: '', asCounted: true },
  wasserstein_normed: { name: 'Normed Wasserstein on bins', log: '', decimals: 2, asCounted: true },
};

export function methodName(method: DistributionMethod | undefined): string {
  return method ? METHODS[method].name : 'score';
}

/** `PSI with ln, +0.5 rows per bin`: what one must know to compute the same number. */
export function methodText(method: DistributionMethod | undefined): string {
  if (!method) return 'unknown statistic';
  const { name, log, asCounted } = METHODS[method];
  if (asCounted) return `${name}, shares as counted`;
  return `${name}${log ? ` with ${log}` : ''}, +${SMOOTHING_ROWS}${NBSP}rows per bin`;
}

/** `0.31`; a score below a limit is never written as having reached it. */
export function scoreText(
  method: DistributionMethod | undefined,
  score: number,
  limits: readonly (number | undefined)[] = []
): string {
  const decimals = method ? METHODS[method].decimals : 2;
  if (decimals === undefined) return threeFigures(score);
  const text = score.toFixed(decimals);
  const crosses = limits.some((limit) => limit !== undefined && score < limit && Number(text) >= limit);
  return crosses ? (Math.floor(score * 1000) / 1000).toFixed(3) : text;
}

export function scoreOf({ method, score, warning, critical }: Subject): string {
  return score === undefined ? '–' : scoreText(method, score, [warning, critical]);
}

export function limitText(limit: number | undefined): string {
  return limit === undefined ? '–' : threeFigures(limit);
}

const WINDOW_MS: Readonly<Record<DriftWindow, number>> = {
  '10m': HOUR_MS / 6,
  '1h': HOUR_MS,
  '1d': 24 * HOUR_MS,
  '7d': 168 * HOUR_MS,
};

/** undefined for the time range, whose length the window does not say. */
export function windowMs(window: DistributionWindow | undefined): number | undefined {
  return window === undefined || window === 'range' ? undefined : WINDOW_MS[window];
}

/** `24 h`: a day as a window is a span, not a date. */
export function windowText(window: DistributionWindow | undefined): string {
  if (window === undefined) return 'an unknown window';
  if (window === 'range') return 'the time range';
  return window === '1d' ? `24${NBSP}h` : spanText(WINDOW_MS[window]);
}

/** `2.1 %`, one decimal; `0 %` only for none at all. */
export function shareText(share: number): string {
  if (share === 0) return `0${NBSP}%`;
  const percent = share * 100;
  if (percent < 0.05) return `<${NBSP}0.1${NBSP}%`;
  return `${percent.toFixed(1)}${NBSP}%`;
}

/** `18 %`; below one percent with a decimal. */
export function importanceText(share: number): string {
  const percent = share * 100;
  const text = percent > 0 && percent < 0.95 ? percent.toFixed(1) : `${Math.round(percent)}`;
  return `${text}${NBSP}%`;
}

export function rowsText(rows: number | undefined): string {
  return rows === undefined ? '–' : countText(rows);
}

/** `18.4 k` where a count has little room. */
export function shortCount(count: number): string {
  if (count < 1000) return `${Math.round(count)}`;
  return count < 999_500 ? `${threeFigures(count / 1e3)}${NBSP}k` : `${threeFigures(count / 1e6)}${NBSP}M`;
}

/** Where a setting comes from: `from ConfigMap shop/risk-monitoring`; empty where nobody says. */
export function originText(origin: string | undefined): string {
  if (!origin || origin === 'default') return origin ?? '';
  if (origin === 'config') return 'from the configuration';
  return `from ${origin.replace(/^configmap /, 'ConfigMap ')}`;
}

const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  critical: 'drifted',
  warning: 'shifting',
  stale: 'stale',
  too_little_data: 'too few rows',
  unknown: 'unknown',
  ok: 'not drifted',
};

export function verdictWord(verdict: Verdict): string {
  return VERDICT_WORDS[verdict];
}

/** `categorical` and what else is said of a feature beside its name. */
export function featureText({ type, importance, subject }: Subject): string {
  const carries = importance === undefined ? '' : `${importanceText(importance)} of the model`;
  return [subject === 'prediction' ? 'predictions' : type, carries].filter(Boolean).join(', ');
}

export function referenceText({ reference, referenceName }: Subject): string {
  return referenceName || reference || 'none';
}
