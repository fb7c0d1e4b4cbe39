/** Batches over HTTP, and what a scrape says of them: the real exporter, a store on disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestReport } from '@modelwatch/contract';
import { runProfile } from './cli/profile';
import { configSchema } from './config/schema';
import { startExporter, type RunningExporter } from './exporter';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-batches-'));
const file = join(folder, 'reference.json');
const OF = 'namespace="shop",model="risk"';
let exporter: RunningExporter;
let text = '';

beforeAll(async () => {
  const rows = Array.from(
    { length: 90 },
    (_, row) => `${row % 10},${row % 2 ? 'yes' : 'no'},${row % 4 ? 'no' : 'yes'}`
  );
  writeFileSync(join(folder, 'train.csv'), ['amount,approved,good', ...rows].join('\n'));
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const flags = ['--target', 'good', '--prediction', 'approved', '--model', 'shop/risk', '--output', file];
  const code = await runProfile([join(folder, 'train.csv'), ...flags]);
  jest.restoreAllMocks();
  expect(code).toBe(0);
});
afterEach(() => exporter.stop());
afterAll(() => rmSync(folder, { recursive: true }));

const scrape = async () => (text = await (await fetch(`${exporter.url}/metrics`)).text());

async function start(model: object): Promise<void> {
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

const value = (series: string) => {
  const line = text.split('\n').find((each) => each.startsWith(`modelwatch_${series} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
};
const sum = (family: string, labels = '') =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`modelwatch_${family}{`) && line.includes(labels))
    .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);

async function send(path: string, body: object): Promise<IngestReport> {
  const answer = await fetch(`${exporter.url}/ingest/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ namespace: 'shop', model: 'risk', ...body }),
  });
  return (await answer.json()) as IngestReport;
}
const reasons = ({ problems }: IngestReport) => problems.map(({ reason }) => reason);
const rows = (ids: readonly string[]) =>
  ids.map((id, index) => ({ id, features: { amount: index }, prediction: index % 2 ? 'yes' : 'no' }));
const rowsOf = (batch: string) => value(`batch_predictions_total{${OF},batch="${batch}"}`);

test('a batch is counted beside its model, from its first row until it is closed, and its actuals after', async () => {
  await start({ batches: { last: 5 } });
  const accepted = { accepted: 1, refused: 0 };
  expect(await send('batches', { batch: 'monday', name: 'Night of Monday', timeSeconds: 1e9 })).toMatchObject(accepted);
  expect(await send('batches', { batch: 'monday' })).toMatchObject({ accepted: 0, duplicates: 1 });
  await scrape();
  expect(value(`batch_info{${OF},batch="monday",name="Night of Monday",state="open"}`)).toBe(1);
  expect(value(`batch_opened_timestamp_seconds{${OF},batch="monday"}`)).toBe(1e9);
  await send('predictions', { batch: 'monday', predictions: rows(['a', 'b', 'c', 'd']) });
  // Nobody opened it, and an event says what the others do not.
  await send('predictions', { predictions: [...rows(['e']), { ...rows(['f'])[0], batch: 'tuesday' }] });
  await scrape();
  expect([rowsOf('monday'), rowsOf('tuesday')]).toEqual([4, 0]);
  expect(await send('batches', { batches: [{ batch: 'monday', state: 'closed', rows: 4 }] })).toMatchObject(accepted);
  const late = await send('predictions', { batch: 'monday', predictions: rows(['late']) });
  expect(late).toMatchObject({ accepted: 1, refused: 0 });
  expect(reasons(await send('batches', { batch: 'monday' }))).toEqual(['closed_batch']);
  await send('actuals', { actuals: [...'abcd'].map((id) => ({ id, actual: 'yes' })) });
  await scrape();
  expect([rowsOf('monday'), rowsOf('tuesday'), sum('predictions_total')]).toEqual([4, 1, 7]);
  expect(sum('batch_observations_total', 'batch="monday",subject="feature",feature="amount"')).toBe(4);
  expect(sum('batch_observations_total', 'batch="monday",subject="prediction"')).toBe(4);
  // Model-level sums are what they would be without batches.
  expect(sum('feature_observations_total', 'feature="amount"')).toBe(7);
  expect(value(`batch_info{${OF},batch="monday",name="Night of Monday",state="closed"}`)).toBe(1);
  expect(value(`batch_expected_rows{${OF},batch="monday"}`)).toBe(4);
  expect(value(`batch_rows_refused_total{${OF},reason="closed_batch"}`)).toBe(1);
  expect(value(`batch_accuracy_pairs_total{${OF},batch="monday"}`)).toBe(4);
  expect(value(`batch_class_pairs_total{${OF},batch="monday",class="yes",counted="both"}`)).toBe(2);
});

test('the last ones are told apart: the oldest closed one makes room, and open ones do not', async () => {
  await start({ batches: { last: 1 } });
  await send('batches', { batch: 'first' });
  expect(reasons(await send('batches', { batch: 'second' }))).toEqual(['too_many_batches']);
  await send('predictions', { batch: 'second', predictions: rows(['s']) });
  await send('batches', { batch: 'first', state: 'closed' });
  await send('batches', { batch: 'second' });
  await send('predictions', { batch: 'first', predictions: rows(['t']) });
  await scrape();
  expect([rowsOf('first'), rowsOf('second'), sum('predictions_total')]).toEqual([undefined, 0, 2]);
  expect(value(`batches_evicted_total{${OF}}`)).toBe(1);
  expect(value(`batch_rows_refused_total{${OF},reason="too_many_batches"}`)).toBe(1);
  expect(value(`batch_rows_refused_total{${OF},reason="closed_batch"}`)).toBe(1);
});

test('a batch that is forgotten is said to be so, and its id can begin anew', async () => {
  await start({ batches: {} });
  await send('predictions', { batch: 'b1', predictions: rows(['a', 'b']) });
  await scrape();
  await scrape();
  expect(rowsOf('b1')).toBe(2);
  const forget = async (id: string) => {
    const answer = await fetch(`${exporter.url}/ingest/batches/shop/risk/${id}`, { method: 'DELETE' });
    return answer.json();
  };
  expect([await forget('b1'), await forget('b1')]).toEqual([{ deleted: true }, { deleted: false }]);
  await scrape();
  expect([rowsOf('b1'), sum('batch_observations_total')]).toEqual([undefined, 0]);
  expect(value(`batch_info{${OF},batch="b1",name="",state="forgotten"}`)).toBe(1);
  await send('predictions', { batch: 'b1', predictions: rows(['c']) });
  await scrape();
  await scrape();
  expect(rowsOf('b1')).toBe(1);
});

test('where nobody declared batches, rows are counted for the model, and that is seen', async () => {
  await start({});
  expect(reasons(await send('batches', { batch: 'b1' }))).toEqual(['batches_not_enabled']);
  expect(await send('predictions', { batch: 'b1', predictions: rows(['a', 'b']) })).toMatchObject({ accepted: 2 });
  await scrape();
  await scrape();
  expect(value(`batch_rows_refused_total{${OF},reason="batches_not_enabled"}`)).toBe(2);
  expect([sum('batch_info'), sum('predictions_total')]).toEqual([0, 2]);
});

test('what is no batch is refused with its place', async () => {
  await start({ batches: { last: 5 } });
  const bad = [{ batch: '' }, { batch: 'a/b' }, { batch: 'x', state: 'paused' }, { batch: 'x', rows: -1 }];
  const { problems } = await send('batches', { batches: bad });
  expect(problems.map(({ message }) => message.split(':')[0])).toEqual([
    'batches[0].batch',
    'batches[1].batch',
    'batches[2].state',
    'batches[3].rows',
  ]);
  const settings = (batches: object) =>
    configSchema.safeParse({ monitoring: { models: [{ namespace: 'a', model: 'b', batches }] } }).success;
  expect([settings({ last: 7 }), settings({ last: 5, failing: 6 }), settings({ failing: 10 })]).toEqual([
    false,
    false,
    true,
  ]);
});
