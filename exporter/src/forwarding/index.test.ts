/** One of two replicas with a store on disk; the other one is played. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { keyOf } from '../joins/layout';
import { openStore, StoreError } from '../joins/store';
import { SYSTEM_CLOCK } from '../sources/clock';
import { createForwarding, type Forwarding } from '.';
import type { ForwardItem } from './items';
import { openOutbox } from './outbox';
import { ownerOf } from './owner';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-forwarding-'));
let other: Server;
let told: unknown[];
let received: unknown[];
let dropped: string[];
let isRead: boolean;
let forwarding: Forwarding;
let number = 0;

beforeAll(async () => {
  other = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { items } = JSON.parse(Buffer.concat(chunks).toString()) as { items: unknown[] };
      told.push(...items);
      response.end(JSON.stringify({ answers: items.map(() => 'accepted') }));
    });
  }).listen(0, '127.0.0.1');
  await once(other, 'listening');
});
beforeEach(() => {
  [told, received, dropped, onDisk, isRead] = [[], [], [], [], true];
});
afterEach(() => forwarding.stop());
afterAll(() => {
  other.close();
  other.closeAllConnections();
  rmSync(folder, { recursive: true });
});

const nothing = () => undefined;
/** What waits on disk for the other, as it is told. */
let onDisk: (number | undefined)[] = [];
function start(directory: string, isReadable = true): void {
  forwarding = createForwarding({
    ...{ replica: 0, replicas: 2 },
    address: { url: `http://127.0.0.1:${(other.address() as AddressInfo).port}/{replica}` },
    maxOutboxBytes: 1e9,
    openStore: async () => {
      if (!isReadable) throw new StoreError('other', 'expected a disk, got none');
      return openStore(directory, 'outbox');
    },
    receive: async (items) => {
      await pause(1);
      received.push(...items);
    },
    mayTake: () => isRead,
    metrics: {
      ...{ forwarded: nothing, forwardFailed: nothing, peerUp: nothing },
      forwardQueue: (_, __, disk) => onDisk.push(disk),
    },
    telemetry: { error: nothing, dropped: (_, reason) => dropped.push(reason) },
    ...{ onPeer: nothing, onProblem: nothing, clock: SYSTEM_CLOCK },
  });
}
const newDirectory = () => join(folder, String(number++));
async function until(what: () => boolean): Promise<void> {
  const end = Date.now() + 4_000;
  while (!what() && Date.now() < end) await pause(5);
}

test('what is our own since the number of replicas changed is taken in once, in its order, whoever asks at once', async () => {
  const directory = newDirectory();
  const own = Array.from({ length: 9_000 }, (_, id) => keyOf({ namespace: 'shop', model: 'risk', id: `order ${id}` }))
    .filter((key) => ownerOf(key, 2) === 0)
    .map((key, index) => ({ key, text: String(index) }));
  const outbox = await openOutbox({
    open: () => openStore(directory, 'outbox'),
    replicas: 2,
    maxBytes: 1e9,
    onUnreadable: nothing,
  });
  await outbox.add(0, own);
  await outbox.close();
  isRead = false;
  start(directory);
  const key = own[0]?.key ?? '';
  await Promise.all([forwarding.forgetQueued(key), forwarding.forgetQueued(key), forwarding.forgetQueued(key)]);
  expect(own.length).toBeGreaterThan(4_000);
  expect(received).toEqual(own.map((_, index) => index));
  expect(await forwarding.hasStored()).toBe(false);
});

test('all there is of consumers is told, though it is more than may wait at a time', async () => {
  start(newDirectory());
  await until(() => forwarding.views()[0]?.state === 'synced');
  const key = JSON.stringify(['shop', 'risk', '']);
  const items = Array.from({ length: 25_000 }, (_, at): ForwardItem => {
    return { key, consumers: { period: 'hour', number: at, registers: '' } };
  });
  forwarding.share(items);
  await until(() => told.length === items.length);
  expect(told).toEqual(items);
  expect(dropped).toEqual([]);
});

test('what there is no room for is counted', async () => {
  start(newDirectory());
  await until(() => forwarding.views()[0]?.state === 'synced');
  const half = (size: number): ForwardItem => ({ key: 'k', half: { data: 'x'.repeat(size) } });
  // So much waits, none of which is sent before this test goes on.
  const waiting = forwarding.pass(1, [half(12_000_000), half(12_000_000), half(9_000_000)]);
  forwarding.share(Array.from({ length: 3 }, () => half(400_000)));
  await until(() => dropped.length === 3);
  expect(dropped).toEqual(['over_limit', 'over_limit', 'over_limit']);
  await waiting;
});

test('how much waits on a disk that cannot be read is not known, rather than nothing', async () => {
  const tick = () => {
    forwarding.advance();
    return onDisk.at(-1);
  };
  start(newDirectory(), false);
  await until(() => forwarding.views()[0]?.state === 'synced');
  expect(tick()).toBeUndefined();
  await forwarding.stop();
  start(newDirectory());
  await until(() => tick() !== undefined);
  expect(onDisk.at(-1)).toBe(0);
});
