/** Predictions and actuals by segment over HTTP, and what a scrape says of them: the real exporter, a store on disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProfile } from './cli/profile';
import { configSchema } from './config/schema';
import { startExporter, type RunningExporter } from './exporter';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-segments-'));
const file = join(folder, 'reference.json');
const OF = 'namespace="shop",model="risk"';
let exporter: RunningExporter;
let text = '';

beforeAll(async () => {
  const rows = Array.from({ length: 90 }, (_, row) => {
    const region = row % 3 === 2 ? '' : row % 3 ? 'US' : 'EU';
    return `${row % 10},${region},${row % 2 ? 'yes' : 'no'},${row % 4 ? 'no' : 'yes'}`;
  });
  writeFileSync(join(folder, 'train.csv'), ['amount,region,approved,good', ...rows].join('\n'));
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const flags = ['--target', 'good', '--prediction', 'approved', '--segment', 'region', '--exclude', 'region'];
  const code = await runProfile([join(folder, 'train.csv'), ...flags, '--model', 'shop/risk', '--output', file]);
  jest.restoreAllMocks();
  expect(code).toBe(0);
});
afterEach(() => exporter.stop());
afterAll(() => rmSync(folder, { recursive: true }));

const scrape = async () => (text = await (await fetch(`${exporter.url}/metrics`)).text());

/** The series begin in the first scrape, at 0. */
async function start(model: object = {}): Promise<void> {
  exporter = await startExporter(
    configSchema.parse({
      web: { listenAddress: '127.0.0.1', port: 0 },
      log: { level: 'fatal' },
      kubernetes: { enabled: false },
      monitoring: { references: [{ file }], models: [{ namespace: 'shop', model: 'risk', ...model }] },
      events: { joins: { directory: join(folder, 'joins') } },
    })
  );
  await scrape();
}

const value = (series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`modelwatch_${series} `))
      ?.split(' ')[1] ?? NaN
  );
/** Of all series of a family that have these labels. */
const sum = (family: string, labels = '') =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`modelwatch_${family}{`) && line.includes(labels))
    .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);

async function send(path: string, list: string, events: readonly object[]): Promise<void> {
  const answer = await fetch(`${exporter.url}/ingest/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ namespace: 'shop', model: 'risk', [list]: events }),
  });
  expect(answer.status).toBe(200);
}

const rows = ['EU', 'EU', 'US', 'BR', undefined].map((region, id) => ({
  id: `r${id}`,
  features: { amount: id, ...(region === undefined ? {} : { region }) },
  prediction: id % 2 ? 'yes' : 'no',
}));
const shown = { segments: [{ column: 'region', values: ['EU', 'US'] }] };

test('predictions, bins and pairs are counted by segment, and add up to the whole', async () => {
  await start(shown);
  expect(value(`segment_predictions_total{${OF},segment="region",value="EU"}`)).toBe(0);
  await send('predictions', 'predictions', rows);
  await scrape();
  const predictions = ['EU', 'US', 'other', 'missing'].map((region) =>
    value(`segment_predictions_total{${OF},segment="region",value="${region}"}`)
  );
  expect(predictions).toEqual([2, 1, 1, 1]);
  expect(sum('segment_observations_total', 'subject="prediction"')).toBe(sum('prediction_observations_total'));
  expect(sum('segment_observations_total', 'feature="amount"')).toBe(sum('feature_observations_total'));
  expect(sum('segment_observations_total', 'value="EU",subject="prediction"')).toBe(2);
  // 30 rows of the value, half a row more in each of 6 bins: two of the classes, other, new, missing, invalid.
  expect(sum('segment_reference_ratio', 'value="EU",subject="prediction"')).toBeCloseTo(1, 12);
  expect(sum('segment_reference_rows', 'value="US",category="US"')).toBe(30);
  expect(value(`segment_series_refused{${OF}}`)).toBe(0);
  await exporter.stop();
  // Actuals that come after a restart still know the segment.
  await start(shown);
  await send(
    'actuals',
    'actuals',
    rows.map(({ id }, index) => ({ id, actual: index < 3 ? 'yes' : 'no' }))
  );
  await scrape();
  const pairs = (counted: string, region: string) =>
    value(`segment_class_pairs_total{${OF},segment="region",value="${region}",class="yes",counted="${counted}"}`);
  expect(['predicted', 'actual', 'both'].map((counted) => pairs(counted, 'EU'))).toEqual([1, 2, 1]);
  expect(['predicted', 'actual', 'both'].map((counted) => pairs(counted, 'other'))).toEqual([1, 0, 0]);
  expect(sum('segment_accuracy_pairs_total')).toBe(sum('accuracy_pairs_total'));
  expect(sum('segment_class_pairs_total', 'counted="both"')).toBe(1 + 1);
});

test('values are no labels unless somebody says so; the API has their names', async () => {
  await start();
  expect(text).not.toContain('EU');
  expect(value(`segment_predictions_total{${OF},segment="region",value="0"}`)).toBe(0);
  const answer = await fetch(`${exporter.url}/api/v1/models/shop/risk/monitoring`);
  expect(await answer.json()).toMatchObject({
    segments: [
      {
        column: 'region',
        values: [
          { label: '0', name: 'EU' },
          { label: '1', name: 'US' },
          { label: 'other', name: 'other' },
          { label: 'missing', name: 'missing' },
        ],
      },
    ],
  });
});
