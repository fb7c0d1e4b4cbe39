/** KServe's Python server 0.21.0 with two models of a class of ours, over both its protocols. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '@modelwatch/contract';
import { freePort } from '../support/processes';
import { itShowsOutages } from './support/outages';
import { record } from './support/record';
import { answersOk, copyOfModels, program, startServer, type RealServer } from './support/real-server';
import { send, tensor } from './support/traffic';
import { watch, type Watched } from './support/watched';

const folder = copyOfModels('kserve');
let url: string;
let server: RealServer;
let watched: Watched;

const start = async () => {
  server = await startServer({
    command: program('kserve', 'python'),
    args: ['serve.py', new URL(url).port],
    cwd: folder,
    isUp: answersOk(`${url}/v2/health/ready`),
  });
  return server;
};

beforeAll(async () => {
  url = `http://127.0.0.1:${await freePort()}`;
  await start();
  const models = [{ name: 'double' }, { name: 'fragile' }, { name: 'never-loaded' }];
  watched = await watch({ name: 'predictor', url, models });
});

describe("KServe's Python server 0.21.0", () => {
  it('is seen with its name, its version and its models, and has no figures before the first request', async () => {
    await watched.shows((page) => {
      expect(page.all(METRICS.endpointInfo.name)).toMatchObject([
        { labels: { namespace: 'standalone', server: 'predictor', server_name: 'kserve', server_version: '0.21.0' } },
      ]);
      expect(page.value(METRICS.endpointReady.name)).toBe(1);
      for (const model of ['double', 'fragile']) {
        expect(page.value(METRICS.endpointModelReady.name, { model })).toBe(1);
        expect(page.holding(METRICS.modelServing, 'state', { model })).toBe('serving');
        expect(page.requests(model)).toEqual({});
      }
      // The server is ready, whatever models it has.
      expect(page.holding(METRICS.modelServing, 'state', { model: 'never-loaded' })).toBe('failed');
      expect(page.can('requests', 'outcomes', 'duration', 'execution')).toEqual([1, 1, 1, 1]);
      expect(page.can('versions', 'error_sides', 'queue', 'tokens')).toEqual([0, 0, 0, 0]);
    });
  });

  it('counts by outcome what was sent, and times it as the client saw it', async () => {
    const infer = `${url}/v2/models/double/infer`;
    const predict = `${url}/v1/models/double:predict`;
    const good = await send(20, { url: infer, body: tensor([1, 2, 3]), status: 200 });
    const old = await send(10, { url: predict, body: { instances: [[1, 2]] }, status: 200 });
    const body = tensor([1], { parameters: { wait_seconds: 0.3 } });
    const slow = await send(4, { url: infer, body, status: 200 });
    const raised = await send(3, { url: infer, body: tensor([-1]), status: 500 });
    // Refused before the model is asked: counted nowhere.
    await send(2, { url: infer, body: '{not json', status: 422 });
    await send(2, { url: infer, body: { x: 1 }, status: 422 });
    await send(2, { url: `${url}/v2/models/nope/infer`, body: tensor([1]), status: 404 });
    const page = await watched.shows((shown) => {
      expect(shown.requests('double')).toEqual({ '/success': 34, '/unknown': 3 });
      expect(shown.requests('nope')).toEqual({});
    });
    await record(`${url}/metrics`, {
      kind: 'kserve',
      server: 'KServe Python server 0.21.0',
      model: 'double',
      requests: page.requests('double'),
      tokens: page.tokens('double'),
    });
    const wall = good.seconds + old.seconds + slow.seconds + raised.seconds;
    const duration = page.histogram(METRICS.inferenceDuration, 'double', '');
    expect(duration).toMatchObject({ count: 37, buckets: 1 });
    expect(duration?.sum).toBeGreaterThanOrEqual(4 * 0.25);
    expect(duration?.sum).toBeLessThanOrEqual(wall);
    const execution = page.histogram(METRICS.inferenceExecution, 'double', '');
    expect(execution?.count).toBe(37);
    expect(execution?.buckets).toBeGreaterThan(5);
    expect(execution?.sum).toBeLessThanOrEqual(duration?.sum ?? 0);
    // All but the slow ones took less than a quarter of a second.
    expect(page.within(METRICS.inferenceExecution, 'double', '', 0.25)).toBe(33);
  });

  it('follows a model that is not ready any more, and then is again', async () => {
    const shows = (ready: number, serving: string) =>
      watched.shows((page) => {
        expect(page.value(METRICS.endpointModelReady.name, { model: 'fragile' })).toBe(ready);
        expect(page.holding(METRICS.modelServing, 'state', { model: 'fragile' })).toBe(serving);
        expect(page.holding(METRICS.modelServing, 'state', { model: 'double' })).toBe('serving');
        expect(page.value(METRICS.endpointReady.name)).toBe(1);
      });
    const broken = join(folder, 'fragile.broken');
    writeFileSync(broken, '');
    await shows(0, 'failed');
    rmSync(broken);
    await shows(1, 'serving');
  });

  itShowsOutages(() => ({ watched, server, restart: start, model: 'double' }));
});
