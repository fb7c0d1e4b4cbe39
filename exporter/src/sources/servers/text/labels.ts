/** The part of a line between braces. Pages repeat it: each of them is read once and stands for all that are alike. */
import { hashNext, hashOf, mixed, SEED, Strings } from './strings';

export type Labels = Readonly<Record<string, string>>;

export interface LabelSet {
  readonly labels: Labels;
  /** Of names and values, in whatever order they were written. */
  readonly hash: number;
  /** Name of the metric, where it stands quoted among the labels. */
  readonly name?: string;
}

/** What was expected instead. */
export interface Refused {
  readonly expected: string;
  readonly tooLarge?: true;
}

/** More bytes than this in one label value are no name of anything. */
const MAX_LABEL_BYTES = 8_192;

const TAB = 9;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const EQUALS = 61;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

/** Objects of it have no `constructor` or `toString` that could be taken for a label, and are as quick as others. */
function Bare(this: unknown): void {
  // Only its prototype matters.
}
Bare.prototype = Object.create(null) as object;
const Bag = Bare as unknown as new () => Record<string, string>;
const NONE: LabelSet = { labels: new Bag(), hash: 0 };

/** Shared by all pages, since all of a server are alike. */
const STRINGS = new Strings();

/** 1: may start a name; 2: may go on in one. */
const CLASSES = Uint8Array.from({ length: 256 }, (_, code) => {
  const char = String.fromCharCode(code);
  return /[a-zA-Z_]/.test(char) ? 3 : /[0-9]/.test(char) ? 2 : 0;
});

export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === SPACE || bytes[at] === TAB) at += 1;
  return at;
}

/** Label sets of one page. */
export class LabelReader {
  /** After a `read` that was no refusal: where the line goes on. */
  end = 0;
  private readonly starts: Int32Array;
  private readonly lengths: Int32Array;
  private readonly sets: (LabelSet | undefined)[];

  constructor(private readonly body: Buffer) {
    // About one label set in a hundred bytes, if all were different.
    const slots = 2 ** Math.min(14, Math.max(6, Math.ceil(Math.log2(body.length / 64 + 1))));
    this.starts = new Int32Array(slots);
    this.lengths = new Int32Array(slots);
    this.sets = new Array<LabelSet | undefined>(slots).fill(undefined);
  }

  /** @param at where the brace is, if there is one @param stop end of the line or of what of it is read */
  read(at: number, stop: number): LabelSet | Refused {
    this.end = at;
    if (this.body[at] !== OPEN) return NONE;
    const end = this.close(at + 1, stop);
    if (end === undefined) return this.parse(at + 1, stop);
    const length = end - at;
    const slot = mixed(this.hash) & (this.sets.length - 1);
    const known = this.sets[slot];
    if (known && this.lengths[slot] === length && this.same(this.starts[slot] as number, at, length)) {
      this.end = end;
      return known;
    }
    const found = this.parse(at + 1, stop);
    if (!('expected' in found)) {
      this.starts[slot] = at;
      this.lengths[slot] = length;
      this.sets[slot] = found;
    }
    return found;
  }

  private hash = 0;

  /** Where the closing brace ends, with `hash` of all before it. */
  private close(from: number, stop: number): number | undefined {
    const { body } = this;
    let quoted = false;
    let hash = 0;
    for (let at = from; at < stop; at += 1) {
      const byte = body[at] as number;
      if (byte === QUOTE) quoted = !quoted;
      else if (byte === CLOSE && !quoted) {
        this.hash = hash;
        return at + 1;
      } else if (byte === BACKSLASH && quoted) at += 1;
      hash = hashNext(hash, byte);
    }
    return undefined;
  }

  private same(one: number, other: number, length: number): boolean {
    const { body } = this;
    for (let at = 0; at < length; at += 1) if (body[one + at] !== body[other + at]) return false;
    return true;
  }

  private parse(from: number, stop: number): LabelSet | Refused {
    const { body } = this;
    const labels = new Bag();
    let hash = 0;
    let metric: string | undefined;
    let at = skipSpace(body, from);
    while (at < stop && body[at] !== CLOSE) {
      const name = this.name(at, stop);
      if (typeof name !== 'string') return name;
      at = skipSpace(body, this.end);
      if (body[at] !== EQUALS) {
        if (body[this.end - 1] !== QUOTE || metric !== undefined) return { expected: `"=" after label ${cut(name)}` };
        metric = name;
      } else {
        at = skipSpace(body, at + 1);
        if (body[at] !== QUOTE) return { expected: `a quoted value of label ${cut(name)}` };
        const value = this.quoted(at + 1, stop);
        if (value === undefined) return { expected: `a closing quote after label ${cut(name)}` };
        if (typeof value !== 'string') return value;
        if (name in labels) return { expected: `label ${cut(name)} once` };
        labels[name] = value;
        hash = (hash + mixed(Math.imul(this.nameHash, 31) + this.valueHash)) | 0;
        at = skipSpace(body, this.end);
      }
      if (body[at] === COMMA) at = skipSpace(body, at + 1);
      else if (body[at] !== CLOSE) return { expected: `"," or "}" after label ${cut(name)}` };
    }
    if (at >= stop) return { expected: 'a closing brace' };
    this.end = at + 1;
    return { labels, hash, ...(metric === undefined ? {} : { name: metric }) };
  }

  private nameHash = 0;
  private valueHash = 0;

  private name(at: number, stop: number): string | Refused {
    const { body } = this;
    if (body[at] === QUOTE) {
      const name = this.quoted(at + 1, stop) ?? { expected: 'a closing quote after a name' };
      this.nameHash = this.valueHash;
      return name;
    }
    if (((CLASSES[body[at] as number] as number) & 1) === 0) return { expected: 'a label name' };
    let hash = SEED;
    let end = at;
    for (; end < stop && CLASSES[body[end] as number] !== 0; end += 1) hash = hashNext(hash, body[end] as number);
    this.nameHash = hash;
    this.end = end;
    return STRINGS.of(body, at, end, hash);
  }

  /** Text up to the closing quote, with `valueHash`; `end` is behind the quote. */
  private quoted(from: number, stop: number): string | Refused | undefined {
    const { body } = this;
    let at = from;
    let hash = SEED;
    for (; at < stop; at += 1) {
      const byte = body[at] as number;
      if (byte === QUOTE || byte === BACKSLASH) break;
      hash = hashNext(hash, byte);
    }
    const escaped = body[at] === BACKSLASH && at < stop;
    if (escaped) while (at < stop && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
    if (at >= stop) return undefined;
    if (at - from > MAX_LABEL_BYTES) {
      return { expected: `at most ${MAX_LABEL_BYTES} bytes in a label value`, tooLarge: true };
    }
    this.end = at + 1;
    if (!escaped) {
      this.valueHash = hash;
      return STRINGS.of(body, from, at, hash);
    }
    const text = unescape(body.toString('utf8', from, at));
    const bytes = Buffer.from(text);
    this.valueHash = hashOf(bytes, 0, bytes.length);
    return text;
  }
}

/** Any other escape is kept as written, as Prometheus does. */
function unescape(text: string): string {
  return text.replace(/\\([n"\\])/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

function cut(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}
