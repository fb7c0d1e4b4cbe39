/**
 * Regular expressions for text that comes from outside, matched in time that grows with its length and no faster: all
 * states are followed at once, so nothing is ever tried again. That leaves out look-around and references back, as RE2
 * does. Pure.
 *
 * Literals, `.` (no line break), classes `[a-z]` `[^0-9]` `\d \w \s`, groups `(a|b)`, `* + ? {2} {2,5}`, `^ $` (of the whole
 * text), and `(?i)` at the beginning for any case.
 */

/** A pattern that cannot be read; its message says what was expected. */
export class PatternError extends Error {}

export interface Pattern {
  readonly text: string;
  /** Whether it is found anywhere in the first 16,384 characters. */
  readonly matches: (text: string) => boolean;
}

const MAX_LENGTH = 300;
/** With the limit of the text, about ten million steps at worst. */
const MAX_STEPS = 500;
const MAX_REPEAT = 100;
const MAX_TEXT = 16_384;

type Test = (code: number) => boolean;
type Node =
  | { readonly kind: 'one'; readonly test: Test }
  | { readonly kind: 'begin' | 'end' }
  | { readonly kind: 'all'; readonly parts: readonly Node[] }
  | { readonly kind: 'any'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly least: number; readonly most: number };

/** @throws PatternError */
export function parsePattern(text: string): Pattern {
  if (text.length > MAX_LENGTH) throw new PatternError(`a pattern of at most ${MAX_LENGTH} characters`);
  const anyCase = text.startsWith('(?i)');
  const parser = new Parser(anyCase ? text.slice(4) : text, anyCase);
  const program = compile(parser.whole());
  return { text, matches: (given) => run(program, given.slice(0, MAX_TEXT)) };
}

const CLASSES: Readonly<Record<string, Test>> = {
  d: (code) => code >= 48 && code <= 57,
  w: (code) => (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95,
  s: (code) => code === 32 || (code >= 9 && code <= 13),
};
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

class Parser {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly anyCase: boolean
  ) {}

  whole(): Node {
    const node = this.alternatives();
    if (this.at < this.text.length) throw new PatternError('a "(" for each ")"');
    return node;
  }

  private alternatives(): Node {
    const parts = [this.sequence()];
    while (this.take('|')) parts.push(this.sequence());
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'any', parts };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    while (this.at < this.text.length && !'|)'.includes(this.text[this.at] ?? '')) parts.push(this.repeated());
    return { kind: 'all', parts };
  }

  private repeated(): Node {
    const part = this.atom();
    const bounds = this.bounds();
    // Whether as much or as little as possible is taken makes no difference to whether it matches.
    if (bounds) this.take('?');
    if (bounds && this.bounds()) throw new PatternError('one of * + ? {} after a part, not two');
    return bounds ? { kind: 'repeat', part, ...bounds } : part;
  }

  private bounds(): { least: number; most: number } | undefined {
    if (this.take('*')) return { least: 0, most: Infinity };
    if (this.take('+')) return { least: 1, most: Infinity };
    if (this.take('?')) return { least: 0, most: 1 };
    const found = /^\{(\d{1,3})(,(\d{0,3}))?\}/.exec(this.text.slice(this.at));
    if (!found) return undefined;
    this.at += found[0].length;
    const least = Number(found[1]);
    const most = found[2] === undefined ? least : found[3] ? Number(found[3]) : Infinity;
    if (most < least || least > MAX_REPEAT || (most > MAX_REPEAT && most !== Infinity)) {
      throw new PatternError(`repetitions from few to many, at most ${MAX_REPEAT}`);
    }
    return { least, most };
  }

  private atom(): Node {
    const char = this.next();
    switch (char) {
      case '(': {
        if (this.take('?') && !this.take(':')) throw new PatternError('a pattern without look-around, names and flags');
        const group = this.alternatives();
        if (!this.take(')')) throw new PatternError('a ")" for each "("');
        return group;
      }
      case '[':
        return { kind: 'one', test: this.charClass() };
      case '.':
        return { kind: 'one', test: (code) => code !== 10 };
      case '^':
        return { kind: 'begin' };
      case '$':
        return { kind: 'end' };
      case '\\':
        return { kind: 'one', test: this.escaped() };
      case '*':
      case '+':
      case '?':
        throw new PatternError(`something before "${char}"`);
      default:
        return { kind: 'one', test: this.literal(char) };
    }
  }

  private escaped(): Test {
    const char = this.next();
    const test = CLASSES[char.toLowerCase()];
    if (test) return char === char.toLowerCase() ? test : (code) => !test(code);
    if (ESCAPES[char] !== undefined) return this.literal(ESCAPES[char]);
    if (/[A-Za-z0-9]/.test(char)) throw new PatternError('a pattern without references and \\b, \\p or the like');
    return this.literal(char);
  }

  private literal(char: string): Test {
    const code = char.charCodeAt(0);
    if (!this.anyCase) return (given) => given === code;
    const [lower, upper] = [char.toLowerCase().charCodeAt(0), char.toUpperCase().charCodeAt(0)];
    return (given) => given === lower || given === upper;
  }

  private charClass(): Test {
    const inverted = this.take('^');
    const tests: Test[] = [];
    for (let first = true; first || this.text[this.at] !== ']'; first = false) {
      const char = this.next();
      if (char === '\\') {
        tests.push(this.escaped());
      } else if (this.text[this.at] === '-' && this.text[this.at + 1] !== ']') {
        this.at += 1;
        tests.push(this.range(char, this.next()));
      } else tests.push(this.literal(char));
    }
    this.at += 1;
    return inverted ? (code) => !tests.some((test) => test(code)) : (code) => tests.some((test) => test(code));
  }

  private range(from: string, to: string): Test {
    const [low, high] = [from.charCodeAt(0), to.charCodeAt(0)];
    if (high < low || to === '\\') throw new PatternError('a range from low to high, as in [a-z]');
    const within: Test = (code) => code >= low && code <= high;
    if (!this.anyCase) return within;
    return (code) => {
      const char = String.fromCharCode(code);
      return within(char.toLowerCase().charCodeAt(0)) || within(char.toUpperCase().charCodeAt(0));
    };
  }

  private take(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  private next(): string {
    const char = this.text[this.at];
    if (char === undefined) throw new PatternError('a pattern that does not end in the middle');
    this.at += 1;
    return char;
  }
}

