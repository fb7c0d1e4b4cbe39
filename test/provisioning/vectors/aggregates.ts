/** Figures of namespaces, servers and platforms from those of models and pods; the numbers are worked out beside each. */
import { RECORDED } from '@modelwatch/contract';
import type { Expectation, RuleVector } from '../../support/promtool';
import { A, B } from './story';

const SAMPLES = 40;
const AT = '15m';
const STEP_SECONDS = 30;

type Values = Readonly<Record<string, number>>;
const steady = (value: number) => `${value}x${SAMPLES}`;
const growing = (perSecond: number) => `0+${perSecond * STEP_SECONDS}x${SAMPLES}`;
const id = (model: string, namespace = 'x') => `namespace="${namespace}", model="${model}"`;

const info = (model: string, server: string, platform: string, namespace?: string) => ({
  [`modelwatch:model_info{${id(model, namespace)}, server="${server}", platform="${platform}"}`]: steady(1),
});
const rates = (model: string, outcomes: Values, namespace?: string) =>
  Object.fromEntries(
    Object.entries(outcomes).map(([outcome, perSecond]) => [
      `modelwatch:inference_requests_rate:5m{${id(model, namespace)}, outcome="${outcome}"}`,
      steady(perSecond),
    ])
  );
/** What was polled of one replica: of a by two exporters. */
const durations = (model: string, seconds: number, requests: number, bounds: Values) => ({
  ...Object.fromEntries(
    (model === 'a' ? [A, B] : [A]).flatMap((target) => {
      const replica = `${id(model)}, replica="${model}-0", version="1", ${target}`;
      const name = 'modelwatch_inference_duration_seconds';
      return [
        [`${name}_sum{${replica}}`, growing(seconds)],
        [`${name}_count{${replica}}`, growing(requests)],
      ];
    })
  ),
  ...recordedBuckets(model, requests, bounds),
});
/** As the rules of quantiles record them, once per version; a server without bounds has none. */
const recordedBuckets = (model: string, requests: number, bounds: Values) =>
  Object.fromEntries(
    Object.entries(Object.keys(bounds).length > 0 ? { ...bounds, '+Inf': requests } : {}).map(([le, perSecond]) => [
      `${RECORDED.inferenceVersionDurationBuckets.name}{${id(model)}, version="1", seen_by="server", le="${le}"}`,
      steady(perSecond),
    ])
  );
const hasP95 = (...models: readonly string[]) =>
  Object.fromEntries(
    models.map((model) => [`modelwatch:inference_duration_p95_seconds:5m{${id(model)}}`, steady(0.5)])
  );

const MODELS = {
  // f is idle beside a and b: its own bounds say nothing.
  ...info('f', 's1', 'seldon'),
  ...recordedBuckets('f', 0, { '0.2': 0 }),
  // a and b on one server, c on another that has bounds of its own, e beside it without any.
  ...info('a', 's1', 'seldon'),
  ...info('b', 's1', 'seldon'),
  ...info('c', 's2', 'kserve'),
  ...info('e', 's2', 'kserve'),
  // d is on nobody knows which server; neither it nor e can tell failures.
  ...info('d', '', 'standalone', 'y'),
  ...rates('a', { success: 9, server_error: 1 }),
  ...rates('b', { success: 30 }),
  ...rates('c', { success: 50, client_error: 10 }),
  ...rates('e', { unknown: 40 }),
  ...rates('d', { unknown: 5 }, 'y'),
  [`modelwatch:inference_errors_ratio:5m{${id('a')}}`]: steady(0.1),
  [`modelwatch:inference_errors_ratio:5m{${id('b')}}`]: steady(0),
  [`modelwatch:inference_errors_ratio:5m{${id('c')}}`]: steady(0),
  ...durations('a', 1, 10, { '0.1': 10, '1': 10 }),
  ...durations('b', 6, 30, { '0.1': 0, '1': 30 }),
  ...durations('c', 30, 60, { '0.5': 30, '1': 60 }),
  ...durations('e', 4, 40, {}),
  ...hasP95('a', 'b', 'c'),
  [`modelwatch:inference_running_requests{${id('a')}}`]: steady(2),
  [`modelwatch:inference_running_requests{${id('b')}}`]: steady(3),
  [`modelwatch:inference_running_requests{${id('c')}}`]: steady(4),
  [`modelwatch:inference_waiting_requests{${id('a')}}`]: steady(1),
};

const recorded = (name: string, samples: Values): Expectation => ({
  expr: `round(modelwatch:${name}, 0.0001)`,
  at: AT,
  samples,
});
const S1 = '{namespace="x", server="s1"}';
const S2 = '{namespace="x", server="s2"}';
const X = '{namespace="x"}';
const SELDON = '{platform="seldon"}';
const KSERVE = '{platform="kserve"}';
const outcome = (labels: string, value: string) => labels.replace('}', `, outcome="${value}"}`);

const pod = (name: string, server: string, value: number) => ({
  [`modelwatch:pod_cpu_usage_cores:5m{namespace="x", pod="${name}", server="${server}"}`]: steady(value),
});

