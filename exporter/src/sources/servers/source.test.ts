import type { Observation } from '../../domain/observation';
import { listen, recorded, routes, type Handler } from './testing/server';
import {
  eventually,
  measured,
  MLSERVER,
  probed,
  probeOnce,
  start,
  stopSources,
  target,
  type Probed,
} from './testing/source';

afterEach(stopSources);

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
});
