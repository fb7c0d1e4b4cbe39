/** Requests to pipelines, the cache of servers, and the quantiles of models that only a proxy has buckets of. */
import type { RuleVector } from '../../support/promtool';
import { A, B, STEPS, tell } from './story';

const requests = (replica: string, method: string, outcome: string, who = A) =>
  `modelwatch_pipeline_requests_total{namespace="ns", pipeline="p", replica="${replica}", method="${method}", outcome="${outcome}", ${who}}`;
const duration = (replica: string, part: string, le = '') =>
  `modelwatch_pipeline_duration_seconds_${part}{namespace="ns", pipeline="p", replica="${replica}", method="rest"${le && `, le="${le}"`}, ${A}}`;
const route = (replica: string, part: string, le = '') =>
  `modelwatch_inference_route_duration_seconds_${part}{namespace="ns", model="m", replica="${replica}", version="1"${le && `, le="${le}"`}, ${A}}`;
const threshold = (le: string) =>
  `modelwatch_model_slow_threshold_seconds{namespace="ns", model="m", le="${le}", ${A}}`;
const own = (part: string, le = '') =>
  `modelwatch_inference_duration_seconds_${part}{namespace="ns", model="m", replica="s-0", version="1"${le && `, le="${le}"`}, ${A}}`;

