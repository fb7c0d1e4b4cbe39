/** The only place where text becomes PromQL. */

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** A label matcher; the value is escaped as a PromQL string, and is a regular expression only with `=~` and `!~`. */
export function matcher(label: string, operator: MatchOperator, value: string): string {
  return `${label}${operator}"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}

/** A value as a regular expression (RE2) that matches this value alone. */
function escapeRegex(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Matches any of the values; no values, no matcher. */
export function anyOf(label: string, values: readonly string[]): string[] {
  const distinct = [...new Set(values)];
  const [first] = distinct;
  if (first === undefined) return [];
  if (distinct.length === 1) return [matcher(label, '=', first)];
  return [matcher(label, '=~', distinct.map(escapeRegex).join('|'))];
}

/** `name{a="b",c="d"}`. */
export function selector(name: string, matchers: readonly string[]): string {
  return `${name}{${matchers.join(',')}}`;
}

/** One selector over several names; the answer tells them apart by `__name__`. */
export function selectorOfNames(names: readonly string[], matchers: readonly string[]): string {
  return selector('', [matcher('__name__', '=~', names.map(escapeRegex).join('|')), ...matchers]);
}
