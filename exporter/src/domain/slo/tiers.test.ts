import { BURN_WINDOWS, SLO_WINDOWS, SLO_WINDOW_SECONDS } from '@modelwatch/contract';
import { budgetOf, BURN_WINDOW_SECONDS, burnTiers, type Promised } from './tiers';

/** So much that no tier is lowered or dropped for want of events. */
const promise: Promised = { objective: 0.999, window: '30d', perMinute: false };
const rates = (given: Partial<Promised>) => burnTiers({ ...promise, ...given }).tiers.map(({ burnRate }) => burnRate);
const warnings = (given: Partial<Promised>) => burnTiers({ ...promise, ...given }).warnings;

describe('burn rates of an objective', () => {
  // SRE workbook, table 5-6; other windows: share of the budget * window / long window.
  it.each([
    ['7d', [3.36, 1.4, 1]],
    ['14d', [6.72, 2.8, 1.4, 1]],
    ['28d', [13.44, 5.6, 2.8, 1]],
    ['30d', [14.4, 6, 3, 1]],
    ['90d', [43.2, 18, 9, 3]],
  ] as const)('spend the same shares of the budget of %s', (window, expected) => {
    expect(rates({ window })).toEqual(expected);
  });

  it('are of the windows and severities of the workbook', () => {
    expect(burnTiers(promise).tiers.map(({ severity, long, short }) => `${severity} ${long}/${short}`)).toEqual([
      'page 1h/5m',
      'page 6h/30m',
      'ticket 1d/2h',
      'ticket 3d/6h',
    ]);
  });

  it('never hold while the objective is met, and say what came of those that would', () => {
    expect(warnings({ window: '7d' })).toEqual([
      'ticket over 1d and 2h would hold from 0.7x on, while the objective is met: raised to 1x',
      'ticket over 3d and 6h would hold from 0.2333x on, while the objective is met: dropped',
    ]);
    expect(warnings({})).toEqual([]);
  });

  // A rate b is within reach if the objective is above 1 - 1/b.
  it.each([
    [0.95, [14.4, 6, 3, 1]],
    [0.93, [13.57, 6, 3, 1]],
    [0.9, [9.5, 6, 3, 1]],
    [0.83, [5.58, 3, 1]],
    [0.8, [4.75, 3, 1]],
    [0.5, [1.9, 1]],
    [0.04, []],
  ] as const)('are within reach of an outage at %d', (objective, expected) => {
    expect(rates({ objective })).toEqual(expected);
    for (const { burnRate } of burnTiers({ ...promise, objective }).tiers) {
      expect(burnRate * (1 - objective)).toBeLessThanOrEqual(0.95);
    }
  });

  it('say what is lowered and dropped', () => {
    expect(warnings({ objective: 0.9 })).toEqual([
      'page over 1h and 5m at 14.4x would need 144 % of all to be bad: lowered to 9.5x',
    ]);
    expect(warnings({ objective: 0.8 })[0]).toMatch(/^page over 1h and 5m at 14\.4x .*: dropped$/);
    expect(warnings({ objective: 0.04 }).at(-1)).toMatch(/^no alert is left/);
  });

  // Twice the number of which one failure is the rate: 70, 7 and 1.4 by the formula N > 1 / (b * B).
  it.each([
    [0.999, 139],
    [0.99, 14],
    [0.95, 3],
  ])('of %d need more events in an hour than one failure could spend', (objective, expected) => {
    expect(burnTiers({ ...promise, objective }).tiers[0]?.minEvents).toBe(expected);
  });

  it('need as many events as somebody asks for, if these are more', () => {
    const counts = burnTiers({ ...promise, minEvents: 500 }).tiers.map(({ minEvents }) => minEvents);
    expect(counts).toEqual([500, 500, 667, 2000]);
  });

  it('of minutes are dropped where a window has too few', () => {
    const { tiers, warnings: told } = burnTiers({ ...promise, perMinute: true });
    expect(tiers.map(({ long, minEvents }) => [long, minEvents])).toEqual([
      ['6h', 334],
      ['1d', 667],
      ['3d', 2000],
    ]);
    expect(told).toEqual([
      'page over 1h and 5m needs 139 judged minutes, or a single bad one would be enough, and 1h has 60: dropped',
    ]);
  });

  it('are left out by severity, which is no reason to warn', () => {
    const { tiers, warnings: told } = burnTiers({ ...promise, alerts: { page: false } });
    expect(tiers.map(({ severity }) => severity)).toEqual(['ticket', 'ticket']);
    expect(told).toEqual([]);
    expect(burnTiers({ ...promise, alerts: { page: false, ticket: false } })).toEqual({ tiers: [], warnings: [] });
  });

  it('are those that somebody asks for, however wise', () => {
    const tier = { severity: 'page', long: '6h', short: '5m' } as const;
    const given = (burnRate: number) => ({ objective: 0.9, alerts: { tiers: [{ ...tier, burnRate }] } });
    expect(rates(given(0.5))).toEqual([0.5]);
    expect(warnings(given(0.5))).toEqual(['page over 6h and 5m holds from 0.5x on, while the objective is met']);
    expect(rates(given(10))).toEqual([10]);
    expect(warnings(given(10))).toEqual(['page over 6h and 5m at 10x needs 100 % of all to be bad']);
    expect(warnings(given(5))).toEqual([]);
  });

  it('are of windows of which even the longest is less than half of the shortest of a budget', () => {
    const longest = Math.max(...BURN_WINDOWS.map((window) => BURN_WINDOW_SECONDS[window]));
    expect(longest).toBeLessThanOrEqual(Math.min(...SLO_WINDOWS.map((window) => SLO_WINDOW_SECONDS[window])) / 2);
  });
});

it('has a budget without what binary fractions add', () => {
  expect([0.999, 0.9995, 0.99, 0.95].map(budgetOf)).toEqual([0.001, 0.0005, 0.01, 0.05]);
});
