/** How a prediction and its actual meet: what is known of an id, and what one more event of it makes of that. */
import type { ActualOutcome } from '@modelwatch/contract';
import type { Answer, JoinRecord, KeptPrediction, Scalar } from './record';

export type JoinEvent =
  | {
      readonly kind: 'prediction';
      readonly prediction: KeptPrediction;
      /** It has challengers, which may answer the same request. */
      readonly isChallenged?: boolean;
    }
  /** Of a challenger, at the id of the champion's. */
  | { readonly kind: 'challenger'; readonly name: string; readonly answer: Answer }
  | { readonly kind: 'actual'; readonly actual: Scalar }
  /** Somebody wants it forgotten. */
  | { readonly kind: 'deletion' };

export interface JoinTimes {
  /** How long a prediction waits for its actual, and its pair for a correction, from when the prediction arrived. */
  readonly windowSeconds: number;
  /** How long an actual waits for its prediction. */
  readonly waitSeconds: number;
}

export interface Pair {
  readonly prediction: KeptPrediction;
  readonly actual: Scalar;
  /** Of another one before. */
  readonly isCorrection: boolean;
}

/** A challenger beside its champion. */
export interface Meeting {
  readonly challenger: string;
  readonly champion: Answer;
  readonly answer: Answer;
  /** They meet now; else they did before, and the actual is what is new. */
  readonly isNew: boolean;
  /** Of both; absent before it is known. */
  readonly actual?: Scalar;
}

export interface JoinStep {
  /** What is known from now on; undefined: nothing. */
  readonly after: JoinRecord | undefined;
  /** Undefined while an actual waits for its prediction, or when the event was none of an actual. */
  readonly outcome?: ActualOutcome;
  /** Is to be counted. */
  readonly pair?: Pair;
  /** Are to be counted. */
  readonly meetings?: readonly Meeting[];
  /** Challengers may answer it. */
  readonly isExpected?: boolean;
  /** The challenger said so before. */
  readonly isRepeated?: boolean;
}

/** @param before what is known and has not ended */
export function joinStep(
  before: JoinRecord | undefined,
  event: JoinEvent,
  nowSeconds: number,
  times: JoinTimes
): JoinStep {
  switch (event.kind) {
    case 'deletion':
      return { after: undefined };
    case 'prediction':
      return predicted(before, event, Math.ceil(nowSeconds + times.windowSeconds));
    case 'actual':
      return happened(before, event.actual, Math.ceil(nowSeconds + times.waitSeconds));
    case 'challenger':
      return challenged(before, event, Math.ceil(nowSeconds + times.waitSeconds));
  }
}

/** The first prediction of an id holds: a sender that repeats itself says the same, and a pair is not undone. */
function predicted(
  before: JoinRecord | undefined,
  { prediction, isChallenged = false }: Extract<JoinEvent, { kind: 'prediction' }>,
  expiresSeconds: number
): JoinStep {
  if (before?.prediction) return { after: before };
  const { actual } = before ?? {};
  const after = { ...before, expiresSeconds, prediction };
  const step = { after, meetings: meetingsOf(after, true), ...(isChallenged ? { isExpected: true } : {}) };
  if (actual === undefined) return step;
  return { ...step, outcome: 'joined', pair: { prediction, actual, isCorrection: false } };
}

function happened(before: JoinRecord | undefined, actual: Scalar, waitsUntil: number): JoinStep {
  if (!before) return { after: { expiresSeconds: waitsUntil, actual } };
  const { prediction, actual: known } = before;
  if (known !== undefined && String(known) === String(actual)) return { after: before, outcome: 'duplicate' };
  const after = { ...before, actual };
  // While both wait for the prediction, the later one holds.
  if (!prediction) return known === undefined ? { after: waiting(after, waitsUntil) } : { after, outcome: 'corrected' };
  const isCorrection = known !== undefined;
  return {
    after,
    outcome: isCorrection ? 'corrected' : 'joined',
    pair: { prediction, actual, isCorrection },
    meetings: meetingsOf(after, false),
  };
}

/** The first answer of a challenger holds, too. */
function challenged(
  before: JoinRecord | undefined,
  { name, answer }: Extract<JoinEvent, { kind: 'challenger' }>,
  waitsUntil: number
): JoinStep {
  if (before?.challengers?.has(name)) return { after: before, isRepeated: true };
  const challengers = new Map(before?.challengers).set(name, answer);
  const known = { expiresSeconds: waitsUntil, ...before, challengers };
  const after = known.prediction ? known : waiting(known, waitsUntil);
  return { after, meetings: meetingsOf({ ...after, challengers: new Map([[name, answer]]) }, true) };
}

/** For the prediction, of which something else came later than what waits. */
function waiting(record: JoinRecord, waitsUntil: number): JoinRecord {
  return { ...record, expiresSeconds: Math.max(record.expiresSeconds, waitsUntil) };
}

const NO_MEETINGS: readonly Meeting[] = [];

function meetingsOf({ prediction, actual, challengers }: JoinRecord, isNew: boolean): readonly Meeting[] {
  if (!prediction || !challengers) return NO_MEETINGS;
  const shared = { champion: prediction, isNew, ...(actual === undefined ? {} : { actual }) };
  return [...challengers].map(([challenger, answer]) => ({ ...shared, challenger, answer }));
}
