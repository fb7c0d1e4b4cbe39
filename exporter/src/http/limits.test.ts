/** Each limit against a real socket. */
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { METRICS } from '@modelwatch/contract';
import { createSelfMetrics, type SelfMetrics } from './self-metrics';
import { createApp } from './app';
import { snapshotOf, modelView, serve, type TestServer } from './fleet.fixture';
import { startServer, type RunningServer } from './server';
import { guard } from './web/guard';
import { WEB_LIMITS, type WebLimits } from './web/limits';
import { createPasswords } from './web/passwords';
import { OPEN_WEB } from './web/settings';

let fixture: TestServer;
let server: RunningServer | undefined;
let metrics: SelfMetrics;
beforeAll(async () => {
  fixture = await serve(snapshotOf([modelView('payments', 'calm')]));
});
afterAll(() => fixture.stop(0));
afterEach(async () => {
  await server?.stop(0);
  metrics.stop();
});

/** A server whose limits are small. */
async function begin(
  limits: Partial<WebLimits>,
  maxConnections = 16,
  maxConcurrentScrapes = 16,
  app?: RequestListener
): Promise<number> {
  metrics = createSelfMetrics({
    version: '0',
    configHash: '0',
    configLoadedAtSeconds: 0,
    onDrop: () => undefined,
    onBrokenFamily: () => undefined,
  });
  const all = { ...WEB_LIMITS, checkMs: 20, ...limits };
  const deps = { ...fixture.deps, selfMetrics: metrics, maxConcurrentScrapes: () => maxConcurrentScrapes };
  const guarded = guard(app ?? createApp(deps), {
    limits: all,
    settings: () => OPEN_WEB,
    rateLimit: () => undefined,
    openHealth: () => true,
    passwords: createPasswords(() => Promise.resolve(false)),
    telemetry: metrics.web,
    nowSeconds: () => 0,
    log: deps.log,
  });
  server = await startServer(guarded, {
    listenAddress: '127.0.0.1',
    port: 0,
    maxConnections,
    telemetry: metrics.web,
    limits: all,
  });
  return Number(new URL(server.url).port);
}

/** Sends a text and gives all that comes back until the connection ends. */
function exchange(port: number, ...texts: string[]): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => texts.forEach((text) => socket.write(text)));
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
}

const get = (target: string, ...headers: string[]) =>
  [`GET ${target} HTTP/1.1`, 'Host: a', 'Connection: close', ...headers, '', ''].join('\r\n');
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);

async function refused(reason: string): Promise<number> {
  const text = await metrics.render('prometheus', [], true, new Set(metrics.families()));
  const line = text
    .split('\n')
    .find((one) => one.startsWith(`${METRICS.exporterWebRefusedRequests.name}{reason="${reason}"}`));
  return Number(line?.split(' ')[1]);
}

it.each([
  ['a long URL', 414, 'url_length', get(`/livez?${'a'.repeat(9_000)}`)],
  ['headers that are too large', 431, 'header_size', get('/livez', `X-A: ${'a'.repeat(20_000)}`)],
  [
    'too many headers',
    431,
    'header_count',
    get('/livez', ...Array.from({ length: 120 }, (_, index) => `X-${index}: a`)),
  ],
  ['a body', 413, 'body', get('/metrics', 'Content-Length: 5') + 'hello'],
  ['a body in chunks', 413, 'body', get('/metrics', 'Transfer-Encoding: chunked') + '5\r\nhello\r\n0\r\n\r\n'],
  ['no HTTP at all', 400, 'malformed', 'hello\r\n\r\n'],
  [
    'two lengths, which is how requests are smuggled',
    400,
    'malformed',
    get('/', 'Content-Length: 0', 'Content-Length: 5'),
  ],
  ['a length and chunks', 400, 'malformed', get('/', 'Content-Length: 5', 'Transfer-Encoding: chunked')],
])('refuses %s', async (_, status, reason, text) => {
  const port = await begin({});
  expect(statusOf(await exchange(port, text))).toBe(status);
  expect(await refused(reason)).toBe(1);
  expect(statusOf(await exchange(port, get('/livez')))).toBe(200);
});

it('ends a connection that says nothing, and one whose headers never end', async () => {
  const port = await begin({ headersMs: 60, requestMs: 60 });
  expect(statusOf(await exchange(port))).toBe(408);
  expect(statusOf(await exchange(port, 'GET /livez HTTP/1.1\r\nX-Slow: '))).toBe(408);
  expect(await refused('slow_request')).toBe(2);
});

it('ends a connection that was kept and is silent', async () => {
  const port = await begin({ keepAliveMs: 30 });
  const answer = await exchange(port, 'GET /livez HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(statusOf(answer)).toBe(200);
});

it('cuts an answer that does not come to an end', async () => {
  const port = await begin({ answerMs: 50 }, 16, 16, (_request, response) => void response.write('a'));
  expect(await exchange(port, get('/metrics'))).toMatch(/^HTTP\/1\.1 200 /);
  expect(await refused('slow_reader')).toBe(1);
});

it('takes so many connections and no more', async () => {
  const port = await begin({}, 2);
  const held = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  expect(await exchange(port, get('/livez'))).toBe('');
  expect(await refused('connections')).toBe(1);
  expect(await metrics.render('prometheus', [], true, new Set(metrics.families()))).toContain(
    `${METRICS.exporterWebConnections.name} `
  );
  held.forEach((socket) => socket.destroy());
});

it('writes so many scrapes at once and sends the others away for a second', async () => {
  const port = await begin({}, 16, 0);
  const answer = await exchange(port, get('/metrics'));
  expect(statusOf(answer)).toBe(503);
  expect(answer).toMatch(/^retry-after: 1/im);
  expect(await refused('scrapes')).toBe(1);
  expect(statusOf(await exchange(port, get('/livez')))).toBe(200);
});
