import { numericFeature } from '../testing/references';
import { AccuracyCounts } from './counts';
import { ESTIMATE_SERIES } from './estimate';
import { accuracyPlan, type AccuracySettings } from './settings';

const NOW = 1_790_000_000;
const planOf = (settings: AccuracySettings, classes: string[]) =>
  accuracyPlan({
    references: [{ classes, prediction: numericFeature('score', [60, 40]) }],
    settings: { task: 'classification', ...settings },
    window: '1d',
  });

function countsWith(free: number) {
  let taken = 0;
  const room = { limit: free, free: () => free - taken, take: (series: number) => void (taken += series) };
  return { accuracy: new AccuracyCounts(room), taken: () => taken };
}
const binary = planOf({ decisionThreshold: 0.43 }, ['no', 'yes']);
const filled = (values: Float64Array = new Float64Array()) =>
  Object.fromEntries([...values].flatMap((value, at) => (value === 0 ? [] : [[at, value]])));

describe('what scores say before actuals come', () => {
  it('is counted by bin and decision when predictions are made, and again when they are joined', () => {
    const { accuracy } = countsWith(1_000);
    accuracy.declare(binary, [], NOW);
    for (const value of [0.42, 0.44, 0.44, 1, 'no', 7]) accuracy.predicted({ value });
    accuracy.predicted({ value: 'no', score: 0.9 });
    const { rows, scoreSums } = accuracy.estimate ?? {};
    // Bins of 0.05, each with what is not decided to be positive first.
    expect(filled(rows?.made)).toEqual({ 16: 1, 17: 2, 36: 1, 39: 1 });
    expect(scoreSums?.[8]).toBeCloseTo(1.3);
    expect(filled(rows?.joined)).toEqual({});
    const prediction = { version: '', timeSeconds: NOW, value: 0.44 };
    accuracy.count({ prediction, actual: 'yes', isCorrection: false }, NOW);
    accuracy.count({ prediction: { ...prediction, value: 'yes' }, actual: 'yes', isCorrection: false }, NOW);
    expect(filled(rows?.joined)).toEqual({ 17: 1 });
  });

  it.each([
    ['three classes', planOf({ positiveClass: 'yes' }, ['no', 'perhaps', 'yes'])],
    ['no positive class', planOf({}, ['a', 'b', 'c'])],
    ['a regression', accuracyPlan({ references: [], settings: { task: 'regression' }, window: '1d' })],
  ])('is nothing of %s', (_what, plan) => {
    const { accuracy } = countsWith(10_000);
    accuracy.declare(plan, [], NOW);
    expect(accuracy.estimate).toBeUndefined();
    expect(accuracy.seriesRefused).toBe(0);
  });

  it('has its room, gives it back, and is refused where there is none', () => {
    const { accuracy, taken } = countsWith(ESTIMATE_SERIES);
    accuracy.declare(binary, [], NOW);
    const before = accuracy.estimate;
    accuracy.declare({ ...binary, rowsNeeded: 7 }, [], NOW);
    expect([taken(), accuracy.estimate === before]).toEqual([ESTIMATE_SERIES, true]);
    accuracy.declare({ ...binary, decisionThreshold: 0.6 }, [], NOW);
    expect([taken(), accuracy.estimate === before]).toEqual([ESTIMATE_SERIES, false]);
    accuracy.declare(undefined, [], NOW);
    expect([taken(), accuracy.estimate]).toEqual([0, undefined]);
    const tight = countsWith(ESTIMATE_SERIES - 1);
    tight.accuracy.declare(binary, [], NOW);
    expect([tight.taken(), tight.accuracy.seriesRefused]).toEqual([0, ESTIMATE_SERIES]);
  });
});
