/** Whether an answer is as it was expected. Pure. */
import { preview } from '@modelwatch/contract';
import { parsePath, select } from '../../mapping/path';

export interface ValueExpectation {
  /** Into the JSON of the answer. */
  readonly path: string;
  readonly equals?: string | number | boolean | readonly (string | number)[] | undefined;
  /** Of a number that must be equal. */
  readonly tolerance?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Entries of a list. */
  readonly length?: number | undefined;
}

/** What was expected and what came instead; undefined when the answer is as expected. */
export function unexpected(body: string, expected: readonly ValueExpectation[]): string | undefined {
  if (expected.length === 0) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return `expected JSON, got ${preview(body.slice(0, 100))}`;
  }
  for (const one of expected) {
    const [value] = select(parsePath(one.path), { object: document });
    const wanted = value === undefined ? 'a value' : missed(value, one);
    if (wanted !== undefined) return `${one.path}: expected ${wanted}, got ${preview(value)}`;
  }
  return undefined;
}

/** What the value should have been, when it is not. */
function missed(value: unknown, expected: ValueExpectation): string | undefined {
  const { min, max, length } = expected;
  const number = typeof value === 'number' ? value : NaN;
  if (length !== undefined && !(Array.isArray(value) && value.length === length)) return `a list of ${length}`;
  // Not the other way round: what is no number is below none and above none.
  if (min !== undefined && !(number >= min)) return `a number of at least ${min}`;
  if (max !== undefined && !(number <= max)) return `a number of at most ${max}`;
  return equal(value, number, expected) ? undefined : wordsFor(expected);
}

function equal(value: unknown, number: number, { equals, tolerance = 0 }: ValueExpectation): boolean {
  if (equals === undefined) return true;
  if (typeof equals === 'number') return Math.abs(number - equals) <= tolerance;
  if (!Array.isArray(equals)) return value === equals;
  return Array.isArray(value) && value.length === equals.length && value.every((entry, at) => entry === equals[at]);
}

function wordsFor({ equals, tolerance = 0 }: ValueExpectation): string {
  return `${preview(equals)}${tolerance > 0 ? ` within ${tolerance}` : ''}`;
}
