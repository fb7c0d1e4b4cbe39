/** Servers that listen on gRPC only, asked through the whole probe. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createRaw, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import type { ProbeTarget } from '../../domain/probe-target';
import { moduleSchema } from '../../mapping/module';
import { metricsPages, probeEndpoint } from './endpoint';
import { serverModules } from './generic';
import { encodeTexts } from './protobuf';
import { closeGrpcServers, fail, framed, listenGrpc, reply, type GrpcAnswer } from './testing/grpc-server';
import { closeServers, listen } from './testing/server';
import { createTransport, type Transport, type TransportOptions } from './transport';

const LIMIT = 100_000;
/** Of a truth value in field 1. */
const YES = Buffer.from('0801', 'hex');
const NO = Buffer.alloc(0);
const metadata = (name: string) => encodeTexts({ 1: name, 2: '1.7.1' });
const [NOT_FOUND, UNIMPLEMENTED, UNAVAILABLE] = [5, 12, 14];

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await closeGrpcServers();
  await closeServers();
});

function transport(more: Partial<TransportOptions> = {}): Transport {
  const made = createTransport({ maxBodyBytes: LIMIT, ...more });
  closers.push(() => made.close());
  return made;
}

function target(url: string, more: Partial<ProbeTarget> = {}): ProbeTarget {
  const endpoint = { namespace: 'standalone', server: 'box', replica: 'r' };
  return { endpoint, url, models: [], versionSuffix: false, ...more };
}

async function probe(
  url: string,
  more: Partial<ProbeTarget> = {},
  by = transport(),
  signal = AbortSignal.timeout(5_000)
) {
  const drops: string[] = [];
  const of = target(url, more);
  const result = await probeEndpoint(by, of, signal, (reason) => drops.push(reason));
  return { ...result, drops };
}

const SERVER = { ServerLive: YES, ServerReady: YES };
const serve = async (table: Readonly<Record<string, GrpcAnswer>>) => (await listenGrpc({ ...SERVER, ...table })).url;
const nested = (...entries: Buffer[]) =>
  Buffer.concat(entries.flatMap((entry) => [Buffer.from([0x0a, entry.length]), entry]));

describe('what a server says over gRPC', () => {
  it('is who it is, whether it is ready, and the models of its index, on one connection', async () => {
    const index = nested(
      encodeTexts({ 1: 'double', 3: 'READY' }),
      encodeTexts({ 1: 'fragile', 2: 'v1', 3: 'UNAVAILABLE', 4: 'no memory' })
    );
    const server = await listenGrpc({ ...SERVER, ServerMetadata: metadata('triton'), RepositoryIndex: index });
    expect(await probe(server.url)).toMatchObject({
      ...{ kind: 'triton', address: server.url, up: true, live: true, ready: true, drops: [] },
      ...{ serverName: 'triton', serverVersion: '1.7.1' },
      models: [
        { name: 'double', ready: true, state: 'ready' },
        { name: 'fragile', ready: false, state: 'unavailable', version: 'v1', reason: 'no memory' },
      ],
    });
    expect(server.connections()).toBe(1);
    expect(new Set(server.calls)).toEqual(new Set(['ServerLive', 'ServerReady', 'ServerMetadata', 'RepositoryIndex']));
  });

  it('reads the version off names of Seldon, and the state as MLServer writes it', async () => {
    const index = nested(encodeTexts({ 1: 'iris_3', 3: 'State.READY' }));
    const url = await serve({ ServerMetadata: metadata('mlserver'), RepositoryIndex: index });
    const { models } = await probe(url, { versionSuffix: true });
    expect(models).toEqual([{ name: 'iris', ready: true, state: 'ready', version: '3' }]);
  });

  it('asks for each declared model where there is no index, and for its version', async () => {
    const url = await serve({
      ServerMetadata: metadata('mlserver'),
      RepositoryIndex: UNIMPLEMENTED,
      ModelReady: (stream, request) => {
        if (request.equals(encodeTexts({ 1: 'nope' }))) fail(stream, NOT_FOUND);
        else reply(stream, framed(request.equals(encodeTexts({ 1: 'loading' })) ? NO : YES));
      },
      ModelMetadata: encodeTexts({ 1: 'double', 2: '7' }),
    });
    expect((await probe(url, { models: ['double', 'loading', 'nope'] })).models).toEqual([
      { name: 'double', ready: true, version: '7' },
      { name: 'loading', ready: false },
      { name: 'nope', ready: false },
    ]);
  });

  it('does without metadata and, on KServe, without its list', async () => {
    const url = await serve({ ModelReady: YES });
    const found = await probe(url, { models: ['double'] });
    expect(found).toMatchObject({ kind: 'oip', ready: true, models: [{ name: 'double', ready: true }] });
    const kserve = await serve({ ServerMetadata: metadata('kserve'), ModelReady: YES });
    const ofKserve = await probe(kserve, { models: ['double'] });
    expect(ofKserve).toMatchObject({ kind: 'kserve', models: [{ name: 'double', ready: true }] });
  });

  it.each<[string, GrpcAnswer]>([
    ['false', NO],
    ['UNAVAILABLE', UNAVAILABLE],
  ])('is not ready when it says %s', async (_what, ServerReady) => {
    expect(await probe(await serve({ ServerReady }))).toMatchObject({ up: true, live: true, ready: false });
  });
});

