import type { Observation, ProbeResult } from '../../domain/observation';
import type { ProbeTarget } from '../../domain/probe-target';
import { createServersSource, type ServersOptions, type ServersSource } from './index';
import { closeServers, listen, recorded, routes, type Handler } from './testing/server';

const OPTIONS: ServersOptions = {
  probeIntervalSeconds: 0.2,
  probeTimeoutSeconds: 0.5,
  maxBodyBytes: 100_000,
  concurrency: 8,
  access: 'direct',
};

const sources: ServersSource[] = [];

afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.stop()));
  await closeServers();
});

const MLSERVER = {
  'GET /v2/health/live': '',
  'GET /v2/health/ready': '',
  'GET /v2': recorded('mlserver/server-metadata.json'),
  'POST /v2/repository/index': recorded('mlserver/repository-index.json'),
  'GET /metrics': recorded('mlserver/metrics-after.txt'),
};

function target(url: string, more: Partial<ProbeTarget> = {}): ProbeTarget {
  const endpoint = { namespace: 'ns', server: 's', replica: more.endpoint?.replica ?? new URL(url).host };
  return { url, metricsUrl: `${url}/metrics`, models: ['iris'], versionSuffix: false, ...more, endpoint };
}

/** A source and what it told; `until` resolves with the first observation that fits, told already or not. */
function start(targets: ProbeTarget[], options: Partial<ServersOptions> = {}) {
  const told: Observation[] = [];
  const drops: string[] = [];
  const errors: string[] = [];
  let notify: () => void = () => undefined;
  const source = createServersSource(
    { ...OPTIONS, ...options },
    (observation) => {
      told.push(observation);
      notify();
    },
    {
      relist: () => undefined,
      events: () => undefined,
      waited: () => undefined,
      probeStarted: () => undefined,
      newcomersAsked: () => undefined,
      foreign: () => undefined,
      error: (_, reason) => errors.push(reason),
      dropped: (_, reason, detail) => drops.push(`${reason} ${detail}`),
    }
  );
  sources.push(source);
  source.change({ set: targets, gone: [] });
  async function until<T extends Observation>(fits: (observation: Observation) => observation is T): Promise<T> {
    for (;;) {
      const found = told.find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => (notify = resolve));
    }
  }
  return { source, told, drops, errors, until };
}

type Probed = Extract<Observation, { kind: 'endpoint-probed' }>;
type Measured = Extract<Observation, { kind: 'endpoint-measured' }>;
const probed = (observation: Observation): observation is Probed => observation.kind === 'endpoint-probed';
const measured = (observation: Observation): observation is Measured => observation.kind === 'endpoint-measured';

async function probeOnce(url: string, more: Partial<ProbeTarget> = {}, options: Partial<ServersOptions> = {}) {
  const { until } = start([target(url, more)], options);
  return (await until(probed)).result;
}

describe('a part beside the server of a model', () => {
  const beside = { part: 'transformer', kindHint: 'oip', unmeasured: true, models: [] } as const;

  it('is not told of while it speaks another protocol, which is counted once', async () => {
    const { source, told, drops, until } = start([
      target(await listen(routes({ 'GET /up': '' })), beside),
      target(await listen(routes(MLSERVER)), { unmeasured: true }),
    ]);
    await until(probed);
    const asked = () => told.filter(probed).length;
    await eventually(() => asked() >= 3);
    expect(new Set(told.filter(probed).map(({ result }) => result.kind))).toEqual(new Set(['mlserver']));
    expect(drops).toEqual([
      expect.stringMatching(/^unknown_value .*health\/live: expected status 200, got 404; nothing is told/),
    ]);
    expect(told.findLast(({ kind }) => kind === 'source-status')).toMatchObject({ state: 'synced' });
    await source.stop();
  });

  it('says how it is once it spoke one that we know, but nothing of models', async () => {
    const answers: Record<string, string | [number, string]> = {
      'GET /v2/health/live': '{"live":true}',
      'GET /v2/health/ready': '{"ready":true}',
      'GET /v2': recorded('kserve/v2-server-metadata.json'),
      'GET /v2/models': '{"models":["iris"]}',
    };
    const { told, until } = start([target(await listen((...args) => routes(answers)(...args)), beside)]);
    expect((await until(probed)).result).toMatchObject({ kind: 'kserve', ready: true, models: [] });
    answers['GET /v2/health/live'] = [500, ''];
    const failed = await until((one): one is Probed => probed(one) && one.result.error !== undefined);
    expect(failed.result).toMatchObject({ up: true, ready: false, error: { cause: 'http_status' } });
    expect(told.some(measured)).toBe(false);
  });
});

