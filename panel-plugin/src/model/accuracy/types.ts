import type { AccuracyState, BaselineMetric, DistributionWindow, PredictionAge } from '@modelwatch/contract';
import type { Message, Origin, TimeSpan } from '../types';

/**
 * `waiting`: there are predictions and never was an actual. `none`: the score has no limit. `unknown`: no state, or one
 * that the numbers beside it do not bear out, as `ok` without a score.
 */
export type Verdict = AccuracyState | 'waiting' | 'none' | 'unknown';

/** One score of a model with its verdict. A missing number was not in the answer: nobody knows it. */
export interface Score {
  /** Stays the same over refreshes. */
  readonly key: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly model: string;
  /** `AUC`; with its model where the answer has several. */
  readonly name: string;
  readonly metric: BaselineMetric;
  readonly positiveClass: string;
  readonly verdict: Verdict;
  /** The verdict before it fell silent; only with `stale`. */
  readonly previous?: Verdict;
  readonly sinceMs?: number;
  readonly score?: number;
  readonly scoreBefore?: number;
  readonly baseline?: number;
  readonly warning?: number;
  readonly critical?: number;
  readonly window?: DistributionWindow;
  readonly pairs?: number;
  readonly pairsNeeded?: number;
  readonly lastPairMs?: number;
  /** Predictions that wait for their actual. */
  readonly openPredictions?: number;
  readonly actualDelaySeconds?: number;
  readonly origin?: Origin;
}

/** Values on one line of times; null where there is none. */
export type Values = ReadonlyArray<number | null>;

export interface ScoreHistory {
  /** Ends of the windows, ascending, milliseconds since 1970. */
  readonly timesMs: readonly number[];
  /** Distance of two times; 0 with fewer than two. */
  readonly stepMs: number;
  readonly scores: ReadonlyMap<string, Values>;
  /** Pairs in the window, by score as well, so that both are read alike. */
  readonly pairs: ReadonlyMap<string, Values>;
}

/** The model whose details are shown, and what they are counted over. */
export interface DetailSubject {
  readonly cluster: string;
  readonly namespace: string;
  readonly model: string;
  readonly task: string;
  readonly positiveClass: string;
  readonly window: DistributionWindow;
  readonly pairs?: number;
  readonly pairsNeeded?: number;
}

export interface Confusion {
  readonly classes: readonly string[];
  /** Pairs by actual, then by predicted class; undefined where nobody said. */
  readonly pairs: ReadonlyArray<ReadonlyArray<number | undefined>>;
  /** Pairs of each actual class. */
  readonly actuals: readonly number[];
}

export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly pairs: number;
  readonly meanScore?: number;
  readonly positives?: number;
}

export interface PredictedActual {
  readonly timesMs: readonly number[];
  readonly stepMs: number;
  /** Of a regression one, without a name. */
  readonly classes: ReadonlyArray<{ readonly name: string; readonly predicted: Values; readonly actual: Values }>;
}

export interface PairAges {
  readonly ages: ReadonlyArray<{ readonly age: PredictionAge; readonly pairs: number }>;
  readonly pairs: number;
}

export interface Details {
  readonly subject: DetailSubject;
  readonly confusion?: Confusion;
  readonly calibration?: readonly CalibrationBin[];
  readonly predictedActual?: PredictedActual;
  readonly ages?: PairAges;
}

/** Everything that the answers say of accuracy, as of one moment. */
export interface AccuracyAnswer {
  /** Worst first. */
  readonly scores: readonly Score[];
  readonly history?: ScoreHistory;
  readonly details?: Details;
  readonly nowMs: number;
  readonly range: TimeSpan;
  readonly notices: readonly Message[];
  /** Set when the answer itself is too old: then nothing in it is news. */
  readonly tooOld: boolean;
}

export type PreparedAccuracy =
  | { readonly kind: 'loading' }
  | { readonly kind: 'empty'; readonly message: Message }
  | { readonly kind: 'refusal'; readonly message: Message }
  | { readonly kind: 'error'; readonly message: Message }
  | { readonly kind: 'accuracy'; readonly answer: AccuracyAnswer };
