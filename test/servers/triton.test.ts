/** Triton 2.51.0 with its Python back-end: a model of two versions, and one that can be made to fail to load. */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { METRICS } from '@modelwatch/contract';
import { freePort } from '../support/processes';
import { itShowsOutages } from './support/outages';
import { record } from './support/record';
import { answersOk, copyOfModels, packagesOf, program, startServer, type RealServer } from './support/real-server';
import { send, tensor } from './support/traffic';
import { watch, type Watched } from './support/watched';

const repository = copyOfModels('triton');
const home = join(packagesOf('triton'), 'pytriton/tritonserver');
let ports: readonly [http: number, grpc: number, metrics: number];
let url: string;
let metricsUrl: string;
let server: RealServer;
let watched: Watched;

const start = async () => {
  const [http, grpc, metrics] = ports;
  server = await startServer({
    command: join(home, 'bin/tritonserver'),
    args: [
      ...['--model-repository', repository, '--backend-directory', join(home, 'backends')],
      ...['--cache-config', 'local,size=1048576', '--cache-directory', join(home, 'caches')],
      ...['--model-control-mode', 'explicit', '--load-model', '*'],
      ...['--http-port', http, '--grpc-port', grpc, '--metrics-port', metrics].map(String),
    ],
    cwd: repository,
    env: {
      PATH: `${dirname(program('triton', 'python'))}:${process.env.PATH}`,
      LD_LIBRARY_PATH: dirname(process.env.MODELWATCH_PYTHON_LIBRARY ?? ''),
    },
    isUp: answersOk(`${url}/v2/health/ready`),
  });
  return server;
};

beforeAll(async () => {
  for (const version of ['double/1', 'double/2', 'fragile/1', 'cached/1']) {
    cpSync(join(repository, 'model.py'), join(repository, version, 'model.py'));
  }
  rmSync(join(repository, 'model.py'));
  ports = [await freePort(), await freePort(), await freePort()];
  url = `http://127.0.0.1:${ports[0]}`;
  metricsUrl = `http://127.0.0.1:${ports[2]}/metrics`;
  await start();
  watched = await watch({
    name: 'gpu-box',
    url,
    metricsUrl,
    models: [{ name: 'double' }, { name: 'fragile' }, { name: 'cached' }],
  });
});

const waiting = (seconds: number) => ({ name: 'wait', shape: [1, 1], datatype: 'FP32', data: [seconds] });

