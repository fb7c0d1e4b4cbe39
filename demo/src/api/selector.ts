/** Label selectors: equality (`a=b`, `a==b`, `a!=b`), sets (`a in (b,c)`, `a notin (b)`), existence (`a`, `!a`); joined by commas. */

export type Labels = Readonly<Record<string, string>>;
export type Selector = (labels: Labels) => boolean;

const KEY = '[A-Za-z0-9][A-Za-z0-9./_-]*';
const TERM = new RegExp(`^\\s*(!)?\\s*(${KEY})\\s*(?:(==|=|!=)\\s*([A-Za-z0-9._-]*))?\\s*$`);
const SET_TERM = new RegExp(`^\\s*(${KEY})\\s+(in|notin)\\s*\\(([A-Za-z0-9._,\\s-]*)\\)\\s*$`);
/** Commas that stand in no set. */
const BETWEEN_TERMS = /,(?![^(]*\))/;

/** `undefined` when the text is not such a selector. */
export function parseSelector(text: string): Selector | undefined {
  const tests: Selector[] = [];
  for (const term of text.split(BETWEEN_TERMS)) {
    const test = setTest(term) ?? plainTest(term);
    if (test === undefined) return undefined;
    tests.push(test);
  }
  return (labels) => tests.every((test) => test(labels));
}

/** As in Kubernetes, `notin` also holds for objects without the label. */
function setTest(term: string): Selector | undefined {
  const match = SET_TERM.exec(term);
  if (match === null) return undefined;
  const [, key = '', operator, list = ''] = match;
  const values = new Set(list.split(',').map((value) => value.trim()));
  return (labels) => {
    const value = labels[key];
    return (value !== undefined && values.has(value)) === (operator === 'in');
  };
}

function plainTest(term: string): Selector | undefined {
  const match = TERM.exec(term);
  if (match === null) return undefined;
  const [, not, key = '', operator, value = ''] = match;
  if (not !== undefined && operator !== undefined) return undefined;
  if (operator === undefined) return (labels) => key in labels === (not === undefined);
  if (operator === '!=') return (labels) => labels[key] !== value;
  return (labels) => labels[key] === value;
}
