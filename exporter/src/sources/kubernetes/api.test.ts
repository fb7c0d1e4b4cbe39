import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi, type KubernetesApi } from './api';
import { createBudget } from './budget';
import { createCredentials } from './credentials';

const OPTIONS = { namespaces: [], staleAfterSeconds: 150, pageSize: 500, requestsPerSecond: 1_000 };

describe('createApi', () => {
  const { signal } = new AbortController();
  let server: Server;
  let api: KubernetesApi;
  /** Stands until somebody sleeps. */
  let now: number;
  let asked: string[];

  beforeEach(async () => {
    now = 0;
    asked = [];
    server = createServer((request, response) => {
      asked.push(`${request.url} at ${Math.round(now)}`);
      if (request.url === '/busy') response.writeHead(429, { 'retry-after': '7' });
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const clock = {
      monotonicSeconds: () => now,
      after: (seconds: number, run: () => void) => {
        now += seconds;
        run();
        return () => undefined;
      },
    };
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const budget = createBudget(1_000, clock, () => undefined);
    api = createApi(createCredentials({ ...OPTIONS, server: url }, {}), 'test', budget);
  });
  afterEach(async () => {
    await api.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each(['json', 'stream'] as const)(
    'holds up everything after a 429 of one %s, but not the pod proxy',
    async (how) => {
      await expect(api[how]('/busy', signal)).rejects.toMatchObject({ reason: 'rate_limited', retryAfterSeconds: 7 });
      await api.request('/pod');
      await api.json('/list', signal);
      for await (const _ of await api.stream('/watch', signal)) void _;
      expect(asked).toEqual(['/busy at 0', '/pod at 0', '/list at 7', '/watch at 7']);
    }
  );
});