describe('a probe of a server that answers', () => {
  it('tells what MLServer says of itself and its models, and its metrics', async () => {
    const { until } = start([target(await listen(routes(MLSERVER)), { models: ['iris', 'custom'] })]);
    const { result } = await until(probed);
    expect(result).toMatchObject({
      kind: 'mlserver',
      up: true,
      live: true,
      ready: true,
      serverName: 'mlserver',
      serverVersion: '1.7.1',
      models: [
        { name: 'custom', ready: true, state: 'ready', version: 'v1' },
        { name: 'iris', ready: true, state: 'ready', version: 'v1' },
      ],
    });
    expect(result.error).toBeUndefined();
    expect(result.durationSeconds).toBeGreaterThan(0);
    expect((await until(measured)).samples.map(({ model }) => model)).toEqual(['iris', 'iris', 'custom']);
  });

  it('tells why Triton cannot load a model, and that 400 is not ready', async () => {
    const result = await probeOnce(
      await listen(
        routes({
          'GET /v2/health/live': '',
          'GET /v2/health/ready': [400, ''],
          'GET /v2': recorded('triton/server-metadata.json'),
          'POST /v2/repository/index': recorded('triton/repository-index.json'),
        })
      )
    );
    expect(result).toMatchObject({ kind: 'triton', up: true, live: true, ready: false, serverVersion: '2.51.0' });
    expect(result.models.find(({ name }) => name === 'broken')).toMatchObject({
      ready: false,
      state: 'unavailable',
      reason: expect.stringContaining('weights missing') as string,
    });
    expect(result.models.find(({ name }) => name === 'double')).toMatchObject({ ready: true, state: 'ready' });
  });

  it('asks a KServe server that has no list for each model, which answers 404 for one that is not ready', async () => {
    const url = await listen(
      routes({
        'GET /v2/health/live': '{"live":true}',
        'GET /v2/health/ready': '{"ready":true}',
        'GET /v2': recorded('kserve/v2-server-metadata.json'),
        'GET /v2/models/double/ready': recorded('kserve/v2-model-ready-double.json'),
        'GET /v2/models/double': recorded('kserve/v2-model-metadata-double.json'),
        'GET /v2/models/notready/ready': [404, recorded('kserve/v2-model-ready-notready.json')],
      })
    );
    const result = await probeOnce(url, { models: ['double', 'notready'], kindHint: 'mlserver' });
    expect(result).toMatchObject({
      kind: 'kserve',
      serverName: 'kserve',
      models: [
        { name: 'double', ready: true },
        { name: 'notready', ready: false },
      ],
    });
  });

  it('takes the version of Seldon Core 2 off the names of the index', async () => {
    const index =
      '[{"name":"fraud_7","version":"1","state":"READY"},{"name":"a/b","state":"READY"},{"name":"x_1","state":"??"}]';
    const { until, drops } = start([
      target(await listen(routes({ ...MLSERVER, 'POST /v2/repository/index': index })), { versionSuffix: true }),
    ]);
    expect((await until(probed)).result.models).toEqual([
      { name: 'fraud', version: '7', ready: true, state: 'ready' },
      { name: 'x', version: '1', ready: false, state: 'loading' },
    ]);
    expect(drops).toEqual([
      expect.stringMatching(/^wrong_type .+repository\/index \[1\] name: expected the name of a model, got "a\/b"$/),
      expect.stringMatching(/^unknown_value .+\[2\] state: .+got "\?\?"$/),
    ]);
  });

  it.each(['{"ready":"banana"}', '{"ready":false}'])('does not take 200 with the body %s for ready', async (body) => {
    const result = await probeOnce(await listen(routes({ ...MLSERVER, 'GET /v2/health/ready': body })));
    expect(result).toMatchObject({ up: true, live: true, ready: false });
  });

  it('never calls a model ready that an empty server does not have', async () => {
    const result = await probeOnce(await listen(routes({ ...MLSERVER, 'POST /v2/repository/index': '[]' })));
    expect(result.models).toEqual([
      { name: 'iris', ready: false, reason: 'not in the repository index of the server' },
    ]);
  });
});

