/** What is promised of actuals when the exporter is killed, as docs/accuracy.md has it. Needs `npm run build`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestReport } from '@modelwatch/contract';
import { stringify } from 'yaml';
import { freePort, startProgram, until, type Program } from '../support/processes';

const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-killed-'));
// On a busy machine programs take their time to start.
jest.setTimeout(60_000);

const PER_REQUEST = 50;
const OF = 'namespace="shop",model="demand"';
let url: string;
let exporter: Program;

async function start(): Promise<void> {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'modelwatch.yml');
  writeFileSync(
    config,
    stringify({
      web: { listenAddress: '127.0.0.1', port },
      log: { level: 'warn' },
      kubernetes: { enabled: false },
      monitoring: { models: [{ namespace: 'shop', model: 'demand', accuracy: { task: 'regression' } }] },
      events: { joins: { directory: join(folder, 'joins') } },
    })
  );
  exporter = startProgram(process.execPath, [MODELWATCH, 'exporter', '--config.file', config]);
  await until('open predictions', metrics, (text) => text.includes('modelwatch_exporter_join_store_up 1'));
}

async function metrics(): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}
const valueIn = (text: string, series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`modelwatch_${series} `))
      ?.split(' ')[1]
  );

async function post(path: string, body: object): Promise<IngestReport> {
  const answer = await fetch(`${url}/ingest/${path}/shop/demand`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as IngestReport;
}

const predictions = (ids: readonly string[]) => ({ predictions: ids.map((id) => ({ id, prediction: 1 })) });
const actuals = (ids: readonly string[]) => ({ actuals: ids.map((id) => ({ id, actual: 2 })) });

/** Posts on several connections until the exporter is no more. @returns the ids that were acknowledged, by request */
async function postUntilKilled(kill: () => boolean): Promise<string[][]> {
  const acknowledged: string[][] = [];
  let request = 0;
  const sender = async () => {
    for (;;) {
      const ids = Array.from({ length: PER_REQUEST }, (_, index) => `request ${request} row ${index}`);
      request += 1;
      try {
        await post('predictions', predictions(ids));
      } catch {
        return;
      }
      acknowledged.push(ids);
      if (kill()) exporter.signal('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: 4 }, sender));
  return acknowledged;
}

afterAll(async () => {
  await exporter.stop();
  rmSync(folder, { recursive: true });
});

test('killed in the middle, the exporter loses nothing that it acknowledged, and joins nothing twice', async () => {
  await start();
  await post('predictions', predictions(['joined before']));
  await post('actuals', actuals(['joined before', 'before its prediction']));
  let left = 60;
  const acknowledged = await postUntilKilled(() => (left -= 1) === 0);
  expect(await exporter.ended).toBe('SIGKILL');
  expect(acknowledged.length).toBeGreaterThanOrEqual(60);

  await start();
  const text = await metrics();
  expect(valueIn(text, `open_predictions{${OF}}`)).toBeGreaterThanOrEqual(acknowledged.length * PER_REQUEST);
  expect(valueIn(text, 'exporter_join_records{state="waiting"}')).toBe(1);
  expect(valueIn(text, `actuals_total{${OF},outcome="joined"}`)).toBe(0);
  for (const ids of acknowledged) {
    expect(await post('actuals', actuals(ids))).toMatchObject({ accepted: PER_REQUEST, waiting: 0, duplicates: 0 });
  }
  // As by a sender that heard no answer.
  for (const ids of acknowledged.slice(-3)) {
    await post('predictions', predictions(ids));
    expect(await post('actuals', actuals(ids))).toMatchObject({ accepted: 0, duplicates: PER_REQUEST });
  }
  expect(await post('actuals', actuals(['joined before']))).toMatchObject({ duplicates: 1 });
  await post('predictions', predictions(['before its prediction']));
  await metrics();
  const joined = acknowledged.length * PER_REQUEST + 1;
  const after = await metrics();
  expect(valueIn(after, `actuals_total{${OF},outcome="joined"}`)).toBe(joined);
  expect(valueIn(after, `accuracy_pairs_total{${OF},version="",age="1h"}`)).toBe(joined);
  expect(valueIn(after, `error_sum_total{${OF},version="",age="1h",sign="under"}`)).toBe(joined);
});

test('killed, its counters begin at 0: what it had counted is for Prometheus to add up, what is sent again counts again', async () => {
  const counted = `predictions_total{${OF},version=""}`;
  await post('predictions', predictions(['killed 1', 'killed 2']));
  await metrics();
  expect(valueIn(await metrics(), counted)).toBeGreaterThanOrEqual(2);
  exporter.signal('SIGKILL');
  expect(await exporter.ended).toBe('SIGKILL');
  await start();
  // Ids are remembered in memory, unlike the predictions that wait for their actuals.
  expect(await post('predictions', predictions(['killed 2', 'killed 3']))).toMatchObject({ accepted: 2 });
  expect(valueIn(await metrics(), counted)).toBe(0);
  expect(valueIn(await metrics(), counted)).toBe(2);
});

test('a directory that another exporter has is refused in words, and taken when that one ends', async () => {
  const first = exporter;
  const port = await freePort();
  const config = join(folder, 'second.yml');
  writeFileSync(
    config,
    stringify({
      web: { listenAddress: '127.0.0.1', port },
      kubernetes: { enabled: false },
      monitoring: { models: [{ namespace: 'shop', model: 'demand', accuracy: { task: 'regression' } }] },
      events: { joins: { directory: join(folder, 'joins') } },
    })
  );
  exporter = startProgram(process.execPath, [MODELWATCH, 'exporter', '--config.file', config]);
  url = `http://127.0.0.1:${port}`;
  await until('the refusal', metrics, (text) => text.includes('join_store_errors_total{reason="locked"} 1'));
  expect(exporter.output()).toMatch(/expected a directory that no other process has open/);
  await expect(post('actuals', actuals(['a']))).rejects.toThrow(/join_store/);
  expect(await post('predictions', predictions(['a']))).toMatchObject({ accepted: 1 });
  await first.stop();
  await until('open predictions', metrics, (text) => text.includes('modelwatch_exporter_join_store_up 1'));
});
