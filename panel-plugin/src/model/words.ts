/** Numbers and times as people read them. Numbers never part from their units: the space between is a no-break one. */
import { dateTimeFormat } from '@grafana/data';

const NBSP = '\u00a0';
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function two(first: number, firstUnit: string, second: number, secondUnit: string): string {
  const head = `${first}${NBSP}${firstUnit}`;
  return second > 0 ? `${head} ${second}${NBSP}${secondUnit}` : head;
}

/** `9 s`, `37 min`, `5 h 12 min`, `1 d 2 h`, `12 d`: at most two units, rounded down. */
export function spanText(ms: number): string {
  const span = Math.max(0, ms);
  if (span < MINUTE) return `${Math.floor(span / SECOND)}${NBSP}s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)}${NBSP}min`;
  if (span < 10 * HOUR) return two(Math.floor(span / HOUR), 'h', Math.floor((span % HOUR) / MINUTE), 'min');
  if (span < DAY) return `${Math.floor(span / HOUR)}${NBSP}h`;
  if (span < 10 * DAY) return two(Math.floor(span / DAY), 'd', Math.floor((span % DAY) / HOUR), 'h');
  return `${Math.floor(span / DAY).toLocaleString('en')}${NBSP}d`;
}

/** The first unit alone, for narrow places: `6 d`, not `6 d 3 h`. */
export function shortSpanText(ms: number): string {
  return spanText(ms).split(' ')[0] ?? '';
}

/** Writes a moment for people: `02:41`, with the date when it is not today. */
export type ClockText = (ms: number) => string;

/** @param timeZone as Grafana gives it: `browser`, `utc` or an IANA name */
export function clockText(nowMs: number, timeZone: string): ClockText {
  const today = dateTimeFormat(nowMs, { format: 'YYYY-MM-DD', timeZone });
  return (ms) => {
    const sameDay = dateTimeFormat(ms, { format: 'YYYY-MM-DD', timeZone }) === today;
    return dateTimeFormat(ms, { format: sameDay ? 'HH:mm' : 'D MMM HH:mm', timeZone }).replace(/ /g, NBSP);
  };
}

/** `15 Nov`, and the clock alone for a moment of today. */
export function dayText(nowMs: number, timeZone: string): ClockText {
  const today = dateTimeFormat(nowMs, { format: 'YYYY-MM-DD', timeZone });
  return (ms) => {
    const sameDay = dateTimeFormat(ms, { format: 'YYYY-MM-DD', timeZone }) === today;
    return dateTimeFormat(ms, { format: sameDay ? 'HH:mm' : 'D MMM', timeZone }).replace(/ /g, NBSP);
  };
}

/** `15 Nov`, today or not. */
export function dateText(timeZone: string): ClockText {
  return (ms) => dateTimeFormat(ms, { format: 'D MMM', timeZone }).replace(/ /g, NBSP);
}

/** Whole numbers up to 99,999, then three figures: `18,402`, `184 k`, `1.84 M`. */
export function countText(count: number): string {
  if (!Number.isFinite(count)) return '–';
  const whole = Math.round(count);
  if (whole < 100_000) return whole.toLocaleString('en');
  if (whole < 999_500) return `${threeFigures(whole / 1e3)}${NBSP}k`;
  return `${threeFigures(whole / 1e6)}${NBSP}M`;
}

/** Made once: making one takes longer than using it a thousand times. */
const PLAIN = new Intl.NumberFormat('en', { maximumFractionDigits: 20 });

/** At most three significant figures, without an exponent. */
export function threeFigures(value: number): string {
  return PLAIN.format(Number(value.toPrecision(3)));
}

/** `38 %`, with a decimal below ten; `0 %` and `100 %` only for none and all. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return `<${NBSP}0.1${NBSP}%`;
  if (percent < 100 && percent > 99.9) return `>${NBSP}99.9${NBSP}%`;
  const whole = percent >= 9.95 && (percent <= 99 || percent === 100);
  return `${whole || percent === 0 ? Math.round(percent) : percent.toFixed(1)}${NBSP}%`;
}

export function modelsText(count: number): string {
  return `${countText(count)}${NBSP}${count === 1 ? 'model' : 'models'}`;
}

/** Binds `0 of 3` and numbers to their units, so that a line never breaks inside. */
export function glue(text: string): string {
  return text
    .replace(/(\d) (of) (\d)/g, `$1${NBSP}$2${NBSP}$3`)
    .replace(/(\d) (%|s|ms|min|h|d|k|M|replicas?|ready)(?![a-z])/g, `$1${NBSP}$2`);
}

/** A reason as the end of a sentence: `out of memory, 0 of 3 replicas ready`. */
export function asClause(reason: string): string {
  const start = /^[A-Z][a-z ]/.test(reason) ? reason.charAt(0).toLowerCase() + reason.slice(1) : reason;
  return start.replace(/: (?=\d)/, ', ').replace(/\.$/, '');
}

/** The cause alone, where the replicas have no room: `Out of memory`. */
export function causeOf(reason: string): string {
  return reason.replace(/: \d+.of.\d+.replicas?.ready$/, '');
}

/** `0 of 3 ready: out of memory`, for lines that cannot hold the whole reason. */
export function shortReason(reason: string): string {
  const match = /^(.*): (\d+) of (\d+) replicas? ready$/.exec(reason.replace(/\u00a0/g, ' '));
  if (!match) return reason;
  return glue(`${match[2]} of ${match[3]} ready: ${asClause(match[1] ?? '')}`);
}
