/** Challengers beside their champion over HTTP: the real exporter, references in files, a store on disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestReport } from '@modelwatch/contract';
import { configSchema } from './config/schema';
import { categoricalFeature, numericFeature, referenceOf } from './domain/testing/references';
import { startExporter, type RunningExporter } from './exporter';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-challengers-'));
const CLASSIFIER = referenceOf({
  prediction: numericFeature('score', [60, 40]),
  target: categoricalFeature('chargeback', { no: 90, yes: 10 }),
  task: 'classification',
  classes: ['no', 'yes'],
});
const REGRESSOR = referenceOf({ model: 'demand', task: 'regression' });
const files = { risk: join(folder, 'risk.json'), demand: join(folder, 'demand.json') };
const CHALLENGERS = [{ name: 'next', model: 'risk-next' }, { name: 'v2', version: '2' }, { name: 'shadow' }];
let exporter: RunningExporter;
let text = '';
let number = 0;

async function start(directory: string | undefined, challengers: readonly object[] = CHALLENGERS): Promise<void> {
  const of = (model: string) => ({ namespace: 'shop', model, challengers });
  exporter = await startExporter(
    configSchema.parse({
      web: { listenAddress: '127.0.0.1', port: 0 },
      log: { level: 'fatal' },
      kubernetes: { enabled: false },
      monitoring: {
        references: [{ file: files.risk }, { file: files.demand }],
        models: [of('risk'), { ...of('demand'), challengers: [{ name: 'next', model: 'shop/demand-next' }] }],
      },
      events: { joins: { directory } },
    })
  );
  // The series begin in the first scrape, at 0.
  await scrape();
}

beforeAll(() => {
  writeFileSync(files.risk, JSON.stringify(CLASSIFIER));
  writeFileSync(files.demand, JSON.stringify(REGRESSOR));
});
afterEach(() => exporter.stop());
afterAll(() => rmSync(folder, { recursive: true }));

const directory = () => join(folder, `joins-${number++}`);
const scrape = async () => (text = await (await fetch(`${exporter.url}/metrics`)).text());
const value = (series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`modelwatch_${series} `))
      ?.split(' ')[1] ?? NaN
  );

async function send(path: string, body: object) {
  const answer = await fetch(`${exporter.url}/ingest/${path}/shop/risk`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify(body),
  });
  return { status: answer.status, ...((await answer.json()) as Partial<IngestReport>) };
}
const predict = (id: string | undefined, prediction: unknown, more: object = {}) =>
  send('predictions', { ...(id === undefined ? {} : { id }), prediction, ...more });
const tell = (id: string, actual: unknown, more: object = {}) => send('actuals', { id, actual, ...more });

const of = (challenger: string, model = 'risk') => `namespace="shop",model="${model}",challenger="${challenger}"`;
const NEXT = of('next');

test('two models meet by id, whichever answers first, and are judged by the same actuals', async () => {
  await start(directory());
  expect(value(`challenger_verdicts_total{${NEXT},champion="wrong",candidate="right"}`)).toBe(0);
  expect(
    value(
      `challenger_info{${NEXT},challenger_namespace="shop",challenger_model="risk-next",challenger_version="",source="config"}`
    )
  ).toBe(1);
  const next = (id: string, score: number) => predict(id, score, { model: 'risk-next' });
  await next('a', 0.9);
  for (const [id, score] of [
    ['a', 0.2],
    ['b', 0.1],
    ['c', 0.8],
    ['d', 0.4],
  ] as const)
    await predict(id, score);
  await next('b', 0.3);
  await tell('c', 'yes');
  await next('c', 0.6);
  await next('d', 0.7);
  await next('e', 0.7);
  for (const [id, actual] of [
    ['a', 'yes'],
    ['b', 'no'],
    ['d', 'no'],
  ] as const)
    await tell(id, actual);
  await scrape();
  // By hand: champion no no yes no, challenger yes no yes yes, actual yes no yes no.
  expect(value(`challenger_expected_total{${NEXT}}`)).toBe(4);
  expect(value(`challenger_predictions_total{${NEXT},outcome="paired"}`)).toBe(4);
  const classes = (champion: string, candidate: string) =>
    value(`challenger_classes_total{${NEXT},champion="${champion}",candidate="${candidate}"}`);
  expect([classes('no', 'no'), classes('no', 'yes'), classes('yes', 'no'), classes('yes', 'yes')]).toEqual([
    1, 2, 0, 1,
  ]);
  expect(value(`challenger_judged_pairs_total{${NEXT}}`)).toBe(4);
  const verdicts = (champion: string, candidate: string) =>
    value(`challenger_verdicts_total{${NEXT},champion="${champion}",candidate="${candidate}"}`);
  expect(
    [
      ['right', 'right'],
      ['right', 'wrong'],
      ['wrong', 'right'],
      ['wrong', 'wrong'],
    ].map(([one = '', other = '']) => verdicts(one, other))
  ).toEqual([2, 1, 1, 0]);
  const outcomes = (role: string, predicted: string, actual: string) =>
    value(`challenger_outcomes_total{${NEXT},role="${role}",predicted="${predicted}",actual="${actual}"}`);
  expect([outcomes('champion', 'no', 'yes'), outcomes('champion', 'no', 'no')]).toEqual([1, 2]);
  expect([outcomes('challenger', 'yes', 'no'), outcomes('challenger', 'yes', 'yes')]).toEqual([1, 2]);
  expect(value(`challenger_scored_pairs_total{${NEXT}}`)).toBe(4);
  const squared = { champion: [0.64, 0.01, 0.04, 0.16], challenger: [0.01, 0.09, 0.16, 0.49] };
  const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
  expect(value(`challenger_squared_error_sum_total{${NEXT},role="champion"}`)).toBeCloseTo(sum(squared.champion), 12);
  expect(value(`challenger_squared_error_sum_total{${NEXT},role="challenger"}`)).toBeCloseTo(
    sum(squared.challenger),
    12
  );
  expect(value(`challenger_loss_difference_squared_sum_total{${NEXT},metric="brier"}`)).toBeCloseTo(
    0.63 ** 2 + 0.08 ** 2 + 0.12 ** 2 + 0.33 ** 2,
    12
  );
  // The challenger is a model of its own, too, whose series begin after the first scrape.
  await scrape();
  expect(value('predictions_total{namespace="shop",model="risk-next",version=""}')).toBe(5);
  expect(value('predictions_total{namespace="shop",model="risk",version=""}')).toBe(4);
});

test('numbers differ by a sum and by squares, and their errors come from the same rows', async () => {
  await start(directory());
  const demand = { model: 'demand' };
  for (const [id, champion, challenger, actual] of [
    ['a', 10, 12, 11],
    ['b', 20, 17, 18],
  ] as const) {
    await predict(id, champion, demand);
    await predict(id, challenger, { model: 'demand-next' });
    await tell(id, actual, demand);
  }
  await predict('c', 5, demand);
  await predict('c', 'many', { model: 'demand-next' });
  await scrape();
  const NUMBERS = of('next', 'demand');
  expect(value(`challenger_predictions_total{${NUMBERS},outcome="incomparable"}`)).toBe(1);
  expect(value(`challenger_difference_sum_total{${NUMBERS},sign="over"}`)).toBe(2);
  expect(value(`challenger_difference_sum_total{${NUMBERS},sign="under"}`)).toBe(3);
  expect(value(`challenger_difference_squared_sum_total{${NUMBERS}}`)).toBe(13);
  expect(value(`challenger_error_sum_total{${NUMBERS},role="champion",sign="under"}`)).toBe(1);
  expect(value(`challenger_error_sum_total{${NUMBERS},role="champion",sign="over"}`)).toBe(2);
  expect(value(`challenger_error_sum_total{${NUMBERS},role="challenger",sign="over"}`)).toBe(1);
  expect(value(`challenger_squared_error_sum_total{${NUMBERS},role="champion"}`)).toBe(5);
  expect(value(`challenger_squared_error_sum_total{${NUMBERS},role="challenger"}`)).toBe(2);
  expect(value(`challenger_loss_difference_squared_sum_total{${NUMBERS},metric="mae"}`)).toBe(1);
});

test('a version and a named candidate are challengers, and none of the rows of the model', async () => {
  await start(directory());
  await predict('a', 0.9);
  expect(await predict('a', 0.8, { version: '2' })).toMatchObject({ status: 200, accepted: 1, duplicates: 0 });
  expect(await predict('a', 0.2, { candidate: 'shadow' })).toMatchObject({ accepted: 1 });
  expect(await predict('a', 0.2, { candidate: 'shadow' })).toMatchObject({ accepted: 0, duplicates: 1 });
  expect(await predict(undefined, 0.2, { candidate: 'shadow' })).toMatchObject({ accepted: 1 });
  const stranger = await predict('a', 0.2, { candidate: 'nobody' });
  expect(stranger).toMatchObject({ status: 422, refused: 1 });
  expect(stranger.problems).toEqual([
    {
      index: 0,
      reason: 'unknown_candidate',
      message: 'candidate: expected one of next, v2, shadow, got "nobody"',
    },
  ]);
  await scrape();
  expect(value('predictions_total{namespace="shop",model="risk",version=""}')).toBe(1);
  expect(text).not.toContain('model="risk",version="2"');
  expect(value(`challenger_predictions_total{${of('v2')},outcome="paired"}`)).toBe(1);
  expect(value(`challenger_predictions_total{${of('shadow')},outcome="paired"}`)).toBe(1);
  expect(value(`challenger_predictions_total{${of('shadow')},outcome="duplicate"}`)).toBe(1);
  expect(value(`challenger_predictions_total{${of('shadow')},outcome="missing_id"}`)).toBe(1);
  expect(value('events_dropped_total{namespace="shop",model="risk",reason="unknown_candidate"}')).toBe(1);
});

test('a restart loses no meeting and counts none again', async () => {
  const where = directory();
  await start(where);
  await predict('a', 0.9);
  await predict('b', 0.9, { model: 'risk-next' });
  await predict('c', 0.9);
  await predict('c', 0.9, { model: 'risk-next' });
  await exporter.stop();
  await start(where);
  await predict('a', 0.8, { model: 'risk-next' });
  await predict('b', 0.8);
  // Sent again by somebody who did not see the answer.
  await predict('c', 0.9);
  await predict('c', 0.9, { model: 'risk-next' });
  await tell('c', 'yes');
  await scrape();
  expect(value(`challenger_expected_total{${NEXT}}`)).toBe(1);
  expect(value(`challenger_predictions_total{${NEXT},outcome="paired"}`)).toBe(2);
  expect(value(`challenger_predictions_total{${NEXT},outcome="duplicate"}`)).toBe(1);
  expect(value(`challenger_judged_pairs_total{${NEXT}}`)).toBe(1);
});

test('without a place where answers wait, and with a model that challenges itself, somebody is told', async () => {
  await start(undefined, [{ name: 'me', model: 'risk' }]);
  const { problems } = (await (await fetch(`${exporter.url}/api/v1/models/shop/risk/monitoring`)).json()) as {
    problems: { text: string }[];
  };
  expect(problems.map(({ text: told }) => told)).toEqual([
    'challengers[0].version: expected one, since "me" is the model itself, got none',
    'challengers: expected events.joins.directory, where answers wait for each other, got none',
  ]);
  expect(await predict('a', 0.9)).toMatchObject({ accepted: 1 });
  await scrape();
  expect(value('predictions_total{namespace="shop",model="risk",version=""}')).toBe(1);
});
