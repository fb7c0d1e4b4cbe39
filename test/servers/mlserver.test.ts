/** MLServer 1.7.1 with two models of a runtime of ours, one worker process, metrics on a port of their own. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '@modelwatch/contract';
import { freePort } from '../support/processes';
import { itShowsOutages } from './support/outages';
import { record } from './support/record';
import { answersOk, copyOfModels, program, startServer, type RealServer } from './support/real-server';
import { send, tensor } from './support/traffic';
import { watch, type Watched } from './support/watched';

const repository = copyOfModels('mlserver');
let url: string;
let metricsUrl: string;
let server: RealServer;
let watched: Watched;
let overGrpc: Watched;

const start = async () => {
  server = await startServer({
    command: program('mlserver', 'mlserver'),
    args: ['start', '.'],
    cwd: repository,
    isUp: answersOk(`${url}/v2/health/ready`),
  });
  return server;
};

beforeAll(async () => {
  const [http_port, grpc_port, metrics_port] = [await freePort(), await freePort(), await freePort()];
  url = `http://127.0.0.1:${http_port}`;
  metricsUrl = `http://127.0.0.1:${metrics_port}/metrics`;
  const settings = { host: '127.0.0.1', http_port, grpc_port, metrics_port, parallel_workers: 1 };
  writeFileSync(join(repository, 'settings.json'), JSON.stringify(settings));
  await start();
  watched = await watch({
    name: 'laptop',
    url,
    metricsUrl,
    models: [{ name: 'double' }, { name: 'fragile' }],
  });
  overGrpc = await watch({
    name: 'grpc-only',
    url: `grpc://127.0.0.1:${grpc_port}`,
    metricsUrl,
    models: [{ name: 'double' }, { name: 'fragile' }],
  });
});

describe('MLServer 1.7.1', () => {
  it('is seen with its name, its version and its models, and has no figures before the first request', async () => {
    await watched.shows((page) => {
      expect(page.all(METRICS.endpointInfo.name)).toMatchObject([
        { labels: { namespace: 'standalone', server: 'laptop', server_name: 'mlserver', server_version: '1.7.1' } },
      ]);
      expect(page.value(METRICS.endpointReady.name)).toBe(1);
      for (const model of ['double', 'fragile']) {
        expect(page.value(METRICS.endpointModelReady.name, { model })).toBe(1);
        expect(page.holding(METRICS.endpointModelState, 'state', { model })).toBe('ready');
        expect(page.holding(METRICS.modelServing, 'state', { model })).toBe('serving');
        expect(page.requests(model)).toEqual({});
      }
      expect(page.can('requests', 'outcomes', 'versions', 'duration')).toEqual([1, 1, 1, 1]);
      expect(page.can('duration_buckets', 'error_sides', 'queue', 'tokens')).toEqual([0, 0, 0, 0]);
    });
  });

  it('says the same over gRPC', async () => {
    await overGrpc.shows((page) => {
      expect(page.all(METRICS.endpointInfo.name)).toMatchObject([
        { labels: { server: 'grpc-only', server_name: 'mlserver', server_version: '1.7.1' } },
      ]);
      expect(page.value(METRICS.endpointReady.name)).toBe(1);
      for (const model of ['double', 'fragile']) {
        expect(page.value(METRICS.endpointModelReady.name, { model })).toBe(1);
        expect(page.holding(METRICS.endpointModelState, 'state', { model })).toBe('ready');
      }
      expect(page.can('requests', 'outcomes', 'versions', 'duration')).toEqual([1, 1, 1, 1]);
    });
  });

  it('counts by outcome and version what was sent, and times it as the client saw it', async () => {
    const infer = `${url}/v2/models/double/infer`;
    const good = await send(20, { url: infer, body: tensor([1, 2, 3]), status: 200 });
    const slow = await send(4, {
      url: infer,
      body: tensor([1], { parameters: { wait_seconds: 0.25 } }),
      status: 200,
    });
    const raised = await send(3, { url: infer, body: tensor([-1]), status: 500 });
    const versioned = await send(5, {
      url: `${url}/v2/models/double/versions/v1/infer`,
      body: tensor([4]),
      status: 200,
    });
    // Counted by the server nowhere, or for a model that it does not have.
    await send(2, { url: infer, body: '{not json', status: 422 });
    await send(2, { url: infer, body: { x: 1 }, status: 422 });
    await send(2, { url: `${url}/v2/models/nope/infer`, body: tensor([1]), status: 404 });
    const page = await watched.shows((shown) => {
      expect(shown.requests('double')).toEqual({ '/success': 24, '/unknown': 3, 'v1/success': 5, 'v1/unknown': 0 });
      expect(shown.requests('nope')).toEqual({});
    });
    await record(metricsUrl, {
      kind: 'mlserver',
      server: 'MLServer 1.7.1',
      model: 'double',
      requests: page.requests('double'),
      tokens: page.tokens('double'),
    });
    const unversioned = page.histogram(METRICS.inferenceDuration, 'double', '');
    expect(unversioned).toMatchObject({ count: 27, buckets: 1 });
    expect(unversioned?.sum).toBeGreaterThanOrEqual(4 * 0.25);
    expect(unversioned?.sum).toBeLessThanOrEqual(good.seconds + slow.seconds + raised.seconds);
    const v1 = page.histogram(METRICS.inferenceDuration, 'double', 'v1');
    expect(v1).toMatchObject({ count: 5, buckets: 1 });
    expect(v1?.sum).toBeLessThanOrEqual(versioned.seconds);
  });

  it('follows a model through unload, a load that fails, and a load', async () => {
    const control = (verb: string, status: number) =>
      send(1, { url: `${url}/v2/repository/models/fragile/${verb}`, status });
    const shows = async (ready: number, state: string, serving: string) => {
      for (const each of [watched, overGrpc])
        await each.shows((page) => {
          expect(page.value(METRICS.endpointModelReady.name, { model: 'fragile' })).toBe(ready);
          expect(page.holding(METRICS.endpointModelState, 'state', { model: 'fragile' })).toBe(state);
          expect(page.holding(METRICS.modelServing, 'state', { model: 'fragile' })).toBe(serving);
          expect(page.holding(METRICS.modelServing, 'state', { model: 'double' })).toBe('serving');
          expect(page.value(METRICS.endpointReady.name)).toBe(1);
        });
    };
    const broken = join(repository, 'fragile.broken');
    await control('unload', 200);
    await shows(0, 'unavailable', 'failed');
    writeFileSync(broken, '');
    await control('load', 500);
    await shows(0, 'unavailable', 'failed');
    rmSync(broken);
    writeFileSync(join(repository, 'fragile.slow'), '');
    const loaded = control('load', 200);
    await watched.seen((page) => {
      expect(page.value(METRICS.endpointModelReady.name, { model: 'fragile' })).toBe(0);
      expect(page.holding(METRICS.endpointModelState, 'state', { model: 'fragile' })).toBe('loading');
      expect(page.holding(METRICS.modelServing, 'state', { model: 'fragile' })).toBe('progressing');
    });
    await loaded;
    await shows(1, 'ready', 'serving');
  });

  // In .metrics of the folder that it was started in: a container that starts anew has lost them.
  itShowsOutages(() => ({ watched, server, restart: start, model: 'double', keepsCounts: true }));
});
