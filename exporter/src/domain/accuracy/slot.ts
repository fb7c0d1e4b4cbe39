/** Sums over the pairs of one version of a model, by the age of the prediction. All add up over time and versions. */
import { PREDICTION_AGES, SCORE_BINS, type PredictionAge } from '@modelwatch/contract';
import type { ClassPair, NumberPair } from './compare';
import type { AccuracyPlan } from './settings';

const HOUR = 3_600;
const AGE_BOUNDS: readonly (readonly [PredictionAge, number])[] = [
  ['1h', HOUR],
  ['1d', 24 * HOUR],
  ['7d', 7 * 24 * HOUR],
];
const AGES = PREDICTION_AGES.length;

/** A score of 0 or 1 that is wrong would cost without end; scikit-learn cuts at the same value. */
const LEAST_PROBABILITY = Number.EPSILON;

export function ageOf(seconds: number): PredictionAge {
  return AGE_BOUNDS.find(([, bound]) => seconds <= bound)?.[0] ?? 'older';
}

/** Bins hold their lower end; the last holds 1, too. */
export function scoreBinOf(score: number): number {
  return Math.min(SCORE_BINS - 1, Math.floor(score * SCORE_BINS));
}

/** Of one age. */
export class AccuracySums {
  pairs = 0;
  /** By predicted class, then actual; the last of each is other. */
  readonly outcomes: Float64Array;
  /** By bin: pairs whose actual is not, and is, the positive class; and the sum of their scores. */
  readonly negatives: Float64Array;
  readonly positives: Float64Array;
  readonly scoreSums: Float64Array;
  logLoss = 0;
  squaredError = 0;
  over = 0;
  under = 0;
  relativeError = 0;
  relativePairs = 0;
  actualOver = 0;
  actualUnder = 0;
  actualSquared = 0;

  constructor({ task, classes, positiveClass }: AccuracyPlan) {
    const bins = positiveClass === undefined ? 0 : SCORE_BINS;
    this.outcomes = new Float64Array(task === 'classification' ? (classes.length + 1) ** 2 : 0);
    this.negatives = new Float64Array(bins);
    this.positives = new Float64Array(bins);
    this.scoreSums = new Float64Array(bins);
  }

  add(pair: ClassPair | NumberPair): void {
    this.pairs += 1;
    if (pair.task === 'regression') this.#addNumbers(pair);
    else this.#addClasses(pair);
  }

  #addClasses({ predicted, actual, isPositive, score }: ClassPair): void {
    raise(this.outcomes, predicted * Math.sqrt(this.outcomes.length) + actual, 1);
    if (score === undefined) return;
    const bin = scoreBinOf(score);
    raise(isPositive ? this.positives : this.negatives, bin, 1);
    raise(this.scoreSums, bin, score);
    const sure = isPositive ? score : 1 - score;
    this.logLoss -= Math.log(Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, sure)));
    this.squaredError += (1 - sure) ** 2;
  }

  #addNumbers({ predicted, actual }: NumberPair): void {
    const error = predicted - actual;
    this.squaredError += error ** 2;
    if (error > 0) this.over += error;
    else this.under -= error;
    if (actual !== 0) {
      this.relativeError += Math.abs(error / actual);
      this.relativePairs += 1;
    }
    if (actual > 0) this.actualOver += actual;
    else this.actualUnder -= actual;
    this.actualSquared += actual ** 2;
  }
}

export class AccuracySlot {
  readonly ages: Readonly<Record<PredictionAge, AccuracySums>>;
  /** Was in a scrape, with 0 at first: from then on its sums are shown. */
  seen = false;

  constructor(
    readonly version: string,
    readonly plan: AccuracyPlan,
    /** Of its last pair; of a slot without one, when it was made. */
    public lastSeconds: number
  ) {
    this.ages = Object.fromEntries(PREDICTION_AGES.map((age) => [age, new AccuracySums(plan)])) as Record<
      PredictionAge,
      AccuracySums
    >;
  }
}

/** Series of one version. */
export function accuracySeries({ task, classes, positiveClass }: AccuracyPlan): number {
  if (task === undefined) return AGES;
  if (task === 'regression') return 9 * AGES;
  const scores = positiveClass === undefined ? 0 : 4 * SCORE_BINS + 2;
  return AGES * (1 + (classes.length + 1) ** 2 + scores);
}

function raise(sums: Float64Array, at: number, by: number): void {
  sums[at] = (sums[at] ?? 0) + by;
}
