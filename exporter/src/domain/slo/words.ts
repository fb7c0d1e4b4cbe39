/** Objectives in words, for people who did not write them. */
import { SLO_WINDOW_SECONDS, type SloIndicator, type SloWindow, type ThresholdOp } from '@modelwatch/contract';
import { isPerMinute, type SloSpec } from './spec';
import { budgetOf, BURN_WINDOW_SECONDS, percent, times, type BurnTier } from './tiers';

/** `99.9 % of requests answered, rolling 30 d`. */
export function objectiveWords(spec: SloSpec): string {
  return `${percent(spec.objective)} of ${promised(spec)}, rolling ${spaced(spec.window)}`;
}

function promised(spec: SloSpec): string {
  const { indicator, method, sliceTarget } = spec;
  const good = GOOD[spec.indicator](spec);
  if (method === 'timeslices' && sliceTarget !== undefined) return `minutes with ${percent(sliceTarget)} of ${good}`;
  if (indicator === 'query' && spec.query?.kind === 'threshold') return `minutes with ${good}`;
  if (method === 'ratio_timeslices') return `${good}, each minute counting alike`;
  return good;
}

const within = ({ thresholdSeconds = 0 }: SloSpec) => `within ${secondsWords(thresholdSeconds)}`;

const GOOD: Readonly<Record<SloIndicator, (spec: SloSpec) => string>> = {
  availability: () => 'requests answered',
  latency: (spec) => `requests answered ${within(spec)}`,
  first_token: (spec) => `first tokens ${within(spec)}`,
  inter_token: (spec) => `tokens ${within(spec)} after the one before`,
  freshness: ({ thresholdSeconds = 0 }) => `minutes with data no older than ${secondsWords(thresholdSeconds)}`,
  drift: () => 'minutes without drift',
  accuracy: ({ score, threshold }) =>
    `minutes with ${score} at ${threshold?.op === 'gte' ? 'least' : 'most'} ${threshold?.value}`,
  cost: ({ threshold, currency }) => `minutes in which a prediction costs at most ${threshold?.value} ${currency}`,
  query: queryWords,
};

const OP_WORDS: Readonly<Record<ThresholdOp, string>> = {
  lte: 'at most',
  gte: 'at least',
  lt: 'below',
  gt: 'above',
};

function queryWords({ query }: SloSpec): string {
  if (query?.kind === 'threshold') return `the value of its query ${OP_WORDS[query.op]} ${query.threshold}`;
  return 'what its query counts good';
}

/** `page above 14.4x over 1 h and 5 min (2 % of the budget in 1 h), from 139 requests on`. */
export function tierWords({ severity, long, short, burnRate, minEvents }: BurnTier, spec: SloSpec): string {
  const share = (burnRate * BURN_WINDOW_SECONDS[long]) / SLO_WINDOW_SECONDS[spec.window];
  const counted = `from ${english(minEvents)} ${eventsOf(spec)} on`;
  return `${severity} above ${times(burnRate)} over ${spaced(long)} and ${spaced(short)} (${percent(round(share, 4))} of the budget in ${spaced(long)}), ${counted}`;
}

/** What an objective leaves at a traffic. @param perSecond requests; of no concern to what is judged by the minute */
export function budgetWords(spec: SloSpec, perSecond: number): string {
  const budget = budgetOf(spec.objective);
  const seconds = SLO_WINDOW_SECONDS[spec.window];
  const time = secondsWords(Math.round(budget * seconds));
  if (isPerMinute(spec))
    return `budget: ${english(round((budget * seconds) / 60, 1))} minutes of ${english(seconds / 60)}`;
  const events = `${english(Math.floor(budget * seconds * perSecond))} of ${english(seconds * perSecond)} requests`;
  return `budget: ${events} at ${english(perSecond)} a second, or ${time} without an answer`;
}

/** `at 10 requests a second 14.4x pages after 44 failures in 5 min and 519 in 1 h: 52 s into an outage`. */
export function pagingWords(tier: BurnTier, spec: SloSpec, perSecond: number): string {
  const { severity, long, short, burnRate, minEvents } = tier;
  const perMinute = isPerMinute(spec);
  const rate = perMinute ? 1 / 60 : perSecond;
  const [longSeconds, shortSeconds] = [BURN_WINDOW_SECONDS[long], BURN_WINDOW_SECONDS[short]];
  const does = severity === 'page' ? 'pages' : 'opens a ticket';
  const [at, bad] = perMinute
    ? [`${times(burnRate)} ${does}`, 'bad minute']
    : [`at ${english(perSecond)} requests a second ${times(burnRate)} ${does}`, 'failure'];
  if (rate * longSeconds < minEvents) {
    return `${at} never: ${english(Math.floor(rate * longSeconds))} of ${english(minEvents)} requests in ${spaced(long)} are too few`;
  }
  const failures = (window: number) => Math.floor(round(burnRate * budgetOf(spec.objective) * rate * window, 6)) + 1;
  const [inShort, inLong] = [failures(shortSeconds), failures(longSeconds)];
  const outage = secondsWords(Math.ceil(Math.max(inShort, inLong) / rate));
  return `${at} after ${english(inShort)} ${bad}${inShort === 1 ? '' : 's'} in ${spaced(short)} and ${english(inLong)} in ${spaced(long)}: ${outage} into an outage`;
}

function eventsOf(spec: SloSpec): string {
  return isPerMinute(spec) ? 'judged minutes' : spec.indicator === 'query' ? 'events' : 'requests';
}

const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** `250 ms`, `52 s`, `1 h`, `43 min 12 s`; two units at most. */
export function secondsWords(seconds: number): string {
  if (seconds < 1) return `${round(seconds * 1_000, 3)} ms`;
  const index = UNITS.findIndex(([size]) => seconds >= size);
  const unit = UNITS[index];
  if (!unit) return `${round(seconds, 3)} s`;
  const [size, name] = unit;
  const [nextSize, nextName] = UNITS[index + 1] ?? [1, 's'];
  const whole = Math.round(seconds / nextSize) * nextSize;
  const rest = Math.round((whole % size) / nextSize);
  return `${Math.floor(whole / size)} ${name}${rest === 0 ? '' : ` ${rest} ${nextName}`}`;
}

/** `30d` -> `30 d`, `5m` -> `5 min`. */
function spaced(window: SloWindow | BurnTier['long']): string {
  return window.replace(/^(\d+)(.)$/, (_, count: string, unit: string) => `${count} ${unit === 'm' ? 'min' : unit}`);
}

function english(value: number): string {
  return value.toLocaleString('en-US');
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Where requests of a duration are counted. @param bounds of the histogram, none where nobody has one */
export function boundWords(thresholdSeconds: number, bounds: readonly number[]): string | undefined {
  if (bounds.length === 0) return undefined;
  const below = Math.max(...bounds.filter((bound) => bound <= thresholdSeconds));
  if (below === thresholdSeconds) return undefined;
  const above = Math.min(...bounds.filter((bound) => bound > thresholdSeconds));
  const asked = secondsWords(thresholdSeconds);
  if (!Number.isFinite(below)) {
    return `${asked} stands below ${secondsWords(above)}, the lowest bound of the histogram: not counted`;
  }
  if (!Number.isFinite(above)) {
    return `${asked} stands above ${secondsWords(below)}, the highest bound of the histogram: counted at ${secondsWords(below)}`;
  }
  return `${asked} stands between ${secondsWords(below)} and ${secondsWords(above)}: counted at ${secondsWords(below)}`;
}
