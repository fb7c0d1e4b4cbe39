/** @jest-environment jsdom */
import { LoadingState, type DataFrame } from '@grafana/data';
import { columnsOf, scrollFor, visibleRows, budgetBar, burnX } from '../../layout/slo/table';
import { FIXTURE_NOW_MS } from '../../workbench/mockFleet';
import { etaCourier, manySlos, MOCK_SLOS, oneSlo, statusFrame } from '../../workbench/mockSlo';
import { sentenceText } from '../sentence';
import { clockText } from '../words';
import { prepareSlo } from './prepare';
import { goneWords, manySentence, oneSentence } from './say';
import { spendsOf } from './spends';
import type { SloAnswer } from './types';
import { attainedText, burnText, exactGoneText, goneText, leftText, promiseText } from './words';

const saying = { nowMs: FIXTURE_NOW_MS, clock: clockText(FIXTURE_NOW_MS, 'utc') };
const plain = (text: string | undefined) => text?.replace(/\u00a0/g, ' ');

function prepared(series: DataFrame[], over: { ageMs?: number; errors?: string[] } = {}) {
  const { ageMs = 0, errors = [] } = over;
  return prepareSlo({
    ...{ state: LoadingState.Done, series, errors, nowMs: FIXTURE_NOW_MS + ageMs, answeredAtMs: FIXTURE_NOW_MS },
    range: { fromMs: FIXTURE_NOW_MS - 3_600_000, toMs: FIXTURE_NOW_MS },
    ...{ staleAfterMs: 150_000, answerMaxAgeMs: 150_000, clock: saying.clock },
  });
}

function answer(series: DataFrame[], ageMs = 0): SloAnswer {
  const found = prepared(series, { ageMs });
  if (found.kind !== 'slo') throw new Error(`expected objectives, got ${JSON.stringify(found)}`);
  return found.answer;
}

it('orders spent, soonest gone, no verdict, idle, met by what is left, with the numbers of the mock-up', () => {
  const { slos } = answer([statusFrame([...MOCK_SLOS].reverse())]);
  const rows = slos.map((one) =>
    [
      one.name,
      one.mark,
      plain(promiseText(one)),
      one.attained === undefined ? 'unknown' : plain(attainedText(one.attained, one.objective ?? 0)),
      one.budgetLeft === undefined ? '' : plain(leftText(one.budgetLeft)),
      one.burn === undefined ? '' : burnText(one.burn),
      plain(goneWords(one, saying)) ?? '',
    ].join(' | ')
  );
  expect(rows).toEqual([
    'fraud-scorer | failed | answered | 99.89 % | −7 % | 617× | spent 3 min ago',
    'eta-courier | failed | answered | 99.62 % | 24 % | 16× | 11 h',
    'summary-llm | degraded | first token < 2 s | 96.5 % | 31 % | 3.1× | 3 d',
    'churn-v2 | degraded | < 300 ms | 99.5 % | 58 % | 3.4× | 5 d 3 h',
    'chargeback-risk | degraded | < 150 ms | 99.3 % | 38 % | 1.6× | 7 d 3 h',
    'demand-forecast | stale | answered | unknown |  |  | ',
    'ltv-forecast | unknown | answered | unknown |  |  | ',
    'translate-batch | idle | answered | 99.9 % | 91 % |  | lasts',
    'route-cost | healthy | < 80 ms | 99.6 % | 62 % | 0.7× | lasts',
    'intent-router | healthy | answered | 99.97 % | 74 % | 0.4× | lasts',
    'card-limit | healthy | answered | 99.994 % | 88 % | 0.3× | lasts',
    'aml-triage | healthy | answered | 99.99 % | 97 % | 0.1× | lasts',
  ]);
});

it.each([
  [0.99997, 0.999, '99.99 %'],
  [0.9999999, 0.95, '99.9 %'],
  [1, 0.999, '100.00 %'],
  [0.9962, 0.995, '99.62 %'],
])('rounds what is attained down: %d of %d is %s', (attained, objective, text) => {
  expect(plain(attainedText(attained, objective))).toBe(text);
});

