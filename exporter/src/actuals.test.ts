/** Predictions and actuals over HTTP, and what a scrape says of both: the real exporter, a reference in a file, a store on disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestReport } from '@modelwatch/contract';
import { configSchema } from './config/schema';
import { categoricalFeature, numericFeature, referenceOf } from './domain/testing/references';
import { startExporter, type RunningExporter } from './exporter';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-actuals-'));
const CLASSIFIER = referenceOf({
  prediction: numericFeature('score', [60, 40]),
  target: categoricalFeature('chargeback', { no: 90, yes: 10 }),
  task: 'classification',
  classes: ['no', 'yes'],
  baseline: { auc: 0.8, log_loss: 0.4 },
});
const REGRESSOR = referenceOf({ model: 'demand', task: 'regression', baseline: { rmse: 10 } });
const files = { risk: join(folder, 'risk.json'), demand: join(folder, 'demand.json') };
let exporter: RunningExporter;
let text = '';
let number = 0;

async function start(joins: object | undefined): Promise<void> {
  exporter = await startExporter(
    configSchema.parse({
      web: { listenAddress: '127.0.0.1', port: 0 },
      log: { level: 'fatal' },
      kubernetes: { enabled: false },
      monitoring: { references: [{ file: files.risk }, { file: files.demand }] },
      events: { joins },
    })
  );
}

beforeAll(() => {
  writeFileSync(files.risk, JSON.stringify(CLASSIFIER));
  writeFileSync(files.demand, JSON.stringify(REGRESSOR));
});
afterEach(() => exporter.stop());
afterAll(() => rmSync(folder, { recursive: true }));

const directory = () => join(folder, `joins-${number++}`);
const scrape = async () => (text = await (await fetch(`${exporter.url}/metrics`)).text());
/** The series begin in the first scrape, at 0. */
async function startWith(joins: object): Promise<void> {
  await start(joins);
  await scrape();
}

const value = (series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`modelwatch_${series} `))
      ?.split(' ')[1] ?? NaN
  );

