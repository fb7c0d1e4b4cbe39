import { beyondLimit } from './accuracy-severity';
import { accuracySentence } from './reasons';

it('holds scores against their limit as a share of it, whatever is better', () => {
  expect(beyondLimit({ metric: 'auc', score: 0.6, warning: 0.9, critical: 0.8 })).toBeCloseTo(0.25);
  expect(beyondLimit({ metric: 'mae', score: 6, warning: 4 })).toBeCloseTo(0.5);
  expect(beyondLimit({ metric: 'mae', score: 3, critical: 4 })).toBeCloseTo(-0.25);
  expect(beyondLimit({ metric: 'r2', score: -0.5, critical: 0 })).toBeCloseTo(0.5);
  expect(beyondLimit({ metric: 'mae', score: 3 })).toBeUndefined();
  expect(beyondLimit({ metric: 'mae', critical: 3 })).toBeUndefined();
});

it.each([
  ['auc', 0.61, 'AUC 0.61 over 24 h, limit 0.68'],
  ['auc', 0.68, 'AUC 0.68 over 24 h, limit 0.68'],
  ['auc', 0.684, 'AUC 0.684 over 24 h, not yet clear of its limit 0.68'],
  ['brier', 0.7, 'Brier score 0.7 over 24 h, limit 0.68'],
  ['brier', 0.67, 'Brier score 0.67 over 24 h, not yet clear of its limit 0.68'],
] as const)('says of %s %d what holds the state', (metric, score, sentence) => {
  expect(accuracySentence({ metric, window: '1d', score, limit: 0.68 })).toBe(sentence);
});
