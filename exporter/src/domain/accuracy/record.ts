/** What is kept of a prediction until its actual comes, and for as long as the actual may be corrected. */
import { isObject } from '@modelwatch/contract';

/** A class, a number or a truth value, as JSON has it. */
export type Scalar = string | number | boolean;

/** What a model answered. */
export interface Answer {
  /** Absent where the model answered something else, such as a list. */
  readonly value?: Scalar;
  /** How sure the model is of the positive class, 0 to 1, where it is told beside the class. */
  readonly score?: number;
}

export interface KeptPrediction extends Answer {
  readonly version: string;
  /** When it was made. */
  readonly timeSeconds: number;
  /** What it is told apart by: column, value, column, value. */
  readonly segments?: readonly string[];
  readonly batch?: string;
  /** Those that a custom metric names beside the actual. */
  readonly features?: Readonly<Record<string, Scalar>>;
}

/**
 * Without an actual an open prediction; with both a pair; without a prediction an actual, or answers of challengers, that
 * came first.
 */
export interface JoinRecord {
  /** A whole second: from then on it is as if it were not there. */
  readonly expiresSeconds: number;
  readonly prediction?: KeptPrediction;
  readonly actual?: Scalar;
  /** What challengers answered to the same request, by their name. */
  readonly challengers?: ReadonlyMap<string, Answer>;
}

/** Longer texts are cut: nobody's class is called so, and what is kept of a prediction is bounded. */
export const MOST_CHARACTERS = 256;

/** What can be kept of a value, undefined if nothing. */
export function scalarOf(value: unknown): Scalar | undefined {
  if (typeof value === 'string') return value.slice(0, MOST_CHARACTERS);
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) ? value : undefined;
}

/** What can be compared of an answer, as it was sent. */
export function sentAnswer({
  prediction,
  score,
}: {
  readonly prediction: unknown;
  readonly score?: number | undefined;
}): Answer {
  const value = scalarOf(prediction);
  return { ...(value === undefined ? {} : { value }), ...(score === undefined ? {} : { score }) };
}

/**
 * As it stands on disk: short, and readable. Behind what all have stands what few have, an object with a letter for each;
 * texts that were written before there was one are read as well.
 */
export function encodeRecord({ expiresSeconds, prediction, actual, challengers }: JoinRecord): string {
  const { version, timeSeconds, value, score, segments } = prediction ?? {};
  const fields: unknown[] = [
    expiresSeconds,
    actual ?? null,
    version ?? null,
    timeSeconds ?? null,
    value ?? null,
    score ?? null,
  ];
  const { features, batch } = prediction ?? {};
  const few = {
    ...(challengers && { c: [...challengers].map(([name, answer]) => [name, answer.value ?? null, answer.score]) }),
    ...(segments && { s: segments }),
    ...(features && { f: Object.entries(features) }),
    ...(batch !== undefined && { b: batch }),
  };
  if (Object.keys(few).length > 0) fields.push(few);
  return JSON.stringify(fields);
}

/** Undefined when the text is none of ours: a store that was damaged must not stop the others from joining. */
export function decodeRecord(text: string): JoinRecord | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(fields)) return undefined;
  const [expiresSeconds, actual, version, timeSeconds, value, score, more] = fields as unknown[];
  if (typeof expiresSeconds !== 'number') return undefined;
  const challengers = isObject(more) ? challengersOf(more['c']) : undefined;
  const known = {
    expiresSeconds,
    ...(isScalar(actual) ? { actual } : {}),
    ...(challengers === undefined ? {} : { challengers }),
  };
  if (typeof version !== 'string' || typeof timeSeconds !== 'number') {
    return known.actual === undefined && challengers === undefined ? undefined : known;
  }
  return { ...known, prediction: { version, timeSeconds, ...answerOf(value, score), ...besideOf(more) } };
}

function besideOf(more: unknown): Pick<KeptPrediction, 'segments' | 'batch' | 'features'> {
  if (!isObject(more)) return {};
  const { s: segments, f, b: batch } = more;
  const features = featuresOf(f);
  return {
    ...(isTexts(segments) ? { segments } : {}),
    ...(typeof batch === 'string' ? { batch } : {}),
    ...(features === undefined ? {} : { features }),
  };
}

/** Pairs of name and value: as keys of an object some names would mean something else. */
function featuresOf(value: unknown): Record<string, Scalar> | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries = (value as unknown[]).flatMap((each): [string, Scalar][] => {
    const [name, scalar] = Array.isArray(each) ? (each as unknown[]) : [];
    return typeof name === 'string' && isScalar(scalar) ? [[name, scalar]] : [];
  });
  return Object.fromEntries(entries);
}

function challengersOf(value: unknown): ReadonlyMap<string, Answer> | undefined {
  if (!Array.isArray(value)) return undefined;
  const answers = (value as unknown[]).flatMap((each): [string, Answer][] => {
    const [name, answer, score] = Array.isArray(each) ? (each as unknown[]) : [];
    return typeof name === 'string' ? [[name, answerOf(answer, score)]] : [];
  });
  return answers.length === 0 ? undefined : new Map(answers);
}

function answerOf(value: unknown, score: unknown): Answer {
  return { ...(isScalar(value) ? { value } : {}), ...(typeof score === 'number' ? { score } : {}) };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
