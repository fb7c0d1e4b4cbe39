/** Numbers and times as people read them. A number and its unit never part (no-break space). */

const NBSP = '\u00a0';

/** `9 s`, `37 min`, `5 h 12 min`, `7 d 3 h`: at most two units. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole}${NBSP}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}${NBSP}min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return two(hours, 'h', minutes % 60, 'min');
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return `${large}${NBSP}${largeUnit}${small > 0 ? `${NBSP}${small}${NBSP}${smallUnit}` : ''}`;
}

/** `18,402`. */
export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** `1 model`, `24 models`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)}${NBSP}${value === 1 ? one : many}`;
}

/** `2.1 MB`, decimal units, three significant figures at most. */
export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  let unit = 0;
  let rest = value;
  for (; rest >= 999.5 && unit < units.length - 1; unit++) rest /= 1000;
  return `${Number(rest.toPrecision(3))}${NBSP}${units[unit]}`;
}

/** `41 ms`, `1.2 s`. */
export function duration(seconds: number): string {
  if (seconds >= 1) return `${Number(seconds.toPrecision(2))}${NBSP}s`;
  return `${Math.max(1, Math.round(seconds * 1000))}${NBSP}ms`;
}

/** `03:18:07 UTC`. */
export function clock(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(11, 19)}${NBSP}UTC`;
}

/** First letter small, where the first word is a word: `OOM` stays. */
export function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text[0]?.toLowerCase() + text.slice(1) : text;
}
