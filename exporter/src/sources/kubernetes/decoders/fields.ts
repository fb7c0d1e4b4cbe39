/**
 * Reading of objects that others wrote. A field that is absent or null is absent; a field of the wrong type is dropped
 * alone, is counted, and the rest of the object is used.
 */
import { isObject, preview, type DropReason } from '@modelwatch/contract';
import { cutLabel } from '../../../domain/label';
import { parseQuantity } from '../quantity';
import { intern } from './intern';
import { parseTime } from './time';

/** `detail` names place, value and expectation. */
export type Drop = (reason: DropReason, detail: string) => void;

/** Longest free text that is kept; a controller may write thousands of characters into a message. */
export const MAX_TEXT = 1_000;

/** The beginning of a text, as a text of its own: a plain slice would keep the whole text in memory behind it. */
function cut(text: string, length: number): string {
  return text.length > length ? Buffer.from(text.slice(0, length), 'utf16le').toString('utf16le') : text;
}

/** Every field optional and never `undefined`: what can be spread into a type with optional fields. */
export type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what is undefined. */
export function present<T extends object>(fields: T): Present<T> {
  const out: Partial<T> = {};
  // Runs several times per object of a list of 100,000: entries, filter and fromEntries cost five times as much.
  for (const key in fields) if (fields[key] !== undefined) out[key] = fields[key];
  return out as Present<T>;
}

const EMPTY: Readonly<Record<string, unknown>> = Object.freeze({});

export class Fields {
  /** Keys of children that were refused: each is counted once. */
  private refused: Set<string> | undefined;

  private constructor(
    private readonly raw: Readonly<Record<string, unknown>>,
    private readonly subject: string,
    /** The place is put together when something is refused, which is rare. */
    private readonly parent: Fields | undefined,
    private readonly key: string,
    /** For what a reader refuses itself. */
    readonly drop: Drop
  ) {}

  /** `subject` is how a person finds the object: `Model payments/fraud-scorer`. */
  static of(raw: Readonly<Record<string, unknown>>, subject: string, drop: Drop): Fields {
    return new Fields(raw, subject, undefined, '', drop);
  }

  has(key: string): boolean {
    return this.raw[key] !== undefined && this.raw[key] !== null;
  }

  /** The object as it came, for a reader that knows its shape only at run time. */
  get json(): unknown {
    return this.raw;
  }

  keys(): string[] {
    return Object.keys(this.raw);
  }

  /** Text, cut to MAX_TEXT characters. An empty text counts as absent, as Go writes it for an unset field. */
  text(key: string): string | undefined {
    const value = this.raw[key];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') return this.refuse(key, value, 'a string');
    return value.length > MAX_TEXT ? `${cut(value, MAX_TEXT - 1)}…` : intern(value);
  }

  /** A text that becomes the value of a label. */
  label(key: string): string | undefined {
    const text = this.text(key);
    return text === undefined ? undefined : cutLabel(text);
  }

  /** A text without which its entry cannot be used: that it is missing is counted. */
  needed(key: string, expected = 'a name'): string | undefined {
    if (this.has(key) && this.raw[key] !== '') return this.text(key);
    this.lacks(key, expected);
    return undefined;
  }

  /** Counts a field that is not there and must be. */
  lacks(key: string, expected: string): void {
    this.drop('missing_field', this.say(key, this.raw[key], expected));
  }

  /** The text where there is one; nothing is counted. For a value that another reading has already refused. */
  word(key: string): string | undefined {
    const value = this.raw[key];
    return typeof value === 'string' && value !== '' ? value.slice(0, MAX_TEXT) : undefined;
  }

