/** What model servers count of their requests, and which of it a server can tell. */

/** Outcome of an inference request, whatever the server calls it. */
export const REQUEST_OUTCOMES = ['success', 'client_error', 'server_error', 'unknown'] as const;
export type RequestOutcome = (typeof REQUEST_OUTCOMES)[number];

/** Statuses of answers that refuse whoever asks (who are you, you may not, not so much), and all others together. */
export const RESPONSE_CODES = ['401', '403', '429', 'other'] as const;
export type ResponseCode = (typeof RESPONSE_CODES)[number];

/** Tokens of a language model: read from the prompt, or written. */
export const TOKEN_DIRECTIONS = ['prompt', 'generated'] as const;
export type TokenDirection = (typeof TOKEN_DIRECTIONS)[number];

/** Why a language model ended its answer; any other word is `other`. */
export const FINISH_REASONS = ['stop', 'length', 'abort', 'error', 'other'] as const;
export type FinishReason = (typeof FINISH_REASONS)[number];

/** What an adapter (LoRA) on a server is doing: it has requests that run, or only such that wait. */
export const ADAPTER_PHASES = ['running', 'waiting'] as const;
export type AdapterPhase = (typeof ADAPTER_PHASES)[number];

/** How a request came in. */
export const REQUEST_METHODS = ['rest', 'grpc'] as const;
export type RequestMethod = (typeof REQUEST_METHODS)[number];

/**
 * What a server can say of its requests. `outcomes`: failures apart from successes; `error_sides`: whose fault a failure
 * was, the client's or the server's; `duration_buckets`: durations as a histogram, so that quantiles can be computed.
 */
export const INFERENCE_CAPABILITIES = [
  'requests',
  'outcomes',
  'error_sides',
  'versions',
  'duration',
  'duration_buckets',
  'execution',
  'queue',
  'batch_size',
  'running_requests',
  'waiting_requests',
  'response_cache',
  'tokens',
  'time_to_first_token',
  'inter_token',
  'kv_cache',
  'prefix_cache',
  'preemptions',
  'finish_reasons',
  'adapters',
] as const;
export type InferenceCapability = (typeof INFERENCE_CAPABILITIES)[number];
