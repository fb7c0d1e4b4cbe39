import { limitPoints, mergedMetrics, type CustomMetric } from './settings';

const metric = (more: Partial<CustomMetric>): CustomMetric => ({
  name: 'm',
  aggregation: 'sum',
  direction: 'lower_is_better',
  ...more,
});
const recoveries = (more: Partial<CustomMetric>) =>
  limitPoints(metric(more)).map(({ level, side, recovery }) => [level, side, Number(recovery.toFixed(6))]);

describe('the value at which a state is left', () => {
  it('is a tenth of the way between the limits within them', () => {
    expect(recoveries({ warning: { above: 1 }, critical: { above: 2 } })).toEqual([
      ['warning', 'above', 0.9],
      ['critical', 'above', 1.9],
    ]);
    expect(recoveries({ warning: { below: -1 }, critical: { below: -2 } })).toEqual([
      ['warning', 'below', -0.9],
      ['critical', 'below', -1.9],
    ]);
  });

  it('of one limit is a tenth of the way to the baseline', () => {
    expect(recoveries({ critical: { below: 99.5 }, baseline: 99.9 })).toEqual([['critical', 'below', 99.54]]);
  });

  it('is never so far that a normal value would not clear it', () => {
    expect(recoveries({ warning: { above: 1 }, critical: { above: 11 }, baseline: 0.8 })[0]).toEqual([
      'warning',
      'above',
      0.9,
    ]);
  });

  it('is the limit itself where nothing says what is near', () => {
    expect(recoveries({ critical: { above: 100 } })).toEqual([['critical', 'above', 100]]);
    expect(recoveries({ warning: { above: 3 }, critical: { above: 3 } })).toEqual([
      ['warning', 'above', 3],
      ['critical', 'above', 3],
    ]);
  });
});

it('a later layer replaces metrics by name and leaves the others', () => {
  const first = mergedMetrics([], [metric({ name: 'a' }), metric({ name: 'b' })], 'configmap shop/settings');
  expect(mergedMetrics(first, [metric({ name: 'b', unit: 's' })], 'config')).toEqual([
    { ...metric({ name: 'a' }), origin: 'configmap shop/settings' },
    { ...metric({ name: 'b', unit: 's' }), origin: 'config' },
  ]);
});
