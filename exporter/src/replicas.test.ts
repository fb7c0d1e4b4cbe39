/** A replica whose only other one is away for longer than there is room for: the real exporter, a store on disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { replicaOf, replicaProblem } from './config/replicas';
import { configSchema } from './config/schema';
import { startExporter, type RunningExporter } from './exporter';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-replica-'));
const running: RunningExporter[] = [];
afterAll(async () => {
  await Promise.all(running.map((exporter) => exporter.stop()));
  rmSync(folder, { recursive: true });
});

async function freePort(isWanted: (port: number) => boolean): Promise<number> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    if (isWanted(port)) return port;
  }
}

test('nothing is acknowledged that there is no room for, and all that was is passed on', async () => {
  const ofSecond = await freePort((port) => port % 10 === 1);
  const start = async (replica: number, port: number) => {
    const exporter = await startExporter(
      configSchema.parse({
        web: { listenAddress: '127.0.0.1', port },
        log: { level: 'fatal' },
        kubernetes: { enabled: false },
        monitoring: { models: [{ namespace: 'shop', model: 'demand', accuracy: { task: 'regression' } }] },
        events: {
          joins: { directory: join(folder, String(replica)) },
          ...{ replicas: 2, replica },
          peers: { url: `http://127.0.0.1:${Math.floor(ofSecond / 10)}{replica}`, maxOutboxBytes: 20_000 },
        },
      })
    );
    running.push(exporter);
    return exporter;
  };
  const first = await start(0, 0);
  const post = (path: string, body: object) =>
    fetch(`${first.url}/ingest/${path}/shop/demand`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const idsOf = (batch: number) => Array.from({ length: 20 }, (_, index) => `${batch} ${index}`);
  const predict = (batch: number) =>
    post('predictions', { predictions: idsOf(batch).map((id) => ({ id, prediction: 1 })) });

  const acknowledged: string[] = [];
  let answer = await predict(0);
  for (let batch = 1; answer.ok && batch < 100; batch++) {
    acknowledged.push(...idsOf(batch - 1));
    answer = await predict(batch);
  }
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('30');
  expect(await answer.json()).toMatchObject({ error: { code: 'outbox_full' } });
  expect(acknowledged.length).toBeGreaterThan(100);

  await start(1, ofSecond);
  while (!(answer = await predict(100)).ok) await pause(50);
  const actuals = acknowledged.map((id) => ({ id, actual: 2 }));
  // What is on the disk goes first, so by now all of it is there.
  let told = { accepted: 0, waiting: 1, duplicates: 0 };
  while (told.waiting > 0) {
    told = (await (await post('actuals', { actuals })).json()) as typeof told;
    await pause(50);
  }
  expect(told.accepted + told.duplicates).toBe(acknowledged.length);
});

describe('which replica this is', () => {
  it.each([
    [{ replicas: 1 }, 'laptop', 0],
    [{ replicas: 3 }, 'modelwatch-2', 2],
    [{ replicas: 3 }, 'modelwatch-1.modelwatch-replicas.monitoring.svc', 1],
    [{ replicas: 3, replica: 0 }, 'modelwatch-1', 0],
  ])('%j on %s is %d', (settings, host, replica) => {
    expect(replicaOf(settings, host).replica).toBe(replica);
  });

  it.each([
    [
      'laptop',
      /events.replica: expected a number from 0 to 2, or a host name that ends in one, got host name "laptop"/,
    ],
    ['modelwatch-3', /or events.replicas above 3, got host name "modelwatch-3"/],
  ])('is not told by %s', (host, message) => {
    expect(() => replicaOf({ replicas: 3 }, host)).toThrow(message);
  });

  const URL = 'http://modelwatch-{replica}:8780';
  const OPEN = { users: [], routeUsers: { actuals: [] } };
  const WHOLE = { replicas: 3, peers: { url: URL }, joins: { directory: '/data' }, ...OPEN };
  it.each([
    [{}, undefined],
    [{ replica: 3 }, 'replica'],
    [{ joins: {} }, 'joins.directory'],
    [{ peers: {} }, 'peers.url'],
    [{ peers: { url: 'http://modelwatch:8780' } }, 'peers.url'],
    [{ peers: { url: 'http://me:secret@modelwatch-{replica}:8780' } }, 'peers.url'],
    [{ peers: { url: 'ftp://modelwatch-{replica}' } }, 'peers.url'],
    [{ users: ['scorer'] }, 'peers.tokenFile'],
    [{ routeUsers: { actuals: ['labels'] } }, 'peers.tokenFile'],
    [{ users: ['scorer'], peers: { url: URL, tokenFile: '/token' } }, undefined],
    [{ replicas: 1, peers: {}, joins: {} }, undefined],
  ])('with %j what is wrong is %s', (change, path) => {
    expect(replicaProblem({ ...WHOLE, ...change })?.path.join('.')).toBe(path);
  });
});