export const PIPELINE_VECTORS: readonly RuleVector[] = [
  {
    name: 'requests to a pipeline: gateways add up, exporters do not, and no failure is a ratio of 0 where failures are counted',
    input: {
      [requests('e-0', 'rest', 'success')]: '0+300x50',
      [requests('e-0', 'rest', 'success', B)]: '7+300x50',
      [requests('e-1', 'rest', 'success')]: '0+60x50',
      [requests('e-1', 'rest', 'unknown')]: '0+30x50',
      [requests('e-1', 'rest', 'server_error')]: '0+10x50',
      [requests('g-0', 'grpc', 'success')]: '0+30x50',
      [requests('g-0', 'grpc', 'unknown')]: '0x50',
    },
    expect: [
      {
        expr: 'round(modelwatch:pipeline_requests_rate:5m * 3, 0.001)',
        at: '10m',
        samples: {
          '{namespace="ns", pipeline="p", method="rest", outcome="success"}': 36,
          '{namespace="ns", pipeline="p", method="rest", outcome="unknown"}': 3,
          '{namespace="ns", pipeline="p", method="rest", outcome="server_error"}': 1,
          '{namespace="ns", pipeline="p", method="grpc", outcome="success"}': 3,
          '{namespace="ns", pipeline="p", method="grpc", outcome="unknown"}': 0,
        },
      },
      {
        expr: 'round(modelwatch:pipeline_errors_ratio:5m, 0.001)',
        at: '10m',
        samples: {
          '{namespace="ns", pipeline="p", method="rest"}': 0.1,
          '{namespace="ns", pipeline="p", method="grpc"}': 0,
        },
      },
    ],
  },
  {
    name: 'a gateway that does not count failures over REST is no proof that there are none',
    input: { [requests('g-0', 'rest', 'success')]: '0+30x50', [requests('g-0', 'rest', 'server_error')]: '0+1x50' },
    expect: [{ expr: 'modelwatch:pipeline_errors_ratio:5m', at: '10m', samples: {} }],
  },
  {
    name: 'durations of a pipeline are of all its gateways together',
    input: {
      [duration('e-0', 'bucket', '1.0')]: '0+10x50',
      [duration('e-0', 'bucket', '+Inf')]: '0+10x50',
      [duration('e-0', 'sum')]: '0+5x50',
      [duration('e-0', 'count')]: '0+10x50',
      [duration('e-1', 'bucket', '1.0')]: '0x50',
      [duration('e-1', 'bucket', '2.0')]: '0+10x50',
      [duration('e-1', 'bucket', '+Inf')]: '0+10x50',
      [duration('e-1', 'sum')]: '0+15x50',
      [duration('e-1', 'count')]: '0+10x50',
      [duration('e-0', 'bucket', '2.0')]: '0+10x50',
    },
    expect: [
      {
        expr: 'round(modelwatch:pipeline_duration_mean_seconds:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", pipeline="p", method="rest"}': 1 },
      },
      {
        expr: 'round(modelwatch:pipeline_duration_p50_seconds:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", pipeline="p", method="rest"}': 1 },
      },
      {
        expr: 'round(modelwatch:pipeline_duration_p95_seconds:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", pipeline="p", method="rest"}': 1.9 },
      },
    ],
  },
  {
    name: 'quantiles and slow requests of a model without buckets are those of the proxies before it; its mean stays its own',
    input: {
      ...tell({ states: [['serving', STEPS]] }),
      [threshold('1.0')]: `0.8x${STEPS}`,
      [own('bucket', '+Inf')]: '0+20x50',
      [own('sum')]: '0+4x50',
      [own('count')]: '0+20x50',
      ...Object.fromEntries(
        ['e-0', 'e-1'].flatMap((replica) => [
          [route(replica, 'bucket', '1.0'), '0+5x50'],
          [route(replica, 'bucket', '2.0'), '0+10x50'],
          [route(replica, 'bucket', '+Inf'), '0+10x50'],
          [route(replica, 'count'), '0+10x50'],
        ])
      ),
    },
    expect: [
      {
        expr: 'round(modelwatch:inference_duration_mean_seconds:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", model="m"}': 0.2 },
      },
      {
        expr: 'round(modelwatch:inference_duration_p50_seconds:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", model="m"}': 1 },
      },
      {
        expr: 'round(modelwatch:inference_duration_p95_seconds:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", model="m"}': 1.9 },
      },
      {
        expr: 'round(modelwatch:inference_slow_ratio:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", model="m"}': 0.5 },
      },
    ],
  },
  {
    name: 'the buckets of a server itself come before those of a proxy',
    input: {
      ...tell({ states: [['serving', STEPS]] }),
      [threshold('0.1')]: `0.1x${STEPS}`,
      [own('bucket', '0.1')]: '0+15x50',
      [own('bucket', '+Inf')]: '0+20x50',
      [own('count')]: '0+20x50',
      [route('e-0', 'bucket', '0.1')]: '0x50',
      [route('e-0', 'count')]: '0+10x50',
      [route('e-0', 'bucket', '2.0')]: '0+10x50',
      [route('e-0', 'bucket', '+Inf')]: '0+10x50',
    },
    expect: [
      {
        expr: 'round(modelwatch:inference_duration_p50_seconds:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", model="m"}': 0.067 },
      },
      {
        expr: 'round(modelwatch:inference_slow_ratio:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", model="m"}': 0.25 },
      },
    ],
  },
  {
    name: 'a request that was no miss is a hit of the cache of its server',
    input: {
      [`modelwatch_server_cache_misses_total{namespace="ns", server="s", replica="s-0", ${A}}`]: '0+3x50',
      [`modelwatch_server_cache_misses_total{namespace="ns", server="s", replica="s-0", ${B}}`]: '0+3x50',
      [`modelwatch_server_cache_misses_total{namespace="ns", server="s", replica="s-1", ${A}}`]: '0x50',
      [`modelwatch_inference_requests_total{namespace="ns", model="m", replica="s-0", version="1", outcome="success", ${A}}`]:
        '0+30x50',
      [`modelwatch_inference_requests_total{namespace="ns", model="n", replica="s-0", version="1", outcome="success", ${A}}`]:
        '0+15x50',
      [`modelwatch_inference_requests_total{namespace="ns", model="m", replica="s-1", version="1", outcome="success", ${A}}`]:
        '0+6x50',
      [`modelwatch_inference_requests_total{namespace="ns", model="m", replica="other", version="1", outcome="success", ${A}}`]:
        '0+900x50',
    },
    expect: [
      {
        expr: 'round(modelwatch:server_cache_hits_rate:5m * 30, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", server="s"}': 48 },
      },
      {
        expr: 'round(modelwatch:server_cache_misses_rate:5m * 30, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", server="s"}': 3 },
      },
    ],
  },
];
