import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ProbeTarget } from '../../domain/probe-target';
import { moduleSchema } from '../../mapping/module';
import { Differences } from './differences';
import { metricsPages, probeEndpoint, readPage } from './endpoint';
import { compileModule } from './generic';
import { createTransport, type Transport } from './transport';

const SHIPPED = join(__dirname, '..', '..', '..', '..', 'provisioning', 'servers');
const recorded = (path: string) => readFileSync(join(__dirname, 'fixtures', path), 'utf8');
const shipped = (name: string): unknown => parse(readFileSync(join(SHIPPED, `${name}.yaml`), 'utf8'));

type Answers = Readonly<Record<string, string | readonly [status: number, body: string]>>;

let server: Server;
let transport: Transport;
let answers: Answers = {};
let asked: string[] = [];
beforeAll(async () => {
  transport = createTransport({ maxBodyBytes: 1_000_000 });
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const answer = answers[request.url ?? ''] ?? [404, 'not here'];
    const [status, body] = typeof answer === 'string' ? [200, answer] : answer;
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await transport.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** What is seen of a server that answers so, by a module. */
async function seen(module: unknown, given: Answers, models: readonly string[] = []) {
  answers = given;
  asked = [];
  const parsed = moduleSchema.parse(module);
  const modules = new Map([[parsed.name, compileModule(parsed)]]);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoint = { namespace: 'standalone', server: 's', replica: 's' };
  const path = parsed.metrics?.path ?? '/metrics';
  const target: ProbeTarget = {
    endpoint,
    url,
    metricsUrl: `${url}${path}`,
    module: parsed.name,
    models,
    versionSuffix: false,
  };
  const drops: string[] = [];
  const drop = (reason: string, detail: string) => void drops.push(`${reason} ${detail.replaceAll(url, '')}`);
  const { signal } = new AbortController();
  const result = await probeEndpoint(transport, target, signal, drop, modules);
  const [page] = metricsPages(target, result, modules);
  const polled = { models: result.models, differences: new Differences() };
  const measured = page && (await readPage(transport, target, page, polled, signal, drop));
  const error = result.error && { ...result.error, text: result.error.text.replaceAll(url, '') };
  return { ...result, error, measured, drops };
}

describe('a shipped module', () => {
  it('is tested here, each of them', () => {
    expect(readdirSync(SHIPPED).sort()).toEqual(
      ['bentoml', 'litserve', 'openvino', 'rayserve', 'tgi'].map((name) => `${name}.yaml`)
    );
  });

  it('reads BentoML 1.4.39, without its probes and paths that nobody serves', async () => {
    const given = {
      '/livez': '',
      '/readyz': '',
      '/schema.json': recorded('bentoml/schema.json'),
      '/metrics': recorded('bentoml/metrics-after.txt'),
    };
    const found = await seen(shipped('bentoml'), given, ['iris']);
    expect(found).toMatchObject({
      kind: 'generic',
      up: true,
      live: true,
      ready: true,
      serverName: 'BentoML Doubler',
      models: [{ name: 'iris', ready: true }],
      drops: [],
    });
    const [sample, ...others] = found.measured?.samples ?? [];
    expect(others).toEqual([]);
    expect(sample).toMatchObject({
      model: 'iris',
      version: '',
      requests: { success: 51, client_error: 2, server_error: 1 },
      numbers: { running: 0 },
    });
    expect(sample?.histograms.duration?.count).toBe(54);
    expect(sample?.histograms.duration?.sum).toBeCloseTo(
      0.09676205100049629 + 0.004676568000377301 + 0.002959614000246802
    );
    expect(sample?.histograms.duration?.buckets).toHaveLength(15);
    expect(found.measured?.capabilities).toEqual([
      'versions',
      'requests',
      'duration',
      'duration_buckets',
      'running_requests',
      'outcomes',
      'error_sides',
    ]);
  });

  it('reads Ray Serve 2.60.0: applications, not its own routes, and seconds, not milliseconds', async () => {
    const given = {
      '/-/healthz': recorded('rayserve/healthz.json'),
      '/-/routes': recorded('rayserve/routes.json'),
      '/metrics': recorded('rayserve/metrics-after.txt'),
    };
    const found = await seen(shipped('rayserve'), given, ['double']);
    expect(found).toMatchObject({ live: true, ready: true, models: [{ name: 'double', ready: true }], drops: [] });
    const [sample, ...others] = found.measured?.samples ?? [];
    expect(others).toEqual([]);
    expect(sample).toMatchObject({
      model: 'double',
      requests: { success: 52, server_error: 2 },
      numbers: { running: 0, waiting: 0 },
      histograms: { duration: { count: 54 }, execution: { sum: 0.3425, count: 54 } },
    });
    expect(sample?.histograms.duration?.sum).toBeCloseTo(2.1125 + 0.09);
    expect(sample?.histograms.duration?.buckets.map(({ le }) => le)).toContain(0.05);
  });

  it('reads LitServe 0.2.19, which has no metrics of its own', async () => {
    const found = await seen(shipped('litserve'), { '/health': recorded('litserve/health.json') }, ['double']);
    expect(found).toMatchObject({ live: true, ready: true, models: [{ name: 'double', ready: true }] });
    expect(found.measured).toBeUndefined();
    expect(await seen(shipped('litserve'), { '/health': [503, 'not ready'] })).toMatchObject({ up: true, live: false });
  });

  it('reads the OpenVINO Model Server as its documentation shows it', async () => {
    const status = (version: string, state: string) => ({
      version,
      state,
      status: { error_code: 'OK', error_message: '' },
    });
    const config = {
      vehicle_attributes_recognition: { model_version_status: [status('2', 'LOADING'), status('1', 'AVAILABLE')] },
      broken: { model_version_status: [status('1', 'END')] },
    };
    const given = {
      '/v2/health/live': '',
      '/v2/health/ready': [503, ''],
      '/v2': '{"name":"OpenVINO Model Server","version":"2022.2.0.fd742507"}',
      '/v1/config': JSON.stringify(config),
      '/metrics': recorded('openvino/metrics.txt'),
    } as const;
    const found = await seen(shipped('openvino'), given);
    expect(found).toMatchObject({
      live: true,
      ready: false,
      serverName: 'OpenVINO Model Server',
      serverVersion: '2022.2.0.fd742507',
      models: [
        { name: 'vehicle_attributes_recognition', ready: true, state: 'ready', version: '1' },
        { name: 'broken', ready: false, state: 'unavailable' },
      ],
      drops: [],
    });
    const [sample, ...others] = found.measured?.samples ?? [];
    expect(others).toEqual([]);
    expect(sample).toMatchObject({
      version: '1',
      requests: { success: 148, unknown: 0 },
      numbers: { running: 0 },
      histograms: { execution: { count: 148 }, queue: { count: 148 }, duration: { count: 0 } },
    });
    expect(sample?.histograms.execution?.sum).toBeCloseTo(0.873171);
    expect(sample?.histograms.queue?.sum).toBeCloseTo(3.589944);
  });

  it('reads Text Generation Inference as its source writes it', async () => {
    const histogram = (family: string, le: number, sum: number) =>
      `# TYPE ${family} histogram\n${family}_bucket{le="${le}"} 3\n${family}_bucket{le="+Inf"} 4\n${family}_sum ${sum}\n${family}_count 4\n`;
    const text = [
      '# TYPE tgi_request_success counter\ntgi_request_success 4\n',
      '# TYPE tgi_request_failure counter\ntgi_request_failure{err="validation"} 2\ntgi_request_failure{err="overloaded"} 1\n',
      'tgi_request_count 7\ntgi_queue_size 5\ntgi_batch_current_size 3\n',
      histogram('tgi_request_duration', 1.5, 4.5),
      histogram('tgi_request_inference_duration', 1.5, 4),
      histogram('tgi_request_queue_duration', 0.1, 0.4),
      histogram('tgi_request_mean_time_per_token_duration', 0.02, 0.08),
      histogram('tgi_request_generated_tokens', 64, 200),
      histogram('tgi_request_input_length', 128, 400),
    ].join('');
    const info = '{"model_id":"org/tiny","version":"3.3.7","router":"text-generation-router"}';
    const found = await seen(shipped('tgi'), { '/health': '', '/info': info, '/metrics': text }, ['chat']);
    expect(found).toMatchObject({
      serverName: 'tgi',
      serverVersion: '3.3.7',
      models: [{ name: 'chat', ready: true }],
      drops: [],
    });
    expect(found.measured?.samples).toMatchObject([
      {
        model: 'chat',
        requests: { success: 4, client_error: 2, server_error: 1 },
        numbers: { running: 3, waiting: 5 },
        tokens: { generated: 200, prompt: 400 },
        histograms: {
          duration: { buckets: [{ le: 1.5, count: 3 }], sum: 4.5, count: 4 },
          execution: { sum: 4 },
          queue: { sum: 0.4 },
          interToken: { sum: 0.08, count: 4 },
          generatedTokens: { sum: 200, count: 4 },
          promptTokens: { sum: 400 },
        },
      },
    ]);
  });
});

const HOME = { name: 'home', health: { path: '/up' } };

describe('what a module expects', () => {
  it.each([
    [{ equals: 'ok' }, 'ok\n', true],
    [{ equals: 'ok' }, 'okay', false],
    [{ matches: '^[0-9]+ models?$' }, '3 models', true],
    [{ matches: '^[0-9]+ models?$' }, 'no models', false],
    [{ path: 'status', equals: 'ok' }, '{"status":"ok"}', true],
    [{ path: 'status', equals: 'ok' }, '{"status":"loading"}', false],
    [{ path: 'status', equals: 'ok' }, 'ok', false],
    [{ path: 'parts.*.up', in: [true, 1] }, '{"parts":[{"up":true},{"up":1}]}', true],
    [{ path: 'parts.*.up', in: [true, 1] }, '{"parts":[{"up":true},{"up":false}]}', false],
    [{ path: '@[0].name', matches: '(?i)^A' }, '[{"name":"alpha"}]', true],
  ])('%j of %s: %s', async (expect1, body, live) => {
    const found = await seen({ ...HOME, health: { path: '/up', expect: [expect1] } }, { '/up': body }, ['m']);
    expect(found).toMatchObject({ up: true, live, models: live ? [{ name: 'm', ready: true }] : [] });
    if (!live) {
      expect(found.error?.cause).toBe('invalid_response');
      expect(found.error?.text).toMatch(/^GET \/up: expected .*, got something else$/);
    }
  });

  it('takes another status for a wrong path, and 503 for "not now"', async () => {
    expect(await seen(HOME, {})).toMatchObject({
      up: true,
      live: false,
      error: { cause: 'http_status', text: 'GET /up: expected status 200, got 404' },
    });
    const down = await seen(HOME, { '/up': [503, ''] }, ['m']);
    expect(down).toMatchObject({ up: true, live: false, models: [{ name: 'm', ready: false }] });
    expect(down.error).toBeUndefined();
  });

  it('asks for readiness apart, and a server that is not well for nothing else', async () => {
    const module = { ...HOME, ready: { path: '/ready', status: [204] }, identity: { path: '/id', version: '${v}' } };
    const found = await seen(module, { '/up': '', '/ready': [204, ''], '/id': '{"v":7}' }, ['m']);
    expect(found).toMatchObject({ ready: true, serverName: 'home', serverVersion: '7' });
    await seen(module, { '/up': [503, ''] });
    expect(asked).toEqual(['GET /up']);
  });

  it('counts names and states that it cannot use, and goes on', async () => {
    const models = { path: '/m', each: 'models', name: '${@.id}', state: '@.s', states: { UP: 'ready' } };
    const list = { models: [{ id: 'a', s: 'UP' }, { id: 'b', s: 'ODD' }, { id: 'x/y', s: 'UP' }, { s: 'UP' }] };
    const found = await seen({ ...HOME, models }, { '/up': '', '/m': JSON.stringify(list) });
    expect(found.models).toEqual([
      { name: 'a', ready: true, state: 'ready' },
      { name: 'b', ready: false, state: 'unknown' },
    ]);
    expect(found.drops).toEqual([
      'unknown_value GET /m b @.s: expected one of UP, got "ODD"',
      'wrong_type GET /m ${@.id}: expected the name of a model, got "x/y"',
      'wrong_type GET /m ${@.id}: expected the name of a model, got undefined',
    ]);
  });

  it('fails when the list of models is none', async () => {
    const found = await seen({ ...HOME, models: { path: '/m', name: '${n}' } }, { '/up': '', '/m': '<html>' });
    expect(found).toMatchObject({ up: true, live: false, models: [], error: { cause: 'invalid_response' } });
  });
});
