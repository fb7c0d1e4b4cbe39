/** Label selectors: equality (`a=b`, `a==b`, `a!=b`) and existence (`a`, `!a`), joined by commas. */

export type Labels = Readonly<Record<string, string>>;
export type Selector = (labels: Labels) => boolean;

const TERM = /^\s*(!)?\s*([A-Za-z0-9][A-Za-z0-9./_-]*)\s*(?:(==|=|!=)\s*([A-Za-z0-9._-]*))?\s*$/;

/** `undefined` when the text is not such a selector. Set-based selectors are not simulated. */
export function parseSelector(text: string): Selector | undefined {
  const tests: Selector[] = [];
  for (const term of text.split(',')) {
    const match = TERM.exec(term);
    if (match === null) return undefined;
    const [, not, key = '', operator, value = ''] = match;
    if (not !== undefined && operator !== undefined) return undefined;
    if (operator === undefined) tests.push((labels) => key in labels === (not === undefined));
    else if (operator === '!=') tests.push((labels) => labels[key] !== value);
    else tests.push((labels) => labels[key] === value);
  }
  return (labels) => tests.every((test) => test(labels));
}