it('writes spans and burn rates as the mock-up does', () => {
  const HOUR = 3_600_000;
  expect([10.8, 1.5, 123, 171, 30 * 24].map((hours) => plain(goneText(hours * HOUR)))).toEqual([
    ...['11 h', '1 h 30 min', '5 d 3 h', '7 d 3 h', '30 d'],
  ]);
  expect(plain(exactGoneText(10.8 * HOUR))).toBe('10 h 48 min');
  expect([0.04, 3.14, 9.96, 16.4, 1617].map(burnText)).toEqual(['0.0×', '3.1×', '10×', '16×', '1,617×']);
});

it('says the worst and what follows it, then silence, then calm', () => {
  const say = (series: DataFrame[]) => plain(sentenceText(manySentence(answer(series), saying)));
  const of = (...marks: string[]) => [statusFrame(MOCK_SLOS.filter(({ state }) => marks.includes(state)))];
  expect(say([statusFrame(MOCK_SLOS)])).toBe(
    'fraud-scorer spent its 30-day budget 3 min ago; eta-courier follows in 11 h'
  );
  expect(say(of('ticket'))).toBe(
    'churn-v2 burns its 30-day budget 3.4 times too fast, gone in 5 d 3 h; chargeback-risk follows in 7 d 3 h'
  );
  expect(say(of('stale', 'idle'))).toBe(
    'demand-forecast no events counted since 02:52; no verdict on 1 of 2 objectives'
  );
  const calm = MOCK_SLOS.filter(({ burn = 2 }) => burn <= 1);
  expect(say([statusFrame(calm)])).toBe('All 4 objectives met; route-cost has least left, 62 %');
  expect(say([statusFrame([...calm, ...MOCK_SLOS.filter(({ state }) => state === 'idle')])])).toBe(
    '4 objectives met, 1 idle; route-cost has least left, 62 %'
  );
});

it('does not call all met, nor idle, beside a part of the query that failed', () => {
  const say = (state: string) => {
    const found = prepared([statusFrame(MOCK_SLOS.filter((one) => one.state === state && (one.burn ?? 0) <= 1))], {
      errors: ['boom'],
    });
    const { parts, mark } = manySentence((found as { answer: SloAnswer }).answer, saying);
    return [mark, plain(sentenceText({ parts, mark }))];
  };
  expect(say('met')).toEqual(['unknown', '4 objectives met, others not known; route-cost has least left, 62 %']);
  expect(say('idle')).toEqual(['unknown', '1 objective idle, others not known']);
});

it('names what spent the budget of one, in points that sum to what was spent', () => {
  const { slos, history } = answer([oneSlo('eta-courier'), ...etaCourier()]);
  const [one] = slos;
  if (!one || !history) throw new Error('no history');
  const spends = spendsOf(history.budget, history.events);
  expect(spends.map(({ title, share, isNow }) => [title, Math.round(share * 100), isNow])).toEqual([
    ['Rollout v31', 2, true],
    ['Background', 34, false],
    ['Rollout v30', 21, false],
    ['Rollout v29', 18, false],
  ]);
  expect(spends.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1 - (history.budget.at(-1)?.left ?? 0), 6);
  expect(plain(sentenceText(oneSentence(one, history, saying)))).toBe(
    'eta-courier burns its budget 16 times too fast since rollout v31, 03:13: 9.2 % of requests fail'
  );
});

it('names drift as what began with a loss, before the alert that it led to and after a rollout', () => {
  const points = Array.from({ length: 20 }, (_, at) => {
    const isLoss = at === 10;
    return { timeMs: at * 60_000, spent: isLoss ? 0.4 : 0, left: at < 10 ? 1 : 0.6 };
  });
  const event = (kind: 'alert' | 'drift' | 'rollout', title: string) => ({ kind, title, timeMs: 9 * 60_000 });
  const [alert, drift, rollout] = [event('alert', 'Burns'), event('drift', 'critical'), event('rollout', 'v2')];
  const first = (...events: (typeof alert)[]) => spendsOf(points, events)[0]?.title;
  expect(first(alert)).toBe('Burns');
  expect(first(alert, drift)).toBe('Drift, critical');
  expect(first(alert, drift, rollout)).toBe('Rollout v2');
  expect(first({ ...drift, timeMs: 2 * 60_000 })).toBe('Fast burn');
});

