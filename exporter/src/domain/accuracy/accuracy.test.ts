/** Scores from the counters against scikit-learn (fixtures/vectors.py), and what becomes of odd pairs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PREDICTION_AGES, SCORE_BINS, type BaselineMetric } from '@modelwatch/contract';
import { numericFeature } from '../testing/references';
import { AccuracyCounts } from './counts';
import { ESTIMATE_SERIES } from './estimate';
import type { Scalar } from './record';
import { accuracyPlan, type AccuracyPlan, type AccuracySettings } from './settings';
import type { AccuracySums } from './slot';

interface Vector<Prediction, Actual> {
  readonly rows: readonly (readonly [Prediction, Actual])[];
  readonly scores: Scores;
}
type Scores = Readonly<Record<ScoreName, number>>;
type ScoreName = BaselineMetric | 'auc_of_raw_scores' | 'bias';
const VECTORS = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'vectors.json'), 'utf8')) as {
  readonly binary: Vector<number, boolean> & { readonly threshold: number };
  readonly classes: Vector<string, string> & { readonly confusion: readonly (readonly number[])[] };
  readonly regression: Vector<number, number>;
};

const NOW = 1_790_000_000;
const DAY = 86_400;
const ROOM = { limit: 0, free: () => 10_000, take: () => undefined };

function planOf(settings: AccuracySettings, classes?: string[]): AccuracyPlan {
  return accuracyPlan({ references: [{ ...(classes ? { classes } : {}) }], settings, window: '1d' });
}

/** Its predictions were scores in the training data: 0 and 1 are two of them, and no classes. */
const SCORED = numericFeature('score', [60, 40]);

function counts(plan: AccuracyPlan, room = ROOM): AccuracyCounts {
  const accuracy = new AccuracyCounts(room);
  accuracy.declare(plan, [''], NOW);
  return accuracy;
}

function count(accuracy: AccuracyCounts, rows: readonly (readonly [Scalar, Scalar])[], more: object = {}): void {
  for (const [value, actual] of rows) {
    const prediction = { version: '', timeSeconds: NOW, value, ...more };
    accuracy.count({ prediction, actual, isCorrection: false }, NOW);
  }
}

const youngest = (accuracy: AccuracyCounts): AccuracySums => {
  const slot = accuracy.slots.get('');
  if (!slot) throw new Error('no slot');
  return slot.ages['1h'];
};
const sum = (values: Iterable<number>) => [...values].reduce((all, each) => all + each, 0);

/** As the rules compute it: of all pairs of a positive and a negative, those in which the positive has the higher bin. */
function areaUnderCurve({ positives, negatives }: AccuracySums): number {
  const all = sum(positives);
  let upTo = 0;
  let area = 0;
  for (let bin = 0; bin < SCORE_BINS; bin++) {
    const positive = positives[bin] ?? 0;
    upTo += positive;
    area += (negatives[bin] ?? 0) * (all - upTo + 0.5 * positive);
  }
  return area / (all * sum(negatives));
}