describe('a module with the health service of gRPC', () => {
  const CHECK = '/grpc.health.v1.Health/Check';
  const modules = (service = '') => serverModules([moduleSchema.parse({ name: 'scorer', grpcHealth: { service } })]);
  /** A HealthCheckResponse with this status. */
  const saying = (status: number) => Buffer.from([0x08, status]);

  async function ask(answer: GrpcAnswer, service?: string) {
    const url = (await listenGrpc({ [CHECK]: answer })).url;
    const of = target(url, { module: 'scorer', models: ['fraud'] });
    return probeEndpoint(transport(), of, AbortSignal.timeout(5_000), () => undefined, modules(service));
  }

  it('is ready, with its models, when it serves, and live when it says that it does not', async () => {
    expect(await ask(saying(1))).toMatchObject({
      kind: 'generic',
      up: true,
      live: true,
      ready: true,
      serverName: 'scorer',
      models: [{ name: 'fraud', ready: true }],
    });
    for (const answer of [saying(2), NO, saying(3)]) {
      const models = [{ name: 'fraud', ready: false }];
      expect(await ask(answer)).toMatchObject({ up: true, live: true, ready: false, models });
    }
  });

  it('is asked for the service that the module names', async () => {
    const answer: GrpcAnswer = (stream, request) =>
      request.equals(encodeTexts({ 1: 'fraud.Scorer' })) ? reply(stream, framed(saying(1))) : fail(stream, NOT_FOUND);
    expect(await ask(answer, 'fraud.Scorer')).toMatchObject({ ready: true });
    expect(await ask(answer, 'fraud.Other')).toMatchObject({
      up: true,
      ready: false,
      error: {
        cause: 'http_status',
        text: expect.stringMatching(/^Check grpc:.*expected status OK, got NOT_FOUND$/) as string,
      },
    });
  });

  it('is not asked at an address for HTTP, nor one for HTTP over gRPC', async () => {
    const plain = target('http://127.0.0.1:1', { module: 'scorer' });
    const by = transport();
    const never = AbortSignal.timeout(5_000);
    const odd = await probeEndpoint(by, plain, never, () => undefined, modules());
    expect(odd.error?.text).toBe(
      'expected grpc://host:port or grpcs://host:port, as the module scorer asks over gRPC, got http://127.0.0.1:1'
    );
    const http = serverModules([moduleSchema.parse({ name: 'web', health: { path: '/up' } })]);
    const other = await probeEndpoint(
      by,
      target('grpc://127.0.0.1:1', { module: 'web' }),
      never,
      () => undefined,
      http
    );
    expect(other.error?.text).toMatch(/^expected an http:\/\/ or https:\/\/ URL, as the module web asks over HTTP/);
  });
});

