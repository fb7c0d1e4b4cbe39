/** Request metrics, translated from each server's own to one vocabulary. */
import { family, ENDPOINT, INFERENCE, type MetricFamily } from './family';

const BUCKETLESS = 'Without buckets only le="+Inf".';

export const INFERENCE_METRICS = {
  inferenceRequests: family(
    'inference_requests_total',
    'counter',
    [...INFERENCE, 'outcome'],
    'Inference requests by outcome, as the model server counted them, or the container in front of it.'
  ),
  inferenceResponses: family(
    'inference_responses_total',
    'counter',
    [...INFERENCE, 'code'],
    'Answers to inference requests by status, as far as it refuses who asks: 401, 403, 429, and other. Counted by a container or proxy in front of the server, whose replica it may be; absent where nobody tells the status of each answer.'
  ),
  inferenceDuration: family(
    'inference_duration_seconds',
    'histogram',
    INFERENCE,
    'Duration of inference requests, as those who asked the server saw it. A server without buckets gives only le="+Inf".'
  ),
  inferenceExecution: family(
    'inference_execution_seconds',
    'histogram',
    INFERENCE,
    `Time that the model itself worked on inference requests, without queue and transport. ${BUCKETLESS}`
  ),
  inferenceRouteDuration: family(
    'inference_route_duration_seconds',
    'histogram',
    INFERENCE,
    'Duration of inference requests at the proxy that passes them on to the model; the replica is that of the proxy.'
  ),
  inferenceQueue: family(
    'inference_queue_seconds',
    'histogram',
    INFERENCE,
    `Time that inference requests waited in the queue of the model server. ${BUCKETLESS}`
  ),
  inferenceBatchSize: family(
    'inference_batch_size',
    'histogram',
    INFERENCE,
    'Inferences per execution of the model. A server without buckets gives only le="+Inf".'
  ),
  inferenceRunning: family(
    'inference_running_requests',
    'gauge',
    INFERENCE,
    'Inference requests that the model is working on.'
  ),
  inferenceWaiting: family(
    'inference_waiting_requests',
    'gauge',
    INFERENCE,
    'Inference requests that wait for the model.'
  ),
  inferenceResponseCacheHits: family(
    'inference_response_cache_hits_total',
    'counter',
    INFERENCE,
    'Inference requests that were answered from the cache of responses.'
  ),
  inferenceResponseCacheMisses: family(
    'inference_response_cache_misses_total',
    'counter',
    INFERENCE,
    'Inference requests that were looked up in the cache of responses in vain.'
  ),
  inferenceTokens: family(
    'inference_tokens_total',
    'counter',
    [...INFERENCE, 'direction'],
    'Tokens of the language model: read from prompts, and generated.'
  ),
  inferenceTimeToFirstToken: family(
    'inference_time_to_first_token_seconds',
    'histogram',
    INFERENCE,
    `Time from the arrival of a request to its first generated token. ${BUCKETLESS}`
  ),
  inferenceInterToken: family(
    'inference_inter_token_seconds',
    'histogram',
    INFERENCE,
    `Time between one generated token and the next. ${BUCKETLESS}`
  ),
  inferencePrefill: family(
    'inference_prefill_seconds',
    'histogram',
    INFERENCE,
    `Time that the language model needed to read the prompt of a request. ${BUCKETLESS}`
  ),
  inferenceDecode: family(
    'inference_decode_seconds',
    'histogram',
    INFERENCE,
    `Time that the language model needed to generate the tokens of a request. ${BUCKETLESS}`
  ),
  inferencePromptTokens: family(
    'inference_prompt_tokens',
    'histogram',
    INFERENCE,
    `Tokens in the prompt of a request. ${BUCKETLESS}`
  ),
  inferenceGeneratedTokens: family(
    'inference_generated_tokens',
    'histogram',
    INFERENCE,
    `Tokens that were generated for a request. ${BUCKETLESS}`
  ),
  inferenceKvCacheUsage: family(
    'inference_kv_cache_usage_ratio',
    'gauge',
    INFERENCE,
    'Share of the KV cache of the language model that is in use, 0 to 1.'
  ),
  inferencePrefixCacheQueries: family(
    'inference_prefix_cache_queries_total',
    'counter',
    INFERENCE,
    'Tokens of prompts that were looked up in the prefix cache.'
  ),
  inferencePrefixCacheHits: family(
    'inference_prefix_cache_hits_total',
    'counter',
    INFERENCE,
    'Tokens of prompts that the prefix cache had.'
  ),
  inferencePreemptions: family(
    'inference_preemptions_total',
    'counter',
    INFERENCE,
    'Requests that the language model put aside because the KV cache was full.'
  ),
  inferenceFinished: family(
    'inference_finished_requests_total',
    'counter',
    [...INFERENCE, 'reason'],
    'Answers of the language model, by the reason for which they ended.'
  ),
  inferenceAdapter: family(
    'inference_adapter_info',
    'gauge',
    [...INFERENCE, 'adapter', 'phase'],
    'Adapters (LoRA) that have requests on the replica, running or only waiting; the value is always 1.'
  ),
  inferenceCapability: family(
    'inference_capability',
    'gauge',
    [...ENDPOINT, 'capability'],
    '1 for what the endpoint says of its requests, 0 for what it cannot say: that is absent for its models, never 0. Without a series while nobody knows, as a container in front of it is silent.'
  ),
} as const;

/** Measures of a sample that are histograms, by the name that the sample has for them. */
export const INFERENCE_HISTOGRAMS = {
  duration: INFERENCE_METRICS.inferenceDuration,
  execution: INFERENCE_METRICS.inferenceExecution,
  routeDuration: INFERENCE_METRICS.inferenceRouteDuration,
  queue: INFERENCE_METRICS.inferenceQueue,
  batchSize: INFERENCE_METRICS.inferenceBatchSize,
  timeToFirstToken: INFERENCE_METRICS.inferenceTimeToFirstToken,
  interToken: INFERENCE_METRICS.inferenceInterToken,
  prefill: INFERENCE_METRICS.inferencePrefill,
  decode: INFERENCE_METRICS.inferenceDecode,
  promptTokens: INFERENCE_METRICS.inferencePromptTokens,
  generatedTokens: INFERENCE_METRICS.inferenceGeneratedTokens,
} as const satisfies Record<string, MetricFamily>;
export type InferenceHistogram = keyof typeof INFERENCE_HISTOGRAMS;

/** Measures of a sample that are one number: counters and gauges. */
export const INFERENCE_NUMBERS = {
  running: INFERENCE_METRICS.inferenceRunning,
  waiting: INFERENCE_METRICS.inferenceWaiting,
  responseCacheHits: INFERENCE_METRICS.inferenceResponseCacheHits,
  responseCacheMisses: INFERENCE_METRICS.inferenceResponseCacheMisses,
  kvCacheUsage: INFERENCE_METRICS.inferenceKvCacheUsage,
  prefixCacheQueries: INFERENCE_METRICS.inferencePrefixCacheQueries,
  prefixCacheHits: INFERENCE_METRICS.inferencePrefixCacheHits,
  preemptions: INFERENCE_METRICS.inferencePreemptions,
} as const satisfies Record<string, MetricFamily>;
export type InferenceNumber = keyof typeof INFERENCE_NUMBERS;