describe('scores from sums', () => {
  it('of a binary classification are those of scikit-learn', () => {
    const { rows, scores, threshold } = VECTORS.binary;
    const accuracy = counts(
      accuracyPlan({
        references: [{ classes: ['false', 'true'], prediction: SCORED }],
        settings: { task: 'classification', decisionThreshold: threshold },
        window: '1d',
      })
    );
    count(accuracy, rows);
    const { outcomes, positives, scoreSums, pairs, logLoss, squaredError } = youngest(accuracy);
    const [trueNegative = 0, falseNegative = 0, , falsePositive = 0, truePositive = 0] = outcomes;
    expect((trueNegative + truePositive) / pairs).toBeCloseTo(scores.accuracy, 9);
    const precision = truePositive / (truePositive + falsePositive);
    const recall = truePositive / (truePositive + falseNegative);
    expect(precision).toBeCloseTo(scores.precision, 9);
    expect(recall).toBeCloseTo(scores.recall, 9);
    expect((2 * precision * recall) / (precision + recall)).toBeCloseTo(scores.f1, 9);
    expect(areaUnderCurve(youngest(accuracy))).toBeCloseTo(scores.auc, 9);
    expect(Math.abs(scores.auc - scores.auc_of_raw_scores)).toBeLessThan(0.005);
    expect(logLoss / pairs).toBeCloseTo(scores.log_loss, 9);
    expect(squaredError / pairs).toBeCloseTo(scores.brier, 9);
    const gaps = Array.from(scoreSums, (scored, bin) => Math.abs(scored - (positives[bin] ?? 0)));
    expect(sum(gaps) / pairs).toBeCloseTo(scores.calibration_error, 9);
  });

  it('of several classes are those of scikit-learn', () => {
    const { rows, confusion, scores } = VECTORS.classes;
    const accuracy = counts(planOf({ task: 'classification' }, ['cat', 'dog', 'fish']));
    count(accuracy, rows);
    const { outcomes, pairs, positives } = youngest(accuracy);
    expect([...outcomes]).toEqual([...confusion.flatMap((row) => [...row, 0]), 0, 0, 0, 0]);
    expect(((outcomes[0] ?? 0) + (outcomes[5] ?? 0) + (outcomes[10] ?? 0)) / pairs).toBeCloseTo(scores.accuracy, 9);
    expect(positives).toHaveLength(0);
  });

  it('of a regression are those of scikit-learn', () => {
    const { rows, scores } = VECTORS.regression;
    const accuracy = counts(planOf({ task: 'regression' }));
    count(accuracy, rows);
    const sums = youngest(accuracy);
    const { pairs, over, under, squaredError, relativeError, relativePairs, actualOver, actualUnder, actualSquared } =
      sums;
    expect((over + under) / pairs).toBeCloseTo(scores.mae, 9);
    expect((over - under) / pairs).toBeCloseTo(scores.bias, 9);
    expect(Math.sqrt(squaredError / pairs)).toBeCloseTo(scores.rmse, 9);
    expect(relativeError / relativePairs).toBeCloseTo(scores.mape, 9);
    const spread = actualSquared - (actualOver - actualUnder) ** 2 / pairs;
    expect(1 - squaredError / spread).toBeCloseTo(scores.r2, 9);
  });
});

describe('a pair', () => {
  const TRUTHS = planOf({ task: 'classification' }, ['false', 'true']);

  it('is counted by how old its prediction was', () => {
    const accuracy = counts(planOf({ task: 'regression' }));
    for (const age of [0, 3_600, 3_601, DAY, 7 * DAY, 7 * DAY + 1, -50]) {
      const prediction = { version: '', timeSeconds: NOW - age, value: 1 };
      accuracy.count({ prediction, actual: 1, isCorrection: false }, NOW);
    }
    const ages = accuracy.slots.get('')?.ages;
    expect(PREDICTION_AGES.map((age) => ages?.[age].pairs)).toEqual([3, 2, 1, 1]);
    expect(accuracy.delay.count).toBe(7);
  });

  it('finds the class in every way to write a truth value, and may have a score beside it', () => {
    const accuracy = counts(TRUTHS);
    count(accuracy, [
      [true, 1],
      ['True', 'true'],
      [1, true],
    ]);
    expect([...youngest(accuracy).outcomes]).toEqual([0, 0, 0, 0, 3, 0, 0, 0, 0]);
    expect(sum(youngest(accuracy).positives)).toBe(0);
    count(accuracy, [['true', false]], { score: 0.8 });
    expect(youngest(accuracy).negatives[16]).toBe(1);
    expect(youngest(accuracy).outcomes[3]).toBe(1);
  });

  it('of a class that nobody named is other; so is one beyond the tenth, but never the positive one', () => {
    const names = Array.from({ length: 12 }, (_, index) => `class ${index}`);
    const plan = planOf({ task: 'classification', positiveClass: 'class 11' }, [...names, 'other']);
    expect(plan.classes).toEqual([...names.slice(0, 9), 'class 11']);
    const accuracy = counts(plan);
    count(accuracy, [
      ['class 10', 'never seen'],
      ['class 11', 'other'],
    ]);
    expect(youngest(accuracy).outcomes[10 * 11 + 10]).toBe(1);
    expect(youngest(accuracy).outcomes[9 * 11 + 10]).toBe(1);
  });

  it.each([
    ['a score above 1', TRUTHS, 1.5, true],
    ['a score below 0', TRUTHS, -0.1, true],
    ['a list', TRUTHS, undefined, true],
    ['a text for a number', planOf({ task: 'regression' }), 'many', 3],
    ['a truth for a number', planOf({ task: 'regression' }), 3, true],
  ] as const)('with %s is incomparable', (_, plan, value, actual) => {
    const accuracy = counts(plan);
    const prediction = { version: '', timeSeconds: NOW, ...(value === undefined ? {} : { value }) };
    accuracy.count({ prediction, actual, isCorrection: false }, NOW);
    expect(accuracy.actuals).toMatchObject({ incomparable: 1, joined: 0 });
    expect(youngest(accuracy).pairs).toBe(0);
  });

  it('of a model that nobody said anything of is a pair', () => {
    const accuracy = new AccuracyCounts(ROOM);
    accuracy.declare(undefined, [], NOW);
    count(accuracy, [['a', 'b']]);
    expect(accuracy.actuals.joined).toBe(1);
    expect(youngest(accuracy).pairs).toBe(1);
  });

  it('has no place where there is no room, and one when there is again', () => {
    let free = 90;
    const room = { limit: 1_000, free: () => free, take: (series: number) => void (free -= series) };
    const accuracy = counts(TRUTHS, room as typeof ROOM);
    count(accuracy, [[true, true]]);
    expect([accuracy.slots.size, accuracy.seriesRefused]).toEqual([0, 368 + ESTIMATE_SERIES]);
    free = 1_000;
    accuracy.declare(TRUTHS, [''], NOW);
    expect([free, accuracy.seriesRefused]).toEqual([1_000 - 368 - ESTIMATE_SERIES, 0]);
    accuracy.declare(undefined, [], NOW);
    expect(free).toBe(1_000);
  });

  it('without room is told of up to a bound: senders invent versions without end', () => {
    const room = { limit: 1_000, free: () => 0, take: () => undefined };
    const accuracy = counts(TRUTHS, room as typeof ROOM);
    for (let version = 0; version < 1_500; version++) count(accuracy, [[true, true]], { version: `v${version}` });
    expect(accuracy.seriesRefused).toBe(1_000 * 368 + ESTIMATE_SERIES);
  });

  it('is counted by three versions and others', () => {
    const accuracy = counts(TRUTHS);
    for (const version of ['1', '2', '3', '4', '5']) count(accuracy, [[true, true]], { version });
    expect([...accuracy.slots].map(([version, { ages }]) => [version, ages['1h'].pairs])).toEqual([
      ['', 0],
      ['1', 1],
      ['2', 1],
      ['3', 1],
      ['other', 2],
    ]);
  });
});

