/** Numbers of objectives as people read them. */
import { SLICED_INDICATORS } from '@modelwatch/contract';
import { spanText, threeFigures } from '../words';
import type { Slo, Verdict } from './types';

const NBSP = '\u00a0';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** `99.95 %`: as many decimals as the target has, at most three. */
export function targetText(target: number): string {
  return `${Number((target * 100).toFixed(3))}${NBSP}%`;
}

/** One decimal more than the target and rounded down: 99.997 % of 99.9 % is 99.99 %, and never 100 %. */
export function attainedText(attained: number, target: number): string {
  const decimals = 1 + (String(Number((target * 100).toFixed(3))).split('.')[1]?.length ?? 0);
  const factor = 10 ** decimals;
  // Of a float a bit below the number that it stands for.
  const down = Math.floor(attained * 100 * factor + 1e-6) / factor;
  return `${(attained < 1 ? Math.min(down, 100 - 1 / factor) : down).toFixed(decimals)}${NBSP}%`;
}

/** `24 %`, `−7 %`: whole. What is left is rounded down, so that nothing reads as all. */
export function leftText(left: number): string {
  const whole = left >= 0 ? Math.floor(left * 100 + 1e-9) : Math.round(left * 100);
  return `${whole < 0 ? '−' : ''}${Math.abs(whole)}${NBSP}%`;
}

/** `16×`, `3.1×`: no decimal from 10 on. */
export function burnText(burn: number): string {
  return `${burn >= 9.95 ? Math.round(burn).toLocaleString('en') : burn.toFixed(1)}×`;
}

/** `30 d`, of `30d`. */
export function windowText(window: string | undefined): string {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(window ?? '') ?? [];
  return count && unit ? `${count}${NBSP}${unit === 'm' ? 'min' : unit}` : 'its window';
}

/** `30-day`, of `30d`. */
export function windowAdjective(window: string | undefined): string {
  const [, days] = /^(\d+)d$/.exec(window ?? '') ?? [];
  return days ? `${days}-day ` : '';
}

/** `11 h`, `5 d 3 h`: rounded, as nobody knows the future to the minute. */
export function goneText(ms: number): string {
  if (ms >= 10 * HOUR && ms < 2 * DAY) return `${Math.round(ms / HOUR)}${NBSP}h`;
  if (ms >= 10 * DAY) return `${Math.round(ms / DAY)}${NBSP}d`;
  if (ms >= 2 * DAY) return spanText(Math.round(ms / HOUR) * HOUR);
  return spanText(ms);
}

/** `10 h 48 min`: two units, for the one number that is asked for. */
export function exactGoneText(ms: number): string {
  if (ms < 10 * HOUR || ms >= 2 * DAY) return goneText(ms);
  const minutes = Math.round((ms % HOUR) / 60_000);
  return `${Math.floor(ms / HOUR)}${NBSP}h${minutes ? ` ${minutes}${NBSP}min` : ''}`;
}

function secondsText(seconds: number): string {
  if (seconds < 1) return `${threeFigures(seconds * 1000)}${NBSP}ms`;
  return seconds < 60 ? `${threeFigures(seconds)}${NBSP}s` : spanText(seconds * 1000);
}

/** What must be so, behind the target: `answered`, `< 300 ms`. */
export function promiseText({ indicator, threshold, thresholdOp, metric, slo }: Slo): string {
  const time = threshold === undefined ? '' : `<${NBSP}${secondsText(threshold)}`;
  const value = threshold === undefined ? '' : `${thresholdOp === 'gte' ? '≥' : '≤'}${NBSP}${threeFigures(threshold)}`;
  switch (indicator) {
    case 'availability':
      return 'answered';
    case 'latency':
      return time;
    case 'first_token':
      return `first token ${time}`;
    case 'inter_token':
      return `between tokens ${time}`;
    case 'freshness':
      return `data ${time} old`;
    case 'drift':
      return 'without drift';
    case 'accuracy':
      return `${metric ?? 'score'} ${value}`;
    case 'cost':
      return `${value} ${metric ?? ''} each`.replace('  ', ' ');
    default:
      return slo;
  }
}

/** What is counted, and what a bad one is: `requests fail`. */
export function eventWords({ indicator, method }: Pick<Slo, 'indicator' | 'method'>): { many: string; bad: string } {
  const isSliced = indicator !== undefined && SLICED_INDICATORS.includes(indicator);
  if (isSliced || (method !== undefined && method !== 'occurrences'))
    return { many: 'minutes', bad: 'minutes are bad' };
  if (indicator === 'availability') return { many: 'requests', bad: 'requests fail' };
  return indicator === 'query' || indicator === undefined
    ? { many: 'events', bad: 'events are bad' }
    : { many: 'requests', bad: 'requests are too slow' };
}

const STATE_WORDS: Readonly<Record<Verdict, string>> = {
  page: 'burning',
  spent: 'spent',
  ticket: 'burning',
  stale: 'stale',
  too_little_data: 'too few',
  idle: 'idle',
  met: 'met',
  unknown: 'unknown',
};

/** The state in a word, beside its mark. */
export function stateWord({ verdict, budgetLeft, burn }: Slo): string {
  if (budgetLeft !== undefined && budgetLeft <= 0) return 'spent';
  return verdict === 'met' && (burn ?? 0) > 1 ? 'burning' : STATE_WORDS[verdict];
}
