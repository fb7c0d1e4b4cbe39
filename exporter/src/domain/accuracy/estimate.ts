/**
 * What scores say before anybody knows the truth: predictions by score and decision. With the share of positives among past
 * pairs of the same score they make an estimate of accuracy without actuals, as NannyML's CBPE does.
 */
import { SCORE_BINS, SCORED_STAGES, type ScoredStage } from '@modelwatch/contract';
import { readersOf, type ClassPair, type Reader } from './compare';
import type { Answer } from './record';
import type { AccuracyPlan } from './settings';
import { scoreBinOf } from './slot';

const DECISIONS = 2;

/** Series of one model: counts of each stage by bin and decision, and sums of scores by bin. */
export const ESTIMATE_SERIES = SCORE_BINS * (SCORED_STAGES.length * DECISIONS + 1);

/** Only of two classes, one of which scores are the probability of. */
export function isEstimable({ task, classes, positiveClass }: AccuracyPlan): boolean {
  return task === 'classification' && classes.length === 2 && positiveClass !== undefined;
}

export class EstimateCounts {
  /** By bin; those that are not decided to be positive, then those that are. */
  readonly rows = Object.fromEntries(
    SCORED_STAGES.map((stage) => [stage, new Float64Array(SCORE_BINS * DECISIONS)])
  ) as Readonly<Record<ScoredStage, Float64Array>>;
  /** Of predictions that are made, by bin. */
  readonly scoreSums = new Float64Array(SCORE_BINS);
  /** Was in a scrape, with 0 at first: from then on its counts are shown. */
  seen = false;
  readonly #read: Reader;
  readonly #positive: number;

  /** @param plan that is estimable */
  constructor(plan: AccuracyPlan) {
    this.#read = readersOf(plan).answer;
    this.#positive = plan.classes.indexOf(plan.positiveClass ?? '');
  }

  predicted(answer: Answer): void {
    const reading = this.#read(answer);
    if (reading?.score === undefined) return;
    this.#count('made', reading.predicted, reading.score);
    const bin = scoreBinOf(reading.score);
    this.scoreSums[bin] = (this.scoreSums[bin] ?? 0) + reading.score;
  }

  joined({ predicted, score }: ClassPair): void {
    if (score !== undefined) this.#count('joined', predicted, score);
  }

  #count(stage: ScoredStage, predicted: number, score: number): void {
    const at = scoreBinOf(score) * DECISIONS + (predicted === this.#positive ? 1 : 0);
    const rows = this.rows[stage];
    rows[at] = (rows[at] ?? 0) + 1;
  }
}
