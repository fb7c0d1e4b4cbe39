/** Scores from sums over pairs, as the rules have them (exporter/src/rules/accuracy/scores.ts). */
import type { BaselineMetric } from '@modelwatch/contract';
import type { AccuracyPlan } from './settings';
import type { AccuracySums } from './slot';

type Scores = Partial<Record<BaselineMetric, number>>;

/** Below this share of the squares of the actuals their spread is lost in rounding. */
const LEAST_SPREAD = 1e-9;

/** What cannot be told is absent. */
export function scoresOf(sums: AccuracySums, plan: AccuracyPlan): Scores {
  if (plan.task === undefined) return {};
  const scores = plan.task === 'regression' ? numberScores(sums) : { ...classScores(sums, plan), ...scoreScores(sums) };
  return Object.fromEntries(Object.entries(scores).filter(([, score]) => Number.isFinite(score)));
}

function classScores({ outcomes }: AccuracySums, { classes, positiveClass }: AccuracyPlan): Scores {
  const width = classes.length + 1;
  const pairs = (predicted: number, actual: number) => outcomes[predicted * width + actual] ?? 0;
  const all = Array.from({ length: width }, (_, place) => place);
  const ofClass = classes.map((name, place) => ({
    name,
    predicted: sum(all.map((actual) => pairs(place, actual))),
    actual: sum(all.map((predicted) => pairs(predicted, place))),
    both: pairs(place, place),
  }));
  type OfClass = (typeof ofClass)[number];
  const occur = ofClass.filter(({ predicted, actual }) => predicted + actual > 0);
  const mean = (score: (of: OfClass) => number): number => {
    if (positiveClass !== undefined) return sum(ofClass.filter(({ name }) => name === positiveClass).map(score));
    const told = occur.map(score).filter(Number.isFinite);
    return told.length === 0 ? NaN : sum(told) / occur.length;
  };
  // Of two classes that are not told apart nobody can say whether they are the same.
  const classified = sum([...outcomes]) - pairs(classes.length, classes.length);
  return {
    accuracy: sum(ofClass.map(({ both }) => both)) / classified,
    precision: mean(({ both, predicted }) => both / predicted),
    recall: mean(({ both, actual }) => both / actual),
    f1: mean(({ both, predicted, actual }) => (2 * both) / (predicted + actual)),
  };
}

function scoreScores({ positives, negatives, scoreSums, logLoss, squaredError }: AccuracySums): Scores {
  const [allPositives, allNegatives] = [sum([...positives]), sum([...negatives])];
  const pairs = allPositives + allNegatives;
  let [below, wrong, offBy] = [0, 0, 0];
  positives.forEach((positive, bin) => {
    // For each negative the positives below it, and half of those in its bin.
    wrong += (negatives[bin] ?? 0) * (below + positive / 2);
    below += positive;
    offBy += Math.abs((scoreSums[bin] ?? 0) - positive);
  });
  return {
    auc: 1 - wrong / (allPositives * allNegatives),
    log_loss: logLoss / pairs,
    brier: squaredError / pairs,
    calibration_error: offBy / pairs,
  };
}

function numberScores(sums: AccuracySums): Scores {
  const { pairs, over, under, squaredError, relativeError, relativePairs, actualSquared } = sums;
  const spread = actualSquared - (sums.actualOver - sums.actualUnder) ** 2 / pairs;
  return {
    mae: (over + under) / pairs,
    rmse: Math.sqrt(squaredError / pairs),
    r2: spread > LEAST_SPREAD * actualSquared ? 1 - squaredError / spread : NaN,
    mape: relativeError / relativePairs,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
