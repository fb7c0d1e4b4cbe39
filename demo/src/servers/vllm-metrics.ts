/** The metrics of vLLM 0.32.0, as it was recorded: one port, `_created` gauges, 4xx and 5xx only in the HTTP families. */
import { deal } from '../fleet/deal';
import { addUp, distribution, type Distribution, type TrafficMeter } from '../fleet/meter';
import { llmFigures, promptsOnly, tokenPlan, type LlmFigures, type TokenPlan } from '../fleet/tokens';
import { header, histogramText, labelText, pythonFloat, type Labels } from './exposition';
import type { HostedModel, ModelServer, ServerAnswer } from './model-server';
import { createdAt, processText } from './python-process';

const TOKENS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];
const ITERATION = [1, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384];
const PARAMS_N = [1, 2, 5, 10, 20];
const PREEMPTIONS = [1, 2, 3, 4, 5, 10, 20];
const FIRST_TOKEN = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2_560,
];
const PER_TOKEN = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];
const REQUEST = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1_920, 7_680];
const HANDLER = [0.1, 0.5, 1];
const HIGH_RESOLUTION = [
  0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60,
];

/** KV cache of the engine, in tokens. */
const CACHE_BLOCKS = 2_048;
const BLOCK_TOKENS = 16;
/** A server whose cache is full puts requests back, and says it is all but full. */
const FULL = 0.99;

/** Whether a request ended by itself, at its limit of tokens, or was given up by its client: percent. */
const FINISHED = { stop: 81, length: 18, abort: 1 } as const;
const ONE_TOKEN_FINISHED = { stop: 0, length: 100, abort: 0 } as const;

interface Engine {
  readonly labels: Labels;
  readonly created: string;
  readonly figures: LlmFigures;
}

export function vllmMetrics(server: ModelServer, nowMs: number): ServerAnswer {
  const body =
    processText(server, nowMs) +
    server.models.map((model) => engineText(server, model, nowMs)).join('') +
    server.models.map((model) => httpText(model.traffic.rest, createdAt(server), nowMs)).join('');
  return { status: 200, contentType: 'text/plain; version=1.0.0; charset=utf-8', body };
}

function vllmTokens(server: ModelServer, model: HostedModel): TokenPlan {
  const plan = tokenPlan(model.name);
  return server.prefillOnly === true ? promptsOnly(plan) : plan;
}

function engineText(server: ModelServer, model: HostedModel, nowMs: number): string {
  const { rest } = model.traffic;
  const plan = vllmTokens(server, model);
  const engine: Engine = {
    labels: { engine: '0', model_name: model.name },
    created: createdAt(server),
    figures: llmFigures(rest, plan, nowMs),
  };
  return (
    gauges(engine.labels, rest, plan, nowMs) +
    counters(engine, server.prefillOnly === true) +
    tokenHistograms(engine, server.prefillOnly === true) +
    timeHistograms(engine) +
    lastHistograms(engine, rest, nowMs) +
    information(engine.labels, rest, nowMs)
  );
}

function sample(name: string, labels: Labels, value: number): string {
  return `${name}${labelText(labels)} ${pythonFloat(value)}\n`;
}

/** Share of the KV cache that the requests in work hold. */
function cacheUse(meter: TrafficMeter, plan: TokenPlan, nowMs: number): number {
  if ((meter.pace.preemptions ?? 0) > 0) return FULL;
  const tokens = meter.inFlight(nowMs).working * (plan.prompt + plan.output / 2);
  return Number(Math.min(0.9, tokens / (CACHE_BLOCKS * BLOCK_TOKENS)).toFixed(6));
}

function gauges(labels: Labels, meter: TrafficMeter, plan: TokenPlan, nowMs: number): string {
  const { working, waiting } = meter.inFlight(nowMs);
  const [running, queued] = [Math.floor(working), Math.floor(waiting)];
  const reason = (name: string, value: number) =>
    sample('vllm:num_requests_waiting_by_reason', { ...labels, reason: name }, value);
  const sleep = (state: string, value: number) =>
    sample('vllm:engine_sleep_state', { ...labels, sleep_state: state }, value);
  return (
    header('vllm:num_requests_running', 'gauge', 'Number of requests in model execution batches.') +
    sample('vllm:num_requests_running', labels, running) +
    header('vllm:num_requests_waiting', 'gauge', 'Number of requests waiting to be processed.') +
    sample('vllm:num_requests_waiting', labels, queued) +
    header('vllm:num_requests_waiting_by_reason', 'gauge', 'Number of waiting requests by reason.') +
    reason('capacity', queued) +
    reason('deferred', 0) +
    header('vllm:engine_sleep_state', 'gauge', 'Engine sleep state; awake = 0 means engine is sleeping.') +
    sleep('awake', 1) +
    sleep('weights_offloaded', 0) +
    sleep('discard_all', 0) +
    header('vllm:kv_cache_usage_perc', 'gauge', 'KV-cache usage. 1 means 100 percent usage.') +
    sample('vllm:kv_cache_usage_perc', labels, cacheUse(meter, plan, nowMs))
  );
}

