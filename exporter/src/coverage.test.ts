/** What of the predictions of models is seen, and what not: the real exporter, and models that are nowhere else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_PATHS, decodeModelCoverage, decodeModelDetail, decodeModelList } from '@modelwatch/contract';
import { configSchema } from './config/schema';
import { categoricalFeature, referenceOf } from './domain/testing/references';
import { startExporter, type RunningExporter } from './exporter';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-coverage-'));
const file = join(folder, 'reference.json');
const REFERENCE = referenceOf({ prediction: categoricalFeature('approved', { yes: 90, no: 10 }) });
const RISK = 'namespace="shop",model="risk"';

let exporter: RunningExporter;
let text = '';

beforeAll(async () => {
  writeFileSync(file, JSON.stringify(REFERENCE));
  const config = configSchema.parse({
    log: { level: 'fatal' },
    kubernetes: { enabled: false },
    events: { maxUndeclaredModels: 2, maxBodyBytes: 2_000 },
    monitoring: { references: [{ file }], models: [{ namespace: 'shop', model: 'nightly' }] },
    web: { listenAddress: '127.0.0.1', port: 0 },
  });
  exporter = await startExporter(config);
  await scrape();
});
afterAll(async () => {
  await exporter.stop();
  rmSync(folder, { recursive: true });
});

async function scrape(): Promise<void> {
  text = await (await fetch(`${exporter.url}/metrics`)).text();
}
const value = (series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`modelwatch_${series} `))
      ?.split(' ')[1] ?? NaN
  );
const get = async (path: string): Promise<unknown> => (await fetch(`${exporter.url}${path}`)).json();
const post = (body: object, headers: Record<string, string> = {}, path = '') =>
  fetch(`${exporter.url}/ingest/predictions${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const row = (features: object, change: object = {}) => ({
  namespace: 'shop',
  model: 'risk',
  features,
  prediction: 'yes',
  ...change,
});
const GOOD = { amount: 5, country: 'DE' };

/** The fleet is told of news about once a second. */
async function untilThereIs(model: string) {
  for (;;) {
    const answer = await fetch(`${exporter.url}${API_PATHS.models}/shop/${model}`);
    if (answer.ok) return decodeModelDetail(await answer.json());
  }
}

it('models that were declared, have a reference or send events are in the fleet, and nobody says that they serve', async () => {
  const declared = await untilThereIs('nightly');
  expect(declared).toMatchObject({ platform: 'events', serving: 'unknown', health: 'unknown', replicas: {} });
  expect(declared.reasons).toEqual([{ reason: 'not_watched', text: 'No server is watched, only events are' }]);
  expect(declared.lastObservedSeconds).toBeUndefined();
  await post(row(GOOD, { model: 'stranger' }));
  expect((await untilThereIs('stranger')).lastObservedSeconds).toBeCloseTo(Date.now() / 1_000, -2);
  const names = decodeModelList(await get(API_PATHS.models)).items.map(({ name }) => name);
  expect(names.sort()).toEqual(['nightly', 'risk', 'stranger']);
  expect(await (await fetch(exporter.url)).text()).toContain('No server is watched, only events are');
  await scrape();
  expect(value('model_serving{namespace="shop",model="stranger",state="unknown"}')).toBe(0);
  // Being in the fleet does not make strangers known: the bound of those that nobody declared still holds.
  expect([await post(row(GOOD, { model: 'second' })), await post(row(GOOD, { model: 'third' }))]).toMatchObject([
    { status: 200 },
    { status: 422 },
  ]);
});

it('rows are counted that lack a feature, have one too many, or are compared with nothing', async () => {
  await post([
    row(GOOD),
    row({ amount: 5, country: null }),
    row({ Amount: 5, country: 'DE' }),
    row({ ...GOOD, ...Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`x${n}`, n])) }),
    row(GOOD, { model: 'nightly' }),
  ]);
  await scrape();
  const of = (series: string) => value(`${series}{${RISK}}`);
  expect(of('events_absent_features_total')).toBe(1);
  expect(of('events_unknown_features_total')).toBe(2);
  expect([of('events_uncompared_total'), value('events_uncompared_total{namespace="shop",model="nightly"}')]).toEqual([
    0, 1,
  ]);
  const coverage = decodeModelCoverage(await get(`${API_PATHS.models}/shop/risk/coverage`));
  expect(coverage).toMatchObject({ received: 4, counted: 4, absentFeatures: 1, unknownFeatures: 2 });
  expect(coverage.unknownNames).toHaveLength(20);
  expect(coverage.unknownNames[0]).toEqual({ name: 'Amount', rows: 1 });
  expect(text).not.toContain('Amount');
  expect((await fetch(`${exporter.url}${API_PATHS.models}/shop/nobody/coverage`)).status).toBe(404);
});

it('rows of a sample stand for as many as its sender says, in a batch, a row or a header', async () => {
  const before = value(`predictions_represented_total{${RISK}}`);
  await post({ sampleRatio: 0.1, predictions: [row(GOOD), row(GOOD, { sampleRatio: 0.5 })] });
  await post(row(GOOD), { 'modelwatch-sample-ratio': '0.25' });
  await scrape();
  expect(value(`predictions_represented_total{${RISK}}`) - before).toBe(10 + 2 + 4);
  for (const sampleRatio of [0, 1.1, '0.1']) expect((await post(row(GOOD, { sampleRatio }))).status).toBe(422);
  expect((await post(row(GOOD), { 'modelwatch-sample-ratio': 'a tenth' })).status).toBe(400);
});

it('requests that are turned away unread count for the model that their address names, if it is known', async () => {
  const large = row({ ...GOOD, text: 'x'.repeat(3_000) });
  expect((await post(large, {}, '/shop/risk')).status).toBe(413);
  expect((await post(large, {}, '/shop/nobody')).status).toBe(413);
  await scrape();
  expect(value(`ingest_refused_requests_total{${RISK},reason="too_large"}`)).toBe(1);
  expect(value(`ingest_refused_requests_total{${RISK},reason="over_capacity"}`)).toBe(0);
  expect(text).not.toContain('model="nobody"');
});
