/** A database that the configuration declares, and a model that needs it: without Kubernetes, over a reload, in shards. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadConfig } from '../../exporter/src/config/load';
import { createSharding } from '../../exporter/src/domain/shards';
import { startExporter, type RunningExporter } from '../../exporter/src/exporter';
import { until } from '../support/processes';

const closers: (() => unknown)[] = [];
let folder: string;
let database: Server;
let port: number;
let modelUrl: string;

async function listen(server: Server, on = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(on, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'modelwatch-dependencies-'));
  database = createServer((socket) => socket.on('error', () => undefined));
  port = await listen(database);
  const model = createHttp((request, response) => {
    const answers: Record<string, string> = {
      '/v2': '{"name":"mlserver","version":"1.6.1","extensions":[]}',
      '/v2/health/ready': '',
      '/v2/health/live': '',
      '/v2/repository/index': '[{"name":"scores","version":"1","state":"READY","reason":""}]',
    };
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(answer);
  });
  modelUrl = `http://127.0.0.1:${await listen(model)}`;
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

async function start(change: object = {}): Promise<{ exporter: RunningExporter; write: (seconds: number) => void }> {
  const file = join(folder, `exporter-${closers.length}.yaml`);
  const write = (probeTimeoutSeconds: number) => {
    const dependency = { name: 'orders', namespace: 'data', role: 'database', tcp: { address: `127.0.0.1:${port}` } };
    const servers = {
      probeIntervalSeconds: 1,
      probeTimeoutSeconds,
      standalone: [{ name: 'box', url: modelUrl, models: [{ name: 'scores' }] }],
      dependencies: [{ ...dependency, of: [{ namespace: 'standalone', model: 'scores' }] }],
    };
    const web = { listenAddress: '127.0.0.1', port: 0 };
    writeFileSync(
      file,
      stringify({ web, log: { level: 'fatal' }, kubernetes: { enabled: false }, servers, ...change })
    );
  };
  write(1);
  const load = () => loadConfig({ file, env: {}, flags: {} });
  const exporter = await startExporter(load().config, { source: { load, file } });
  closers.push(() => exporter.stop());
  return { exporter, write };
}

const metrics = async ({ url }: RunningExporter) => (await fetch(`${url}/metrics`)).text();
const UP = 'modelwatch_component_up{namespace="data",component="orders"}';
const SERVING = 'modelwatch_model_serving{namespace="standalone",model="scores",state="serving"} 1';
const DEGRADED = 'modelwatch_model_serving{namespace="standalone",model="scores",state="degraded"} 1';

describe('a declared database', () => {
  it('degrades its model while it is down, also over a reload, and no longer', async () => {
    const { exporter, write } = await start();
    const page = () => metrics(exporter);
    await until('both to be well', page, (text) => text.includes(SERVING) && text.includes(`${UP} 1`));
    await new Promise((resolve) => database.close(resolve));
    await until('the model to be degraded', page, (text) => text.includes(DEGRADED) && text.includes(`${UP} 0`));
    const model: unknown = await (await fetch(`${exporter.url}/api/v1/models/standalone/scores`)).json();
    expect(JSON.stringify(model)).toContain(
      `A dependency is not ready (orders in data: TCP 127.0.0.1:${port}: connection refused)`
    );
    write(0.9);
    expect(exporter.reload().result).toBe('pending');
    const seen = new Set<string>();
    await until(
      'the new configuration to be in force',
      async () => {
        const text = await page();
        seen.add([text.includes(DEGRADED), text.includes(`${UP} 0`)].join());
        return text;
      },
      (text) => text.includes('\nmodelwatch_exporter_config_reload_pending 0\n')
    );
    expect([...seen]).toEqual(['true,true']);
    await listen(database, port);
    await until('both to be well again', page, (text) => text.includes(SERVING) && text.includes(`${UP} 1`));
  });

  it('is shown by the shard of its namespace, and degrades its model on another', async () => {
    const { ownerOf } = createSharding({ shard: 0, totalShards: 3 });
    expect(ownerOf('data')).not.toBe(ownerOf('standalone'));
    await new Promise((resolve) => database.close(resolve));
    const [shown, degraded] = [
      await start({ totalShards: 3, shard: ownerOf('data') }),
      await start({ totalShards: 3, shard: ownerOf('standalone') }),
    ];
    await until(
      'the shard of the database',
      () => metrics(shown.exporter),
      (text) => text.includes(`${UP} 0`)
    );
    const page = await until(
      'the shard of the model',
      () => metrics(degraded.exporter),
      (text) => text.includes(DEGRADED)
    );
    expect(page).not.toContain('component="orders"');
    expect(await metrics(shown.exporter)).not.toContain('model="scores"');
  });
});