export const AGGREGATE_VECTORS: readonly RuleVector[] = [
  {
    name: 'aggregates: requests, and failures among those that count them',
    input: MODELS,
    expect: [
      recorded('namespace_requests_rate:5m', {
        [outcome(X, 'success')]: 89,
        [outcome(X, 'server_error')]: 1,
        [outcome(X, 'client_error')]: 10,
        [outcome(X, 'unknown')]: 40,
        [outcome('{namespace="y"}', 'unknown')]: 5,
      }),
      recorded('server_requests_rate:5m', {
        [outcome(S1, 'success')]: 39,
        [outcome(S1, 'server_error')]: 1,
        [outcome(S2, 'success')]: 50,
        [outcome(S2, 'client_error')]: 10,
        [outcome(S2, 'unknown')]: 40,
      }),
      recorded('platform_requests_rate:5m', {
        [outcome(SELDON, 'success')]: 39,
        [outcome(SELDON, 'server_error')]: 1,
        [outcome(KSERVE, 'success')]: 50,
        [outcome(KSERVE, 'client_error')]: 10,
        [outcome(KSERVE, 'unknown')]: 40,
        [outcome('{platform="standalone"}', 'unknown')]: 5,
      }),
      // 1 of 100 and of 40: e and y cannot tell.
      recorded('namespace_errors_ratio:5m', { [X]: 0.01 }),
      recorded('server_errors_ratio:5m', { [S1]: 0.025, [S2]: 0 }),
      recorded('platform_errors_ratio:5m', { [SELDON]: 0.025, [KSERVE]: 0 }),
      recorded('namespace_running_requests', { [X]: 9 }),
      recorded('server_running_requests', { [S1]: 5, [S2]: 4 }),
      recorded('platform_running_requests', { [SELDON]: 5, [KSERVE]: 4 }),
      recorded('platform_waiting_requests', { [SELDON]: 1 }),
      recorded('server_waiting_requests', { [S1]: 1 }),
      recorded('namespace_waiting_requests', { [X]: 1 }),
    ],
  },
  {
    name: 'aggregates: durations are of the sums, quantiles of the bounds that all models have',
    input: MODELS,
    expect: [
      // 41 s of 140 requests; 7 of 40; 34 of 100.
      recorded('namespace_duration_mean_seconds:5m', { [X]: 0.2929 }),
      recorded('server_duration_mean_seconds:5m', { [S1]: 0.175, [S2]: 0.34 }),
      recorded('platform_duration_mean_seconds:5m', { [SELDON]: 0.175, [KSERVE]: 0.34 }),
      // 10 up to 0.1 and 40 up to 1: the 38th is at 0.1 + 0.9 * 28 / 30. And 30 up to 0.5, 60 up to 1: the 57th.
      recorded('server_duration_p95_seconds:5m', { [S1]: 0.94, [S2]: 0.95 }),
      recorded('platform_duration_p95_seconds:5m', { [SELDON]: 0.94, [KSERVE]: 0.95 }),
      // Only 1 and +Inf are bounds of a, b and c: 95 of 100.
      recorded('namespace_duration_p95_seconds:5m', { [X]: 0.95 }),
      recorded('namespace_duration_bucket_models', {
        '{namespace="x", platform="seldon", le="0.1"}': 2,
        '{namespace="x", platform="seldon", le="1"}': 2,
        '{namespace="x", platform="seldon", le="+Inf"}': 2,
        '{namespace="x", platform="kserve", le="0.5"}': 1,
        '{namespace="x", platform="kserve", le="1"}': 1,
        '{namespace="x", platform="kserve", le="+Inf"}': 1,
      }),
    ],
  },
  {
    name: 'aggregates: models without a bound in common have no quantile together',
    input: {
      ...info('a', 's1', 'seldon'),
      ...info('c', 's2', 'kserve'),
      ...durations('a', 1, 10, { '0.1': 10 }),
      ...durations('c', 30, 60, { '0.5': 30 }),
      ...hasP95('a', 'c'),
    },
    expect: [
      recorded('namespace_duration_p95_seconds:5m', {}),
      recorded('server_duration_p95_seconds:5m', { [S1]: 0.095, [S2]: 0.5 }),
    ],
  },
  {
    name: 'aggregates: what pods use, the parts beside a server included',
    input: {
      ...pod('p1', 's1', 1),
      ...pod('p2', 's1', 2),
      ...pod('p3', 's2-transformer', 4),
      ...info('c', 's2', 'kserve'),
      [`modelwatch_server_info{namespace="x", server="s1", platform="seldon", runtime="mlserver", server_type="mlserver", ${A}}`]:
        steady(1),
      [`modelwatch_server_info{namespace="x", server="s1", platform="seldon", runtime="triton", server_type="triton", ${B}}`]:
        steady(1),
      [`modelwatch_model_pod_info{${id('c')}, pod="p3", server="s2-transformer", component="transformer", ${A}}`]:
        steady(1),
    },
    expect: [
      recorded('server_cpu_usage_cores:5m', { [S1]: 3, '{namespace="x", server="s2-transformer"}': 4 }),
      recorded('namespace_cpu_usage_cores:5m', { [X]: 7 }),
      recorded('platform_cpu_usage_cores:5m', { [SELDON]: 3, [KSERVE]: 4 }),
      {
        expr: 'count by (server) (modelwatch:server_info)',
        at: AT,
        samples: { '{server="s1"}': 1, '{server="s2-transformer"}': 1 },
      },
      { expr: '{__name__=~"modelwatch:.*gpu.*"}', at: AT, samples: {} },
    ],
  },
  {
    name: 'aggregates: clusters stay apart',
    input: Object.fromEntries(
      Object.entries({ ...info('a', 's1', 'seldon'), ...rates('a', { success: 2 }) }).flatMap(([labels, values]) =>
        ['east', 'west'].map((cluster) => [labels.replace('{', `{cluster="${cluster}", `), values])
      )
    ),
    expect: [
      recorded('platform_requests_rate:5m', {
        '{cluster="east", platform="seldon", outcome="success"}': 2,
        '{cluster="west", platform="seldon", outcome="success"}': 2,
      }),
    ],
  },
];