/** A counter with its `_created` gauge, one sample for each of `values`. */
function counter(name: string, help: string, created: string, values: readonly (readonly [Labels, number])[]): string {
  const base = name.replace(/_total$/, '');
  return (
    header(name, 'counter', help) +
    values.map(([labels, value]) => sample(name, labels, value)).join('') +
    header(`${base}_created`, 'gauge', help) +
    values.map(([labels]) => `${base}_created${labelText(labels)} ${created}\n`).join('')
  );
}

function counters({ labels, created, figures }: Engine, prefillOnly: boolean): string {
  const { requests, promptTokens, cachedTokens, outputTokens, preemptions } = figures;
  const one = (name: string, help: string, value: number) => counter(name, help, created, [[labels, value]]);
  const by = (name: string, help: string, label: string, values: Readonly<Record<string, number>>) =>
    counter(
      name,
      help,
      created,
      Object.entries(values).map(([key, value]) => [sortedLabels({ ...labels, [label]: key }), value])
    );
  const [stop = 0, length = 0, abort = 0] = deal(requests, Object.values(prefillOnly ? ONE_TOKEN_FINISHED : FINISHED));
  return (
    one(
      'vllm:prefix_cache_queries_total',
      'Prefix cache queries, in terms of number of queried tokens.',
      promptTokens
    ) +
    one('vllm:prefix_cache_hits_total', 'Prefix cache hits, in terms of number of cached tokens.', cachedTokens) +
    one('vllm:external_prefix_cache_queries_total', 'External prefix cache queries.', 0) +
    one('vllm:external_prefix_cache_hits_total', 'External prefix cache hits.', 0) +
    one('vllm:num_preemptions_total', 'Cumulative number of preemption from the engine.', preemptions) +
    one('vllm:prompt_tokens_total', 'Number of prefill tokens processed.', promptTokens) +
    by('vllm:prompt_tokens_by_source_total', 'Number of prompt tokens by source.', 'source', {
      local_compute: promptTokens - cachedTokens,
      local_cache_hit: cachedTokens,
      external_kv_transfer: 0,
    }) +
    one('vllm:prompt_tokens_cached_total', 'Number of cached prompt tokens (local + external).', cachedTokens) +
    one('vllm:generation_tokens_total', 'Number of generation tokens processed.', outputTokens) +
    by('vllm:request_success_total', 'Count of successfully processed requests.', 'finished_reason', {
      stop,
      length,
      abort,
      error: 0,
      repetition: 0,
    }) +
    counter(
      'vllm:admission_rejections_total',
      'Number of admission attempts rejected by a queue limit, by reason.',
      created,
      // No engine refuses: this is counted before one is chosen.
      ['max_num_queued_reqs', 'max_num_queued_tokens'].map((reason) => [
        { model_name: labels.model_name ?? '', reason },
        0,
      ])
    )
  );
}

function sortedLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function histogram(
  { labels, created }: Pick<Engine, 'labels' | 'created'>,
  name: string,
  help: string,
  bounds: readonly number[],
  values: Distribution
): string {
  return (
    header(name, 'histogram', help) +
    histogramText(name, labels, bounds, values) +
    header(`${name}_created`, 'gauge', help) +
    `${name}_created${labelText(labels)} ${created}\n`
  );
}

function tokenHistograms(engine: Engine, prefillOnly: boolean): string {
  const { figures } = engine;
  const outputs = prefillOnly ? ones(figures.requests, TOKENS) : figures.outputs(TOKENS);
  const add = (name: string, help: string, bounds: readonly number[], values: Distribution) =>
    histogram(engine, name, help, bounds, values);
  return (
    add('vllm:request_prompt_tokens', 'Number of prefill tokens processed.', TOKENS, {
      ...figures.prompts(TOKENS),
      sum: figures.promptTokens,
    }) +
    add('vllm:request_generation_tokens', 'Number of generation tokens processed.', TOKENS, {
      ...outputs,
      sum: figures.outputTokens,
    }) +
    add(
      'vllm:iteration_tokens_total',
      'Histogram of number of tokens per engine_step.',
      ITERATION,
      iterations(figures)
    ) +
    add('vllm:request_params_n', 'Histogram of the n request parameter.', PARAMS_N, ones(figures.requests, PARAMS_N))
  );
}

function ones(count: number, bounds: readonly number[]): Distribution {
  return { count, sum: count, within: bounds.map((bound) => (bound >= 1 ? count : 0)) };
}

/** A step takes in the prompt of a request and makes its first token, or makes one more token. */
function iterations(figures: LlmFigures): Distribution {
  const later = figures.outputTokens - figures.requests;
  const prompts = figures.prompts(ITERATION);
  return {
    count: later + figures.requests,
    sum: figures.promptTokens + figures.outputTokens,
    within: ITERATION.map((bound, i) => (bound >= 1 ? later : 0) + (prompts.within[i] ?? 0)),
  };
}

