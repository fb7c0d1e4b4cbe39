import type { ServerKind } from '@modelwatch/contract';
import { inferenceSample } from '../../domain/testing/builders';
import type { ProbeTarget } from '../../domain/probe-target';
import { readPage } from './endpoint';
import type { HttpTransport } from './transport';
import { PROBES } from './probes';
import { Differences } from './differences';
import { recorded } from './testing/server';

const TARGET: ProbeTarget = {
  endpoint: { namespace: 'ns', server: 's', replica: 's-0' },
  url: 'http://127.0.0.1:9000',
  models: [],
  versionSuffix: false,
};

async function measured(kind: ServerKind, text: string, target: Partial<ProbeTarget>, known: string[] = []) {
  const metrics = PROBES[kind]?.metrics;
  if (!metrics) throw new Error('no metrics');
  const drops: string[] = [];
  const transport = pageOf(text);
  const page = { url: 'http://127.0.0.1:9000/metrics', own: true, metrics };
  const asked = { models: known.map((name) => ({ name })), differences: new Differences() };
  const { samples, capabilities } = await readPage(
    transport,
    { ...TARGET, ...target },
    page,
    asked,
    new AbortController().signal,
    (...drop) => drops.push(drop.join(' '))
  );
  return { samples, drops, capabilities };
}

const pageOf = (text: string): HttpTransport => ({
  send: () =>
    Promise.resolve({ status: 200, contentType: 'text/plain', body: Buffer.from(text), place: 'GET /metrics' }),
  close: () => Promise.resolve(),
});

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
          // 25 of the 66 were answered from the cache and never computed.
          execution: { buckets: [], sum: expect.closeTo(0.03986, 9) as number, count: 41 },
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

describe('KServe Python server 0.21.0', () => {
  it('gives successes, execution with buckets, and the whole of the steps as duration', async () => {
    const { samples, capabilities } = await measured('kserve', recorded('kserve/metrics-after.txt'), {});
    const [double, ...others] = samples;
    expect(others).toEqual([]);
    expect(double).toMatchObject({ model: 'double', version: '', requests: { success: 102 } });
    expect(double?.histograms.execution).toMatchObject({ count: 105, sum: expect.closeTo(0.005970971, 9) as number });
    expect(double?.histograms.execution?.buckets).toHaveLength(14);
    // preprocess + predict + explain + postprocess
    const steps = 0.0008249819970842509 + 0.005962463003015728 + 0.000008508000064466614 + 0.00042859500035774545;
    expect(double?.histograms.duration).toEqual({
      buckets: [],
      sum: expect.closeTo(steps, 12) as number,
      count: 105,
    });
    expect(capabilities).toEqual(['requests', 'outcomes', 'duration', 'execution']);
  });

  it('says what vLLM says when that runs inside', async () => {
    const text = recorded('vllm/metrics-after.txt') + recorded('kserve/metrics-after.txt');
    const { samples, capabilities } = await measured('kserve', text, {});
    expect(samples.find(({ model }) => model === 'tiny')).toMatchObject({ tokens: { generated: 532 } });
    expect(capabilities).toEqual(expect.arrayContaining(['execution', 'tokens', 'kv_cache']));
  });
});