describe('Triton 2.51.0', () => {
  it('is seen with its name, its version and its models, and counts 0 before the first request', async () => {
    await watched.shows((page) => {
      expect(page.all(METRICS.endpointInfo.name)).toMatchObject([
        { labels: { namespace: 'standalone', server: 'gpu-box', server_name: 'triton', server_version: '2.51.0' } },
      ]);
      expect(page.value(METRICS.endpointReady.name)).toBe(1);
      for (const model of ['double', 'fragile', 'cached']) {
        expect(page.value(METRICS.endpointModelReady.name, { model })).toBe(1);
        expect(page.holding(METRICS.endpointModelState, 'state', { model })).toBe('ready');
        expect(page.holding(METRICS.modelServing, 'state', { model })).toBe('serving');
      }
      const none = { success: 0, client_error: 0, server_error: 0, unknown: 0 };
      const of = (version: string) => Object.fromEntries(Object.entries(none).map(([k, v]) => [`${version}/${k}`, v]));
      expect(page.requests('double')).toEqual({ ...of('1'), ...of('2') });
      expect(page.requests('fragile')).toEqual(of('1'));
      expect(page.can('queue', 'response_cache', 'batch_size')).toEqual([1, 1, 1]);
      expect(page.can('tokens', 'kv_cache')).toEqual([0, 0]);
    });
  });

  it('counts by outcome and version what was sent, and times it as the client saw it', async () => {
    const infer = `${url}/v2/models/double/infer`;
    const good = await send(20, { url: infer, body: tensor([1, 2, 3]), status: 200 });
    const { inputs } = tensor([1, 2, 3]);
    const slow = await send(4, { url: infer, body: { inputs: [...inputs, waiting(0.25)] }, status: 200 });
    const old = await send(5, {
      url: `${url}/v2/models/double/versions/1/infer`,
      body: tensor([1, 2, 3]),
      status: 200,
    });
    const batch = { name: 'x', shape: [4, 3], datatype: 'FP32', data: [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3] };
    const batched = await send(6, { url: infer, body: { inputs: [batch] }, status: 200 });
    // Triton counts as a success what a model answers with an error of its own.
    const answered = await send(2, { url: infer, body: tensor([-2, 2, 3]), status: 500 });
    await send(3, { url: infer, body: tensor([-1, 2, 3]), status: 500 });
    // Refused before they are scheduled: counted nowhere.
    await send(2, { url: infer, body: '{not json', status: 500 });
    await send(2, { url: infer, body: { x: 1 }, status: 500 });
    await send(2, { url: infer, body: tensor([1, 2]), status: 400 });
    await send(2, { url: `${url}/v2/models/nope/infer`, body: tensor([1, 2, 3]), status: 404 });
    const page = await watched.shows((shown) => {
      expect(shown.requests('double')).toEqual({
        ...{ '1/success': 5, '1/client_error': 0, '1/server_error': 0, '1/unknown': 0 },
        ...{ '2/success': 32, '2/client_error': 0, '2/server_error': 3, '2/unknown': 0 },
      });
      expect(shown.requests('nope')).toEqual({});
    });
    await record(metricsUrl, {
      kind: 'triton',
      server: 'Triton 2.51.0',
      model: 'double',
      requests: page.requests('double'),
      tokens: page.tokens('double'),
    });
    // Times are of the successes alone.
    const duration = page.histogram(METRICS.inferenceDuration, 'double', '2');
    expect(duration).toMatchObject({ count: 32, buckets: 1 });
    expect(duration?.sum).toBeGreaterThanOrEqual(4 * 0.25);
    expect(duration?.sum).toBeLessThanOrEqual(good.seconds + slow.seconds + batched.seconds + answered.seconds);
    expect(page.histogram(METRICS.inferenceDuration, 'double', '1')?.sum).toBeLessThanOrEqual(old.seconds);
    const queue = page.histogram(METRICS.inferenceQueue, 'double', '2');
    expect(queue).toMatchObject({ count: 32, buckets: 1 });
    const execution = page.histogram(METRICS.inferenceExecution, 'double', '2');
    expect(execution).toMatchObject({ count: 32, buckets: 1 });
    expect(execution?.sum).toBeGreaterThanOrEqual(4 * 0.25);
    expect((queue?.sum ?? NaN) + (execution?.sum ?? NaN)).toBeLessThanOrEqual(duration?.sum ?? 0);
    expect(page.histogram(METRICS.inferenceBatchSize, 'double', '1')).toEqual({ sum: 5, count: 5, buckets: 1 });
    // 26 alone and 6 of four; executions that raised count as such, without inferences.
    expect(page.histogram(METRICS.inferenceBatchSize, 'double', '2')).toEqual({ sum: 50, count: 35, buckets: 1 });
  });

  it('tells what the cache of responses answered, and what the model executed', async () => {
    const infer = `${url}/v2/models/cached/infer`;
    const { inputs } = tensor([5, 5, 5]);
    const executed = await send(1, { url: infer, body: { inputs: [...inputs, waiting(0.2)] }, status: 200 });
    await send(9, { url: infer, body: { inputs: [...inputs, waiting(0.2)] }, status: 200 });
    const page = await watched.shows((shown) => {
      expect(shown.requests('cached')).toMatchObject({ '1/success': 10 });
      expect(shown.value(METRICS.inferenceResponseCacheHits.name, { model: 'cached' })).toBe(9);
      expect(shown.value(METRICS.inferenceResponseCacheMisses.name, { model: 'cached' })).toBe(1);
    });
    expect(page.histogram(METRICS.inferenceDuration, 'cached', '1')?.count).toBe(10);
    const execution = page.histogram(METRICS.inferenceExecution, 'cached', '1');
    expect(execution?.count).toBe(1);
    expect(execution?.sum).toBeGreaterThanOrEqual(0.2);
    expect(execution?.sum).toBeLessThanOrEqual(executed.seconds);
  });

  it('tells how many requests wait', async () => {
    const { inputs } = tensor([1, 2, 3]);
    const call = { url: `${url}/v2/models/fragile/infer`, body: { inputs: [...inputs, waiting(1)] }, status: 200 };
    const sent = Promise.all(Array.from({ length: 6 }, () => send(1, call)));
    // One instance works on one of them.
    await watched.seen((page) => expect(page.value(METRICS.inferenceWaiting.name, { model: 'fragile' })).toBe(4));
    await sent;
    await watched.shows((page) => expect(page.value(METRICS.inferenceWaiting.name, { model: 'fragile' })).toBe(0));
  });

  it('follows a model through unload, a load that fails, and a load', async () => {
    const control = (verb: string, status: number) =>
      send(1, { url: `${url}/v2/repository/models/fragile/${verb}`, status });
    const shows = (model: 'fragile', ready: number, state: string, serving: string, serverReady: number) =>
      watched.shows((page) => {
        expect(page.value(METRICS.endpointModelReady.name, { model })).toBe(ready);
        expect(page.holding(METRICS.endpointModelState, 'state', { model })).toBe(state);
        expect(page.holding(METRICS.modelServing, 'state', { model })).toBe(serving);
        expect(page.holding(METRICS.modelServing, 'state', { model: 'double' })).toBe('serving');
        expect(page.value(METRICS.endpointReady.name)).toBe(serverReady);
      });
    const broken = join(repository, 'fragile.broken');
    await send(3, { url: `${url}/v2/models/fragile/infer`, body: tensor([1, 2, 3]), status: 200 });
    await watched.shows((page) => expect(page.requests('fragile')['1/success']).toBeGreaterThanOrEqual(3));
    await control('unload', 200);
    await shows('fragile', 0, 'unavailable', 'failed', 1);
    writeFileSync(broken, '');
    await control('load', 400);
    // Under strict readiness, which is the default, one broken model makes the whole server unready.
    await shows('fragile', 0, 'unavailable', 'failed', 0);
    rmSync(broken);
    writeFileSync(join(repository, 'fragile.slow'), '');
    const loaded = control('load', 200);
    await watched.seen((page) => {
      expect(page.value(METRICS.endpointModelReady.name, { model: 'fragile' })).toBe(0);
      expect(page.holding(METRICS.endpointModelState, 'state', { model: 'fragile' })).toBe('loading');
      expect(page.holding(METRICS.modelServing, 'state', { model: 'fragile' })).toBe('progressing');
    });
    await loaded;
    await shows('fragile', 1, 'ready', 'serving', 1);
    await watched.shows((page) => expect(page.requests('fragile')).toMatchObject({ '1/success': 0 }));
  });

  itShowsOutages(() => ({ watched, server, restart: start, model: 'double' }));
});
