/** Samples of custom metrics that are posted over HTTP, and what a scrape and the API say of them: the real exporter. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestReport, ModelMonitoring } from '@modelwatch/contract';
import { configSchema } from './config/schema';
import { startExporter, type RunningExporter } from './exporter';

const METRICS = [
  {
    name: 'rejected',
    unit: 'percentunit',
    aggregation: 'share',
    category: 'no',
    direction: 'lower_is_better',
    baseline: 0.12,
    warning: { above: 0.2 },
    critical: { above: 0.25 },
    window: '10m',
  },
  { name: 'margin', unit: 'currencyEUR', aggregation: 'sum', direction: 'higher_is_better' },
  { name: 'latency', aggregation: 'average', direction: 'lower_is_better' },
  { name: 'queue', aggregation: 'gauge', direction: 'lower_is_better', critical: { above: 10 } },
];
const parse = (customMetrics: object[], events: object = {}) =>
  configSchema.parse({
    log: { level: 'fatal' },
    kubernetes: { enabled: false },
    monitoring: { models: [{ namespace: 'shop', model: 'risk', customMetrics }] },
    events,
    web: { listenAddress: '127.0.0.1', port: 0 },
  });
let config = parse(METRICS);
let exporter: RunningExporter;
let text = '';

beforeEach(async () => {
  config = parse(METRICS);
  exporter = await startExporter(config, {
    source: { load: () => ({ config, hash: JSON.stringify(config), ignoredVariables: [] }) },
  });
  // The series begin here, at 0.
  await scrape();
});
afterEach(() => exporter.stop());

async function scrape(): Promise<void> {
  text = await (await fetch(`${exporter.url}/metrics`)).text();
}
const value = (series: string): number =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`modelwatch_custom_metric_${series} `))
      ?.split(' ')[1] ?? NaN
  );
const of = (metric: string, more = '') => `{namespace="shop",model="risk",metric="${metric}"${more}}`;

function send(body: unknown, path = '/ingest/metrics/shop/risk', headers: Record<string, string> = {}) {
  return fetch(`${exporter.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
async function post(...args: Parameters<typeof send>): Promise<IngestReport & { status: number }> {
  const answer = await send(...args);
  return { status: answer.status, ...((await answer.json()) as IngestReport) };
}
const sample = (metric: string, of: unknown, more: object = {}) => ({ metric, value: of, ...more });

it('counts samples by their aggregation: one, a list, a batch, one a line', async () => {
  expect(value(`samples_total${of('rejected')}`)).toBe(0);
  await post(sample('rejected', 'no'));
  await post([sample('rejected', 'yes'), sample('rejected', 'no'), sample('margin', 12.5), sample('margin', -2)]);
  await post(
    { namespace: 'shop', model: 'risk', metrics: [sample('latency', 0.5), sample('latency', 1)] },
    '/ingest/metrics'
  );
  const lines = ['{"metric":"queue","value":7,"timeSeconds":1000}', '{"metric":"queue","value":3,"timeSeconds":900}'];
  expect(
    await post(lines.join('\n'), '/ingest/metrics/shop/risk', { 'content-type': 'application/x-ndjson' })
  ).toMatchObject({ status: 200, accepted: 2 });
  await scrape();
  expect(value(`samples_total${of('rejected')}`)).toBe(3);
  expect(value(`matched_total${of('rejected')}`)).toBe(2);
  expect(value(`value_sum_total${of('margin', ',sign="over"')}`)).toBe(12.5);
  expect(value(`value_sum_total${of('margin', ',sign="under"')}`)).toBe(2);
  expect(value(`value_sum_total${of('latency', ',sign="over"')}`)).toBe(1.5);
  expect(value(`samples_total${of('latency')}`)).toBe(2);
  // What comes late says nothing of now.
  expect(value(`last_value${of('queue')}`)).toBe(7);
  expect(value(`last_timestamp_seconds${of('queue')}`)).toBe(1000);
  expect(text).not.toContain('matched_total{namespace="shop",model="risk",metric="margin"}');
});

it('says what is declared, with the value at which a state is left', () => {
  expect(
    value(
      `info${of('rejected', ',unit="percentunit",aggregation="share",direction="lower_is_better",window="10m",source="pushed"')}`
    )
  ).toBe(1);
  expect(value(`baseline${of('rejected')}`)).toBe(0.12);
  expect(value(`limit${of('rejected', ',level="critical",side="above"')}`)).toBe(0.25);
  expect(value(`recovery${of('rejected', ',level="critical",side="above"')}`)).toBeCloseTo(0.245);
  expect(value(`samples_needed${of('rejected')}`)).toBe(30);
  expect(value(`samples_needed${of('margin')}`)).toBe(1);
  expect(value(`samples_needed${of('queue')}`)).toBeNaN();
});

it('refuses each sample for its own reason, keeps the good ones and counts the others', async () => {
  const report = await post([
    sample('rejected', 'no'),
    sample('unheard_of', 1),
    sample('margin', 'much'),
    sample('margin', 1e16),
    sample('margin', null),
    { value: 1 },
    'no sample',
  ]);
  expect(report).toMatchObject({ status: 200, accepted: 1, refused: 6 });
  expect(report.problems).toEqual([
    {
      index: 1,
      reason: 'unknown_metric',
      message: 'metric: expected a metric that is declared for the model, got unheard_of of shop/risk',
    },
    { index: 2, reason: 'wrong_value', message: 'margin: expected a number, since margin is a sum, got a string' },
    {
      index: 3,
      reason: 'wrong_value',
      message: 'margin: expected a finite number up to 1000000000000000, got 10000000000000000',
    },
    {
      index: 4,
      reason: 'malformed',
      message: '[4].value: expected a finite number, or a category of a share, got null',
    },
    { index: 5, reason: 'malformed', message: '[5].metric: expected the name of a declared metric, got undefined' },
    { index: 6, reason: 'malformed', message: '[6]: expected an object with metric and value, got "no sample"' },
  ]);
  expect(await post(sample('x', 1), '/ingest/metrics/shop/other')).toMatchObject({ status: 422, refused: 1 });
  await scrape();
  await scrape();
  expect(value('refused_total{namespace="shop",model="risk",reason="wrong_value"}')).toBe(2);
  expect(value('refused_total{namespace="shop",model="risk",reason="unknown_metric"}')).toBe(1);
  expect(value('refused_total{namespace="",model="",reason="unknown_metric"}')).toBe(1);
});

it('counts what is sent twice once: by its id, by the key of its request', async () => {
  expect(await post(sample('margin', 'much', { id: 1 }))).toMatchObject({ refused: 1 });
  expect(await post(sample('margin', 5, { id: 1 }))).toMatchObject({ accepted: 1 });
  expect(await post(sample('margin', 5, { id: 1 }))).toMatchObject({ accepted: 0, duplicates: 1 });
  // The id of another metric is another.
  expect(await post(sample('latency', 5, { id: 1 }))).toMatchObject({ accepted: 1 });
  for (const _ of [1, 2]) {
    const headers = { 'idempotency-key': 'once' };
    expect(await post(sample('margin', 2), undefined, headers)).toMatchObject({ accepted: 1 });
  }
  await scrape();
  expect(value(`value_sum_total${of('margin', ',sign="over"')}`)).toBe(7);
});

it('goes on counting when limits change, and begins anew when the meaning does', async () => {
  await post([sample('margin', 5), sample('latency', 5)]);
  await scrape();
  config = parse([
    { ...METRICS[1], critical: { below: 0 } },
    { ...METRICS[2], unit: 's' },
  ]);
  await exporter.reload();
  await scrape();
  expect(value(`value_sum_total${of('margin', ',sign="over"')}`)).toBe(5);
  expect(value(`value_sum_total${of('latency', ',sign="over"')}`)).toBe(0);
  expect(text).not.toContain('metric="rejected"');
});

it('tells the effective settings of each metric, and where it is declared', async () => {
  const answer = (await (await fetch(`${exporter.url}/api/v1/models/shop/risk/monitoring`)).json()) as ModelMonitoring;
  expect(answer.customMetrics?.find(({ name }) => name === 'margin')).toEqual({
    ...METRICS[1],
    window: '1h',
    minimumSamples: 1,
    source: 'pushed',
    origin: 'config',
  });
});

describe('expressions', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-custom-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const expressions = [
    {
      name: 'approved_amount',
      aggregation: 'sum',
      direction: 'higher_is_better',
      expression: 'prediction == "yes" ? features.amount * 2 : null',
    },
    {
      name: 'lost_amount',
      aggregation: 'sum',
      direction: 'lower_is_better',
      expression: 'prediction == "yes" && actual == "no" ? features["amount"] : 0',
    },
    { name: 'sure', aggregation: 'share', direction: 'higher_is_better', expression: 'score > 0.9' },
  ];

  async function restart(): Promise<void> {
    await exporter.stop();
    config = parse(expressions, { joins: { directory: folder } });
    exporter = await startExporter(config, {
      source: { load: () => ({ config, hash: JSON.stringify(config), ignoredVariables: [] }) },
    });
    await scrape();
  }
  const predict = (id: string, prediction: string, features: object, more: object = {}) =>
    post({ id, prediction, features, ...more }, '/ingest/predictions/shop/risk');

  it('are worked out of each prediction, or of each that has met its actual', async () => {
    await restart();
    await predict('1', 'yes', { amount: 10, secret: 'never kept' }, { score: 0.95 });
    await predict('2', 'yes', { amount: 5 }, { score: 0.5 });
    await predict('3', 'no', { amount: 7 });
    await predict('4', 'yes', { price: 7 });
    // What waits for its actual outlives the process, with the features that are named.
    await restart();
    const actuals = ['1', '2', '3', '4'].map((id) => ({ id, actual: id === '2' ? 'yes' : 'no' }));
    expect(await post(actuals, '/ingest/actuals/shop/risk')).toMatchObject({ accepted: 4 });
    await scrape();
    expect(value(`samples_total${of('lost_amount')}`)).toBe(3);
    expect(value(`value_sum_total${of('lost_amount', ',sign="over"')}`)).toBe(10);
    expect(value(`errors_total${of('lost_amount', ',reason="missing_value"')}`)).toBe(1);
  });

  it('count what gives no value by its reason, and leave the prediction counted', async () => {
    await restart();
    await predict('5', 'yes', { amount: 10 }, { score: 0.95 });
    await predict('6', 'yes', { amount: 5 }, { score: 0.5 });
    await predict('7', 'no', { amount: 'much' });
    await predict('8', 'yes', { amount: 'much' });
    await scrape();
    expect(value(`samples_total${of('approved_amount')}`)).toBe(2);
    expect(value(`value_sum_total${of('approved_amount', ',sign="over"')}`)).toBe(30);
    expect(value(`errors_total${of('approved_amount', ',reason="wrong_type"')}`)).toBe(1);
    expect(value(`matched_total${of('sure')}`)).toBe(1);
    // A score that is not told is null, which is no number.
    expect(value(`errors_total${of('sure', ',reason="wrong_type"')}`)).toBe(2);
    expect(text).toContain('modelwatch_events_received_total{namespace="shop",model="risk"} 4');
    expect(await post(sample('sure', true))).toMatchObject({
      status: 422,
      problems: [
        { message: 'metric: expected a metric that is pushed, not one with an expression, got sure of shop/risk' },
      ],
    });
  });
});