describe('a probe of something that fails', () => {
  const html: Handler = (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>');
  const cut: Handler = (_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"name":');
    setTimeout(() => response.destroy(), 20);
  };
  const cases: [string, Handler, Partial<ProbeResult>, string][] = [
    ['a web page', html, { up: true, error: { cause: 'invalid_response', text: '' } }, 'got a web page'],
    [
      'a server that hangs',
      () => undefined,
      { up: false, error: { cause: 'timeout', text: '' } },
      'within the deadline',
    ],
    ['a body that ends in the middle', cut, { up: false, error: { cause: 'closed', text: '' } }, 'connection closed'],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      { up: true, error: { cause: 'redirect', text: '' } },
      'expected status 200, got a redirect to another server, http://127.0.0.1:1, which is not followed',
    ],
    [
      'a server that does not let us in',
      routes({ 'GET /v2/health/live': [401, ''] }),
      { up: true, error: { cause: 'unauthorized', text: '' } },
      'expected status 200, got 401',
    ],
    [
      'something without the protocol',
      routes({}),
      { up: true, error: { cause: 'http_status', text: '' } },
      'expected status 200, got 404',
    ],
    [
      'metadata that is no JSON',
      routes({ ...MLSERVER, 'GET /v2': '{"name": "mlse' }),
      { up: true, error: { cause: 'invalid_response', text: '' } },
      'GET /v2: expected JSON',
    ],
    [
      'metadata of another shape',
      routes({ ...MLSERVER, 'GET /v2': '[1]' }),
      { up: true, error: { cause: 'invalid_response', text: '' } },
      'expected an object, got [1]',
    ],
    [
      'an index of another shape',
      routes({ ...MLSERVER, 'POST /v2/repository/index': '{"models":[]}' }),
      { up: true, error: { cause: 'invalid_response', text: '' } },
      'expected a list',
    ],
  ];
  it.each(cases)('%s is a result with its cause, never a ready one', async (_, handler, expected, words) => {
    const result = await probeOnce(await listen(handler));
    expect(result).toMatchObject({ live: false, ready: false, models: [], up: expected.up });
    expect(result.error?.cause).toBe(expected.error?.cause);
    expect(result.error?.text.replace(/http:\/\/[^/]+/, '')).toContain(words);
  });

  it('a refused connection', async () => {
    const url = await listen(routes({}));
    await closeServers();
    const result = await probeOnce(url);
    expect(result).toMatchObject({ up: false, error: { cause: 'refused' } });
  });

  it('an answer of 100 MB is refused without reading it', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(65_536, 'x');
    const flood: Handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (sent < 100_000_000 && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
    const before = process.memoryUsage().rss;
    const result = await probeOnce(
      await listen(routes({ ...MLSERVER, 'GET /v2': flood })),
      {},
      { probeTimeoutSeconds: 5 }
    );
    expect(result.error).toMatchObject({
      cause: 'too_large',
      text: expect.stringContaining('at most 100000 bytes') as string,
    });
    expect(sent).toBeLessThan(20_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
  });
});

/** Resolves when it holds; fails when it does not within 15 s. */
async function eventually(holds: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within 15 s: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the endpoints together', () => {
  it('a server that hangs delays nobody', async () => {
    const hanging = await Promise.all(Array.from({ length: 6 }, () => listen(() => undefined)));
    const good = await listen(routes(MLSERVER));
    const { told } = start([...hanging.map((url) => target(url)), target(good)], {
      concurrency: 4,
      probeIntervalSeconds: 0.1,
      probeTimeoutSeconds: 0.4,
    });
    const goodHost = new URL(good).host;
    const isGood = (one: Observation) => probed(one) && one.endpoint.replica === goodHost;
    const results = () => ({ good: told.filter(isGood).length, all: told.filter(probed).length });
    // All of them have hung once by then; from there on they share one lane and the good one has the others.
    await eventually(() => new Set(told.filter(probed).map((one) => one.endpoint.replica)).size === 7);
    const before = results();
    await eventually(() => results().good >= before.good + 6);
    // In one queue with them the good one would be asked as often as each of the six, and wait for all.
    const hung = results().all - before.all - 6;
    expect(hung).toBeLessThan(18);
  });

  it('a metrics port that hangs does not hold up the probes', async () => {
    const url = await listen(routes({ ...MLSERVER, 'GET /metrics': () => undefined }));
    const { told } = start([target(url)], { concurrency: 2, probeIntervalSeconds: 0.1, probeTimeoutSeconds: 5 });
    // Held up, five probes would take five deadlines of 5 s.
    await eventually(() => told.filter(probed).length >= 5);
  });

  it('metrics that fail twice make the endpoint silent, once, and good ones bring it back', async () => {
    let broken = false;
    const metrics: Handler = (_, response) =>
      broken ? response.writeHead(500).end() : response.writeHead(200).end(MLSERVER['GET /metrics']);
    const { told, until, errors } = start([target(await listen(routes({ ...MLSERVER, 'GET /metrics': metrics })))]);
    await until(measured);
    broken = true;
    await until((one): one is Observation & { kind: 'endpoint-silent' } => one.kind === 'endpoint-silent');
    const atSilence = told.length;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(told.slice(atSilence).filter(({ kind }) => kind === 'endpoint-silent')).toEqual([]);
    expect(errors).toContain('http_status');
    broken = false;
    await eventually(() => told.slice(atSilence).some(measured));
  });

  it('one with a bad page is told with what of it was not used; its neighbour is read as before', async () => {
    const good = MLSERVER['GET /metrics'];
    const line = good.split('\n').find((one) => one.startsWith('model_infer_request_success_total{')) ?? '';
    const bad = [`${line}`, `${line.replace('v1', 'v2')} 1000`, 'model_infer_request_success_total{model="ir', ''];
    const spoilt = await listen(routes({ ...MLSERVER, 'GET /metrics': good + bad.join('\n') }));
    const huge = await listen(routes({ ...MLSERVER, 'GET /metrics': 'a 1\n'.repeat(30_000) }));
    const fine = await listen(routes(MLSERVER));
    const { told } = start([target(spoilt), target(huge), target(fine)]);
    const unusedOf = (url: string) =>
      told.findLast((one) => probed(one) && one.endpoint.replica === new URL(url).host && one.unused);
    await eventually(() => [spoilt, huge, fine].every(unusedOf));
    const { dropped } = (unusedOf(spoilt) as Probed).unused ?? {};
    // The page names a model that somebody asked for in vain, of which the index knows nothing.
    const foreign = 'unknown_model';
    expect(Object.keys(dropped ?? {}).sort()).toEqual(['duplicate_sample', 'invalid_sample', 'stale_sample', foreign]);
    expect((unusedOf(huge) as Probed).unused).toMatchObject({
      dropped: {},
      polls: { too_large: expect.any(Number) as number },
    });
    const ofFine = (unusedOf(fine) as Probed | undefined)?.unused;
    expect(Object.keys(ofFine?.dropped ?? {})).toEqual([foreign]);
    expect(ofFine?.polls).toEqual({});
    const samplesOf = (url: string) =>
      told.filter(measured).findLast(({ endpoint }) => endpoint.replica === new URL(url).host)?.samples;
    expect(samplesOf(spoilt)).toEqual(samplesOf(fine));
    expect(samplesOf(huge)).toBeUndefined();
  });

  it('tells an endpoint that leaves as removed and asks it no more', async () => {
    const url = await listen(routes(MLSERVER));
    const { source, told, until } = start([target(url)]);
    await until(measured);
    source.change({ set: [], gone: [target(url).endpoint] });
    const at = told.findIndex(({ kind }) => kind === 'endpoint-removed');
    expect(at).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(told.slice(at + 1).filter((one) => probed(one) || measured(one))).toEqual([]);
  });

  it('says in words how many do not answer', async () => {
    const { until } = start([target(await listen(routes(MLSERVER))), target('http://127.0.0.1:1', { models: [] })]);
    const status = await until(
      (one): one is Extract<Observation, { kind: 'source-status' }> =>
        one.kind === 'source-status' && one.message !== undefined
    );
    expect(status).toMatchObject({ source: 'servers', title: 'Model servers', required: false, objects: 2 });
    expect(status.message).toBe('1 of 2 does not answer: ns/127.0.0.1:1 (refused)');
  });

  it('says nothing of a pod that the API server does not let it ask', async () => {
    let refused = 0;
    const request: NonNullable<ServersOptions['request']> = () => {
      refused += 1;
      const body = Buffer.from('{"kind":"Status","apiVersion":"v1","code":401,"message":"Unauthorized"}');
      return Promise.resolve({ status: 401, headers: { 'content-type': 'application/json' }, body });
    };
    const pod = { ...target('http://10.0.0.7:9000'), pod: { namespace: 'ns', name: 's-0' } };
    const { told, errors } = start([pod], { access: 'api-proxy', request, probeIntervalSeconds: 0.1 });
    await eventually(() => refused >= 3);
    expect(told.filter(probed)).toEqual([]);
    expect(errors).toContain('proxy_refused');
  });

  it('does not blame a pod for the page of something before the API server', async () => {
    const page = Buffer.from('<html>secret sign-in</html>');
    let headers: Record<string, string> = { 'content-type': 'text/html; charset=utf-8' };
    const request: NonNullable<ServersOptions['request']> = () => Promise.resolve({ status: 502, headers, body: page });
    const pod = { ...target('http://10.0.0.7:9000'), pod: { namespace: 'ns', name: 's-0' } };
    const { until, told, errors } = start([pod], { access: 'api-proxy', request, probeIntervalSeconds: 0.1 });
    const status = await until(
      (one): one is Extract<Observation, { kind: 'source-status' }> =>
        one.kind === 'source-status' && one.message !== undefined
    );
    expect(status).toMatchObject({ state: 'failing', objects: 1 });
    expect(status.message).toMatch(
      /^1 of 1 cannot be asked: GET http:\/\/10\.0\.0\.7:9000\S* through the API server: expected an answer of Kubernetes, got HTML with status 502 from something before it$/
    );
    expect(told.filter(probed)).toEqual([]);
    expect(new Set(errors)).toEqual(new Set(['proxy_not_kubernetes']));

    // The same page of the pod itself: the API server marks what it passes on.
    headers = { ...headers, 'audit-id': '1' };
    const { result } = await until(probed);
    expect(result).toMatchObject({ up: true, live: false, error: { cause: 'invalid_response' } });
  });

  it('counts a poll that the API server does not let through as missed', async () => {
    const base = await listen(routes(MLSERVER));
    let refused = false;
    const request: NonNullable<ServersOptions['request']> = async (path, { method }) => {
      if (refused) {
        const body = Buffer.from('{"kind":"Status","apiVersion":"v1","code":403}');
        return { status: 403, headers: { 'content-type': 'application/json' }, body };
      }
      const inner = path.replace(/^.*\/proxy/, '');
      const response = await fetch(`${base}${inner}`, { method, ...(method === 'POST' ? { body: '{}' } : {}) });
      return {
        status: response.status,
        headers: { 'content-type': response.headers.get('content-type') ?? '' },
        body: Buffer.from(await response.arrayBuffer()),
      };
    };
    const pod = { ...target('http://10.0.0.7:9000'), pod: { namespace: 'ns', name: 's-0' } };
    const { until } = start([pod], { access: 'api-proxy', request, probeIntervalSeconds: 0.1 });
    await until(measured);
    refused = true;
    const isSilent = (one: Observation): one is Observation & { kind: 'endpoint-silent' } =>
      one.kind === 'endpoint-silent';
    expect(await until(isSilent)).toMatchObject({ endpoint: pod.endpoint });
  });

  it('reaches pods through the API server, which says when it cannot', async () => {
    const paths: string[] = [];
    const upstream = routes(MLSERVER);
    const request: NonNullable<ServersOptions['request']> = async (path, { method }) => {
      paths.push(`${method} ${path}`);
      if (path.includes('gone')) {
        const body = Buffer.from('{"kind":"Status","apiVersion":"v1","code":503}');
        return { status: 503, headers: { 'content-type': 'application/json' }, body };
      }
      const inner = path.replace(/^.*\/proxy/, '');
      const response = await fetch(`${base}${inner}`, { method, ...(method === 'POST' ? { body: '{}' } : {}) });
      return {
        status: response.status,
        headers: { 'content-type': response.headers.get('content-type') ?? '' },
        body: Buffer.from(await response.arrayBuffer()),
      };
    };
    const base = await listen(upstream);
    const pod = (name: string): ProbeTarget => ({
      ...target('http://10.0.0.7:9000', { endpoint: { namespace: 'ns', server: 's', replica: name } }),
      metricsUrl: 'http://10.0.0.7:8082/metrics',
      pod: { namespace: 'ns', name },
    });
    const { until, told } = start([pod('s-0'), pod('gone')], { access: 'api-proxy', request });
    await until(measured);
    await until((one): one is Probed => probed(one) && one.endpoint.replica === 'gone');
    expect(paths).toContain('GET /api/v1/namespaces/ns/pods/s-0:9000/proxy/v2/health/live');
    expect(paths).toContain('POST /api/v1/namespaces/ns/pods/s-0:9000/proxy/v2/repository/index');
    expect(paths).toContain('GET /api/v1/namespaces/ns/pods/s-0:8082/proxy/metrics');
    const gone = told.filter(probed).find(({ endpoint }) => endpoint.replica === 'gone');
    expect(gone?.result).toMatchObject({ up: false, error: { cause: 'refused' } });
  });
});