async function send(path: string, body: unknown, method = 'POST', headers = {}) {
  const answer = await fetch(`${exporter.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'POST' ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
  });
  return { status: answer.status, ...((await answer.json()) as Partial<IngestReport>) };
}
const predict = (id: string, prediction: unknown, more: object = {}) =>
  send('/ingest/predictions', { namespace: 'shop', model: 'risk', id, prediction, ...more });
const tell = (id: string, actual: unknown, more: object = {}) =>
  send('/ingest/actuals', { namespace: 'shop', model: 'risk', id, actual, ...more });

const OF = 'namespace="shop",model="risk"';
const PAIR = `${OF},version="v1",age="1h"`;

test('actuals of a model that nobody declared are counted though no prediction ever came', async () => {
  await startWith({ directory: directory() });
  const stranger = { namespace: 'shop', model: 'stranger', id: 'a' };
  await send('/ingest/actuals', { ...stranger, actual: 'yes' });
  await send('/ingest/actuals', { ...stranger, actual: 'no' });
  const scrapes = [];
  for (let n = 0; n < 3; n++) {
    await scrape();
    scrapes.push(value('actuals_total{namespace="shop",model="stranger",outcome="corrected"}'));
  }
  expect(scrapes).toEqual([0, 1, 1]);
});

test('actuals join predictions, and are counted by arrival from 0 on', async () => {
  await startWith({ directory: directory() });
  const known = `${OF},version="",age="7d"`;
  expect(value(`outcomes_total{${known},predicted="yes",actual="no"}`)).toBe(0);
  expect(value(`score_outcomes_total{${known},bin="19",actual="1"}`)).toBe(0);
  expect(value(`actuals_total{${OF},outcome="unknown"}`)).toBe(0);
  expect(value(`actual_delay_seconds_count{${OF}}`)).toBe(0);
  expect(value(`accuracy_settings_info{${OF},task="classification",window="1d",positive_class="yes"}`)).toBe(1);
  // Of an AUC of 0.8 with a tenth of positives, 0.04 from its limit.
  expect(value(`accuracy_rows_needed{${OF}}`)).toBe(2505);
  expect(value(`accuracy_baseline{${OF},reference="${CLASSIFIER.id}",metric="log_loss"}`)).toBe(0.4);
  expect(value(`accuracy_limit{${OF},metric="auc",level="warning"}`)).toBeCloseTo(0.76, 12);
  expect(value(`accuracy_limit{${OF},metric="auc",level="critical"}`)).toBeCloseTo(0.68, 12);
  expect(value('accuracy_limit{namespace="shop",model="demand",metric="rmse",level="critical"}')).toBeCloseTo(11.5, 12);

  for (const [id, score] of Object.entries({ a: 0.9, b: 0.2, c: 0.7 })) await predict(id, score, { version: 'v1' });
  await scrape();
  expect(value(`open_predictions{${OF}}`)).toBe(3);
  expect(await tell('a', 'yes')).toMatchObject({ status: 200, accepted: 1, waiting: 0 });
  await tell('b', 'no');
  // A version begins at 0, too.
  await scrape();
  expect(value(`accuracy_pairs_total{${PAIR}}`)).toBe(0);
  await tell('c', 'no');
  await scrape();
  expect(value(`accuracy_pairs_total{${PAIR}}`)).toBe(3);
  expect(value(`outcomes_total{${PAIR},predicted="yes",actual="yes"}`)).toBe(1);
  expect(value(`outcomes_total{${PAIR},predicted="no",actual="no"}`)).toBe(1);
  expect(value(`outcomes_total{${PAIR},predicted="yes",actual="no"}`)).toBe(1);
  expect(value(`score_outcomes_total{${PAIR},bin="18",actual="1"}`)).toBe(1);
  expect(value(`score_positives_up_to_total{${PAIR},bin="17"}`)).toBe(0);
  expect(value(`score_positives_up_to_total{${PAIR},bin="19"}`)).toBe(1);
  expect(value(`score_sum_total{${PAIR},bin="14"}`)).toBe(0.7);
  expect(value(`squared_error_sum_total{${PAIR}}`)).toBeCloseTo(0.01 + 0.04 + 0.49, 12);
  expect(value(`log_loss_sum_total{${PAIR}}`)).toBeCloseTo(-Math.log(0.9) - Math.log(0.8) - Math.log(0.3), 12);
  expect(value(`open_predictions{${OF}}`)).toBe(0);
  expect(value(`actual_delay_seconds_bucket{${OF},le="60.0"}`)).toBe(3);
  expect(value('exporter_join_store_up')).toBe(1);
  expect(value('exporter_join_records{state="pair"}')).toBe(3);
});

test('of a batch the good are kept, the bad told by place, value and reason', async () => {
  await startWith({ directory: directory() });
  await predict('a', 0.9);
  const answer = await send('/ingest/actuals/shop/risk', {
    actuals: [
      { id: 'a', actual: 'yes' },
      { actual: 1 },
      { id: 'b', actual: null },
      { id: 'a', actual: 'yes' },
      { id: 'c', actual: 0 },
    ],
  });
  expect(answer).toEqual({
    ...{ status: 200, accepted: 1, duplicates: 1, waiting: 1, refused: 2 },
    problems: [
      { index: 1, reason: 'malformed', message: 'actuals[1].id: expected the id of the prediction, got undefined' },
      {
        index: 2,
        reason: 'malformed',
        message: 'actuals[2].actual: expected a class, a number, true or false, got null',
      },
    ],
  });
  const lines = '{"id":"c","actual":"no"}\nnonsense\n';
  const type = { 'content-type': 'application/x-ndjson' };
  expect(await send('/ingest/actuals/shop/risk', lines, 'POST', type)).toMatchObject({
    status: 200,
    accepted: 1,
    refused: 1,
  });
});

test('numbers are compared as numbers; what is none is incomparable', async () => {
  await startWith({ directory: directory() });
  const model = { model: 'demand', version: '2' };
  await predict('a', 12, model);
  await predict('b', 'many', model);
  await predict('c', 5, { ...model, timeSeconds: Date.now() / 1_000 - 7_200 });
  for (const [id, actual] of Object.entries({ a: 10, b: 10, c: '0' })) await tell(id, actual, model);
  await scrape();
  await scrape();
  const of = 'namespace="shop",model="demand"';
  expect(value(`actuals_total{${of},outcome="incomparable"}`)).toBe(1);
  expect(value(`error_sum_total{${of},version="2",age="1h",sign="over"}`)).toBe(2);
  expect(value(`relative_error_sum_total{${of},version="2",age="1h"}`)).toBe(0.2);
  expect(value(`relative_error_pairs_total{${of},version="2",age="1d"}`)).toBe(0);
  expect(value(`squared_error_sum_total{${of},version="2",age="1d"}`)).toBe(25);
  expect(text).not.toMatch(/outcomes_total\{namespace="shop",model="demand"/);
});

test('what was acknowledged joins after a restart', async () => {
  const joins = { directory: directory() };
  await startWith(joins);
  await predict('a', 0.9, { version: 'v1' });
  await tell('first', 'yes');
  await exporter.stop();
  await startWith(joins);
  while (value('exporter_join_store_up') !== 1) await scrape();
  expect(value(`open_predictions{${OF}}`)).toBe(1);
  await tell('a', 'yes');
  await predict('first', 0.3, { version: 'v1' });
  await scrape();
  await scrape();
  expect(value(`outcomes_total{${PAIR},predicted="yes",actual="yes"}`)).toBe(1);
  expect(value(`outcomes_total{${PAIR},predicted="no",actual="yes"}`)).toBe(1);
});

test('a prediction can be forgotten', async () => {
  await startWith({ directory: directory() });
  await predict('jane@example.com/1', 0.9);
  const path = `/ingest/predictions/shop/risk/${encodeURIComponent('jane@example.com/1')}`;
  expect(await send(path, undefined, 'DELETE')).toEqual({ status: 200, deleted: true });
  expect(await send(path, undefined, 'DELETE')).toEqual({ status: 200, deleted: false });
  expect(await tell('jane@example.com/1', 'yes')).toMatchObject({ accepted: 0, waiting: 1 });
  expect(await send(path, undefined, 'GET')).toMatchObject({ status: 405 });
});

test('without a directory nothing is joined, which is said', async () => {
  await startWith({});
  await predict('a', 0.9);
  expect(await tell('a', 'yes')).toMatchObject({ status: 403, error: { code: 'not_enabled' } });
  expect(text).not.toMatch(/accuracy_|actuals_total|join_store_up/);
});

test('a directory that cannot be used is told; predictions are counted all the same', async () => {
  await startWith({ directory: files.risk });
  expect(await predict('a', 0.9)).toMatchObject({ status: 200, accepted: 1 });
  expect(await tell('a', 'yes')).toMatchObject({
    status: 503,
    error: {
      code: 'join_store',
      message: expect.stringMatching('expected a directory that can be read and written') as string,
    },
  });
  await scrape();
  expect(value(`predictions_total{${OF},version=""}`)).toBe(1);
  expect(value(`expired_predictions_total{${OF}}`)).toBe(1);
  expect(value('exporter_join_store_up')).toBe(0);
  expect(value('exporter_join_store_errors_total{reason="no_access"}')).toBe(1);
  expect(value('exporter_ingest_requests_total{result="failed"}')).toBe(1);
});
