import type { SloSpec } from './spec';
import { burnTiers } from './tiers';
import { boundWords, budgetWords, objectiveWords, pagingWords, secondsWords, tierWords } from './words';

const availability: SloSpec = {
  name: 'availability',
  subject: 'models',
  selector: {},
  indicator: 'availability',
  objective: 0.999,
  window: '30d',
  method: 'occurrences',
};
const first = (spec: SloSpec, perMinute = false) => {
  const [tier] = burnTiers({ ...spec, perMinute }).tiers;
  if (!tier) throw new Error('no tier');
  return tier;
};

describe('objectives in words', () => {
  it.each<[Partial<SloSpec>, string]>([
    [{}, '99.9 % of requests answered, rolling 30 d'],
    [{ indicator: 'latency', thresholdSeconds: 0.25 }, '99.9 % of requests answered within 250 ms, rolling 30 d'],
    [{ indicator: 'first_token', thresholdSeconds: 1.5 }, '99.9 % of first tokens within 1.5 s, rolling 30 d'],
    [
      { indicator: 'accuracy', score: 'f1', threshold: { op: 'gte', value: 0.8 }, objective: 0.95, window: '7d' },
      '95 % of minutes with f1 at least 0.8, rolling 7 d',
    ],
    [
      { method: 'timeslices', sliceTarget: 0.95, objective: 0.9995 },
      '99.95 % of minutes with 95 % of requests answered, rolling 30 d',
    ],
    [
      { indicator: 'query', query: { kind: 'threshold', value: 'x', op: 'lt', threshold: 5 } },
      '99.9 % of minutes with the value of its query below 5, rolling 30 d',
    ],
  ])('%j', (given, expected) => {
    expect(objectiveWords({ ...availability, ...given })).toBe(expected);
  });

  it('say what a tier is', () => {
    expect(tierWords(first(availability), availability)).toBe(
      'page above 14.4x over 1 h and 5 min (2 % of the budget in 1 h), from 139 requests on'
    );
  });

  // 28 d: 13.44 * 0.001 * 3,000 requests = 40.3, and * 36,000 = 483.8.
  it('say after how many failures an alert comes', () => {
    const spec: SloSpec = { ...availability, window: '28d' };
    expect(pagingWords(first(spec), spec, 10)).toBe(
      'at 10 requests a second 13.44x pages after 41 failures in 5 min and 484 in 1 h: 49 s into an outage'
    );
    expect(pagingWords(first(spec), spec, 0.01)).toBe(
      'at 0.01 requests a second 13.44x pages never: 36 of 149 requests in 1 h are too few'
    );
  });

  it('say it of minutes where minutes are judged', () => {
    const spec: SloSpec = { ...availability, indicator: 'drift', objective: 0.95 };
    expect(pagingWords(first(spec, true), spec, 10)).toBe(
      '14.4x pages after 4 bad minutes in 5 min and 44 in 1 h: 44 min into an outage'
    );
    expect(budgetWords(spec, 10)).toBe('budget: 2,160 minutes of 43,200');
  });

  // 0.001 of 2,592,000 s at 10 a second.
  it('say how much may go wrong', () => {
    expect(budgetWords(availability, 10)).toBe(
      'budget: 25,920 of 25,920,000 requests at 10 a second, or 43 min 12 s without an answer'
    );
  });
});

describe('a threshold off the bounds of its histogram', () => {
  const bounds = [0.1, 0.25, 0.5];
  it('is told with its neighbours', () => {
    expect(boundWords(0.3, bounds)).toBe('300 ms stands between 250 ms and 500 ms: counted at 250 ms');
    expect(boundWords(0.05, bounds)).toBe('50 ms stands below 100 ms, the lowest bound of the histogram: not counted');
    expect(boundWords(2, bounds)).toBe(
      '2 s stands above 500 ms, the highest bound of the histogram: counted at 500 ms'
    );
  });
  it('is nothing to tell where it stands on one, or where there is no histogram', () => {
    expect(boundWords(0.25, bounds)).toBeUndefined();
    expect(boundWords(0.3, [])).toBeUndefined();
  });
});

it('writes durations with two units at most', () => {
  expect([0.0005, 0.25, 1, 52, 60, 2_592, 3_600, 7_199, 90_000].map(secondsWords)).toEqual([
    '0.5 ms',
    '250 ms',
    '1 s',
    '52 s',
    '1 min',
    '43 min 12 s',
    '1 h',
    '2 h',
    '1 d 1 h',
  ]);
});
