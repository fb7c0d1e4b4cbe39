/** TorchServe 0.12.0 with a handler of ours and a stub in place of torch, one worker, tokens off, metrics for Prometheus. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { METRICS } from '@modelwatch/contract';
import { freePort } from '../support/processes';
import { itShowsOutages } from './support/outages';
import { record } from './support/record';
import { copyOfModels, program, startServer, type RealServer } from './support/real-server';
import { send } from './support/traffic';
import { watch, type Watched } from './support/watched';

const model = 'double';
/** An address of its own, so that management and metrics can be where they are by default. */
const HOST = '127.0.0.2';
const management = `http://${HOST}:8081`;
const folder = copyOfModels('torchserve');
const broken = join(folder, 'double.broken');
const env = {
  PATH: `${dirname(program('torchserve', 'python'))}:${process.env.PATH}`,
  PYTHONPATH: join(folder, 'stub'),
  MODELWATCH_BROKEN: broken,
};
let url: string;
let server: RealServer;
let watched: Watched;

const start = async () => {
  server = await startServer({
    command: program('torchserve', 'torchserve'),
    args: ['--start', '--foreground', '--ncs', '--ts-config', 'config.properties', '--disable-token-auth'],
    cwd: folder,
    env,
    isUp: async () => (await (await fetch(`${management}/models/double`)).text()).includes('"READY"'),
  });
  return server;
};

beforeAll(async () => {
  mkdirSync(join(folder, 'store'));
  const archived = spawnSync(
    program('torchserve', 'torch-model-archiver'),
    ['--model-name', 'double', '--version', '1.0', '--handler', 'double.py', '--export-path', 'store'],
    { cwd: folder, env: { ...process.env, ...env }, encoding: 'utf8' }
  );
  if (archived.status !== 0) throw new Error(archived.stderr);
  url = `http://${HOST}:${await freePort()}`;
  const settings = {
    inference_address: url,
    management_address: management,
    metrics_address: `http://${HOST}:8082`,
    grpc_inference_port: await freePort(),
    grpc_management_port: await freePort(),
    metrics_mode: 'prometheus',
    default_workers_per_model: 1,
    model_store: 'store',
    load_models: 'double.mar',
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  writeFileSync(join(folder, 'config.properties'), lines.join('\n'));
  await start();
  watched = await watch({ name: 'vision', url, models: [{ name: model }] });
});

describe('TorchServe 0.12.0', () => {
  it('is seen with its model, and has no figures before the first request', async () => {
    await watched.shows((page) => {
      expect(page.value(METRICS.endpointUp.name)).toBe(1);
      expect(page.value(METRICS.endpointReady.name)).toBe(1);
      expect(page.value(METRICS.endpointModelReady.name, { model })).toBe(1);
      expect(page.holding(METRICS.modelServing, 'state', { model })).toBe('serving');
      expect(page.requests(model)).toEqual({});
      expect(page.can('requests', 'versions', 'duration', 'queue')).toEqual([1, 1, 1, 1]);
      expect(page.can('outcomes', 'error_sides', 'duration_buckets', 'tokens')).toEqual([0, 0, 0, 0]);
    });
  });

  it('counts by version what was sent, and times it as the client saw it', async () => {
    const predict = `${url}/predictions/double`;
    const good = await send(20, { url: predict, body: { x: [1, 2] }, status: 200 });
    const slow = await send(4, { url: predict, body: { x: [1], wait_seconds: 0.25 }, status: 200 });
    const raised = await send(3, { url: predict, body: { x: [-1] }, status: 503 });
    const malformed = await send(2, { url: predict, body: '{not json', status: 503 });
    const versioned = await send(5, { url: `${predict}/1.0`, body: { x: [1] }, status: 200 });
    // Counted nowhere.
    await send(2, { url: `${url}/predictions/nope`, body: { x: [1] }, status: 404 });
    await send(2, { url: `${predict}/9.9`, body: { x: [1] }, status: 404 });
    // The server cannot tell what became of a request.
    const page = await watched.shows((shown) => {
      expect(shown.requests(model)).toEqual({ '/unknown': 29, '1.0/unknown': 5 });
      expect(shown.requests('nope')).toEqual({});
    });
    await record(`http://${HOST}:8082/metrics`, {
      kind: 'torchserve',
      server: 'TorchServe 0.12.0',
      model: model,
      requests: page.requests(model),
      tokens: page.tokens(model),
    });
    const duration = page.histogram(METRICS.inferenceDuration, model, '');
    expect(duration).toMatchObject({ count: 29, buckets: 1 });
    expect(duration?.sum).toBeGreaterThanOrEqual(4 * 0.25);
    expect(duration?.sum).toBeLessThanOrEqual(good.seconds + slow.seconds + raised.seconds + malformed.seconds);
    expect(page.histogram(METRICS.inferenceDuration, model, '1.0')?.sum).toBeLessThanOrEqual(versioned.seconds);
    expect(page.histogram(METRICS.inferenceQueue, model, '')?.sum).toBeLessThan(duration?.sum ?? 0);
  });

  it('follows its workers: none, one that cannot start, one', async () => {
    const scale = (workers: number, status: number) =>
      send(1, {
        url: `${management}/models/double?min_worker=${workers}&max_worker=${workers}`,
        method: 'PUT',
        status,
      });
    const shows = (ready: number, serving: string, patienceMs?: number) =>
      watched.shows((page) => {
        expect(page.value(METRICS.endpointModelReady.name, { model })).toBe(ready);
        expect(page.holding(METRICS.modelServing, 'state', { model })).toBe(serving);
        // Its ping says Healthy all the time.
        expect(page.value(METRICS.endpointUp.name)).toBe(1);
      }, patienceMs);
    await scale(0, 202);
    await shows(0, 'failed');
    writeFileSync(broken, '');
    await scale(1, 202);
    await shows(0, 'failed');
    rmSync(broken);
    await shows(1, 'serving', 60_000);
  });

  itShowsOutages(() => ({ watched, server, restart: start, model }));
});