describe('limits', () => {
  const of = (baseline: object, settings: AccuracySettings = {}) =>
    accuracyPlan({ references: [{ task: 'classification', baseline }], settings, window: '1h' }).limits;

  it('come from the first baseline that is judged, five and fifteen percent worse', () => {
    expect(of({ accuracy: 0.9, auc: 0.8, f1: 1 })).toEqual({ auc: { warning: 0.76, critical: 0.68 } });
    expect(of({ accuracy: 1, f1: 1 })).toEqual({ accuracy: { warning: 0.95, critical: 0.85 } });
    expect(of({ f1: 1 })).toEqual({});
    const limits = { recall: { warning: 0.5, critical: 0.4 } };
    expect(of({ auc: 0.8 }, { limits })).toEqual({ ...limits, auc: { warning: 0.76, critical: 0.68 } });
    const floor = { auc: { warning: 0.7, critical: 0.6 } };
    expect(of({ auc: 0.8 }, { limits: floor })).toEqual(floor);
    const regression = { task: 'regression', baseline: { mae: 2 } } as const;
    expect(accuracyPlan({ references: [regression], settings: {}, window: '1h' }).limits).toEqual({
      mae: { warning: 2.1, critical: 2.3 },
    });
  });

  it('are the stricter of a floor and a drop that are both said', () => {
    const drop = { auc: { warning: 0.1, critical: 0.25 }, brier: { warning: 0.5, critical: 1 } };
    const baseline = { auc: 0.8, brier: 0.2, r2: -0.5 };
    expect(of(baseline, { drop })).toEqual({
      auc: { warning: expect.closeTo(0.72), critical: expect.closeTo(0.6) },
      brier: { warning: expect.closeTo(0.3), critical: expect.closeTo(0.4) },
    });
    const limits = { auc: { warning: 0.7, critical: 0.65 }, brier: { warning: 0.25, critical: 0.5 } };
    expect(of(baseline, { drop, limits })).toEqual({
      auc: { warning: expect.closeTo(0.72), critical: 0.65 },
      brier: { warning: 0.25, critical: expect.closeTo(0.4) },
    });
    expect(of(baseline, { drop: { r2: { warning: 0.1, critical: 1 }, f1: { warning: 0.1, critical: 1 } } })).toEqual({
      r2: { warning: expect.closeTo(-0.55), critical: expect.closeTo(-1) },
    });
    expect(of(baseline, { drop: {} })).toEqual({});
  });
});
