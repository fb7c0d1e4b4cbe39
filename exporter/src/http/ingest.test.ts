/** How much of what is posted is held in memory: the routes with a target that waits as long as the test wants. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { IngestReport } from '@modelwatch/contract';
import express from 'express';
import { openApi } from './api/openapi';
import { addIngest, type IngestTarget } from './ingest';

const MB = 1_000_000;
const REPORT: IngestReport = { accepted: 1, duplicates: 0, waiting: 0, refused: 0, problems: [] };
const routeUsers = { predictions: [], actuals: [], metrics: [], feedback: [], batches: [], detections: [], delete: [] };
const settings = { enabled: true, users: [], routeUsers, maxBodyBytes: 8 * MB, maxBufferedBytes: 12 * MB };

let server: Server;
let url: string;
/** Lets go of the bodies that were taken. */
let release: () => void;
/** Resolves when there is one. */
let taken: Promise<void>;
const sockets: Socket[] = [];

beforeEach(async () => {
  const released = new Promise<void>((resolve) => (release = resolve));
  let tell: () => void;
  taken = new Promise<void>((resolve) => (tell = resolve));
  const target: IngestTarget = {
    types: 'any',
    accepts: () => true,
    take: async () => {
      tell();
      await released;
      return { answer: Promise.resolve(REPORT) };
    },
  };
  const app = express();
  addIngest(app, {
    settings: () => settings,
    ...{ predictions: target, actuals: target, metrics: target, feedback: target, batches: target, detections: target },
    forgetBatch: async () => false,
    forget: async () => false,
    hasRoom: () => true,
    isUnreadable: (error): error is Error => error instanceof RangeError,
    done: () => undefined,
    turnedAway: () => undefined,
    nowSeconds: () => 0,
  });
  app.use(((error: { status?: number; headers?: Record<string, string> }, _request, response, _next) => {
    response
      .status(error.status ?? 500)
      .set(error.headers ?? {})
      .end();
  }) as express.ErrorRequestHandler);
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ingest/predictions`;
});
afterEach(async () => {
  release();
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function post(body: Buffer | string, headers: Record<string, string> = {}): Promise<number> {
  return (await fetch(url, { method: 'POST', body: body as string, headers })).status;
}

/** Posts the same body many times, and the most bytes that were held until `done`. */
async function posted(body: Buffer, times: number, done: (statuses: readonly number[]) => boolean) {
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers - before)), 1);
  const statuses: number[] = [];
  const answers = Array.from({ length: times }, () => post(body, { 'content-encoding': 'gzip' }));
  await new Promise<void>((resolve) => {
    for (const answer of answers) {
      void answer.then((status) => {
        statuses.push(status);
        if (done(statuses)) resolve();
      });
    }
  });
  clearInterval(watch);
  return { most, answers };
}

it('takes in, and forgets, by the methods that the API document names, and by no other', async () => {
  const found = Object.entries<object>(openApi('1').paths).filter(([path]) => path.startsWith('/ingest/'));
  for (const [path, methods] of found) {
    const answer = await fetch(new URL(path.replace(/\{\w+\}/g, 'x'), url), { method: 'PUT' });
    const allowed = Object.keys(methods).join(', ').toUpperCase();
    expect([path, answer.status, answer.headers.get('allow')]).toEqual([path, 405, allowed]);
  }
  expect(found.map(([path]) => path)).toEqual(
    expect.arrayContaining(['/ingest/batches', '/ingest/batches/{namespace}/{model}/{batch}'])
  );
});

it('unpacks no more than there is room for: of many packed bodies most are told to come back', async () => {
  // One has room; all others are answered while it is still held.
  const { most, answers } = await posted(
    gzipSync(Buffer.alloc(8 * MB)),
    60,
    (all) => all.filter((status) => status === 429).length === 59
  );
  release();
  expect((await Promise.all(answers)).filter((status) => status === 200)).toHaveLength(1);
  // What is put together from its pieces is there twice for a moment.
  expect(most).toBeLessThan(40 * MB);
});

it('holds no more of bodies that lie about their size', async () => {
  const packed = gzipSync(Buffer.alloc(8 * MB));
  packed.writeUInt32LE(1, packed.length - 4);
  const { most, answers } = await posted(packed, 20, (all) => all.length === 20);
  expect(new Set(await Promise.all(answers))).toEqual(new Set([400]));
  expect(most).toBeLessThan(40 * MB);
});

/** A request that says how much will follow. */
async function promise(bytes: number): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.push(socket);
  socket.write(`POST /ingest/predictions HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`);
  await once(server, 'request');
  return socket;
}

it('holds no room for what is promised and does not come', async () => {
  for (let n = 0; n < 8; n++) await promise(8 * MB);
  release();
  expect(await post(Buffer.alloc(8 * MB))).toBe(200);
});

it('refuses at once what promises more than there is room for', async () => {
  const held = post(Buffer.alloc(8 * MB));
  await taken;
  const [answer] = (await once(await promise(8 * MB), 'data')) as [Buffer];
  expect(answer.toString()).toContain(' 429 ');
  release();
  expect(await held).toBe(200);
});
