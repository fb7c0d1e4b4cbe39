import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inferenceSample } from '../../domain/testing/builders';
import type { ProbeTarget } from '../../domain/views';
import { readPage } from './endpoint';
import type { Transport } from './transport';
import { PROBES } from './probes';

const TARGET: ProbeTarget = {
  endpoint: { namespace: 'ns', server: 's', replica: 's-0' },
  url: 'http://127.0.0.1:9000',
  models: [],
  versionSuffix: false,
};

async function measured(kind: 'mlserver' | 'triton', text: string, target: Partial<ProbeTarget>, known: string[] = []) {
  const metrics = PROBES[kind]?.metrics;
  if (!metrics) throw new Error('no metrics');
  const drops: string[] = [];
  const transport = pageOf(text);
  const page = { url: 'http://127.0.0.1:9000/metrics', own: true, metrics };
  const { samples } = await readPage(
    transport,
    { ...TARGET, ...target },
    page,
    known,
    new AbortController().signal,
    (...drop) => drops.push(drop.join(' '))
  );
  return { samples, drops };
}

const pageOf = (text: string): Transport => ({
  send: () =>
    Promise.resolve({ status: 200, contentType: 'text/plain', body: Buffer.from(text), place: 'GET /metrics' }),
  close: () => Promise.resolve(),
});

const recorded = (path: string) => readFileSync(join(__dirname, 'fixtures', path), 'utf8');

describe('MLServer 1.7.1', () => {
  it('gives successes, failures that cannot be laid to anyone, and durations, per version named in the request', async () => {
    const { samples } = await measured('mlserver', recorded('mlserver/metrics-after.txt'), { models: ['iris'] });
    expect(samples).toEqual([
      inferenceSample('iris', '', {
        requests: { success: 52, unknown: 1 },
        histograms: { duration: { buckets: [], sum: 0.151125468999453, count: 53 } },
      }),
      inferenceSample('iris', 'v1', {
        requests: { success: 5, unknown: 0 },
        histograms: { duration: { buckets: [], sum: 0.007804179999993721, count: 5 } },
      }),
    ]);
  });

  it('drops the series that a request for an unknown model made', async () => {
    const { samples, drops } = await measured('mlserver', recorded('mlserver/metrics-after.txt'), {
      models: ['iris', 'custom'],
    });
    expect(new Set(samples.map(({ model }) => model))).toEqual(new Set(['iris', 'custom']));
    expect(drops).toEqual(['unknown_model GET /metrics: expected a model of the server, got "nope"']);
  });

  it('takes the models of the server where it calls its only model otherwise than its users', async () => {
    const { samples } = await measured('mlserver', recorded('mlserver/metrics-after.txt'), { models: ['fraud'] }, [
      'iris',
      'custom',
    ]);
    expect(new Set(samples.map(({ model }) => model))).toEqual(new Set(['iris', 'custom']));
  });

  it('says nothing while idle', async () => {
    expect((await measured('mlserver', recorded('mlserver/metrics-idle.txt'), {})).samples).toEqual([]);
  });

  it('takes the version of Seldon Core 2 from the name, and adds up what then is one model', async () => {
    const text = [
      'model_infer_request_success_total{model="fraud_v2_3",version="None"} 2',
      'model_infer_request_success_total{model="fraud_v2_3",version="1"} 5',
      'model_infer_request_success_total{model="fraud_v2_4",version="None"} 1',
    ].join('\n');
    const { samples } = await measured('mlserver', text, { models: ['fraud_v2'], versionSuffix: true });
    expect(samples).toEqual([
      inferenceSample('fraud_v2', '3', { requests: { success: 7 } }),
      inferenceSample('fraud_v2', '4', { requests: { success: 1 } }),
    ]);
  });

  it('drops values that no counter can have', async () => {
    const { samples, drops } = await measured(
      'mlserver',
      'model_infer_request_success_total{model="a"} NaN\nmodel_infer_request_failure_total{model="a"} -1\nmodel_infer_request_success_total{model="b"} 1',
      {}
    );
    expect(samples).toEqual([inferenceSample('b', '', { requests: { success: 1 } })]);
    expect(drops).toHaveLength(2);
    expect(drops[0]).toContain(
      'invalid_sample GET /metrics model_infer_request_success_total: expected a finite number'
    );
  });
});

describe('Triton 2.51.0', () => {
  it('gives outcomes, seconds and batches', async () => {
    const { samples, drops } = await measured('triton', recorded('triton/metrics-after.txt'), { models: ['double'] }, [
      'double',
      'raiser',
    ]);
    expect(samples).toEqual([
      inferenceSample('double', '1', {
        requests: { success: 66, server_error: 0, client_error: 0, unknown: 0 },
        histograms: {
          duration: { buckets: [], sum: expect.closeTo(0.088004, 9) as number, count: 66 },
          queue: { buckets: [], sum: expect.closeTo(0.044459, 9) as number, count: 66 },
          execution: { buckets: [], sum: expect.closeTo(0.03986, 9) as number, count: 66 },
          batchSize: { buckets: [], sum: 44, count: 41 },
        },
        numbers: { waiting: 0, responseCacheHits: 25, responseCacheMisses: 41 },
      }),
    ]);
    expect(drops.every((drop) => drop.startsWith('unknown_model'))).toBe(true);
  });

  it.each([
    ['{model="m",version="1",reason="BACKEND"}', 'server_error'],
    ['{model="m",version="1",reason="REJECTED"}', 'server_error'],
    ['{model="m",version="1",reason="CANCELED"}', 'client_error'],
    ['{model="m",version="1",reason="OTHER"}', 'unknown'],
    ['{model="m",version="1"}', 'unknown'],
  ])('counts a failure %s as %s', async (labels, outcome) => {
    const { samples } = await measured('triton', `nv_inference_request_failure${labels} 3`, {});
    expect(samples).toEqual([inferenceSample('m', '1', { requests: { [outcome]: 3 } })]);
  });

  it('leaves out a histogram of which it has one half only', async () => {
    const { samples } = await measured('triton', 'nv_inference_request_duration_us{model="m",version="1"} 5', {});
    expect(samples).toEqual([inferenceSample('m', '1', { requests: {} })]);
  });
});
