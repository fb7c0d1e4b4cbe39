/** One of three replicas, the real exporter with a store on disk; the two others are played, to be away when they are to. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { configSchema } from './config/schema';
import { startExporter, type RunningExporter } from './exporter';
import { ownerOf } from './forwarding/owner';
import { keyOf } from './joins/layout';

interface Item {
  readonly key: string;
  readonly join?: { readonly kind: string };
  readonly forget?: true;
}

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-forwarding-'));
const away = new Set<number>();
/** What each of the others got, in its order. */
let got: Record<number, Item[]>;
let peers: Server;
let exporter: RunningExporter;
let number = 0;

beforeAll(async () => {
  peers = createServer((request, response) => {
    const replica = Number(request.url?.split('/')[1]);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { items } = JSON.parse(Buffer.concat(chunks).toString()) as { items: Item[] };
      if (away.has(replica)) return response.writeHead(503).end();
      got[replica]?.push(...items);
      return response.end(JSON.stringify({ answers: items.map(({ join: joined }) => (joined ? 'kept' : 'gone')) }));
    });
  }).listen(0, '127.0.0.1');
  await once(peers, 'listening');
});
beforeEach(async () => {
  away.clear();
  got = { 1: [], 2: [] };
  exporter = await startExporter(
    configSchema.parse({
      web: { listenAddress: '127.0.0.1', port: 0 },
      log: { level: 'fatal' },
      kubernetes: { enabled: false },
      monitoring: {
        models: [{ namespace: 'shop', model: 'demand', accuracy: { task: 'regression' } }],
      },
      events: {
        joins: { directory: join(folder, String(number++)) },
        ...{ replicas: 3, replica: 0 },
        peers: { url: `http://127.0.0.1:${(peers.address() as AddressInfo).port}/{replica}` },
      },
    })
  );
});
afterEach(() => exporter.stop());
afterAll(() => {
  peers.close();
  peers.closeAllConnections();
  rmSync(folder, { recursive: true });
});

const nameOf = (id: string) => keyOf({ namespace: 'shop', model: 'demand', id });
const idOf = (owner: number): string => {
  for (let index = 0; ; index++) if (ownerOf(nameOf(`order ${index}`), 3) === owner) return `order ${index}`;
};
const post = (path: string, body: object) =>
  fetch(`${exporter.url}/ingest/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const predict = (body: object) => post('predictions/shop/demand', { predictions: [body] });
const passedOn = async (item: object) => {
  const answer = await post('forwarded', { from: 2, to: 0, replicas: 3, items: [item] });
  return (await answer.json()) as { answers?: string[] };
};

test('a deletion that another replica was asked for goes behind what waits here for the owner', async () => {
  const id = idOf(1);
  const key = nameOf(id);
  away.add(1);
  expect((await predict({ id, prediction: 1 })).status).toBe(200);
  expect(await passedOn({ key, forget: true })).toEqual({ answers: ['gone'] });
  away.clear();
  const until = Date.now() + 4_000;
  while (got[1]?.at(-1)?.join?.kind !== 'deletion' && Date.now() < until) await pause(20);
  expect(got[1]?.map((item) => item.join?.kind)).toEqual(['prediction', 'deletion']);
  // Where nothing waits the deletion of the replica that was asked is enough.
  expect(await passedOn({ key, forget: true })).toEqual({ answers: ['gone'] });
  expect(got[1]).toHaveLength(2);
});
