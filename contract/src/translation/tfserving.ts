/**
 * TensorFlow Serving, from its documentation and source only: no recording. It gives metrics only with
 * `--monitoring_config_file`. Names are paths whose slashes became colons, the first one too; times are in microseconds.
 * `request_count` counts by the code of the answer (new in 2.4). `request_latency` covers successes; its labels tell the
 * API and whether a request came by REST or gRPC, and add up. `runtime_latency` is the run of the graph alone.
 */
import type { RequestOutcome } from '../vocabulary/inference';
import type { ServerTranslation } from './types';

const MICROSECOND = 1e-6;

/** Codes of gRPC, by whose fault they are. */
const OUTCOMES: Readonly<Record<string, RequestOutcome>> = {
  OK: 'success',
  CANCELLED: 'client_error',
  INVALID_ARGUMENT: 'client_error',
  NOT_FOUND: 'client_error',
  ALREADY_EXISTS: 'client_error',
  PERMISSION_DENIED: 'client_error',
  UNAUTHENTICATED: 'client_error',
  FAILED_PRECONDITION: 'client_error',
  OUT_OF_RANGE: 'client_error',
  DEADLINE_EXCEEDED: 'server_error',
  RESOURCE_EXHAUSTED: 'server_error',
  ABORTED: 'server_error',
  UNIMPLEMENTED: 'server_error',
  INTERNAL: 'server_error',
  UNAVAILABLE: 'server_error',
  DATA_LOSS: 'server_error',
};

export const TFSERVING_TRANSLATION: ServerTranslation = {
  modelLabels: ['model_name'],
  versionLabels: [],
  families: [
    {
      family: ':tensorflow:serving:request_count',
      type: 'counter',
      to: [{ requests: { label: 'status', values: OUTCOMES, otherwise: 'unknown' } }],
    },
    {
      family: ':tensorflow:serving:request_latency',
      type: 'histogram',
      scale: MICROSECOND,
      to: [{ histogram: 'duration' }],
    },
    {
      family: ':tensorflow:serving:runtime_latency',
      type: 'histogram',
      scale: MICROSECOND,
      to: [{ histogram: 'execution' }],
    },
  ],
  capabilities: ['requests', 'outcomes', 'error_sides', 'duration', 'duration_buckets', 'execution'],
};