describe('vLLM 0.32.0', () => {
  it('gives answers by outcome and finish reason, tokens, and times with buckets', async () => {
    const { samples } = await measured('vllm', recorded('vllm/metrics-after.txt'), { models: ['tiny'] }, ['tiny']);
    const [tiny, ...others] = samples;
    expect(others).toEqual([]);
    expect(tiny).toMatchObject({
      model: 'tiny',
      // 69 requests with status 2xx: three of them had n=2. Five were refused with 4xx.
      requests: { success: 72, client_error: 5 },
      tokens: { prompt: 284, generated: 532 },
      finished: { stop: 0, length: 72, abort: 0, error: 0, other: 0 },
      numbers: { running: 0, waiting: 0, kvCacheUsage: 0, preemptions: 0 },
    });
    const { histograms } = tiny ?? {};
    expect(histograms).toMatchObject({
      duration: { count: 72, sum: expect.closeTo(2.1763970851898193) as number },
      execution: { count: 72, sum: expect.closeTo(2.01978311899893) as number },
      queue: { count: 72 },
      timeToFirstToken: { count: 72, sum: expect.closeTo(0.528817892074585) as number },
      interToken: { count: 460, sum: expect.closeTo(1.6571564509990822) as number },
      promptTokens: { count: 72, sum: 284 },
      generatedTokens: { count: 72, sum: 532 },
    });
    expect(histograms?.timeToFirstToken?.buckets).toContainEqual({ le: 2.5, count: 72 });
  });

  it('tells how full it is under load', async () => {
    const { samples } = await measured('vllm', recorded('vllm/metrics-under-load.txt'), {});
    expect(samples[0]?.numbers).toMatchObject({
      running: 128,
      waiting: 72,
      kvCacheUsage: 0.00781297686626381,
      prefixCacheQueries: 3072,
      prefixCacheHits: 0,
    });
  });

  it('lays refusals to no model where it is not sure of it, aborts (none) to the model that they name', async () => {
    const { samples } = await measured('vllm', recorded('vllm/metrics-after.txt'), {}, ['tiny', 'other']);
    expect(samples.map(({ model, requests }) => [model, requests])).toEqual([
      ['tiny', { success: 72, client_error: 0 }],
    ]);
  });

  it('adds its engines up, and takes the fullest cache', async () => {
    const text = ['0', '1'].flatMap((engine) => [
      `vllm:num_requests_running{engine="${engine}",model_name="org/m"} 2`,
      `vllm:kv_cache_usage_perc{engine="${engine}",model_name="org/m"} 0.${engine}5`,
      `vllm:generation_tokens_total{engine="${engine}",model_name="org/m"} 10`,
    ]);
    const { samples } = await measured('vllm', text.join('\n'), {});
    expect(samples).toEqual([
      inferenceSample('m', '', { numbers: { running: 4, kvCacheUsage: 0.15 }, tokens: { generated: 20 } }),
    ]);
  });

  it('reads the names of older versions, and once where a version has both', async () => {
    const old = [
      'vllm:gpu_cache_usage_perc{model_name="m"} 0.25',
      'vllm:gpu_prefix_cache_queries_total{model_name="m"} 8',
      'vllm:gpu_prefix_cache_hits_total{model_name="m"} 3',
      'vllm:time_per_output_token_seconds_sum{model_name="m"} 1.5',
      'vllm:time_per_output_token_seconds_count{model_name="m"} 30',
      'vllm:num_requests_waiting{model_name="m"} 1',
      'vllm:num_requests_swapped{model_name="m"} 2',
    ];
    const expected = inferenceSample('m', '', {
      numbers: { kvCacheUsage: 0.25, prefixCacheQueries: 8, prefixCacheHits: 3, waiting: 3 },
      histograms: { interToken: { buckets: [], sum: 1.5, count: 30 } },
    });
    expect((await measured('vllm', old.join('\n'), {})).samples).toEqual([expected]);
    const both = [
      ...old,
      ...old
        .slice(0, 5)
        .map((line) =>
          line
            .replace('gpu_', '')
            .replace('cache_usage', 'kv_cache_usage')
            .replace('time_per_output_token', 'inter_token_latency')
        ),
    ];
    expect((await measured('vllm', both.join('\n'), {})).samples).toEqual([expected]);
  });

  it('tells the adapters of the newest list alone', async () => {
    const list = (running: string, waiting: string, atSeconds: number) =>
      `vllm:lora_requests_info{max_lora="2",running_lora_adapters="${running}",waiting_lora_adapters="${waiting}"} ${atSeconds}`;
    const text = [
      list('old', '', 1_795_000_000),
      list('sql, chat', 'sql,law', 1_795_000_060),
      list('', '', 1_795_000_030),
    ];
    const { samples } = await measured('vllm', text.join('\n'), { models: ['m'] });
    expect(samples[0]?.adapters).toEqual([
      { name: 'sql', phase: 'running' },
      { name: 'law', phase: 'waiting' },
      { name: 'chat', phase: 'running' },
    ]);
  });
});