it('tells each kind of silence, and never a number that could pass for a verdict', () => {
  const say = (model: string) => {
    const [one] = answer([oneSlo(model)]).slos;
    return one && [one.attained, one.budgetLeft, plain(sentenceText(oneSentence(one, undefined, saying)))];
  };
  expect(say('demand-forecast')).toEqual([
    ...[undefined, undefined, 'demand-forecast is stale for 26 min: no events counted since 02:52'],
  ]);
  expect(say('ltv-forecast')).toEqual([
    ...[undefined, undefined, 'ltv-forecast: too few requests, 41 of 1000 events: one bad one would spend 24 budgets'],
  ]);
});

it('says of a budget that it lasts only where the pace is known', () => {
  const [one] = answer([oneSlo('route-cost')]).slos;
  if (!one) throw new Error('no objective');
  const say = (over: object) => [
    plain(goneWords({ ...one, ...over }, saying)),
    plain(sentenceText(oneSentence({ ...one, ...over }, undefined, saying))),
  ];
  expect(say({})).toEqual(['lasts', 'route-cost: 62 % of budget left, lasts at 0.7×']);
  expect(say({ burn: undefined })).toEqual([
    undefined,
    'route-cost: 62 % of budget left, how fast it goes is not known',
  ]);
  expect(goneWords({ ...one, burn: 3, exhaustionMs: undefined }, saying)).toBeUndefined();
});

it('believes no answer that is too old, and no met without a budget', () => {
  const old = answer([statusFrame(MOCK_SLOS)], 600_000);
  expect(new Set(old.slos.map(({ mark }) => mark))).toEqual(new Set(['stale']));
  expect(old.slos.every(({ attained, budgetLeft, burn }) => attained ?? budgetLeft ?? burn ?? true)).toBe(true);
  expect(old.notices[0]?.title).toMatch(/^Not refreshed for 10/);
  const unjudged = { ...MOCK_SLOS[10], left: undefined } as (typeof MOCK_SLOS)[number];
  expect(answer([statusFrame([unjudged])]).slos[0]?.mark).toBe('unknown');
});

it('refuses what is no share, naming its place; a history without its objective asks for it', () => {
  const wrong = statusFrame(MOCK_SLOS);
  const attained = wrong.fields.find(({ name }) => name === 'attained');
  attained?.values.splice(1, 1, 99.6);
  expect(prepared([wrong])).toMatchObject({
    kind: 'refusal',
    message: { detail: expect.stringContaining('slo-status, row 2.attained') as string },
  });
  expect(prepared(etaCourier())).toMatchObject({
    kind: 'refusal',
    message: { title: expect.stringMatching(/^A history/) as string },
  });
  expect(prepared([])).toMatchObject({ kind: 'empty' });
  expect(prepared([], { errors: ['boom'] })).toMatchObject({ kind: 'error', message: { detail: 'boom' } });
});

it('drops columns by width, and draws the rows in sight alone', () => {
  const names = (width: number) =>
    Object.entries(columnsOf(width))
      .flatMap(([name, has]) => (has ? [name] : []))
      .join(' ');
  expect([1350, 1099, 899, 759, 559].map(names)).toEqual([
    ...['objective strip attained reason', 'objective strip attained', 'objective strip', 'objective', ''],
  ]);
  const { from, to, above, below } = visibleRows(1000, 10_000, 350);
  expect([from, to, above, below]).toEqual([392, 422, 9_800, 14_450]);
  expect(visibleRows(12, 0, 350)).toEqual({ from: 0, to: 12, above: 0, below: 0 });
  expect([scrollFor(0, 500, 350), scrollFor(999, 0, 350), scrollFor(3, 0, 350)]).toEqual([0, 24_672, 0]);
});

it('draws overspending to the left of zero, and burn rates on a log scale within the strip', () => {
  expect(budgetBar(0.5, 100)).toMatchObject({ zero: 16, from: 16, width: 42, isOver: false });
  expect(budgetBar(-0.1, 100)).toMatchObject({ from: 16 - 8.4, isOver: true });
  expect(budgetBar(-9, 100)).toMatchObject({ from: 0, width: 16 });
  expect([0.001, 0.1, 10, 1000, 1e9].map((burn) => burnX(burn, 132))).toEqual([6, 6, 66, 126, 126]);
});

it('prepares a thousand objectives', () => {
  expect(answer([manySlos()]).slos).toHaveLength(1000);
});
