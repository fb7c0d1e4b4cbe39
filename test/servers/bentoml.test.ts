/** BentoML 1.4.39 with one service, through the mapping file that we ship. */
import { dirname, join } from 'node:path';
import { METRICS } from '@modelwatch/contract';
import { freePort } from '../support/processes';
import { itShowsOutages } from './support/outages';
import { answersOk, copyOfModels, program, startServer, type RealServer } from './support/real-server';
import { send } from './support/traffic';
import { watch, type Watched } from './support/watched';

const folder = copyOfModels('bentoml');
const model = 'double';
let url: string;
let server: RealServer;
let watched: Watched;

const start = async () => {
  server = await startServer({
    command: program('bentoml', 'bentoml'),
    args: ['serve', 'service:Doubler', '--host', '127.0.0.1', '--port', new URL(url).port],
    cwd: folder,
    env: {
      PATH: `${dirname(program('bentoml', 'python'))}:${process.env.PATH}`,
      BENTOML_HOME: join(folder, 'home'),
      BENTOML_DO_NOT_TRACK: 'true',
    },
    isUp: answersOk(`${url}/readyz`),
  });
  return server;
};

beforeAll(async () => {
  url = `http://127.0.0.1:${await freePort()}`;
  await start();
  watched = await watch({ name: 'bento', url, module: 'bentoml', models: [{ name: model }] });
});

describe('BentoML 1.4.39', () => {
  it('is seen as serving, and counts 0 before the first request', async () => {
    await watched.shows((page) => {
      expect(page.value(METRICS.endpointUp.name)).toBe(1);
      expect(page.value(METRICS.endpointReady.name)).toBe(1);
      expect(page.holding(METRICS.modelServing, 'state', { model })).toBe('serving');
      expect(page.requests(model)).toEqual({ '/success': 0, '/server_error': 0 });
      expect(page.can('requests', 'outcomes', 'error_sides', 'duration_buckets')).toEqual([1, 1, 1, 1]);
      expect(page.can('queue', 'tokens')).toEqual([0, 0]);
    });
  });

  it('counts by outcome what was sent, without probes, and times it as the client saw it', async () => {
    const double = `${url}/double`;
    const good = await send(20, { url: double, body: { x: [1, 2] }, status: 200 });
    const slow = await send(4, { url: double, body: { x: [1], wait_seconds: 0.3 }, status: 200 });
    const raised = await send(3, { url: double, body: { x: [-1] }, status: 500 });
    const malformed = await send(2, { url: double, body: '{not json', status: 400 });
    const missing = await send(2, { url: double, body: {}, status: 400 });
    await send(2, { url: `${url}/nope`, body: {}, status: 404 });
    const page = await watched.shows((shown) => {
      expect(shown.requests(model)).toEqual({ '/success': 24, '/client_error': 4, '/server_error': 3 });
    });
    const duration = page.histogram(METRICS.inferenceDuration, model, '');
    expect(duration?.count).toBe(31);
    expect(duration?.buckets).toBeGreaterThan(5);
    expect(duration?.sum).toBeGreaterThanOrEqual(4 * 0.25);
    const all = [good, slow, raised, malformed, missing];
    expect(duration?.sum).toBeLessThanOrEqual(all.reduce((sum, { seconds }) => sum + seconds, 0));
    expect(page.within(METRICS.inferenceDuration, model, '', 0.25)).toBe(27);
  });

  itShowsOutages(() => ({ watched, server, restart: start, model }));
});
