/** Limits of YAML that anybody may have written: what is over them is not parsed. */

/** Documents have four to ten. The parser takes seconds for thousands, and whoever writes a ConfigMap is not who waits. */
const MAX_DEPTH = 20;

/** @returns what was expected, and got; undefined for a text that can be parsed in bounded time */
export function unboundedProblem(text: string, maxLength: number): string | undefined {
  if (text.length > maxLength) return `expected at most ${maxLength} characters, got ${text.length}`;
  return isDeep(text) ? `expected settings, got lists or keys nested over ${MAX_DEPTH} deep` : undefined;
}

/** Brackets, and lists or keys in lists on one line; brackets in texts count too, which are never so many. */
function isDeep(text: string): boolean {
  if (new RegExp(`([-?:]\\s+){${MAX_DEPTH}}`).test(text)) return true;
  let depth = 0;
  for (const char of text) {
    if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** An alias stands within what it is an alias of. */
export function isCircular(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return false;
  } catch {
    return true;
  }
}
