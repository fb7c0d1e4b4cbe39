import type { ProbeResult } from '../../domain/observation';
import type { ProbeTarget } from '../../domain/probe-target';
import { probeEndpoint } from './endpoint';
import { closeServers, listen, recorded, routes } from './testing/server';
import { createTransport } from './transport';

const transport = createTransport({ maxBodyBytes: 100_000 });

afterEach(closeServers);
afterAll(() => transport.close());

async function probe(url: string, more: Partial<ProbeTarget> = {}): Promise<ProbeResult & { drops: string[] }> {
  const drops: string[] = [];
  const target: ProbeTarget = {
    endpoint: { namespace: 'ns', server: 's', replica: 's-0' },
    url,
    models: [],
    versionSuffix: false,
    ...more,
  };
  const result = await probeEndpoint(transport, target, AbortSignal.timeout(5_000), (reason, detail) =>
    drops.push(`${reason} ${detail}`)
  );
  return { ...result, drops };
}

describe('KServe Python server 0.21.0', () => {
  const SERVER = {
    'GET /v2/health/live': '{"live":true}',
    'GET /v2/health/ready': '{"ready":true}',
    'GET /v2': recorded('kserve/v2-server-metadata.json'),
    'GET /v2/models': recorded('kserve/v2-models.json'),
    'GET /v2/models/double/ready': recorded('kserve/v2-model-ready-double.json'),
  };

  it('is known by its name, and its models by its list', async () => {
    expect(await probe(await listen(routes(SERVER)))).toMatchObject({
      kind: 'kserve',
      up: true,
      ready: true,
      serverVersion: '0.21.0',
      models: [{ name: 'double', ready: true }],
    });
  });

  it('does not have what should be there and is not in an empty list', async () => {
    const url = await listen(routes({ ...SERVER, 'GET /v2/models': '{"models":[]}' }));
    expect((await probe(url, { models: ['double'] })).models).toEqual([
      { name: 'double', ready: false, reason: 'not in the list of models of the server' },
    ]);
  });

  it('drops names that cannot be names', async () => {
    const url = await listen(routes({ ...SERVER, 'GET /v2/models': '{"models":["double",3,""]}' }));
    const { models, drops } = await probe(url);
    expect(models.map(({ name }) => name)).toEqual(['double']);
    expect(drops).toHaveLength(2);
    expect(drops[0]).toContain('models[1]: expected the name of a model');
  });
});

describe('vLLM 0.32.0', () => {
  const NOT_FOUND = '{"detail":"Not Found"}';
  const SERVER = {
    'GET /health': '',
    'GET /version': recorded('vllm/version.json'),
    'GET /v1/models': recorded('vllm/v1-models.json'),
  };

  it('is recognized without being named', async () => {
    expect(await probe(await listen(routes(SERVER, NOT_FOUND)))).toMatchObject({
      kind: 'vllm',
      up: true,
      live: true,
      ready: true,
      serverVersion: '0.32.0',
      models: [{ name: 'tiny', ready: true, state: 'ready' }],
    });
  });

  it('is not live, and has no model, once its engine died', async () => {
    const url = await listen(routes({ ...SERVER, 'GET /health': [503, ''] }, NOT_FOUND));
    expect(await probe(url, { kindHint: 'vllm' })).toMatchObject({ up: true, live: false, ready: false, models: [] });
  });

  it('tells adapters and second names from the base model, and calls models by the end of their path', async () => {
    const models = {
      data: [
        { id: 'org/base', root: '/mnt/models', parent: null, owned_by: 'vllm' },
        { id: 'publishers/ns/models/other', root: '/mnt/models', parent: null },
        { id: 'sql-lora', root: '/adapters/sql', parent: 'org/base' },
      ],
    };
    const url = await listen(routes({ ...SERVER, 'GET /v1/models': JSON.stringify(models) }, NOT_FOUND));
    expect((await probe(url)).models).toEqual([
      { name: 'base', ready: true, state: 'ready' },
      { name: 'other', parent: 'base', ready: true, state: 'ready' },
      { name: 'sql-lora', parent: 'base', ready: true, state: 'ready' },
    ]);
  });

  it('is recognized and healthy behind a key, without the names of its models', async () => {
    const url = await listen(routes({ ...SERVER, 'GET /v1/models': [401, '{"error":"Unauthorized"}'] }, NOT_FOUND));
    expect(await probe(url)).toMatchObject({ kind: 'vllm', up: true, ready: true, models: [] });
  });
});

