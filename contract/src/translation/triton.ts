/**
 * NVIDIA Triton Inference Server (facts recorded from 2.51.0). Counters carry no `_total`, times are in microseconds and
 * cover successful requests only, so their count is that of the successes. Summaries (`summary_latencies=true`) have the
 * same sums and counts as these counters and quantiles that cannot be added up: they add nothing.
 *
 * Requests that are refused before they are scheduled (malformed, unknown model) are counted nowhere. Of the failures,
 * BACKEND (the model raised) and REJECTED (the queue was full or too slow) are the server's; CANCELED is the client's;
 * OTHER, and failures of older versions without a reason, cannot be laid to either.
 */
import type { EngineTranslation, ServerTranslation } from './types';
import { VLLM_BACKEND } from './vllm';

const MICROSECOND = 1e-6;
const MILLISECOND = 1e-3;

/**
 * The TensorRT-LLM back-end (from its documentation and source only: no recording). Tokens are counted per request, when
 * it ends.
 */
const TENSORRT_LLM: EngineTranslation = {
  families: [
    {
      family: 'nv_llm_input_token_len',
      type: 'histogram',
      to: [{ tokens: 'prompt' }, { histogram: 'promptTokens' }],
    },
    {
      family: 'nv_llm_output_token_len',
      type: 'histogram',
      to: [{ tokens: 'generated' }, { histogram: 'generatedTokens' }],
    },
    {
      family: 'nv_trt_llm_request_metrics',
      type: 'gauge',
      where: { request_type: ['scheduled'] },
      to: [{ number: 'running', combine: 'add' }],
    },
    {
      // Beside those that wait in Triton's own queue.
      family: 'nv_trt_llm_request_metrics',
      type: 'gauge',
      where: { request_type: ['waiting'] },
      to: [{ number: 'waiting', combine: 'add' }],
    },
    {
      family: 'nv_trt_llm_kv_cache_block_metrics',
      type: 'gauge',
      where: { kv_cache_block_type: ['fraction'] },
      to: [{ number: 'kvCacheUsage', combine: 'highest' }],
    },
  ],
  capabilities: ['running_requests', 'tokens', 'kv_cache'],
};

/**
 * Of models that answer in parts (decoupled), with `--metrics-config histogram_latencies=true` (from its documentation
 * only): the time to the first part, which of a language model is its first token or the first few.
 */
const FIRST_RESPONSE: EngineTranslation = {
  families: [
    {
      family: 'nv_inference_first_response_histogram_ms',
      type: 'histogram',
      scale: MILLISECOND,
      to: [{ histogram: 'timeToFirstToken' }],
    },
  ],
  capabilities: ['time_to_first_token'],
};

export const TRITON_TRANSLATION: ServerTranslation = {
  modelLabels: ['model'],
  versionLabels: ['version'],
  families: [
    {
      family: 'nv_inference_request_success',
      type: 'counter',
      to: [{ requests: 'success' }, { histogram: 'duration', part: 'count' }, { histogram: 'queue', part: 'count' }],
    },
    {
      family: 'nv_inference_request_failure',
      type: 'counter',
      to: [
        {
          requests: {
            label: 'reason',
            values: { BACKEND: 'server_error', REJECTED: 'server_error', CANCELED: 'client_error' },
            otherwise: 'unknown',
          },
        },
      ],
    },
    { family: 'nv_inference_count', type: 'counter', to: [{ histogram: 'batchSize', part: 'sum' }] },
    { family: 'nv_inference_exec_count', type: 'counter', to: [{ histogram: 'batchSize', part: 'count' }] },
    {
      family: 'nv_inference_request_duration_us',
      type: 'counter',
      scale: MICROSECOND,
      to: [{ histogram: 'duration', part: 'sum' }],
    },
    {
      family: 'nv_inference_queue_duration_us',
      type: 'counter',
      scale: MICROSECOND,
      to: [{ histogram: 'queue', part: 'sum' }],
    },
    {
      family: 'nv_inference_compute_infer_duration_us',
      type: 'counter',
      scale: MICROSECOND,
      to: [{ histogram: 'execution', part: 'sum' }],
    },
    {
      family: 'nv_inference_pending_request_count',
      type: 'gauge',
      to: [{ number: 'waiting', combine: 'add' }],
    },
    {
      family: 'nv_cache_num_hits_per_model',
      type: 'counter',
      to: [{ number: 'responseCacheHits', combine: 'add' }],
    },
    {
      family: 'nv_cache_num_misses_per_model',
      type: 'counter',
      to: [{ number: 'responseCacheMisses', combine: 'add' }],
    },
  ],
  // A request that the cache answered was not computed; the cache counts it as it is looked up, before its success.
  differences: [
    {
      of: ['nv_inference_request_success'],
      less: ['nv_cache_num_hits_per_model'],
      inFlight: false,
      to: { histogram: 'execution', part: 'count' },
    },
  ],
  engines: [VLLM_BACKEND, TENSORRT_LLM, FIRST_RESPONSE],
  capabilities: [
    'requests',
    'outcomes',
    'error_sides',
    'versions',
    'duration',
    'execution',
    'queue',
    'batch_size',
    'waiting_requests',
    'response_cache',
  ],
};
