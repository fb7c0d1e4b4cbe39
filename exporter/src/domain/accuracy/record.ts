/** What is kept of a prediction until its actual comes, and for as long as the actual may be corrected. */

/** A class, a number or a truth value, as JSON has it. */
export type Scalar = string | number | boolean;

export interface KeptPrediction {
  readonly version: string;
  /** When it was made. */
  readonly timeSeconds: number;
  /** Absent where the model answered something else, such as a list. */
  readonly value?: Scalar;
  /** How sure the model is of the positive class, 0 to 1, where it is told beside the class. */
  readonly score?: number;
}

/** Without an actual an open prediction; without a prediction an actual that came first; with both a pair. */
export interface JoinRecord {
  /** A whole second: from then on it is as if it were not there. */
  readonly expiresSeconds: number;
  readonly prediction?: KeptPrediction;
  readonly actual?: Scalar;
}

/** Longer texts are cut: nobody's class is called so, and what is kept of a prediction is bounded. */
export const MOST_CHARACTERS = 256;

/** What can be kept of a value, undefined if nothing. */
export function scalarOf(value: unknown): Scalar | undefined {
  if (typeof value === 'string') return value.slice(0, MOST_CHARACTERS);
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) ? value : undefined;
}

/** As it stands on disk: short, and readable. */
export function encodeRecord({ expiresSeconds, prediction, actual }: JoinRecord): string {
  const { version, timeSeconds, value, score } = prediction ?? {};
  return JSON.stringify([
    expiresSeconds,
    actual ?? null,
    version ?? null,
    timeSeconds ?? null,
    value ?? null,
    score ?? null,
  ]);
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
  const [expiresSeconds, actual, version, timeSeconds, value, score] = fields as unknown[];
  if (typeof expiresSeconds !== 'number') return undefined;
  const known = {
    expiresSeconds,
    ...(isScalar(actual) ? { actual } : {}),
  };
  if (typeof version !== 'string' || typeof timeSeconds !== 'number') return 'actual' in known ? known : undefined;
  const prediction = {
    ...{ version, timeSeconds },
    ...(isScalar(value) ? { value } : {}),
    ...(typeof score === 'number' ? { score } : {}),
  };
  return { ...known, prediction };
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
