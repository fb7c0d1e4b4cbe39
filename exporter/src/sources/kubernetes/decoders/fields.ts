/**
 * Reading of objects that others wrote. A field that is absent or null is absent; a field of the wrong type is dropped
 * alone, is counted, and the rest of the object is used.
 */
import { isObject, preview, type DropReason } from '@modelwatch/contract';
import { parseQuantity } from '../quantity';

/** `detail` names place, value and expectation. */
export type Drop = (reason: DropReason, detail: string) => void;

/** Longest free text that is kept; a controller may write thousands of characters into a message. */
export const MAX_TEXT = 1_000;

/** Every field optional and never `undefined`: what can be spread into a type with optional fields. */
export type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what is undefined. */
export function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}

export class Fields {
  private readonly known = new Map<string, Fields>();

  private constructor(
    private readonly raw: Readonly<Record<string, unknown>>,
    private readonly subject: string,
    private readonly path: string,
    private readonly drop: Drop
  ) {}

  /** `subject` is how a person finds the object: `Model payments/fraud-scorer`. */
  static of(raw: Readonly<Record<string, unknown>>, subject: string, drop: Drop): Fields {
    return new Fields(raw, subject, '', drop);
  }

  has(key: string): boolean {
    return this.raw[key] !== undefined && this.raw[key] !== null;
  }

  keys(): string[] {
    return Object.keys(this.raw);
  }

  /** Text, cut to MAX_TEXT characters. An empty text counts as absent, as Go writes it for an unset field. */
  text(key: string): string | undefined {
    const value = this.raw[key];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') return this.refuse(key, value, 'a string');
    return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT - 1)}…` : value;
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

  /** RFC 3339 -> seconds since 1970. */
  time(key: string): number | undefined {
    const value = this.raw[key];
    if (value === undefined || value === null) return undefined;
    const ms =
      typeof value === 'string' && /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d/.test(value) ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(ms)) return this.refuse(key, value, 'a time as in 2026-01-31T12:00:00Z');
    return ms / 1000;
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
    const known = this.known.get(key);
    if (known) return known;
    const value = this.raw[key];
    if (value !== undefined && value !== null && !isObject(value)) this.refuse(key, value, 'an object');
    const child = this.at(key, isObject(value) ? value : {});
    this.known.set(key, child);
    return child;
  }

  /** The objects of a list; entries that are no objects are dropped alone. */
  children(key: string): Fields[] {
    return this.entries(key).flatMap(([value, place]) => {
      if (isObject(value)) return [this.at(place, value)];
      this.refuse(place, value, 'an object');
      return [];
    });
  }

  /** The texts of a list, without the empty ones. */
  texts(key: string): string[] {
    return this.entries(key).flatMap(([value, place]) => {
      if (typeof value === 'string') return value ? [value.slice(0, MAX_TEXT)] : [];
      this.refuse(place, value, 'a string');
      return [];
    });
  }

  /** A map of texts, as labels and annotations are; each value cut to MAX_TEXT. */
  textMap(key: string, want: (name: string) => boolean = () => true): Record<string, string> {
    const map = this.child(key);
    const out: Record<string, string> = {};
    for (const name of map.keys()) {
      if (!want(name)) continue;
      const value = map.raw[name];
      if (typeof value === 'string') out[name] = value.slice(0, MAX_TEXT);
      else map.refuse(name, value, 'a string');
    }
    return out;
  }

  /** Counts a value that cannot be used; always `undefined`, to be returned. */
  refuse(key: string, value: unknown, expected: string): undefined {
    this.drop('wrong_type', this.say(key, value, expected));
    return undefined;
  }

  private entries(key: string): [unknown, string][] {
    const value = this.raw[key];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.refuse(key, value, 'a list');
      return [];
    }
    return value.map((entry: unknown, index) => [entry, `${key}[${index}]`]);
  }

  private at(key: string, raw: Readonly<Record<string, unknown>>): Fields {
    return new Fields(raw, this.subject, this.path ? `${this.path}.${key}` : key, this.drop);
  }

  private say(key: string, value: unknown, expected: string): string {
    const place = this.path ? `${this.path}.${key}` : key;
    return `${this.subject} ${place}: expected ${expected}, got ${preview(value)}`;
  }
}
