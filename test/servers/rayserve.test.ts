/** Ray Serve 2.60.0 with one application, through the mapping file that we ship. Its metrics come seconds late. */
import { METRICS } from '@modelwatch/contract';
import { freePort } from '../support/processes';
import { itShowsOutages } from './support/outages';
import { answersOk, copyOfModels, program, startServer, type RealServer } from './support/real-server';
import { send } from './support/traffic';
import { watch, type Watched } from './support/watched';

const LATE_MS = 60_000;
const folder = copyOfModels('rayserve');
const model = 'double';
let url: string;
let metricsUrl: string;
let server: RealServer;
let watched: Watched;

const start = async () => {
  server = await startServer({
    command: program('rayserve', 'python'),
    args: ['serve.py', new URL(url).port, new URL(metricsUrl).port],
    cwd: folder,
    env: { RAY_AUTH_MODE: 'disabled', RAY_USAGE_STATS_ENABLED: '0' },
    isUp: async () =>
      (await (await fetch(`${url}/-/routes`)).text()).includes('double') && (await answersOk(metricsUrl)()),
  });
  return server;
};

beforeAll(async () => {
  url = `http://127.0.0.1:${await freePort()}`;
  metricsUrl = `http://127.0.0.1:${await freePort()}/metrics`;
  await start();
  watched = await watch({ name: 'ray', url, metricsUrl, module: 'rayserve', models: [{ name: model }] });
});

describe('Ray Serve 2.60.0', () => {
  it('is seen with its application', async () => {
    await watched.shows((page) => {
      expect(page.value(METRICS.endpointUp.name)).toBe(1);
      expect(page.value(METRICS.endpointReady.name)).toBe(1);
      expect(page.value(METRICS.endpointModelReady.name, { model })).toBe(1);
      expect(page.holding(METRICS.modelServing, 'state', { model })).toBe('serving');
    });
  });

  it('counts by outcome what was sent, and puts it into the right buckets', async () => {
    const double = `${url}/double`;
    const good = await send(20, { url: double, body: { x: [1, 2] }, status: 200 });
    await send(3, { url: double, body: { x: [-1] }, status: 500 });
    await send(2, { url: double, body: '{not json', status: 500 });
    await send(2, { url: `${url}/nope`, body: {}, status: 404 });
    const page = await watched.shows((shown) => {
      expect(shown.requests(model)).toMatchObject({ '/success': 20, '/server_error': 5 });
    }, LATE_MS);
    // Ray gives the middle of the bucket for each request in place of the time that it took: the sum is an estimate.
    const duration = page.histogram(METRICS.inferenceDuration, model, '');
    expect(duration?.count).toBe(25);
    expect(duration?.buckets).toBeGreaterThan(5);
    expect(duration?.sum).toBeLessThanOrEqual(2 * good.seconds + 25 * 0.05);
  });

  itShowsOutages(() => ({ watched, server, restart: start, model }));
});
