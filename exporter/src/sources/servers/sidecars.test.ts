import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SidecarKind } from '@modelwatch/contract';
import { inferenceSample } from '../../domain/testing/builders';
import type { ProbeTarget } from '../../domain/probe-target';
import { Differences } from './differences';
import { readPage } from './endpoint';
import { SIDECARS } from './sidecars';

const TARGET: ProbeTarget = {
  endpoint: { namespace: 'pay', server: 'mlserver', replica: 'mlserver-0' },
  url: 'http://127.0.0.1:9000',
  models: ['fraud'],
  versionSuffix: false,
};

async function read(kind: SidecarKind, fixture: string, target: Partial<ProbeTarget> = {}, known: string[] = []) {
  const body = readFileSync(join(__dirname, 'fixtures', fixture));
  const drops: string[] = [];
  const measured = await readPage(
    {
      send: () => Promise.resolve({ status: 200, contentType: 'text/plain', body, place: 'GET /metrics' }),
      close: () => Promise.resolve(),
    },
    { ...TARGET, ...target },
    { url: 'http://127.0.0.1:9006/metrics', own: false, metrics: SIDECARS[kind].metrics },
    { models: known.map((name) => ({ name })), differences: new Differences() },
    new AbortController().signal,
    (reason) => drops.push(reason)
  );
  return { ...measured, drops };
}

describe('the agent of Seldon Core 2', () => {
  const seldon = { models: ['fraud', 'churn', 'idle'], versionSuffix: true };

  it('gives outcomes by HTTP status and gRPC code, and durations, per version', async () => {
    const { samples, drops } = await read('seldon_agent', 'seldon/agent.txt', seldon);
    const none = { success: 0, client_error: 0, server_error: 0 };
    const duration = (sum: number, count: number) => ({
      duration: { buckets: [], sum: expect.closeTo(sum, 9) as number, count },
    });
    const by = (model: string, version: string) =>
      samples.find((sample) => sample.model === model && sample.version === version);
    expect(samples).toHaveLength(4);
    expect(by('fraud', '2')).toEqual(
      inferenceSample('fraud', '2', {
        requests: { success: 50, client_error: 7, server_error: 3 },
        responses: { '401': 0, '403': 2, '429': 1, other: 57 },
        histograms: duration(1.025, 60),
      })
    );
    expect(by('fraud', '1')).toMatchObject({ requests: { ...none, success: 7 }, histograms: duration(0.14, 7) });
    expect(by('churn', '1')).toMatchObject({ requests: { ...none, success: 5 }, histograms: duration(0.25, 5) });
    expect(drops).toEqual([]);
  });

  it('says of a model that it counts and nobody asked that there were no requests', async () => {
    const { samples } = await read('seldon_agent', 'seldon/agent.txt', seldon);
    expect(samples.find(({ model }) => model === 'idle')).toEqual(
      inferenceSample('idle', '1', {
        requests: { success: 0, client_error: 0, server_error: 0 },
        responses: { '401': 0, '403': 0, '429': 0, other: 0 },
      })
    );
  });

  it('gives the cache of the replica, and no hits, which nobody counts', async () => {
    const { replica } = await read('seldon_agent', 'seldon/agent.txt', seldon);
    expect(replica).toEqual({
      cacheEvictions: 3,
      cacheMisses: 2,
      modelLoads: 4,
      modelUnloads: 1,
      modelsRegistered: 3,
      modelsInMemory: 1,
      memoryCapacityBytes: 120_000_000,
      memoryOvercommitCapacityBytes: 132_000_000,
      memoryLoadedBytes: 100_000_000,
      memoryEvictedBytes: 50_000_000,
    });
  });
});

describe("Knative's queue-proxy", () => {
  it.each([['opencensus'], ['opentelemetry']])('counts each request of a page once, with the wait: %s', async (era) => {
    const { samples, replica } = await read('queue_proxy', `knative/queue-proxy-${era}.txt`);
    expect(samples).toEqual([
      inferenceSample('fraud', '', {
        requests: { success: 30, client_error: 2, server_error: 1 },
        responses: { '401': 0, '403': 0, '429': 0, other: 33 },
        histograms: {
          duration: {
            buckets: [
              { le: 0.005, count: 0 },
              { le: 0.01, count: 14 },
              { le: 0.05, count: 30 },
              { le: 0.1, count: 32 },
              { le: 1, count: 32 },
              { le: 10, count: 33 },
            ],
            sum: expect.closeTo(2.904, 9) as number,
            count: 33,
          },
        },
      }),
    ]);
    expect(replica).toBeUndefined();
  });

  it('lays the requests to the model that the server has, whatever it calls it', async () => {
    const { samples } = await read('queue_proxy', 'knative/queue-proxy-opencensus.txt', {}, ['iris']);
    expect(samples.map(({ model }) => model)).toEqual(['iris']);
  });
});