describe('llama.cpp server, build 11549', () => {
  it('gives tokens, those from the cache among them, and no requests', async () => {
    const { samples } = await measured('llamacpp', recorded('llamacpp/metrics-after.txt'), {}, ['tiny.gguf']);
    expect(samples).toEqual([
      inferenceSample('tiny.gguf', '', {
        tokens: { prompt: 730, generated: 476 },
        numbers: { prefixCacheQueries: 730, prefixCacheHits: 639, running: 0, waiting: 0 },
      }),
    ]);
    expect(samples[0]?.requests).toEqual({});
  });

  it('is not laid to a model that nobody knows', async () => {
    expect((await measured('llamacpp', recorded('llamacpp/metrics-after.txt'), {})).samples).toEqual([]);
  });
});

describe('TorchServe 0.12.0', () => {
  it('gives requests of which nobody knows how they ended, and seconds, by version', async () => {
    const { samples } = await measured('torchserve', recorded('torchserve/metrics-after.txt'), { models: ['double'] });
    expect(samples).toEqual([
      inferenceSample('double', '', {
        requests: { unknown: 55 },
        histograms: {
          duration: { buckets: [], sum: expect.closeTo(0.58031119, 9) as number, count: 55 },
          queue: { buckets: [], sum: expect.closeTo(0.018528626, 9) as number, count: 55 },
        },
      }),
      inferenceSample('double', '1.0', {
        requests: { unknown: 5 },
        histograms: {
          duration: { buckets: [], sum: expect.closeTo(0.04231784, 9) as number, count: 5 },
          queue: { buckets: [], sum: expect.closeTo(0.001279613, 9) as number, count: 5 },
        },
      }),
    ]);
  });

  it('says nothing while idle', async () => {
    expect((await measured('torchserve', recorded('torchserve/metrics-idle.txt'), {})).samples).toEqual([]);
  });
});

describe('TensorFlow Serving, as documented', () => {
  it('gives outcomes by code, and seconds with buckets, over all its APIs', async () => {
    const series = (api: string, entry: string) => [
      `:tensorflow:serving:request_latency_bucket{model_name="m",API="${api}",entrypoint="${entry}",le="10"} 0`,
      `:tensorflow:serving:request_latency_bucket{model_name="m",API="${api}",entrypoint="${entry}",le="35"} 2`,
      `:tensorflow:serving:request_latency_bucket{model_name="m",API="${api}",entrypoint="${entry}",le="+Inf"} 2`,
      `:tensorflow:serving:request_latency_sum{model_name="m",API="${api}",entrypoint="${entry}"} 30`,
      `:tensorflow:serving:request_latency_count{model_name="m",API="${api}",entrypoint="${entry}"} 2`,
    ];
    const text = [
      ':tensorflow:serving:request_count{model_name="m",status="OK"} 4',
      ':tensorflow:serving:request_count{model_name="m",status="INVALID_ARGUMENT"} 2',
      ':tensorflow:serving:request_count{model_name="m",status="INTERNAL"} 1',
      ':tensorflow:serving:request_count{model_name="m",status="UNKNOWN"} 3',
      ...series('Predict', 'REST'),
      ...series('Predict', 'GRPC'),
    ];
    const { samples } = await measured('tfserving', text.join('\n'), {});
    expect(samples).toEqual([
      inferenceSample('m', '', {
        requests: { success: 4, client_error: 2, server_error: 1, unknown: 3 },
        histograms: {
          duration: {
            buckets: [
              { le: 0.00001, count: 0 },
              { le: 0.000035, count: 4 },
            ],
            sum: expect.closeTo(6e-5, 12) as number,
            count: 4,
          },
        },
      }),
    ]);
  });
});

