import type { Observation } from '../../domain/observation';
import { listen, recorded, routes, type Handler } from './testing/server';
import { measured, MLSERVER, probed, start, stopSources, target } from './testing/source';

afterEach(stopSources);

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
    const { samples, capabilities, isScraped } = await until(measured);
    expect(samples).toEqual([]);
    expect(isScraped).toBe(true);
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
    const { source, until } = start([target(url, { sidecars })], { inference: 'direct' });
    expect((await until(measured)).isScraped).toBeUndefined();
    expect(asked).toEqual(expect.arrayContaining(['/metrics', '/agent']));
    expect(source.scraped()).toEqual([]);
  });

  it('polls gateways', async () => {
    const { asked, handler } = watched({ 'GET /ready': '', 'GET /metrics': '' });
    const url = await listen(handler);
    const gateway = target(url, { kindHint: 'seldon_pipelinegateway', models: [] });
    const { source, until } = start([gateway], { inference: 'direct' });
    expect((await until(measured)).isScraped).toBeUndefined();
    expect(asked).toContain('/metrics');
    expect(source.scraped()).toEqual([]);
  });
});
