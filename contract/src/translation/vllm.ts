/**
 * vLLM (facts recorded from 0.32.0; older names from its documentation and source: V0, and V1 before 0.10). One engine or
 * several serve one base model; their series add up. Adapters (LoRA) count under the base model.
 *
 * `request_success_total` counts answers, one for each of `n`, by why they ended. Requests that the API refuses (4xx) or
 * fails (5xx) are counted only by path, without the model: they are laid to the model where the server has one. A failure
 * after the stream began has status 200 and shows only among the finish reasons.
 */
import type { InferenceHistogram, InferenceNumber } from '../metrics/inference';
import type { EngineTranslation, FamilyTranslation, ServerTranslation } from './types';

function histogram(name: string, measure: InferenceHistogram, ...older: string[]): FamilyTranslation[] {
  return newest('histogram', name, older, [{ histogram: measure }]);
}

function number(
  type: 'counter' | 'gauge',
  name: string,
  measure: InferenceNumber,
  combine: 'add' | 'highest',
  ...older: string[]
): FamilyTranslation[] {
  return newest(type, name, older, [{ number: measure, combine }]);
}

/** A version may have the old and the new name at the same time. */
function newest(
  type: FamilyTranslation['type'],
  name: string,
  older: readonly string[],
  to: FamilyTranslation['to']
): FamilyTranslation[] {
  const replaces = older.map((old) => `vllm:${old}`);
  return [
    { family: `vllm:${name}`, type, to, ...(older.length > 0 ? { replaces } : {}) },
    ...replaces.map((family) => ({ family, type, to })),
  ];
}

const REQUESTS: FamilyTranslation = {
  family: 'vllm:request_success_total',
  type: 'counter',
  to: [
    {
      requests: {
        label: 'finished_reason',
        values: { stop: 'success', length: 'success', repetition: 'success', abort: 'client_error' },
      },
    },
  ],
};

const FINISHED: FamilyTranslation = {
  family: 'vllm:request_success_total',
  type: 'counter',
  to: [
    {
      finished: {
        label: 'finished_reason',
        values: { stop: 'stop', length: 'length', abort: 'abort', error: 'error' },
        otherwise: 'other',
      },
    },
  ],
};

/** Paths of inference; others (health, models, metrics, tokenize) are no requests of a model. */
const HANDLERS = [
  '/v1/completions',
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/messages',
  '/v1/embeddings',
  '/v1/audio/transcriptions',
  '/v1/audio/translations',
  '/v1/score',
  '/v1/rerank',
  '/v2/rerank',
  '/score',
  '/rerank',
  '/pooling',
  '/classify',
  '/generate',
  '/inference/v1/generate',
];

const HTTP: FamilyTranslation = {
  family: 'http_requests_total',
  type: 'counter',
  where: { handler: HANDLERS },
  to: [{ requests: { label: 'status', values: { '4xx': 'client_error', '5xx': 'server_error' } } }],
};

/** What language models have; also where vLLM runs inside another server. */
const TOKENS: readonly FamilyTranslation[] = [
  { family: 'vllm:prompt_tokens_total', type: 'counter', to: [{ tokens: 'prompt' }] },
  { family: 'vllm:generation_tokens_total', type: 'counter', to: [{ tokens: 'generated' }] },
  ...histogram('time_to_first_token_seconds', 'timeToFirstToken'),
  ...histogram('inter_token_latency_seconds', 'interToken', 'time_per_output_token_seconds'),
  ...histogram('request_prefill_time_seconds', 'prefill'),
  ...histogram('request_decode_time_seconds', 'decode'),
  ...histogram('request_prompt_tokens', 'promptTokens'),
  ...histogram('request_generation_tokens', 'generatedTokens'),
  ...number('gauge', 'kv_cache_usage_perc', 'kvCacheUsage', 'highest', 'gpu_cache_usage_perc'),
  ...number('counter', 'prefix_cache_queries_total', 'prefixCacheQueries', 'add', 'gpu_prefix_cache_queries_total'),
  ...number('counter', 'prefix_cache_hits_total', 'prefixCacheHits', 'add', 'gpu_prefix_cache_hits_total'),
  ...number('counter', 'num_preemptions_total', 'preemptions', 'add'),
  FINISHED,
  {
    family: 'vllm:lora_requests_info',
    type: 'gauge',
    to: [{ adapters: { running: 'running_lora_adapters', waiting: 'waiting_lora_adapters' } }],
  },
];

/** Times and numbers of requests that another server around it counts itself. */
const AROUND: readonly FamilyTranslation[] = [
  REQUESTS,
  ...histogram('e2e_request_latency_seconds', 'duration'),
  ...histogram('request_inference_time_seconds', 'execution'),
  ...histogram('request_queue_time_seconds', 'queue', 'time_in_queue_requests'),
  ...number('gauge', 'num_requests_running', 'running', 'add'),
  ...number('gauge', 'num_requests_waiting', 'waiting', 'add'),
  // V0: requests that were put aside and wait to go on.
  ...number('gauge', 'num_requests_swapped', 'waiting', 'add'),
];

const TOKEN_CAPABILITIES = [
  'tokens',
  'time_to_first_token',
  'inter_token',
  'kv_cache',
  'prefix_cache',
  'preemptions',
  'finish_reasons',
  'adapters',
] as const;

export const VLLM_TRANSLATION: ServerTranslation = {
  modelLabels: ['model_name'],
  versionLabels: [],
  modelNames: 'path',
  families: [...AROUND, HTTP, ...TOKENS],
  capabilities: [
    'requests',
    'outcomes',
    'error_sides',
    'duration',
    'duration_buckets',
    'execution',
    'queue',
    'running_requests',
    'waiting_requests',
    ...TOKEN_CAPABILITIES,
  ],
};

/** vLLM inside KServe's server, which does not count what goes by the OpenAI paths. */
export const VLLM_ENGINE: EngineTranslation = {
  families: [...AROUND, ...TOKENS],
  capabilities: ['duration_buckets', 'queue', 'running_requests', 'waiting_requests', ...TOKEN_CAPABILITIES],
};

/** The vLLM back-end of Triton, which counts and times the requests itself; it gives the part that its version knows. */
export const VLLM_BACKEND: EngineTranslation = {
  families: TOKENS.map((translation) =>
    translation.family === 'vllm:time_to_first_token_seconds'
      ? { ...translation, replaces: ['nv_inference_first_response_histogram_ms'] }
      : translation
  ),
  capabilities: ['tokens', 'time_to_first_token', 'inter_token'],
};