describe('llama.cpp server, build 11549', () => {
  const LOADING: [number, string] = [
    503,
    '{"error":{"message":"Loading model","type":"unavailable_error","code":503}}',
  ];
  const NOT_FOUND = '{"error":{"message":"File Not Found","type":"not_found_error","code":404}}';

  it('is recognized without being named; its model is called by the name of its file', async () => {
    const url = await listen(
      routes(
        {
          'GET /health': recorded('llamacpp/health.json'),
          'GET /props': recorded('llamacpp/props.json'),
          'GET /v1/models': recorded('llamacpp/v1-models.json'),
        },
        NOT_FOUND
      )
    );
    expect(await probe(url)).toMatchObject({
      kind: 'llamacpp',
      ready: true,
      serverVersion: 'b0-unknown',
      models: [{ name: 'tiny.gguf', ready: true }],
    });
  });

  it('loads: it answers 503 on every path', async () => {
    const url = await listen((_, response) => {
      response.writeHead(LOADING[0], { 'content-type': 'application/json' }).end(LOADING[1]);
    });
    expect(await probe(url, { models: ['tiny.gguf'] })).toMatchObject({
      kind: 'llamacpp',
      up: true,
      live: true,
      ready: false,
      models: [{ name: 'tiny.gguf', ready: false, state: 'loading' }],
    });
  });
});

describe('TorchServe 0.12.0', () => {
  const NOT_FOUND = recorded('torchserve/models-on-inference-port.json');
  const SERVER = {
    'GET /ping': recorded('torchserve/ping.json'),
    'GET /models?limit=1000': recorded('torchserve/models.json'),
    'GET /models/double/all': recorded('torchserve/model-double-all-versions.json'),
  };

  it('is recognized by its errors, and has the models of its management API', async () => {
    expect(await probe(await listen(routes(SERVER, NOT_FOUND)))).toMatchObject({
      kind: 'torchserve',
      up: true,
      ready: true,
      models: [{ name: 'double', ready: true, state: 'ready', version: '1.0' }],
    });
  });

  it.each([
    ['torchserve/model-double-scaled-to-zero.json', 'no workers'],
    ['torchserve/model-worker-cannot-start.json', '0 of 1 workers are ready'],
  ])('sees through a ping that is Healthy: %s', async (file, reason) => {
    const url = await listen(routes({ ...SERVER, 'GET /models/double/all': recorded(file) }, NOT_FOUND));
    expect(await probe(url, { models: ['double'] })).toMatchObject({
      ready: true,
      models: [{ name: 'double', ready: false, state: 'unavailable', version: '1.0', reason }],
    });
  });

  it('says that it does not know how models are whose workers it may not see', async () => {
    const url = await listen(routes({ 'GET /ping': recorded('torchserve/ping.json') }, NOT_FOUND));
    const { models } = await probe(url, { models: ['double'], kindHint: 'torchserve' });
    expect(models).toEqual([
      {
        name: 'double',
        state: 'unknown',
        reason: expect.stringContaining('the management API says nothing of its workers') as string,
      },
    ]);
  });

  it('says that it wants a token', async () => {
    const refusal = '{"code":400,"type":"InvalidKeyException","message":"Token Authorization failed."}';
    const url = await listen((_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' }).end(refusal);
    });
    expect(await probe(url, { models: ['double'] })).toMatchObject({
      kind: 'torchserve',
      up: true,
      live: false,
      error: { cause: 'unauthorized', text: expect.stringContaining('it wants a token') as string },
    });
  });

  it('does not have a model that is not registered', async () => {
    const missing: [number, string] = [404, recorded('torchserve/model-unknown.json')];
    const url = await listen(routes({ ...SERVER, 'GET /models/nope/all': missing }, NOT_FOUND));
    expect((await probe(url, { models: ['nope'] })).models).toEqual([
      { name: 'nope', ready: false, reason: 'not registered at the server' },
    ]);
  });
});

describe('TensorFlow Serving, as documented', () => {
  const STATUS = {
    model_version_status: [
      { version: '2', state: 'END', status: { error_code: 'NOT_FOUND', error_message: 'no weights' } },
      { version: '1', state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } },
    ],
  };
  const MISSING: [number, string] = [404, '{"error":"Could not find any versions of model modelwatch"}'];

  it('is recognized by what it says of a model, and tells the state of each version', async () => {
    const url = await listen(routes({ 'GET /v1/models/half': JSON.stringify(STATUS) }));
    expect(await probe(url, { models: ['half'] })).toMatchObject({
      kind: 'tfserving',
      up: true,
      ready: true,
      models: [
        { name: 'half', version: '2', ready: false, state: 'unavailable', reason: 'no weights' },
        { name: 'half', version: '1', ready: true, state: 'ready' },
      ],
    });
  });

  it('is up without any model that is known', async () => {
    const url = await listen(routes({ 'GET /v1/models/modelwatch': MISSING }));
    expect(await probe(url)).toMatchObject({ kind: 'tfserving', up: true, models: [] });
  });
});

describe('a server that nobody knows', () => {
  it('is asked by the open protocol, and shows what it answered', async () => {
    expect(await probe(await listen(routes({})))).toMatchObject({
      kind: 'oip',
      up: true,
      live: false,
      error: { cause: 'http_status', text: expect.stringContaining('/v2/health/live') as string },
    });
  });
});
