import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Observation } from '../../domain/observation';
import { NO_TELEMETRY } from '../../domain/telemetry';
import { createServersSource, type ServersSource } from './index';
import { encodeTexts } from './protobuf';
import type { SyntheticProbe } from './synthetic';
import { closeGrpcServers, listenGrpc } from './testing/grpc-server';

const recorded = (name: string) => readFileSync(join(__dirname, 'fixtures', 'mlserver', name), 'utf8');
const REQUEST = { inputs: [{ name: 'x', shape: [1, 4], datatype: 'FP32', data: [5.1, 3.5, 1.4, 0.2] }] };
const ANSWER = { model_name: 'iris', outputs: [{ name: 'predict', shape: [1, 1], datatype: 'INT64', data: [0] }] };

interface Got {
  readonly url: string | undefined;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

let server: Server;
let url: string;
let source: ServersSource | undefined;
let answer: (response: ServerResponse) => void;
let got: Got[];

beforeEach(async () => {
  got = [];
  answer = (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ANSWER));
  const asked: Record<string, string> = {
    '/v2': recorded('server-metadata.json'),
    '/v2/repository/index': recorded('repository-index.json'),
  };
  server = createServer((request, response) => {
    if (!request.url?.includes('/infer')) return void response.end(asked[request.url ?? ''] ?? '');
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      got.push({ url: request.url, body, headers: request.headers });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await source?.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

type Told = Extract<Observation, { kind: 'synthetic-probed' }>;

/** The first result of a probe of `iris`. */
async function result(more: Partial<SyntheticProbe> = {}, versionSuffix = false): Promise<Told> {
  const probe: SyntheticProbe = {
    namespace: 'ns',
    model: 'iris',
    name: 'default',
    intervalSeconds: 0.1,
    timeoutSeconds: 0.5,
    request: { path: '/v2/models/{model}/infer', headers: { 'x-team': 'growth' }, body: REQUEST },
    expect: { status: [200], values: [] },
    ...more,
  };
  const options = { probeIntervalSeconds: 0.2, probeTimeoutSeconds: 1, maxBodyBytes: 200_000, concurrency: 4 };
  return await new Promise((resolve) => {
    const tell = (told: Observation) => {
      // Before the server was asked how it is, nobody knows of a replica.
      if (told.kind !== 'synthetic-probed') return;
      if (told.result.error?.cause !== 'no_replica' || probe.model !== 'iris') resolve(told);
    };
    source = createServersSource({ ...options, access: 'direct', synthetic: [probe] }, tell, NO_TELEMETRY);
    const endpoint = { namespace: 'ns', server: 's', replica: 's-0' };
    source.change({ set: [{ endpoint, url, models: ['iris'], versionSuffix }], gone: [] });
  });
}

const values = (...expected: SyntheticProbe['expect']['values'][number][]) => ({
  expect: { status: [200], values: expected },
});

describe('synthetic inference', () => {
  it('says that it sends nothing over gRPC, and calls no model down for it', async () => {
    const index = Buffer.concat([Buffer.from([0x0a, 13]), encodeTexts({ 1: 'iris', 3: 'READY' })]);
    const yes = Buffer.from('0801', 'hex');
    const grpc = await listenGrpc({ ServerLive: yes, ServerReady: yes, RepositoryIndex: index });
    const drops: string[] = [];
    const told = await new Promise<readonly Observation[]>((resolve) => {
      const all: Observation[] = [];
      source = createServersSource(
        {
          probeIntervalSeconds: 0.2,
          probeTimeoutSeconds: 1,
          maxBodyBytes: 1_000,
          concurrency: 4,
          access: 'direct',
          synthetic: [
            {
              namespace: 'standalone',
              model: 'iris',
              name: 'default',
              intervalSeconds: 0.1,
              timeoutSeconds: 0.5,
              request: { path: '/v2/models/{model}/infer', headers: {}, body: REQUEST },
              expect: { status: [200], values: [] },
            },
          ],
        },
        (one) => void all.push(one),
        { ...NO_TELEMETRY, dropped: (at, reason, detail) => (drops.push(`${at} ${reason} ${detail}`), resolve(all)) }
      );
      const endpoint = { namespace: 'standalone', server: 's', replica: 's-0' };
      source.change({ set: [{ endpoint, url: grpc.url, models: ['iris'], versionSuffix: false }], gone: [] });
    });
    expect(drops[0]).toBe(
      `synthetic unknown_value standalone/iris default: expected a server with an http:// or https:// URL, or request.url, got ${grpc.url}`
    );
    const errors = told.flatMap((one) => (one.kind === 'synthetic-probed' ? one.result.error?.cause : []));
    expect(errors.filter((cause) => cause !== 'no_replica')).toEqual([]);
    await source?.stop();
    await closeGrpcServers();
  });

  it('sends the request as it was declared to a replica that answers', async () => {
    const told = await result();
    expect(told.result.error).toBeUndefined();
    expect(told.result.durationSeconds).toBeGreaterThan(0);
    expect(told.probe).toEqual({ namespace: 'ns', model: 'iris', probe: 'default', intervalSeconds: 0.1 });
    expect(got[0]?.url).toBe('/v2/models/iris/infer');
    expect(JSON.parse(got[0]?.body ?? '')).toEqual(REQUEST);
    expect(got[0]?.headers).toMatchObject({ 'x-team': 'growth', 'content-type': 'application/json' });
  });

  it.each([
    ['a value', { path: 'outputs[0].data[0]', equals: 0 }],
    ['a value within its tolerance', { path: 'outputs[0].data[0]', equals: 0.04, tolerance: 0.05 }],
    ['a shape', { path: 'outputs[0].shape', equals: [1, 1] }],
    ['a length', { path: 'outputs', length: 1 }],
    ['a range', { path: 'outputs[0].data[0]', min: 0, max: 2 }],
    ['a text', { path: 'model_name', equals: 'iris' }],
  ])('is content with %s', async (_what, expected) => {
    expect((await result(values(expected))).result.error).toBeUndefined();
  });

  it.each([
    [{ path: 'outputs[0].data[0]', equals: 2 }, 'outputs[0].data[0]: expected 2, got 0'],
    [{ path: 'outputs[0].data[0]', equals: 1, tolerance: 0.5 }, 'outputs[0].data[0]: expected 1 within 0.5, got 0'],
    [{ path: 'outputs[0].shape', equals: [1, 3] }, 'outputs[0].shape: expected [1,3], got [1,1]'],
    [{ path: 'outputs', length: 2 }, 'outputs: expected a list of 2, got '],
    [{ path: 'outputs[0].data[0]', min: 0.5 }, 'outputs[0].data[0]: expected a number of at least 0.5, got 0'],
    [{ path: 'model_name', max: 3 }, 'model_name: expected a number of at most 3, got "iris"'],
    [{ path: 'outputs[1].data', length: 1 }, 'outputs[1].data: expected a value, got undefined'],
  ])('says what was expected: %j', async (expected, text) => {
    const { error } = (await result(values(expected))).result;
    expect(error?.cause).toBe('unexpected_answer');
    expect(error?.text).toContain(text);
  });

  it.each([
    ['a status', (response: ServerResponse) => void response.writeHead(500).end('{}'), 'http_status'],
    ['what is no JSON', (response: ServerResponse) => void response.end('<html>'), 'unexpected_answer'],
    ['silence', () => undefined, 'timeout'],
    ['a long answer', (response: ServerResponse) => void response.end('x'.repeat(300_000)), 'too_large'],
  ])('fails by %s', async (_what, handler, cause) => {
    answer = handler;
    expect((await result(values({ path: 'model_name', equals: 'iris' }))).result.error?.cause).toBe(cause);
  });

  it('asks where users ask when it is told so', async () => {
    const request = { path: '/', url: `${url}/ingress/infer`, headers: { 'seldon-model': 'iris' }, body: 'raw' };
    await result({ request });
    expect(got[0]).toMatchObject({ url: '/ingress/infer', body: 'raw' });
  });

  it('sends nothing to a model that its server does not have, and says so', async () => {
    const { error } = (await result({ model: 'nobody' })).result;
    expect(error).toEqual({ cause: 'no_replica', text: 'no replica answers' });
    expect(got).toEqual([]);
  });

  it('survives an answer that is nested too deep to be written', async () => {
    const depth = 50_000;
    answer = (response) => void response.end(`{"model_name":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    const { error } = (await result(values({ path: 'model_name', equals: 'iris' }))).result;
    expect(error?.text).toBe('model_name: expected "iris", got a value that cannot be written');
  });

  it('sends a header once, however it is spelled', async () => {
    const request = {
      path: '/v2/models/{model}/infer',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: 'x',
    };
    await result({ request });
    expect(got[0]?.headers['content-type']).toBe('application/octet-stream');
  });
});
