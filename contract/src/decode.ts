/**
 * Small decoders for what crosses a process boundary. A decoder turns `unknown` into a type or throws a DecodeError
 * that names the place, the value and what was expected. Written here because contract imports nothing.
 */
export class DecodeError extends Error {
  constructor(
    readonly path: string,
    readonly value: unknown,
    readonly expected: string
  ) {
    super(`${path || 'value'}: expected ${expected}, got ${preview(value)}`);
    this.name = 'DecodeError';
  }
}

export type Decoder<T> = (value: unknown, path?: string) => T;

/** At most 80 characters of a value, for an error message. */
export function preview(value: unknown): string {
  let text: string | undefined;
  try {
    text = typeof value === 'bigint' ? `${value}n` : JSON.stringify(value);
  } catch {
    // Too deep, or in a circle: String() would go the same way down.
    return 'a value that cannot be written';
  }
  if (text === undefined) text = String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

export const string: Decoder<string> = (value, path = '') => {
  if (typeof value !== 'string') throw new DecodeError(path, value, 'a string');
  return value;
};

export const number: Decoder<number> = (value, path = '') => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new DecodeError(path, value, 'a finite number');
  return value;
};

export const boolean: Decoder<boolean> = (value, path = '') => {
  if (typeof value !== 'boolean') throw new DecodeError(path, value, 'true or false');
  return value;
};

export function oneOf<const T extends string>(values: readonly T[]): Decoder<T> {
  return (value, path = '') => {
    if (!values.includes(value as T)) throw new DecodeError(path, value, `one of ${values.join(', ')}`);
    return value as T;
  };
}

export function array<T>(item: Decoder<T>): Decoder<T[]> {
  return (value, path = '') => {
    if (!Array.isArray(value)) throw new DecodeError(path, value, 'a list');
    return value.map((entry, index) => item(entry, `${path}[${index}]`));
  };
}

export function record<T>(item: Decoder<T>): Decoder<Record<string, T>> {
  return (value, path = '') => {
    if (!isObject(value)) throw new DecodeError(path, value, 'an object');
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, item(entry, join(path, key))]));
  };
}

/** Marks a field that may be absent or null; it is then left out of the decoded object. */
export interface Optional<T> {
  readonly optional: Decoder<T>;
}
export function optional<T>(decoder: Decoder<T>): Optional<T> {
  return { optional: decoder };
}

type Shape = Record<string, Decoder<unknown> | Optional<unknown>>;
type RequiredKeys<S extends Shape> = { [K in keyof S]: S[K] extends Optional<unknown> ? never : K }[keyof S];
type Decoded<S extends Shape> = {
  [K in RequiredKeys<S>]: S[K] extends Decoder<infer T> ? T : never;
} & {
  [K in Exclude<keyof S, RequiredKeys<S>>]?: S[K] extends Optional<infer T> ? T : never;
};

/** Unknown fields are ignored, so that a newer exporter can talk to an older plugin. */
export function object<S extends Shape>(shape: S): Decoder<Decoded<S>> {
  return (value, path = '') => {
    if (!isObject(value)) throw new DecodeError(path, value, 'an object');
    const out: Record<string, unknown> = {};
    for (const [key, field] of Object.entries(shape)) {
      const entry = value[key];
      if (typeof field === 'function') out[key] = field(entry, join(path, key));
      else if (entry !== undefined && entry !== null) out[key] = field.optional(entry, join(path, key));
    }
    return out as Decoded<S>;
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  return path ? `${path}.${key}` : key;
}

export function text(value: unknown, path = ''): string {
  if (typeof value !== 'string' || value === '') throw new DecodeError(path, value, 'a text that is not empty');
  return value;
}

export function count(value: unknown, path = ''): number {
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw new DecodeError(path, value, 'a whole number from 0');
  return Number(value);
}
