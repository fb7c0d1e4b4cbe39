/** Names and numbers of accuracy as people read them. */
import {
  ACCURACY_METRIC_NAMES,
  LOWER_IS_BETTER,
  type BaselineMetric,
  type HealthState,
  type PredictionAge,
} from '@modelwatch/contract';
import { countText, spanText, threeFigures } from '../words';
import type { Score, Verdict } from './types';

const NBSP = '\u00a0';

export function metricName(metric: BaselineMetric): string {
  return ACCURACY_METRIC_NAMES[metric];
}

export function lowerIsBetter(metric: BaselineMetric): boolean {
  return LOWER_IS_BETTER.includes(metric);
}

/** `0.752`; figures are added, up to six, until a score reads on the same side of each limit as it is. */
export function scoreText(score: number, limits: readonly (number | undefined)[] = []): string {
  for (let figures = 3; figures < 6; figures++) {
    const read = Number(score.toPrecision(figures));
    const misread = limits.some((limit) => {
      if (limit === undefined || limit === score) return false;
      return Math.sign(read - Number(limit.toPrecision(3))) !== Math.sign(score - limit);
    });
    if (!misread) return read.toLocaleString('en', { maximumFractionDigits: 20 });
  }
  return Number(score.toPrecision(6)).toLocaleString('en', { maximumFractionDigits: 20 });
}

export function scoreOf({ score, warning, critical }: Score): string {
  return score === undefined ? '–' : scoreText(score, [warning, critical]);
}

export function limitText(limit: number | undefined): string {
  return limit === undefined ? '–' : threeFigures(limit);
}

/** The limit that was crossed, or the first that there is. */
export function limitOf({ verdict, warning, critical }: Score): number | undefined {
  return verdict === 'warning' ? (warning ?? critical) : (critical ?? warning);
}

/** `too few pairs`, `below its limit`: the state of a score in words. */
export function verdictWord({ verdict, metric }: Pick<Score, 'verdict' | 'metric'>): string {
  const over = lowerIsBetter(metric) ? 'above' : 'below';
  const words: Readonly<Record<Verdict, string>> = {
    critical: `${over} its limit`,
    warning: `${over} its warning`,
    stale: 'stale',
    too_little_data: 'too few pairs',
    waiting: 'no actuals yet',
    unknown: 'unknown',
    none: 'no limit',
    ok: 'within its limit',
  };
  return words[verdict];
}

/** How a verdict is drawn, by the state that it would make of a model were it all there is; a score without limit by nothing. */
const MARKS: Readonly<Record<Verdict, HealthState | undefined>> = {
  critical: 'failed',
  warning: 'degraded',
  stale: 'stale',
  too_little_data: 'unknown',
  waiting: 'unknown',
  unknown: 'unknown',
  none: undefined,
  ok: 'healthy',
};

export function markOf(verdict: Verdict): HealthState | undefined {
  return MARKS[verdict];
}

export function pairsText(pairs: number | undefined): string {
  return pairs === undefined ? '–' : countText(pairs);
}

/** `61 of 100 pairs`; what is needed is the larger half of the truth. */
export function pairsOfNeeded({ pairs, pairsNeeded }: { pairs?: number; pairsNeeded?: number }): string {
  const counted = pairs === undefined ? 'unknown' : countText(pairs);
  return pairsNeeded === undefined ? `${counted} pairs` : `${counted} of ${countText(pairsNeeded)} pairs`;
}

export function waitingText(open: number): string {
  return open === 1 ? '1 prediction waits for its actual' : `${countText(open)} predictions wait for their actual`;
}

export function delayText(seconds: number): string {
  if (seconds > 0 && seconds < 1) return `<${NBSP}1${NBSP}s`;
  return spanText(seconds * 1000);
}

const AGES: Readonly<Record<PredictionAge, string>> = {
  '1h': `up to 1${NBSP}h`,
  '1d': `1 to 24${NBSP}h`,
  '7d': `1 to 7${NBSP}d`,
  older: 'older',
};

export function ageText(age: PredictionAge): string {
  return AGES[age];
}
