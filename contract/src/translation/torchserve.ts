/**
 * TorchServe (facts recorded from 0.12.0). `ts_inference_requests_total` counts requests as they come in, whatever
 * becomes of them, so their outcome is `unknown`; the counters by status are of the whole server and count pings and
 * scrapes too. Times are in microseconds and cover what a worker answered, failures included: a request that no worker
 * took counts without any. `default` is the version of requests that named none.
 */
import type { ServerTranslation } from './types';

const MICROSECOND = 1e-6;

export const TORCHSERVE_TRANSLATION: ServerTranslation = {
  modelLabels: ['model_name'],
  versionLabels: ['model_version'],
  noVersion: 'default',
  families: [
    {
      family: 'ts_inference_requests_total',
      type: 'counter',
      to: [{ requests: 'unknown' }, { histogram: 'duration', part: 'count' }, { histogram: 'queue', part: 'count' }],
    },
    {
      family: 'ts_inference_latency_microseconds',
      type: 'counter',
      scale: MICROSECOND,
      to: [{ histogram: 'duration', part: 'sum' }],
    },
    {
      family: 'ts_queue_latency_microseconds',
      type: 'counter',
      scale: MICROSECOND,
      to: [{ histogram: 'queue', part: 'sum' }],
    },
  ],
  capabilities: ['requests', 'versions', 'duration', 'queue'],
};
