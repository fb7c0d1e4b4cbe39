import type { ScrapedServer } from '../domain/probe-target';
import { modelView, serve, snapshotOf, SYNCING, type TestServer } from './fleet.fixture';

const FLEET = snapshotOf([modelView('payments', 'calm')]);
const endpoint = { namespace: 'vision', server: 'triton', replica: 'triton-0' };

let scraped: readonly ScrapedServer[] | undefined;
let server: TestServer;
beforeAll(async () => {
  server = await serve(FLEET, { scraped: () => scraped });
});
afterAll(() => server.stop(0));
beforeEach(() => server.show(FLEET));

describe('GET /sd', () => {
  it('lists servers as http_sd_configs take them', async () => {
    scraped = [
      { endpoint, kind: 'triton', url: 'http://10.0.0.7:8002/metrics' },
      { endpoint: { ...endpoint, replica: 'v6' }, kind: 'vllm', url: 'https://[fd00::7]/own/metrics?part=all' },
    ];
    const answer = await fetch(`${server.url}/sd`);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(await answer.json()).toEqual([
      {
        targets: ['10.0.0.7:8002'],
        labels: {
          __scheme__: 'http',
          __metrics_path__: '/metrics',
          namespace: 'vision',
          replica: 'triton-0',
          modelwatch_server: 'triton',
        },
      },
      {
        targets: ['[fd00::7]:443'],
        labels: {
          __scheme__: 'https',
          __metrics_path__: '/own/metrics',
          __param_part: 'all',
          namespace: 'vision',
          replica: 'v6',
          modelwatch_server: 'vllm',
        },
      },
    ]);
  });

  it('gives no list with holes: Prometheus goes on with the one that it has', async () => {
    scraped = undefined;
    expect((await fetch(`${server.url}/sd`)).status).toBe(503);
    scraped = [];
    expect(await (await fetch(`${server.url}/sd`)).json()).toEqual([]);
    server.show(snapshotOf([], { sources: [SYNCING], synced: false }));
    expect((await fetch(`${server.url}/sd`)).status).toBe(503);
  });
});
