import { suggestionsOf, type DayTally, type ModelPast } from './suggest';

const PAST = { namespace: 'payments', model: 'fraud' };
const days = (events: number, bad: readonly number[]): DayTally[] => bad.map((one) => ({ events, bad: one }));
const find = (past: Partial<ModelPast>, name: string) =>
  suggestionsOf({ ...PAST, ...past }).find((one) => one.name === name);

describe('availability', () => {
  const cases: [string, readonly DayTally[], object][] = [
    // 50 bad of 100,000 are half of the budget of 99.9 %, and all of that of 99.95 %.
    ['the highest that leaves half of its budget', days(10_000, Array<number>(10).fill(5)), { objective: 0.999 }],
    ['one bad more and it is the next', days(10_000, [6, ...Array<number>(9).fill(5)]), { objective: 0.995 }],
    [
      'days on which it would have been missed',
      days(10_000, [20, 0, 0, 0, 0]),
      { objective: 0.999, days: 5, daysMet: 4 },
    ],
    ['days without requests are none', [...days(10_000, [0, 0, 0]), { events: 0, bad: 0 }], { days: 3, daysMet: 3 }],
    // One of 3,999 would leave no room in the budget of 99.95 %: nobody knows yet whether it could be kept.
    ['no more than so many requests can tell', days(1_333, [0, 0, 0]), { objective: 0.999 }],
    ['too few days', days(10_000, [0, 0]), { why: 'few_days', needed: 3 }],
    ['too few requests', days(6, [0, 0, 0]), { why: 'few_events', events: 18, needed: 20 }],
    ['failures beyond all of them', days(1_000, [90, 90, 90]), { why: 'unmet', objective: 0.9 }],
  ];
  it.each(cases)('%s', (_, requests, expected) => expect(find({ requests }, 'availability')).toMatchObject(expected));

  it('is nothing where nobody can tell', () => expect(find({}, 'availability')).toMatchObject({ why: 'untold' }));
});

it('proposes no more minutes without drift than alerts can tell of', () => {
  expect(find({ verdicts: days(1_440, [0, 0, 0]) }, 'drift')).toMatchObject({ objective: 0.99 });
  expect(find({ verdicts: days(1_440, [0, 60, 0]) }, 'drift')).toMatchObject({ objective: 0.95, daysMet: 3 });
});

describe('bounds', () => {
  const durations = new Map([
    [1, days(10_000, [0, 0, 0])],
    [0.1, days(10_000, [300, 200, 200])],
    [0.25, days(10_000, [40, 20, 120])],
    [0.5, days(10_000, [10, 10, 10])],
  ]);

  it('is the lowest that leaves half of the budget, for 95 and for 99 %', () => {
    expect(find({ durations }, 'latency-95')).toMatchObject({ thresholdSeconds: 0.1, daysMet: 3 });
    // At 250 ms 180 of 30,000 were slower, more than half of 300.
    expect(find({ durations }, 'latency-99')).toMatchObject({ thresholdSeconds: 0.5, bad: 30 });
  });

  it('is proposed once where both have the same', () => {
    const one = new Map([[0.1, days(10_000, [0, 0, 0])]]);
    expect(suggestionsOf({ ...PAST, durations: one }).map(({ name }) => name)).toEqual([
      'availability',
      'latency-99',
      'freshness',
      'drift',
    ]);
  });

  it('says the highest where even that is too low', () => {
    const slow = new Map([[10, days(1_000, [200, 200, 200])]]);
    expect(find({ durations: slow }, 'latency-99')).toMatchObject({ why: 'unmet', thresholdSeconds: 10, bad: 600 });
  });
});
