/** Data exploration from prediction and actual to file: the real exporter, its store on disk, its token in a file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from 'bcryptjs';
import { decodeModelRows, type ModelRows } from '@modelwatch/contract';
import { configSchema } from './config/schema';
import { categoricalFeature, referenceOf } from './domain/testing/references';
import { startExporter, type RunningExporter } from './exporter';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-rows-'));
const [reference, tokenFile] = [join(folder, 'reference.json'), join(folder, 'token')];
const TOKEN = 'a-token-of-this-test';
const NOW = Math.floor(Date.now() / 1_000);
const SETTINGS = { enabled: true, masked: ['mail'], dropped: ['name'] };
const running: RunningExporter[] = [];
let url = '';

async function start(change: { settings?: object; events?: object; web?: object } = {}): Promise<void> {
  const config = configSchema.parse({
    log: { level: 'fatal' },
    kubernetes: { enabled: false },
    monitoring: {
      references: [{ file: reference }],
      models: [
        {
          ...{ namespace: 'shop', model: 'risk', exploration: change.settings ?? SETTINGS },
          segments: [
            { column: 'country', values: ['DE', 'FR'] },
            { column: 'mail', values: ['a@example.com'] },
          ],
        },
      ],
    },
    events: {
      exploration: { tokenFile },
      joins: { directory: mkdtempSync(join(folder, 'joins-')) },
      ...change.events,
    },
    web: { listenAddress: '127.0.0.1', port: 0, ...change.web },
  });
  const exporter = await startExporter(config, {
    source: { load: () => ({ config, hash: '', ignoredVariables: [] }) },
  });
  running.push(exporter);
  url = exporter.url;
}

beforeAll(() => {
  const prediction = categoricalFeature('approved', { yes: 90, no: 10 });
  writeFileSync(reference, JSON.stringify(referenceOf({ prediction, task: 'classification', classes: ['no', 'yes'] })));
  writeFileSync(tokenFile, `${TOKEN}\n`);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function post(kind: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/ingest/${kind}/shop/risk`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  expect(await answer.json()).toMatchObject({ refused: 0 });
}

const ask = (path = '', headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }, model = 'risk') =>
  fetch(`${url}/api/v1/models/shop/${model}/rows${path}`, { headers });
const rows = async (path = ''): Promise<ModelRows> => decodeModelRows(await (await ask(path)).json());
const ids = async (path = '') => (await rows(path)).items.map(({ id }) => id);
const message = async (answer: Response) => ((await answer.json()) as { error: { message: string } }).error.message;

const EVENTS = [
  {
    id: 'a',
    version: 'v1',
    timeSeconds: NOW - 300,
    features: { amount: 5, country: 'DE', mail: 'a@example.com', name: 'Ann' },
    prediction: 'yes',
  },
  {
    id: 'b',
    version: 'v2',
    timeSeconds: NOW - 200,
    features: { amount: -1, country: 'SE', mail: null },
    prediction: 'no',
  },
  { id: 'c', version: 'v2', timeSeconds: NOW - 100, features: { amount: 15, country: '=1+1' }, prediction: 'yes' },
];
async function filled(): Promise<void> {
  await post('actuals', { id: 'c', actual: 'no' });
  await post('predictions', EVENTS);
  await post('actuals', { id: 'a', actual: 'yes' });
}

it('holds rows with what came true, redacted, newest first', async () => {
  await start();
  await filled();
  const { items, held } = await rows();
  expect(items).toMatchObject([
    { id: 'c', actual: 'no', predictedClass: 'yes', actualClass: 'no', wrong: true },
    { id: 'b', features: { amount: -1, country: 'SE', mail: null } },
    { number: 1, id: 'a', version: 'v1', timeSeconds: NOW - 300, prediction: 'yes', actual: 'yes', wrong: false },
  ]);
  expect(items[2]?.features).toEqual({ amount: 5, country: 'DE', mail: '***' });
  // A segment of what is masked would say what it is.
  expect(items[2]?.segments).toEqual({ country: 'DE' });
  expect(items[1]).not.toHaveProperty('actual');
  expect(Math.abs((items[0]?.actualSeconds ?? 0) - NOW)).toBeLessThan(60);
  expect(held).toMatchObject({
    rows: 3,
    mostRows: 1_000,
    mostBytes: 67_108_864,
    sampleRatio: 1,
    retentionSeconds: 86_400,
  });
  await post('actuals', { id: 'a', actual: 'no' });
  expect((await rows('?before=2')).items).toMatchObject([{ id: 'a', actual: 'no', wrong: true }]);
});

it('filters, and goes page by page', async () => {
  await start();
  await filled();
  expect(await ids('?version=v2')).toEqual(['c', 'b']);
  expect(await ids('?segment=country&value=DE')).toEqual(['a']);
  expect(await ids(`?from=${NOW - 200}&to=${NOW - 100}`)).toEqual(['b']);
  expect(await ids('?joined=false')).toEqual(['b']);
  expect(await ids('?wrong=true')).toEqual(['c']);
  expect((await rows('?version=v1&features=false')).items).toMatchObject([{ id: 'a', features: {} }]);
  const first = await rows('?limit=2');
  expect(first.items).toHaveLength(2);
  const second = await rows(`?limit=2&before=${first.next}`);
  expect([second.items.map(({ id }) => id), second.next]).toEqual([['a'], undefined]);
  for (const [query, expected] of [
    ['?segment=country', 'together'],
    ['?segment=mail&value=x', 'one of country'],
    ['?limit=0', 'from 1 to 1000'],
    ['?joined=maybe', 'true, false'],
  ] as const) {
    const answer = await ask(query);
    expect([answer.status, await message(answer)]).toEqual([400, expect.stringContaining(expected)]);
  }
});

it('gives files: CSV without formulas, and JSON lines', async () => {
  await start();
  await filled();
  const csv = await ask('.csv');
  expect(csv.headers.get('content-disposition')).toBe('attachment; filename="shop-risk-rows.csv"');
  const [header, first, second] = (await csv.text()).split('\r\n');
  expect(header).toBe(
    'id,version,timeSeconds,prediction,score,actual,actualSeconds,predictedClass,actualClass,wrong,segments.country,features.amount,features.country,features.mail'
  );
  expect(first).toMatch(/^c,v2,\d+,yes,,no,[\d.]+,yes,no,true,other,15,'=1\+1,$/);
  // A number is none of a spreadsheet's formulas.
  expect(second).toMatch(/^b,v2,\d+,no,,,,no,,,other,-1,SE,$/);
  const lines = (await (await ask('.jsonl?version=v1')).text()).trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(['a']);
  const head = await fetch(`${url}/api/v1/models/shop/risk/rows.csv`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

it('forgets by id, and tells how much it holds', async () => {
  await start();
  await filled();
  const forget = async (id: string) =>
    (await fetch(`${url}/ingest/predictions/shop/risk/${id}`, { method: 'DELETE' })).json();
  expect(await forget('a')).toEqual({ deleted: true });
  expect(await forget('a')).toEqual({ deleted: false });
  expect(await ids()).toEqual(['c', 'b']);
  const scrape = async () => (await fetch(`${url}/metrics`)).text();
  await scrape();
  const text = await scrape();
  expect(text).toContain('modelwatch_exploration_rows{namespace="shop",model="risk"} 2\n');
  expect(text).toMatch(/modelwatch_exploration_bytes\{namespace="shop",model="risk"\} \d{3,4}\n/);
  expect(text).toContain(
    'modelwatch_exploration_rows_removed_total{namespace="shop",model="risk",reason="deleted"} 1\n'
  );
  expect(text).not.toContain('Ann');
});

it('forgets where predictions are not joined, too', async () => {
  await start({ events: { joins: {} } });
  await post('predictions', EVENTS);
  const answer = await fetch(`${url}/ingest/predictions/shop/risk/a`, { method: 'DELETE' });
  expect(await answer.json()).toEqual({ deleted: true });
  expect(await ids()).toEqual(['c', 'b']);
});

it('opens to its own token alone, whoever can log in', async () => {
  const webFile = join(folder, 'web.yml');
  writeFileSync(webFile, `basic_auth_users:\n  ann: ${JSON.stringify(hashSync('secret', 4))}\n`);
  await start({ web: { configFile: webFile } });
  const basic = `Basic ${Buffer.from('ann:secret').toString('base64')}`;
  const status = async (...args: Parameters<typeof ask>) => (await ask(...args)).status;
  expect(await status('', { authorization: basic })).toBe(401);
  expect(await status('.csv', {})).toBe(401);
  expect(await status('', { authorization: 'Bearer another-token-than-this' })).toBe(401);
  expect(await status('', { authorization: `Bearer ${TOKEN}` })).toBe(200);
  // The token opens nothing else, and nobody without it learns which models there are.
  const authorization = `Bearer ${TOKEN}`;
  expect((await fetch(`${url}/api/v1/models/shop/risk/monitoring`, { headers: { authorization } })).status).toBe(401);
  expect((await fetch(`${url}/metrics`, { headers: { authorization } })).status).toBe(401);
  expect(await status('', {}, 'nobody')).toBe(401);
  expect(await status('', undefined, 'nobody')).toBe(404);
  writeFileSync(tokenFile, 'short');
  expect(await status()).toBe(503);
  writeFileSync(tokenFile, `${TOKEN}\n`);
});

it('is off until the exporter and the model both say so', async () => {
  await start({ settings: { enabled: false } });
  const off = await ask();
  expect([off.status, await message(off)]).toEqual([404, expect.stringContaining('exploration.enabled is not true')]);
  await start({ events: { exploration: {} } });
  await post('predictions', EVENTS);
  const refused = await ask();
  expect([refused.status, await message(refused)]).toEqual([
    403,
    expect.stringContaining('events.exploration.tokenFile'),
  ]);
  const monitoring = await (await fetch(`${url}/api/v1/models/shop/risk/monitoring`)).json();
  expect(monitoring).toMatchObject({
    settings: { exploration: { value: SETTINGS, origin: 'config' } },
    problems: [{ text: expect.stringContaining('expected events.exploration.tokenFile') as string }],
  });
  expect(await (await fetch(`${url}/metrics`)).text()).not.toContain('modelwatch_exploration_rows{');
});
