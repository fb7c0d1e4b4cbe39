/** Pairs needed, against windows of calm models simulated with numpy (fixtures/spread.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BaselineMetric, ColumnReference } from '@modelwatch/contract';
import { pairsNeeded, shareOfClass } from './pairs-needed';
import { accuracyPlan } from './settings';

interface Simulated {
  readonly baseline: number;
  readonly warning: number;
  readonly needed: number;
  readonly spread: number;
  readonly false_warnings: number;
}
const SIMULATED = Object.entries(
  JSON.parse(readFileSync(join(__dirname, 'fixtures', 'spread.json'), 'utf8')) as Record<BaselineMetric, Simulated>
);
const POSITIVES = 0.2;

it.each(SIMULATED)('asks for so many pairs for %s that chance alone is seldom beyond the limit', (metric, row) => {
  const { baseline, warning, needed, spread } = row;
  expect(pairsNeeded({ [metric]: { warning } }, { [metric]: baseline }, POSITIVES)).toBe(needed);
  // The figure that it rests on, told by the deviation of 4,000 windows: within five percent.
  const bySimulation = ((2.326 * spread) / Math.abs(baseline - warning)) ** 2;
  expect(Math.abs(Math.sqrt(needed / bySimulation) - 1)).toBeLessThan(0.05);
  expect(row.false_warnings).toBeLessThan(0.02);
});

it('asks for what the most demanding limit needs, between 100 and 100,000', () => {
  const baseline = { auc: 0.9, accuracy: 0.9, rmse: 3 };
  const close = { accuracy: { warning: 0.8999 } };
  expect(pairsNeeded({ auc: { warning: 0.8 }, accuracy: { warning: 0.85 } }, baseline, 0.5)).toBe(195);
  expect(pairsNeeded(close, baseline, 0.5)).toBe(100_000);
  expect(pairsNeeded({ rmse: { warning: 30 } }, baseline, undefined)).toBe(100);
});

it.each([
  ['the baseline is not known', { auc: { warning: 0.8 } }, {}, 0.2],
  ['the share of the positive class is not known', { auc: { warning: 0.8 } }, { auc: 0.9 }, undefined],
  ['the limit is the baseline', { accuracy: { warning: 0.9 } }, { accuracy: 0.9 }, 0.2],
  ['chance is not known of the score', { log_loss: { warning: 0.5 } }, { log_loss: 0.4 }, 0.2],
  ['nothing is judged', {}, { auc: 0.9 }, 0.2],
])('asks for 100 where %s', (_name, limits, baseline, positives) => {
  expect(pairsNeeded(limits, baseline, positives)).toBe(100);
});

const none = { count: 0, share: 0 };
const target: ColumnReference = {
  ...{ name: 'paid', type: 'categorical' },
  bins: [
    { category: 'yes', count: 800, share: 0.8 },
    { category: 'no', count: 200, share: 0.2 },
  ],
  special: { other: none, new: none, missing: none, invalid: none },
  otherCategories: { complete: true, categories: [] },
};

it('takes the share of the positive class from the target of the reference', () => {
  expect(shareOfClass(target, 'no')).toBe(0.2);
  expect(shareOfClass(target, 'maybe')).toBeUndefined();
  expect(shareOfClass(undefined, 'no')).toBeUndefined();
  const reference = { task: 'classification', classes: ['no', 'yes'], target, baseline: { auc: 5 / 6 } } as const;
  const plan = (settings: { positiveClass?: string; minimumRows?: number }) =>
    accuracyPlan({ references: [reference], settings, window: '1d' }).rowsNeeded;
  expect(plan({ positiveClass: 'no' })).toBe(1061);
  expect(plan({ positiveClass: 'no', minimumRows: 50 })).toBe(50);
});
