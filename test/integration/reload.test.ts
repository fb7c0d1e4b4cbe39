/** A configuration that changes under a running exporter: the real process, its signals and its file. Needs `npm run build`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { METRICS } from '@modelwatch/contract';
import { startDemo, type Demo } from '@modelwatch/demo';
import { stringify } from 'yaml';
import { freePort, startProgram, until, type Program } from '../support/processes';

const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-reload-'));
const file = join(folder, 'modelwatch.yml');

let demo: Demo;
let exporter: Program;
let url: string;

const configuration = (change: { kubernetes?: object; web?: object; log?: object } = {}) => ({
  web: { listenAddress: '127.0.0.1', port: Number(new URL(url).port), enableLifecycle: true, ...change.web },
  log: change.log ?? {},
  kubernetes: { server: demo.api.url, ...change.kubernetes },
  servers: { access: 'api-proxy', probeIntervalSeconds: 1 },
});
const write = (change?: Parameters<typeof configuration>[0]) => writeFileSync(file, stringify(configuration(change)));
const scrape = async () => (await fetch(`${url}/metrics`)).text();
const reload = () => fetch(`${url}/-/reload`, { method: 'POST' });
const value = (text: string, series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')[1] ?? NaN
  );
const hashOf = (text: string) => /config_info\{hash="(\w+)"\} 1/.exec(text)?.[1];
/** `namespace/model` of all that serve. */
const serving = (text: string) =>
  [...text.matchAll(/^modelwatch_model_serving\{namespace="([^"]+)",model="([^"]+)",state="serving"\} 1$/gm)]
    .map(([, namespace, model]) => `${namespace}/${model}`)
    .sort();
const FAILURES = `${METRICS.exporterConfigReloadFailures.name}{config="exporter"}`;
const SUCCESSFUL = `${METRICS.exporterConfigReloadSuccessful.name}{config="exporter"}`;
const PENDING = METRICS.exporterConfigReloadPending.name;

beforeAll(async () => {
  demo = await startDemo();
  url = `http://127.0.0.1:${await freePort()}`;
  write();
  exporter = startProgram(process.execPath, [MODELWATCH, 'exporter', '--config.file', file]);
  await until(
    'a fleet that serves',
    async () => serving(await scrape()).length,
    (count) => count >= 15,
    60_000
  );
}, 90_000);
afterAll(async () => {
  await exporter.stop();
  await demo.stop();
  rmSync(folder, { recursive: true });
});

it('takes in the level of the log on SIGHUP, at once', async () => {
  const before = hashOf(await scrape());
  write({ log: { level: 'warn' } });
  exporter.signal('SIGHUP');
  const text = await until('another hash', scrape, (now) => hashOf(now) !== before);
  expect(value(text, SUCCESSFUL)).toBe(1);
  expect(value(text, PENDING)).toBe(0);
}, 60_000);

it('narrows and widens what is watched, and misses in no scrape a model that both configurations have', async () => {
  const all = serving(await scrape());
  const [namespace = ''] = all[0]?.split('/') ?? [];
  const kept = all.filter((model) => model.startsWith(`${namespace}/`));
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(all.length);
  const missed: string[] = [];
  let scrapes = 0;
  const scraped = async () => {
    const text = await scrape();
    const now = new Set(serving(text));
    missed.push(...kept.filter((model) => !now.has(model)));
    scrapes += 1;
    return text;
  };

  write({ kubernetes: { namespaces: [namespace] } });
  expect(await (await reload()).json()).toEqual({ result: 'pending', needsRestart: [] });
  expect(value(await scraped(), PENDING)).toBe(1);
  await until('fewer models', scraped, (text) => value(text, PENDING) === 0);
  expect(serving(await scraped())).toEqual(kept);

  write();
  expect(await (await reload()).json()).toEqual({ result: 'pending', needsRestart: [] });
  await until('all models', scraped, (text) => value(text, PENDING) === 0);
  expect(serving(await scraped())).toEqual(all);
  expect(missed).toEqual([]);
  expect(scrapes).toBeGreaterThan(4);
}, 90_000);

it('keeps the one before when the new one is wrong, is gone, or names what is not there, and says why', async () => {
  const before = await scrape();
  writeFileSync(file, 'web:\n  port: eighty\n  tokne: hunter2\n');
  exporter.signal('SIGHUP');
  let text = await until('the refusal', scrape, (now) => value(now, FAILURES) > value(before, FAILURES));
  expect(value(text, SUCCESSFUL)).toBe(0);
  expect(exporter.output()).toContain(
    `web.port: expected a whole number from 0 to 65535, got \\"eighty\\" (${file} line 2)`
  );
  expect(exporter.output()).not.toContain('hunter2');
  rmSync(file);
  const answer = await reload();
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain('no such file');

  write({ web: { configFile: join(folder, 'none.yml') } });
  expect(await (await reload()).text()).toContain('none.yml: expected a readable YAML file');
  text = await scrape();
  expect(hashOf(text)).toBe(hashOf(before));
  expect(serving(text)).toEqual(serving(before));

  write();
  text = await until('what was there before', scrape, (now) => value(now, SUCCESSFUL) === 1);
  expect(hashOf(text)).toBe(hashOf(before));
}, 60_000);

it('says which keys need a restart, and keeps them', async () => {
  write({ web: { port: 1 } });
  expect(await (await reload()).json()).toEqual({ result: 'in-force', needsRestart: ['web.port'] });
  expect((await fetch(`${url}/livez`)).status).toBe(200);
});

it('sees by itself that its file changes, and closes the door that it is told to close', async () => {
  const before = hashOf(await scrape());
  write({ web: { enableLifecycle: false } });
  await until('another hash', scrape, (text) => hashOf(text) !== before);
  expect((await reload()).status).toBe(403);
  expect((await fetch(`${url}/-/reload`)).status).toBe(405);
}, 30_000);