type Step =
  | { readonly kind: 'one'; readonly test: Test }
  | { readonly kind: 'begin' | 'end' }
  | { readonly kind: 'go'; to: readonly number[] }
  | { readonly kind: 'found' };

function compile(root: Node): readonly Step[] {
  const steps: Step[] = [];
  const add = (step: Step): number => {
    if (steps.push(step) > MAX_STEPS) throw new PatternError(`a pattern of at most ${MAX_STEPS} steps`);
    return steps.length - 1;
  };
  const fork = () => {
    const step: Step = { kind: 'go', to: [] };
    return { at: add(step), to: (...to: readonly number[]) => void (step.to = to) };
  };
  const emit = (node: Node): void => {
    switch (node.kind) {
      case 'all':
        return node.parts.forEach(emit);
      case 'any': {
        const start = fork();
        const begins: number[] = [];
        const ends = node.parts.map((part) => {
          begins.push(steps.length);
          emit(part);
          return fork();
        });
        start.to(...begins);
        return ends.forEach((end) => end.to(steps.length));
      }
      case 'repeat': {
        for (let times = 0; times < node.least; times += 1) emit(node.part);
        if (node.most === Infinity) {
          const loop = fork();
          emit(node.part);
          fork().to(loop.at);
          return loop.to(loop.at + 1, steps.length);
        }
        const skips = Array.from({ length: node.most - node.least }, () => {
          const skip = fork();
          emit(node.part);
          return skip;
        });
        return skips.forEach((skip) => skip.to(skip.at + 1, steps.length));
      }
      default:
        add(node);
    }
  };
  emit(root);
  add({ kind: 'found' });
  return steps;
}

/** Follows every way at once, and begins anew at each character. */
function run(steps: readonly Step[], text: string): boolean {
  const seen = new Uint32Array(steps.length);
  let here: number[] = [];
  let found = false;
  const enter = (index: number, position: number, into: number[]): void => {
    const pending = [index];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      const step = steps[at];
      if (!step || seen[at] === position + 1) continue;
      seen[at] = position + 1;
      if (step.kind === 'one') into.push(at);
      else if (step.kind === 'found') found = true;
      else if (step.kind === 'go') pending.push(...step.to);
      else if (step.kind === 'begin' ? position === 0 : position === text.length) pending.push(at + 1);
    }
  };
  for (let position = 0; ; position += 1) {
    enter(0, position, here);
    if (found || position === text.length) return found;
    const code = text.charCodeAt(position);
    const next: number[] = [];
    for (const at of here) {
      const step = steps[at];
      if (step?.kind === 'one' && step.test(code)) enter(at + 1, position + 1, next);
    }
    here = next;
  }
}
