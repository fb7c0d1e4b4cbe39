/**
 * NVIDIA Triton Inference Server (facts recorded from 2.51.0). Counters carry no `_total`, times are in microseconds and
 * cover successful requests only, so their count is that of the successes.
 *
 * Requests that are refused before they are scheduled (malformed, unknown model) are counted nowhere. Of the failures,
 * BACKEND (the model raised) and REJECTED (the queue was full or too slow) are the server's; CANCELED is the client's;
 * OTHER, and failures of older versions without a reason, cannot be laid to either.
 */
import type { ServerTranslation } from './types';

const MICROSECOND = 1e-6;

export const TRITON_TRANSLATION: ServerTranslation = {
  modelLabels: ['model'],
  versionLabels: ['version'],
  families: [
    {
      family: 'nv_inference_request_success',
      type: 'counter',
      to: [
        { requests: 'success' },
        { histogram: 'duration', part: 'count' },
        { histogram: 'queue', part: 'count' },
        { histogram: 'execution', part: 'count' },
      ],
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