  integer(key: string): number | undefined {
    const value = this.raw[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return this.refuse(key, value, 'an integer');
    return value;
  }

  /** A count: an integer that is not negative. */
  count(key: string): number | undefined {
    const value = this.integer(key);
    if (value !== undefined && value < 0) return this.refuse(key, value, 'an integer of at least 0');
    return value;
  }

  bool(key: string): boolean | undefined {
    const value = this.raw[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'boolean') return this.refuse(key, value, 'true or false');
    return value;
  }

  oneOf<const T extends string>(key: string, values: readonly T[]): T | undefined {
    const value = this.raw[key];
    if (value === undefined || value === null) return undefined;
    if (!values.includes(value as T)) {
      this.drop(typeof value === 'string' ? 'unknown_value' : 'wrong_type', this.say(key, value, values.join(' or ')));
      return undefined;
    }
    return value as T;
  }

  /**
   * A state of a closed list that ends in `unknown`. A value that is not in it is counted and gives `unknown`: somebody
   * wrote a state, so it is not "no state".
   */
  closed<const T extends string>(key: string, values: readonly T[]): T | 'unknown' | undefined {
    if (this.raw[key] === '') return undefined;
    const found = this.oneOf(key, values);
    return found ?? (typeof this.raw[key] === 'string' ? 'unknown' : undefined);
  }

  /** RFC 3339 -> seconds since 1970. */
  time(key: string): number | undefined {
    const value = this.raw[key];
    if (value === undefined || value === null) return undefined;
    const seconds = typeof value === 'string' ? parseTime(value) : undefined;
    return seconds ?? this.refuse(key, value, 'a time as in 2026-01-31T12:00:00Z');
  }

  /** A Kubernetes quantity in base units (cores, bytes). */
  quantity(key: string): number | undefined {
    const value = this.raw[key];
    if (value === undefined || value === null) return undefined;
    const number = parseQuantity(value);
    if (number === undefined || number < 0) return this.refuse(key, value, 'a quantity as in 500m or 1Gi');
    return number;
  }

  /** The object under a key; an empty one when it is absent or something else. Counted once, however often asked. */
  child(key: string): Fields {
    const value = this.raw[key];
    if (isObject(value)) return this.at(key, value);
    if (value !== undefined && value !== null && !this.refused?.has(key)) {
      this.refuse(key, value, 'an object');
      (this.refused ??= new Set()).add(key);
    }
    return this.at(key, EMPTY);
  }

  /** The objects of a list; entries that are no objects are dropped alone. */
  children(key: string): Fields[] {
    const out: Fields[] = [];
    this.list(key).forEach((value, index) => {
      if (isObject(value)) out.push(this.at(`${key}[${index}]`, value));
      else this.refuse(`${key}[${index}]`, value, 'an object');
    });
    return out;
  }

  /** The texts of a list, without the empty ones. */
  texts(key: string): string[] {
    const out: string[] = [];
    this.list(key).forEach((value, index) => {
      if (typeof value !== 'string') this.refuse(`${key}[${index}]`, value, 'a string');
      else if (value) out.push(intern(cut(value, MAX_TEXT)));
    });
    return out;
  }

  /** A map of texts, as labels and annotations are; each value cut to MAX_TEXT. */
  textMap(key: string, want: (name: string) => boolean = () => true): Record<string, string> {
    const map = this.child(key);
    const out: Record<string, string> = {};
    for (const name of map.keys()) {
      if (!want(name)) continue;
      const value = map.raw[name];
      if (typeof value === 'string') out[name] = intern(cut(value, MAX_TEXT));
      else map.refuse(name, value, 'a string');
    }
    return out;
  }

  /** Counts a value that cannot be used; always `undefined`, to be returned. */
  refuse(key: string, value: unknown, expected: string): undefined {
    this.drop('wrong_type', this.say(key, value, expected));
    return undefined;
  }

  /** Counts a value of the right type that is not one we know: what was made of it is less than it says. */
  doubt(key: string, value: unknown, expected: string): void {
    this.drop('unknown_value', this.say(key, value, expected));
  }

  /** Counts what is left out because there is more of it than we take. */
  over(key: string, expected: string): void {
    this.drop('over_limit', `${this.subject} ${this.path}${key}: expected ${expected}`);
  }

  private list(key: string): readonly unknown[] {
    const value = this.raw[key];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.refuse(key, value, 'a list');
      return [];
    }
    return value;
  }

  private at(key: string, raw: Readonly<Record<string, unknown>>): Fields {
    return new Fields(raw, this.subject, this, key, this.drop);
  }

  private get path(): string {
    return this.parent ? `${this.parent.path}${this.key}.` : '';
  }

  private say(key: string, value: unknown, expected: string): string {
    return `${this.subject} ${this.path}${key}: expected ${expected}, got ${preview(value)}`;
  }
}