function timeHistograms(engine: Engine): string {
  const { figures } = engine;
  const rows: readonly (readonly [string, string, readonly number[], (bounds: readonly number[]) => Distribution])[] = [
    ['time_to_first_token_seconds', 'Histogram of time to first token in seconds.', FIRST_TOKEN, figures.firstToken],
    ['inter_token_latency_seconds', 'Histogram of inter-token latency in seconds.', PER_TOKEN, figures.interToken],
    [
      'request_time_per_output_token_seconds',
      'Histogram of time_per_output_token_seconds per request.',
      PER_TOKEN,
      figures.timePerToken,
    ],
    ['e2e_request_latency_seconds', 'Histogram of e2e request latency in seconds.', REQUEST, figures.endToEnd],
    ['request_queue_time_seconds', 'Histogram of time spent in WAITING phase for request.', REQUEST, figures.queue],
    ['request_prefill_time_seconds', 'Histogram of time spent in PREFILL phase for request.', REQUEST, figures.prefill],
    ['request_decode_time_seconds', 'Histogram of time spent in DECODE phase for request.', REQUEST, figures.decode],
    [
      'request_inference_time_seconds',
      'Histogram of time spent in RUNNING phase for request.',
      REQUEST,
      figures.running,
    ],
  ];
  return rows
    .map(([name, help, bounds, values]) => histogram(engine, `vllm:${name}`, help, bounds, values(bounds)))
    .join('');
}

function lastHistograms(engine: Engine, meter: TrafficMeter, nowMs: number): string {
  const { requests, preemptions } = engine.figures;
  const parts = meter.parts('success', nowMs);
  // Whoever was put back was put back once: all are within the first bound.
  const preempted = { count: requests, sum: preemptions, within: PREEMPTIONS.map(() => requests) };
  const computed = engine.figures.promptTokens - engine.figures.cachedTokens;
  const share = engine.figures.promptTokens === 0 ? 0 : computed / engine.figures.promptTokens;
  const plan = tokenPlan(engine.labels.model_name ?? '');
  return (
    histogram(
      engine,
      'vllm:request_num_preemptions',
      'Histogram of the number of times a request was preempted.',
      PREEMPTIONS,
      preempted
    ) +
    histogram(
      engine,
      'vllm:request_prefill_kv_computed_tokens',
      'Histogram of new KV tokens computed during prefill (excluding cached tokens).',
      TOKENS,
      { ...distribution(parts, TOKENS, () => plan.prompt * share), sum: computed }
    )
  );
}

function information(labels: Labels, meter: TrafficMeter, nowMs: number): string {
  const cache = {
    block_size: String(BLOCK_TOKENS),
    cache_dtype: 'auto',
    enable_prefix_caching: 'True',
    engine: labels.engine ?? '0',
    gpu_memory_utilization: '0.92',
    num_gpu_blocks: String(CACHE_BLOCKS),
    prefix_caching_hash_algo: 'sha256',
    sliding_window: 'None',
  };
  const adapters = meter.rate(nowMs) > 0 ? 'polish' : '';
  return (
    header('vllm:cache_config_info', 'gauge', 'Information of the LLMEngine CacheConfig') +
    sample('vllm:cache_config_info', cache, 1) +
    header('vllm:lora_requests_info', 'gauge', 'Running stats on lora requests.') +
    `vllm:lora_requests_info${labelText({
      max_lora: '1',
      running_lora_adapters: adapters,
      waiting_lora_adapters: '',
    })} ${nowMs / 1_000}\n`
  );
}

const CHAT = '/v1/chat/completions';
const CLASSES = { success: '2xx', clientError: '4xx', serverError: '5xx' } as const;

/** The API server in front of the engine: the only place where failures are counted. */
function httpText(meter: TrafficMeter, created: string, nowMs: number): string {
  const outcomes = Object.keys(CLASSES) as (keyof typeof CLASSES)[];
  const seen = outcomes.filter((outcome) => meter.count(outcome, nowMs) > 0);
  const all = (bounds: readonly number[]) =>
    addUp(
      seen.map((outcome) => meter.durations(outcome, nowMs, bounds)),
      bounds
    );
  const duration = (name: string, help: string, labels: Labels, bounds: readonly number[]) =>
    histogram({ labels, created }, name, help, bounds, all(bounds));
  return (
    counter(
      'http_requests_total',
      'Total number of requests by method, status and handler.',
      created,
      seen.map((outcome) => [{ handler: CHAT, method: 'POST', status: CLASSES[outcome] }, meter.count(outcome, nowMs)])
    ) +
    duration('http_request_duration_highr_seconds', 'Latency with many buckets.', {}, HIGH_RESOLUTION) +
    duration(
      'http_request_duration_seconds',
      'Latency with only few buckets by handler.',
      { handler: CHAT, method: 'POST' },
      HANDLER
    )
  );
}
