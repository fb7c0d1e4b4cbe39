/** Times of the Kubernetes API: RFC 3339, written by Go as `2026-01-31T12:00:00Z`. */
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d/;
/** Conditions of one object, and of objects that came together, share their times. */
let lastText = '';
let lastSeconds: number | undefined;

/** Seconds since 1970; `undefined` for what is not a time. */
export function parseTime(text: string): number | undefined {
  if (text === lastText) return lastSeconds;
  const ms = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  lastText = text;
  lastSeconds = Number.isNaN(ms) ? undefined : ms / 1000;
  return lastSeconds;
}
