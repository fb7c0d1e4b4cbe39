/** How a prediction and its actual meet: what is known of an id, and what one more event of it makes of that. */
import type { ActualOutcome } from '@modelwatch/contract';
import type { JoinRecord, KeptPrediction, Scalar } from './record';

export type JoinEvent =
  | { readonly kind: 'prediction'; readonly prediction: KeptPrediction }
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

export interface JoinStep {
  /** What is known from now on; undefined: nothing. */
  readonly after: JoinRecord | undefined;
  /** Undefined while an actual waits for its prediction, or when the event was none of an actual. */
  readonly outcome?: ActualOutcome;
  /** Is to be counted. */
  readonly pair?: Pair;
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
      return predicted(before, event.prediction, Math.ceil(nowSeconds + times.windowSeconds));
    case 'actual':
      return happened(before, event.actual, Math.ceil(nowSeconds + times.waitSeconds));
  }
}

/** The first prediction of an id holds: a sender that repeats itself says the same, and a pair is not undone. */
function predicted(before: JoinRecord | undefined, prediction: KeptPrediction, expiresSeconds: number): JoinStep {
  if (before?.prediction) return { after: before };
  const actual = before?.actual;
  if (actual === undefined) return { after: { expiresSeconds, prediction } };
  const pair = { prediction, actual, isCorrection: false };
  return { after: { expiresSeconds, prediction, actual }, outcome: 'joined', pair };
}

function happened(before: JoinRecord | undefined, actual: Scalar, waitsUntil: number): JoinStep {
  if (!before) return { after: { expiresSeconds: waitsUntil, actual } };
  const { prediction, actual: known } = before;
  if (known !== undefined && String(known) === String(actual)) return { after: before, outcome: 'duplicate' };
  const after = { ...before, actual };
  // While both wait for the prediction, the later one holds.
  if (!prediction) return { after, outcome: 'corrected' };
  const isCorrection = known !== undefined;
  return { after, outcome: isCorrection ? 'corrected' : 'joined', pair: { prediction, actual, isCorrection } };
}