describe('inference: direct', () => {
  /** Paths that were asked for, and the server. */
  function watched(answers: Parameters<typeof routes>[0]) {
    const asked: string[] = [];
    const answer = routes(answers);
    const handler: Handler = (request, response) => {
      asked.push(request.url ?? '');
      return answer(request, response);
    };
    return { asked, handler };
  }

  it('asks for health and models, leaves the metrics to Prometheus, and says what the kind of server can say', async () => {
    const { asked, handler } = watched(MLSERVER);
    const { until } = start([target(await listen(handler))], { inference: 'direct' });
    const { samples, capabilities } = await until(measured);
    expect(samples).toEqual([]);
    expect(capabilities).toEqual(['requests', 'outcomes', 'versions', 'duration']);
    expect((await until(probed)).result).toMatchObject({ up: true, serverVersion: '1.7.1' });
    expect(asked).toContain('/v2/repository/index');
    expect(asked).not.toContain('/metrics');
  });

  it('says nothing of engines that only the page of the server would tell', async () => {
    const url = await listen(
      routes({
        'GET /v2/health/live': '',
        'GET /v2/health/ready': '',
        'GET /v2': recorded('triton/server-metadata.json'),
        'POST /v2/repository/index': recorded('triton/repository-index.json'),
      })
    );
    const { until } = start([target(url)], { inference: 'direct' });
    const { capabilities, unknown } = await until(measured);
    expect(capabilities).toContain('outcomes');
    expect(unknown).toContain('tokens');
    expect(unknown).not.toContain('outcomes');
  });

  it('ends what it said of a server that goes', async () => {
    const answers = { ...MLSERVER } as Parameters<typeof routes>[0];
    let gone = false;
    const answer = routes(answers);
    const url = await listen((request, response) => (gone ? request.socket.destroy() : answer(request, response)));
    const { until } = start([target(url)], { inference: 'direct' });
    await until(measured);
    gone = true;
    const silent = (told: Observation): told is Extract<Observation, { kind: 'endpoint-silent' }> =>
      told.kind === 'endpoint-silent';
    expect((await until(silent)).endpoint.server).toBe('s');
  });

  it('polls a server whose requests a container beside it counts, and both pages of it', async () => {
    const { asked, handler } = watched({ ...MLSERVER, 'GET /agent': '' });
    const url = await listen(handler);
    const sidecars = [{ kind: 'seldon_agent' as const, metricsUrl: `${url}/agent` }];
    const { until } = start([target(url, { sidecars })], { inference: 'direct' });
    await until(measured);
    expect(asked).toEqual(expect.arrayContaining(['/metrics', '/agent']));
  });
});
