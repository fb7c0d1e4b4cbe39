import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Observation } from '../../domain/observation';
import type { ProbeTarget } from '../../domain/probe-target';
import { NO_TELEMETRY } from '../../domain/telemetry';
import { createServersSource, type ServersSource } from './index';

type Measured = Extract<Observation, { kind: 'endpoint-measured' }>;
const fixture = (name: string) => readFileSync(join(__dirname, 'fixtures', 'seldon', name), 'utf8');
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A pod that answers these paths; `asked` are those that it was asked, with their queries. */
async function pod(answers: Readonly<Record<string, readonly [number, string]>>) {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const [status, body] = answers[(request.url ?? '').split('?')[0] ?? ''] ?? [404, ''];
    response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4' }).end(body);
  });
  closing.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function ask(target: Pick<ProbeTarget, 'url' | 'metricsUrl' | 'kindHint'>) {
  const told: Observation[] = [];
  let measured: (observation: Measured) => void = () => undefined;
  const first = new Promise<Measured>((resolve) => (measured = resolve));
  const source: ServersSource = createServersSource(
    {
      probeIntervalSeconds: 0.2,
      probeTimeoutSeconds: 2,
      maxBodyBytes: 1_000_000,
      concurrency: 2,
      access: 'direct',
    },
    (observation) => {
      told.push(observation);
      if (observation.kind === 'endpoint-measured') measured(observation);
    },
    NO_TELEMETRY
  );
  closing.unshift(() => source.stop());
  const endpoint = { namespace: 'pay', server: 'gateway', replica: 'gateway-0' };
  source.change({ set: [{ endpoint, models: [], versionSuffix: true, ...target }], gone: [] });
  const result = await first;
  const probed = told.find((observation) => observation.kind === 'endpoint-probed');
  return { ...result, probed: probed?.result };
}

const NOBODY_REFUSED = { '401': 0, '403': 0, '429': 0 };
const duration = (count: number) => expect.objectContaining({ count }) as object;

describe('the pipeline gateway', () => {
  it('is ready by its own port for that, and counts requests by method and outcome', async () => {
    const { url } = await pod({ '/ready': [200, ''], '/metrics': [200, fixture('pipelinegateway.txt')] });
    const { probed, pipelines, samples, capabilities } = await ask({
      url,
      metricsUrl: `${url}/metrics`,
      kindHint: 'seldon_pipelinegateway',
    });
    expect(probed).toMatchObject({ kind: 'seldon_pipelinegateway', up: true, live: true, ready: true, models: [] });
    expect({ samples, capabilities }).toEqual({ samples: [], capabilities: [] });
    const of = { namespace: 'pay', pipeline: 'checkout' };
    expect(pipelines).toEqual([
      { ...of, method: 'rest', requests: { success: 100, server_error: 1 }, responses: {}, duration: duration(101) },
      // What a step failed may be the fault of the request; what did not get through Kafka is not.
      {
        ...{ ...of, method: 'grpc', requests: { success: 20, unknown: 3, server_error: 1 } },
        ...{ responses: { ...NOBODY_REFUSED, other: 24 }, duration: duration(24) },
      },
      {
        ...{ namespace: 'pay', pipeline: 'fraud', method: 'rest', requests: { success: 5 } },
        ...{ responses: {}, duration: duration(5) },
      },
    ]);
  });

  it('answers 503 while it is not ready', async () => {
    const { url } = await pod({ '/ready': [503, ''], '/metrics': [200, ''] });
    const { probed } = await ask({ url, metricsUrl: `${url}/metrics`, kindHint: 'seldon_pipelinegateway' });
    expect(probed).toMatchObject({ up: true, live: true, ready: false });
  });
});

describe('Envoy', () => {
  it('gives requests to pipelines over REST, and durations per version of a model, of both ways together', async () => {
    const { url, asked } = await pod({ '/ready': [200, ''], '/stats/prometheus': [200, fixture('envoy.txt')] });
    const { probed, pipelines, samples } = await ask({ url, kindHint: 'seldon_envoy' });
    expect(probed).toMatchObject({ kind: 'seldon_envoy', up: true, ready: true });
    expect(asked).toContain('/stats/prometheus?usedonly&filter=upstream_rq_....?$');
    // A failure over gRPC comes with HTTP status 200: nothing is said of gRPC.
    expect(pipelines).toEqual([
      {
        namespace: 'pay',
        pipeline: 'checkout',
        method: 'rest',
        requests: { success: 100, unknown: 6, server_error: 2 },
        responses: { ...NOBODY_REFUSED, '403': 2, other: 106 },
        duration: duration(108),
      },
    ]);
    expect(samples.map(({ model, version, requests, responses }) => ({ model, version, requests, responses }))).toEqual(
      [
        { model: 'fraud', version: '1', requests: {}, responses: { ...NOBODY_REFUSED, other: 7 } },
        { model: 'fraud', version: '2', requests: {}, responses: { '401': 1, '403': 0, '429': 2, other: 57 } },
      ]
    );
    const { routeDuration, ...others } = samples[1]?.histograms ?? {};
    expect(others).toEqual({});
    expect(routeDuration).toMatchObject({ count: 60, sum: expect.closeTo(2.4, 9) as number });
    expect(routeDuration?.buckets.slice(3, 8)).toEqual([
      { le: 0.01, count: 0 },
      { le: 0.025, count: 29 },
      { le: 0.05, count: 29 },
      { le: 0.1, count: 58 },
      { le: 0.25, count: 60 },
    ]);
  });

  it('is ready where it gives its statistics and has no path for that', async () => {
    const { url } = await pod({ '/stats/prometheus': [200, fixture('envoy.txt')] });
    expect((await ask({ url, kindHint: 'seldon_envoy' })).probed).toMatchObject({ up: true, ready: true });
  });
});