describe('a failure has its cause', () => {
  const raw = Buffer.alloc(LIMIT + 1);
  it.each<[string, string, GrpcAnswer]>([
    ['refused', 'UNAVAILABLE', UNAVAILABLE],
    ['timeout', 'DEADLINE_EXCEEDED', 4],
    ['invalid_response', 'UNIMPLEMENTED', UNIMPLEMENTED],
    ['unauthorized', 'UNAUTHENTICATED', 16],
    ['http_status', 'INTERNAL', 13],
    ['too_large', 'expected at most 100000 bytes', raw],
    ['invalid_response', 'expected one message of gRPC', (stream) => reply(stream, Buffer.from('abc'))],
    ['invalid_response', 'not compressed', (stream) => reply(stream, framed(YES, 1))],
    ['invalid_response', 'field 1 is no truth value or number', encodeTexts({ 1: 'x' })],
    ['invalid_response', 'a status of gRPC, got "99"', (stream) => reply(stream, framed(YES), { 'grpc-status': '99' })],
    ['closed', 'connection closed', (stream) => reply(stream, framed(YES), {})],
    ['closed', 'connection closed', (stream) => stream.close(2)],
    ['closed', 'connection closed', (stream) => stream.session?.destroy()],
    ['unauthorized', 'got 403', (stream) => (stream.respond({ ':status': 403 }), stream.end())],
    [
      'invalid_response',
      'expected gRPC, got content of type "text/html"',
      (stream) => (stream.respond({ ':status': 200, 'content-type': 'text/html' }), stream.end('<html>')),
    ],
  ])('%s: %s', async (cause, words, ServerLive) => {
    const { error, live, ready } = await probe(await serve({ ServerLive }));
    expect(error?.cause).toBe(cause);
    expect(error?.text).toContain(words);
    expect([live, ready]).toEqual([false, false]);
  });

  it('timeout: one deadline for all calls, and the connection goes with it', async () => {
    const deadline = new AbortController();
    const url = await serve({ ServerReady: () => deadline.abort() });
    const { error } = await probe(url, {}, transport(), deadline.signal);
    expect(error).toEqual({ cause: 'timeout', text: `ServerReady ${url}: no whole answer within the deadline` });
  });

  it('refused: nobody listens', async () => {
    const { url } = await listenGrpc({});
    await closeGrpcServers();
    expect(await probe(url)).toMatchObject({ up: false, error: { cause: 'refused' } });
  });

  it('invalid_response: the server speaks HTTP/1', async () => {
    const url = await listen((_request, response) => response.end('{}'));
    const { error } = await probe(url.replace('http', 'grpc'));
    expect(error).toMatchObject({ cause: 'invalid_response' });
  });

  it('timeout: something takes the connection and says nothing', async () => {
    const deadline = new AbortController();
    const silent = createRaw((socket) => {
      socket.on('error', () => undefined).once('data', () => deadline.abort());
      closers.push(() => socket.destroy());
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    closers.push(() => silent.close());
    const url = `grpc://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    expect((await probe(url, {}, transport(), deadline.signal)).error?.cause).toBe('timeout');
  });

  it('other: a kind that has no such protocol', async () => {
    const { error } = await probe(await serve({}), { kindHint: 'vllm' });
    expect(error?.cause).toBe('other');
    expect(error?.text).toContain('expected a server with the Open Inference Protocol');
  });
});

it('believes the CA of the configuration over TLS, and sends what says who we are', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'models.test' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'models.test' }] }],
  });
  const folder = mkdtempSync(join(tmpdir(), 'grpc-'));
  closers.push(() => rmSync(folder, { recursive: true }));
  const [caFile, credentialsFile] = [join(folder, 'ca'), join(folder, 'token')];
  writeFileSync(caFile, cert);
  writeFileSync(credentialsFile, 'hunter2');
  const seen: unknown[] = [];
  const { url } = await listenGrpc(
    {
      ...SERVER,
      ServerLive: (stream, _request, headers) => (seen.push(headers['authorization']), reply(stream, framed(YES))),
    },
    { key, cert }
  );
  expect((await probe(url)).error).toMatchObject({ cause: 'tls' });
  const tlsConfig = { caFile, serverName: 'models.test', insecureSkipVerify: false };
  const connections = new Map([['box', { tlsConfig, authorization: { type: 'Bearer', credentialsFile } }]]);
  const found = await probe(url, {}, transport({ connections }));
  expect(found).toMatchObject({ up: true, ready: true });
  expect(new Set(seen)).toEqual(new Set(['Bearer hunter2']));
});

it('reads metrics over HTTP, from the usual port of the kind or from where the configuration says', () => {
  const pages = (kind: 'mlserver' | 'kserve', more: Partial<ProbeTarget> = {}) =>
    metricsPages(target('grpc://box:8081', more), {
      ...{ kind, address: '', up: true, live: true, ready: true, models: [], durationSeconds: 0 },
    }).map(({ url }) => url);
  expect(pages('mlserver')).toEqual(['http://box:8082/metrics']);
  expect(pages('kserve')).toEqual([]);
  expect(pages('kserve', { metricsUrl: 'http://box:8080/metrics' })).toEqual(['http://box:8080/metrics']);
});