describe('Triton with a language model inside, as documented', () => {
  it('gives the tokens of TensorRT-LLM', async () => {
    const label = 'model="llm",version="1"';
    const text = [
      `nv_inference_request_success{${label}} 3`,
      `nv_inference_pending_request_count{${label}} 1`,
      `nv_llm_input_token_len_sum{response_metric_type="total_input_tokens",${label}} 30`,
      `nv_llm_input_token_len_count{response_metric_type="total_input_tokens",${label}} 3`,
      `nv_llm_output_token_len_sum{response_metric_type="total_output_tokens",${label}} 90`,
      `nv_llm_output_token_len_count{response_metric_type="total_output_tokens",${label}} 3`,
      `nv_trt_llm_request_metrics{request_type="waiting",${label}} 2`,
      `nv_trt_llm_request_metrics{request_type="scheduled",${label}} 4`,
      `nv_trt_llm_request_metrics{request_type="max",${label}} 512`,
      `nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="fraction",${label}} 0.4875`,
      `nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="used",${label}} 6239`,
    ];
    const { samples, capabilities } = await measured('triton', text.join('\n'), {});
    expect(samples[0]).toMatchObject({
      requests: { success: 3 },
      tokens: { prompt: 30, generated: 90 },
      numbers: { waiting: 3, running: 4, kvCacheUsage: 0.4875 },
      histograms: { promptTokens: { sum: 30, count: 3 }, generatedTokens: { sum: 90, count: 3 } },
    });
    expect(capabilities).toEqual(expect.arrayContaining(['tokens', 'kv_cache']));
  });

  it('gives the tokens of vLLM, and its requests once', async () => {
    const label = 'model="llm",version="1"';
    const text = [
      `nv_inference_request_success{${label}} 3`,
      `nv_inference_first_response_histogram_ms_sum{${label}} 120`,
      `nv_inference_first_response_histogram_ms_count{${label}} 3`,
      `vllm:generation_tokens_total{${label}} 48`,
      `vllm:request_success_total{finished_reason="stop",${label}} 3`,
      `vllm:e2e_request_latency_seconds_sum{${label}} 4`,
      `vllm:e2e_request_latency_seconds_count{${label}} 3`,
      `vllm:time_to_first_token_seconds_sum{${label}} 0.1`,
      `vllm:time_to_first_token_seconds_count{${label}} 3`,
    ];
    const { samples } = await measured('triton', text.join('\n'), {});
    expect(samples).toEqual([
      inferenceSample('llm', '1', {
        requests: { success: 3 },
        tokens: { generated: 48 },
        finished: { stop: 3 },
        histograms: { timeToFirstToken: { buckets: [], sum: 0.1, count: 3 } },
      }),
    ]);
  });
});

/** Every seventh line, then what follows each of these, and so on: no family stands together, and buckets are apart. */
function interleaved(text: string): string {
  const lines = text.split('\n');
  return Array.from({ length: 7 }, (_, first) => lines.filter((_line, at) => at % 7 === first))
    .flat()
    .join('\n');
}

it.each([
  ['mlserver', 'mlserver/metrics-after.txt'],
  ['triton', 'triton/metrics-after.txt'],
  ['torchserve', 'torchserve/metrics-after.txt'],
  ['kserve', 'kserve/metrics-after.txt'],
  ['vllm', 'vllm/metrics-under-load.txt'],
] as const)('%s: says the same of a page whose families are interleaved', async (kind, page) => {
  const inOrder = await measured(kind, recorded(page), {});
  const mixed = await measured(kind, interleaved(recorded(page)), {});
  expect(inOrder.samples).not.toEqual([]);
  expect(mixed.samples).toHaveLength(inOrder.samples.length);
  expect(mixed.samples).toEqual(expect.arrayContaining([...inOrder.samples]));
  expect(mixed.drops).toEqual(inOrder.drops);
});
