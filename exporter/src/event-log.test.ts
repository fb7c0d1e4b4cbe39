/** The event log from what happens to file, receiver and read API: the real exporter, its real sinks. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_PATHS, decodeEventList } from '@modelwatch/contract';
import { ConfigError } from './config/load';
import { configSchema } from './config/schema';
import { startExporter } from './exporter';
import { startReceiver } from './log/events/receiver.fixture';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-event-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('writes its start, changes of its configuration and its end to all sinks, without a secret', async () => {
  const receiver = await startReceiver();
  const [path, keyFile] = [join(folder, 'events.ndjson'), join(folder, 'key')];
  writeFileSync(keyFile, 'hunter2');
  const authorization = { type: 'ApiKey', credentialsFile: keyFile };
  const search = { name: 'search', url: receiver.url, queueDirectory: join(folder, 'queue'), authorization };
  const first = {
    log: { level: 'fatal' },
    kubernetes: { enabled: false },
    servers: { standalone: [{ name: 'nobody', url: 'http://127.0.0.1:9' }] },
    eventLog: { file: { path }, elasticsearch: [search] },
    web: { listenAddress: '127.0.0.1', port: 0 },
  };
  let next: object = first;
  const exporter = await startExporter(configSchema.parse(first), {
    source: {
      load: () => {
        if ('refused' in next) throw new ConfigError(['refused: expected a known key, got "hunter2"']);
        return { config: configSchema.parse(next), hash: '', ignoredVariables: [] };
      },
    },
  });
  await receiver.has(1);
  next = { ...first, grafana: { url: 'http://me:hunter2@grafana' } };
  expect(exporter.reload()).toMatchObject({ result: 'in-force' });
  next = { refused: true };
  expect(exporter.reload()).toMatchObject({ result: 'refused' });
  // Other sinks take over, and those before them keep nothing back.
  next = { ...first, eventLog: { file: { path }, elasticsearch: [search], remembered: 10 } };
  expect(exporter.reload()).toMatchObject({ result: 'in-force' });
  await receiver.has(4);

  const list = decodeEventList(await (await fetch(`${exporter.url}${API_PATHS.events}?kind=configuration`)).json());
  expect(list.items.map(({ action }) => action).sort()).toEqual([
    'configuration-changed',
    'configuration-changed',
    'configuration-refused',
    'exporter-started',
  ]);
  const changed = list.items.find(({ to, text }) => to !== undefined && text.includes('grafana.url'));
  expect(changed?.from).toMatch(/^[0-9a-f]{12}$/);
  expect((await fetch(`${exporter.url}${API_PATHS.events}?kind=prediction`)).status).toBe(400);
  const metrics = await (await fetch(`${exporter.url}/metrics?collect[]=exporter`)).text();
  expect(metrics).toContain('modelwatch_exporter_event_log_written_total{sink="elasticsearch/search"}');
  await exporter.stop();

  await receiver.stop();
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const actions = lines.map((line) => (JSON.parse(line) as { event: { action: string } }).event.action);
  expect(actions).toEqual([
    'exporter-started',
    'configuration-changed',
    'configuration-refused',
    'configuration-changed',
    'exporter-stopped',
  ]);
  expect(receiver.requests.every(({ headers }) => headers.authorization === 'ApiKey hunter2')).toBe(true);
  expect([...receiver.stored.values()].sort()).toEqual([...lines].sort());
  expect(lines.join('')).not.toContain('hunter2');
});
