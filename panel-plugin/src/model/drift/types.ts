import type {
  DetectorSource,
  DetectorState,
  DistributionOrigins,
  DistributionMethod,
  DistributionWindow,
  DriftState,
  DriftSubject,
  FeatureWeight,
} from '@modelwatch/contract';
import type { Message, Origin, TimeSpan } from '../types';

/** `unknown`: no state, or one that the numbers beside it do not bear out, as `ok` without a score. */
export type Verdict = DriftState | 'unknown';

/** What drifts, with its verdict. A missing number was not in the answer: nobody knows it. */
export interface Subject {
  /** Stays the same over refreshes and frames. */
  readonly key: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly model: string;
  readonly subject: DriftSubject;
  /** Empty for predictions. */
  readonly feature: string;
  /** What it is called: its feature, or `predictions`; with its model where the answer has several. */
  readonly name: string;
  readonly type?: string;
  readonly verdict: Verdict;
  /** The verdict before it fell silent; only with `stale`. */
  readonly previous?: Verdict;
  readonly sinceMs?: number;
  readonly score?: number;
  readonly scoreBefore?: number;
  /** Absent, as the window, where nobody says what the model is judged by; never where there is a score. */
  readonly method?: DistributionMethod;
  readonly window?: DistributionWindow;
  readonly rows?: number;
  readonly rowsNeeded?: number;
  readonly warning?: number;
  readonly critical?: number;
  /** Share of the model, 0 to 1. */
  readonly importance?: number;
  readonly weight?: FeatureWeight;
  /** Absent: there is nothing to compare with. */
  readonly reference?: string;
  readonly referenceName?: string;
  readonly referenceRows?: number;
  readonly lastPredictionMs?: number;
  readonly origin?: Origin;
}

/** Scores and rows of one subject, one of each per time of the history; null where nobody knows. */
export interface SubjectHistory {
  readonly scores: ReadonlyArray<number | null>;
  readonly rows: ReadonlyArray<number | null>;
  /** The reference that each score was against, where it was not the present one. */
  readonly otherReference: ReadonlyMap<number, string>;
}

export interface History {
  /** Ends of the windows, ascending, milliseconds since 1970. */
  readonly timesMs: readonly number[];
  /** Distance of two times. */
  readonly stepMs: number;
  readonly bySubject: ReadonlyMap<string, SubjectHistory>;
}

export interface Scores {
  /** Predictions first, then by importance times drift. */
  readonly subjects: readonly Subject[];
  readonly history?: History;
}

export interface Bin {
  readonly id: string;
  readonly label: string;
  /** Edges of a numeric bin. */
  readonly from?: number;
  readonly to?: number;
  readonly special: boolean;
  /** Shares of rows, 0 to 1. */
  readonly reference?: number;
  readonly current?: number;
  readonly rows?: number;
  /** What it adds to the score. */
  readonly adds?: number;
}

export interface Distribution {
  readonly subject: Subject;
  /** In the order of the reference, special bins last. */
  readonly bins: readonly Bin[];
  /** Absent where the exporter was not asked, or is set otherwise than what is shown. */
  readonly origins: DistributionOrigins;
}

/** `unknown`: it tells of no threshold. */
export type DetectorVerdict = DetectorState | 'unknown';

/** What a detector says that somebody else runs: on a scale of its own, beside our scores and no part of them. */
export interface Detector {
  /** Stays the same over refreshes and frames. */
  readonly key: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly model: string;
  readonly detector: string;
  readonly source: DetectorSource;
  readonly method: string;
  /** Empty: of all features together. */
  readonly feature: string;
  readonly verdict: DetectorVerdict;
  readonly score?: number;
  /** Drift above it. */
  readonly scoreThreshold?: number;
  readonly pValue?: number;
  /** Drift below it. */
  readonly pValueThreshold?: number;
  readonly lastResultMs?: number;
}

/** Everything that the answers say of drift, as of one moment. */
export interface DriftAnswer {
  readonly scores?: Scores;
  readonly distribution?: Distribution;
  /** Worst first. */
  readonly detectors: readonly Detector[];
  readonly nowMs: number;
  readonly range: TimeSpan;
  readonly notices: readonly Message[];
}

export type PreparedDrift =
  | { readonly kind: 'loading' }
  | { readonly kind: 'empty'; readonly message: Message }
  | { readonly kind: 'refusal'; readonly message: Message }
  | { readonly kind: 'error'; readonly message: Message }
  | { readonly kind: 'drift'; readonly answer: DriftAnswer };
