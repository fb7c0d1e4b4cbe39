/** Request metrics. */
import type { RuleVector } from '../../support/promtool';
import { A, B, EVERYTHING, says, STEPS, tell } from './story';

const REPLICA = 'namespace="ns", model="m", replica="p-0", version="1"';

export const INFERENCE_VECTORS: readonly RuleVector[] = [
  {
    name: 'a replica that two exporters polled counts once; two replicas add up',
    input: {
      ...tell({ states: [['serving', STEPS]] }),
      [`modelwatch_inference_requests_total{${REPLICA}, outcome="success", ${A}}`]: '0+300x50',
      [`modelwatch_inference_requests_total{${REPLICA}, outcome="success", ${B}}`]: '5+300x50',
      ...says('p-0', EVERYTHING),
      ...says('p-0', EVERYTHING, B),
      ...says('p-1', EVERYTHING),
      [`modelwatch_inference_requests_total{namespace="ns", model="m", replica="p-1", version="1", outcome="success", ${A}}`]:
        '0+60x50',
      [`modelwatch_inference_requests_total{${REPLICA}, outcome="server_error", ${A}}`]: '0+40x50',
    },
    expect: [
      {
        expr: 'round(modelwatch:inference_requests_rate:5m * 3, 0.001)',
        at: '10m',
        samples: {
          '{namespace="ns", model="m", outcome="success"}': 36,
          '{namespace="ns", model="m", outcome="server_error"}': 4,
        },
      },
      {
        expr: 'round(modelwatch:inference_errors_ratio:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", model="m"}': 0.1 },
      },
      {
        expr: 'modelwatch:inference_last_request_timestamp_seconds',
        at: '10m',
        samples: { 'modelwatch:inference_last_request_timestamp_seconds{namespace="ns", model="m"}': 600 },
      },
    ],
  },
  {
    name: 'no failure is a ratio of 0, no request is no ratio; the last request is remembered',
    input: {
      ...tell({ states: [['serving', STEPS]] }),
      [`modelwatch_inference_requests_total{${REPLICA}, outcome="success", ${A}}`]: '0+300x10 3000x40',
      ...says('p-0', EVERYTHING),
    },
    expect: [
      {
        expr: 'modelwatch:inference_errors_ratio:5m',
        at: '5m',
        samples: { 'modelwatch:inference_errors_ratio:5m{namespace="ns", model="m"}': 0 },
      },
      { expr: 'modelwatch:inference_errors_ratio:5m', at: '20m', samples: {} },
      {
        expr: 'modelwatch:inference_last_request_timestamp_seconds > 240 <= 420',
        at: '20m',
        samples: { 'modelwatch:inference_last_request_timestamp_seconds{namespace="ns", model="m"}': 390 },
      },
      {
        // 3000 requests, less the first step that a rate cannot see.
        expr: 'round(modelwatch:inference_requests:1d, 100)',
        at: '22m',
        samples: { '{namespace="ns", model="m"}': 3000 },
      },
    ],
  },
  {
    name: 'durations: mean always, 95th percentile only where there are buckets',
    input: {
      ...tell({ states: [['serving', STEPS]] }),
      [`modelwatch_inference_duration_seconds_sum{${REPLICA}, ${A}}`]: '0+15x50',
      [`modelwatch_inference_duration_seconds_count{${REPLICA}, ${A}}`]: '0+300x50',
      [`modelwatch_inference_duration_seconds_bucket{${REPLICA}, le="+Inf", ${A}}`]: '0+300x50',
      [`modelwatch_inference_duration_seconds_bucket{namespace="ns", model="buckets", replica="p", version="", le="0.1", ${A}}`]:
        '0+300x50',
      [`modelwatch_inference_duration_seconds_bucket{namespace="ns", model="buckets", replica="p", version="", le="+Inf", ${A}}`]:
        '0+300x50',
    },
    expect: [
      {
        expr: 'round(modelwatch:inference_duration_mean_seconds:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", model="m"}': 0.05 },
      },
      {
        expr: 'round(modelwatch:inference_duration_p95_seconds:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", model="buckets"}': 0.095 },
      },
    ],
  },
];
