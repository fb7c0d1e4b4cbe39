/** LitServe 0.2.19, through the mapping file that we ship: it has health, and no metrics of its own. */
import { METRICS } from '@modelwatch/contract';
import { freePort } from '../support/processes';
import { itShowsOutages } from './support/outages';
import { answersOk, copyOfModels, program, startServer, type RealServer } from './support/real-server';
import { send } from './support/traffic';
import { watch, type Watched } from './support/watched';

const folder = copyOfModels('litserve');
const model = 'double';
let url: string;
let server: RealServer;
let watched: Watched;

const start = async () => {
  server = await startServer({
    command: program('litserve', 'python'),
    args: ['serve.py', new URL(url).port],
    cwd: folder,
    isUp: answersOk(`${url}/health`),
  });
  return server;
};

beforeAll(async () => {
  url = `http://127.0.0.1:${await freePort()}`;
  await start();
  watched = await watch({ name: 'lit', url, module: 'litserve', models: [{ name: model }] });
});

describe('LitServe 0.2.19', () => {
  it('is seen as serving, and has no figures, after requests as before', async () => {
    const predict = `${url}/predict`;
    await send(5, { url: predict, body: { x: [1, 2] }, status: 200 });
    await send(2, { url: predict, body: { x: [-1] }, status: 500 });
    await watched.shows((page) => {
      expect(page.value(METRICS.endpointUp.name)).toBe(1);
      expect(page.value(METRICS.endpointReady.name)).toBe(1);
      expect(page.holding(METRICS.modelServing, 'state', { model })).toBe('serving');
      expect(page.requests(model)).toEqual({});
    });
  });

  itShowsOutages(() => ({ watched, server, restart: start, model }));
});
