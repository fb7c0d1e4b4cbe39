/** Figures of models, versions, candidates and language models. */
import type { Expectation, RuleVector } from '../../support/promtool';
import { A, B, EVERYTHING, says, STEPS, tell } from './story';

const of = (replica: string, version = '1', model = 'm') =>
  `namespace="ns", model="${model}", replica="${replica}", version="${version}"`;
const metric = (name: string, labels: string, target = A) => `modelwatch_inference_${name}{${labels}, ${target}}`;
const valueIs = (series: string, at: string, samples: Record<string, number>): Expectation => ({
  expr: `round(modelwatch:${series}, 0.0001)`,
  at,
  samples,
});
const M = '{namespace="ns", model="m"}';
/** Cumulative buckets of a histogram, by bound, each with its rise per step. */
const buckets = (name: string, labels: string, rises: Record<string, number>, target = A) =>
  Object.fromEntries(
    Object.entries(rises).map(([le, rise]) => [
      metric(`${name}_bucket`, `${labels}, le="${le}"`, target),
      `0+${rise}x50`,
    ])
  );
const candidate = (experiment: string, name: string, role: string, target = A) =>
  `modelwatch_experiment_candidate_info{namespace="ns", experiment="${experiment}", candidate="${name}", role="${role}", ${target}}`;
const experiment = (name: string, kind: string) =>
  `modelwatch_experiment_info{namespace="ns", experiment="${name}", platform="seldon", resource_kind="${kind}", ${A}}`;

export const MEASURE_VECTORS: readonly RuleVector[] = [
  {
    name: 'gauges add up over replicas, counted once for two exporters; means are of all replicas; quantiles of all buckets',
    input: {
      [metric('running_requests', of('p-0'))]: '3x50',
      [metric('running_requests', of('p-0'), B)]: '3x50',
      [metric('running_requests', of('p-1'))]: '1x50',
      [metric('waiting_requests', of('p-0'))]: '0x50',
      [metric('execution_seconds_sum', of('p-0'))]: '0+6x50',
      [metric('execution_seconds_count', of('p-0'))]: '0+30x50',
      [metric('execution_seconds_sum', of('p-1'))]: '0+9x50',
      [metric('execution_seconds_count', of('p-1'))]: '0+120x50',
      [metric('queue_seconds_sum', of('p-0'))]: '0+3x50',
      [metric('queue_seconds_count', of('p-0'))]: '0+30x50',
      ...buckets('queue_seconds', of('p-0'), { '0.1': 15, '0.2': 30, '+Inf': 30 }),
      [metric('batch_size_sum', of('p-0'))]: '0+120x50',
      [metric('batch_size_count', of('p-0'))]: '0+30x50',
      [metric('response_cache_hits_total', of('p-0'))]: '0+3x50',
      [metric('response_cache_misses_total', of('p-0'))]: '0+9x50',
      ...buckets('duration_seconds', of('p-0'), { '1.0': 50, '2.0': 90, '4.0': 100, '+Inf': 100 }),
    },
    expect: [
      valueIs('inference_running_requests', '10m', { [M]: 4 }),
      valueIs('inference_waiting_requests', '10m', { [M]: 0 }),
      valueIs('inference_execution_mean_seconds:5m', '10m', { [M]: 0.1 }),
      valueIs('inference_queue_mean_seconds:5m', '10m', { [M]: 0.1 }),
      valueIs('inference_queue_p95_seconds:5m', '10m', { [M]: 0.19 }),
      valueIs('inference_batch_size_mean:5m', '10m', { [M]: 4 }),
      valueIs('inference_response_cache_hit_ratio:5m', '10m', { [M]: 0.25 }),
      valueIs('inference_duration_p50_seconds:5m', '10m', { [M]: 1 }),
      valueIs('inference_duration_p90_seconds:5m', '10m', { [M]: 2 }),
      valueIs('inference_duration_p95_seconds:5m', '10m', { [M]: 3 }),
      valueIs('inference_duration_p99_seconds:5m', '10m', { [M]: 3.8 }),
    ],
  },
  {
    name: 'quantiles are of the bounds that all replicas have, counted once for two exporters; of none, where one has none',
    input: {
      ...buckets('duration_seconds', of('p-0'), { '1.0': 50, '2.0': 90, '4.0': 100, '+Inf': 100 }),
      ...buckets('duration_seconds', of('p-0'), { '1.0': 50, '2.0': 90, '4.0': 100, '+Inf': 100 }, B),
      ...buckets('duration_seconds', of('p-1'), { '2.0': 70, '4.0': 90, '8.0': 100, '+Inf': 100 }),
      ...buckets('queue_seconds', of('p-0'), { '1.0': 50, '2.0': 90, '+Inf': 100 }),
      ...buckets('queue_seconds', of('p-1'), { '2.0': 60, '8.0': 100, '+Inf': 100 }),
      ...buckets('duration_seconds', of('q-0', '1', 'half'), { '1.0': 50, '2.0': 90, '+Inf': 100 }),
      ...buckets('duration_seconds', of('q-1', '1', 'half'), { '+Inf': 100 }),
      ...buckets('time_to_first_token_seconds', of('q-0', '1', 'half'), { '1.0': 50, '2.0': 90, '+Inf': 100 }),
      ...buckets('time_to_first_token_seconds', of('q-1', '1', 'half'), { '+Inf': 100 }),
    },
    expect: [
      // 160 of 200 up to 2, and 190 up to 4: the 100th is at 2 * 100 / 160, the 180th at 2 + 2 * 20 / 30.
      valueIs('inference_duration_p50_seconds:5m', '10m', { [M]: 1.25 }),
      valueIs('inference_duration_p90_seconds:5m', '10m', { [M]: 3.3333 }),
      valueIs('inference_duration_p95_seconds:5m', '10m', { [M]: 4 }),
      valueIs('inference_version_duration_p95_seconds:5m', '10m', { '{namespace="ns", model="m", version="1"}': 4 }),
      // 150 of 200 up to 2.
      valueIs('inference_queue_p95_seconds:5m', '10m', { [M]: 2 }),
      valueIs('inference_time_to_first_token_p50_seconds:5m', '10m', {}),
    ],
  },
  {
    name: 'quantiles of a model are of the bounds that all its versions have; those of a version of its own',
    input: {
      ...buckets('duration_seconds', of('p-0', '1'), { '1.0': 50, '2.0': 80, '+Inf': 100 }),
      ...buckets('duration_seconds', of('p-0', '2'), { '2.0': 80, '4.0': 100, '+Inf': 100 }),
      ...buckets('duration_seconds', of('q-0', '1', 'half'), { '1.0': 50, '2.0': 100, '+Inf': 100 }),
      ...buckets('duration_seconds', of('q-1', '2', 'half'), { '+Inf': 100 }),
    },
    expect: [
      // 160 of 200 up to 2; the 95th of version 2 is at 2 + 2 * 15 / 20.
      valueIs('inference_duration_p50_seconds:5m', '10m', { [M]: 1.25 }),
      valueIs('inference_duration_p99_seconds:5m', '10m', { [M]: 2 }),
      valueIs('inference_version_duration_p95_seconds:5m', '10m', {
        '{namespace="ns", model="m", version="1"}': 2,
        '{namespace="ns", model="m", version="2"}': 3.5,
        '{namespace="ns", model="half", version="1"}': 1.9,
      }),
    ],
  },
  {
    name: 'a model without requests has a rate of 0 and no means, quotients or quantiles; a counter that falls was reset',
    input: {
      [metric('requests_total', `${of('p-0')}, outcome="success"`)]: '7x50',
      [metric('duration_seconds_sum', of('p-0'))]: '1x50',
      [metric('duration_seconds_count', of('p-0'))]: '7x50',
      ...buckets('duration_seconds', of('p-0'), { '1.0': 0, '+Inf': 0 }),
      [metric('prefix_cache_queries_total', of('p-0'))]: '0x50',
      [metric('prefix_cache_hits_total', of('p-0'))]: '0x50',
      // 1 a second, and a restart in the middle of the window.
      [metric('requests_total', `${of('p-0', '1', 'reset')}, outcome="success"`)]: '0+30x14 0+30x35',
    },
    expect: [
      valueIs('inference_requests_rate:5m{model="m"}', '10m', { '{namespace="ns", model="m", outcome="success"}': 0 }),
      ...['duration_mean_seconds', 'duration_p50_seconds', 'duration_p99_seconds', 'prefix_cache_hit_ratio'].map(
        (stat): Expectation => ({ expr: `modelwatch:inference_${stat}:5m{model="m"}`, at: '10m', samples: {} })
      ),
      {
        expr: 'modelwatch:inference_requests_rate:5m{model="reset"} > 0.85 <= 1 or modelwatch:inference_requests_rate:5m{model="reset"} * 0 - 1',
        at: '9m',
        samples: {
          'modelwatch:inference_requests_rate:5m{namespace="ns", model="reset", outcome="success"}': 0.9,
        },
      },
    ],
  },
  {
    name: 'versions apart, and the models of an experiment, not pipelines of the same name',
    input: {
      ...tell({ states: [['serving', STEPS]] }),
      ...says('p-0', EVERYTHING),
      [metric('requests_total', `${of('p-0', '1')}, outcome="success"`)]: '0+30x50',
      [metric('requests_total', `${of('p-0', '2')}, outcome="success"`)]: '0+15x50',
      [metric('requests_total', `${of('p-0', '2')}, outcome="server_error"`)]: '0+15x50',
      [metric('duration_seconds_sum', of('p-0', '1'))]: '0+3x50',
      [metric('duration_seconds_count', of('p-0', '1'))]: '0+30x50',
      [metric('duration_seconds_sum', of('p-0', '2'))]: '0+6x50',
      [metric('duration_seconds_count', of('p-0', '2'))]: '0+30x50',
      ...buckets('duration_seconds', of('p-0', '2'), { '1.0': 0, '2.0': 30, '+Inf': 30 }),
      [candidate('ab', 'm', 'default')]: '1x50',
      [candidate('ab', 'm', 'default', B)]: '1x50',
      [candidate('other', 'm', 'mirror')]: '1x50',
      [candidate('pipes', 'm', 'default')]: '1x50',
      [experiment('ab', 'model')]: '1x50',
      [experiment('other', 'model')]: '1x50',
      [experiment('pipes', 'pipeline')]: '1x50',
    },
    expect: [
      valueIs('inference_version_requests_rate:5m{outcome="success"}', '10m', {
        '{namespace="ns", model="m", version="1", outcome="success"}': 1,
        '{namespace="ns", model="m", version="2", outcome="success"}': 0.5,
      }),
      valueIs('inference_version_errors_ratio:5m', '10m', {
        '{namespace="ns", model="m", version="1"}': 0,
        '{namespace="ns", model="m", version="2"}': 0.5,
      }),
      valueIs('inference_version_duration_mean_seconds:5m', '10m', {
        '{namespace="ns", model="m", version="1"}': 0.1,
        '{namespace="ns", model="m", version="2"}': 0.2,
      }),
      valueIs('inference_version_duration_p95_seconds:5m', '10m', {
        '{namespace="ns", model="m", version="2"}': 1.95,
      }),
      ...(
        [
          ['requests_rate', 2],
          ['errors_ratio', 0.25],
          ['duration_mean_seconds', 0.15],
        ] as const
      ).map(([stat, value]) =>
        valueIs(`experiment_candidate_${stat}:5m`, '10m', {
          '{namespace="ns", experiment="ab", candidate="m", role="default"}': value,
          '{namespace="ns", experiment="other", candidate="m", role="mirror"}': value,
        })
      ),
    ],
  },
  {
    name: 'language models: tokens, first token, inter-token, caches, preemptions, finish reasons',
    input: {
      [metric('tokens_total', `${of('p-0')}, direction="prompt"`)]: '0+600x50',
      [metric('tokens_total', `${of('p-1')}, direction="prompt"`)]: '0+300x50',
      [metric('tokens_total', `${of('p-0')}, direction="generated"`)]: '0+90x50',
      [metric('time_to_first_token_seconds_sum', of('p-0'))]: '0+6x50',
      [metric('time_to_first_token_seconds_count', of('p-0'))]: '0+30x50',
      ...buckets('time_to_first_token_seconds', of('p-0'), { '0.1': 15, '0.2': 30, '+Inf': 30 }),
      [metric('inter_token_seconds_sum', of('p-0'))]: '0+3x50',
      [metric('inter_token_seconds_count', of('p-0'))]: '0+300x50',
      ...buckets('inter_token_seconds', of('p-0'), { '0.01': 150, '0.02': 300, '+Inf': 300 }),
      [metric('kv_cache_usage_ratio', of('p-0'))]: '0.4x50',
      [metric('kv_cache_usage_ratio', of('p-1'))]: '0.9x50',
      [metric('prefix_cache_queries_total', of('p-0'))]: '0+100x50',
      [metric('prefix_cache_hits_total', of('p-0'))]: '0+25x50',
      [metric('preemptions_total', of('p-0'))]: '0+3x50',
      [metric('finished_requests_total', `${of('p-0')}, reason="length"`)]: '0+6x50',
    },
    expect: [
      valueIs('inference_tokens_rate:5m', '10m', {
        '{namespace="ns", model="m", direction="prompt"}': 30,
        '{namespace="ns", model="m", direction="generated"}': 3,
      }),
      valueIs('inference_time_to_first_token_mean_seconds:5m', '10m', { [M]: 0.2 }),
      valueIs('inference_time_to_first_token_p50_seconds:5m', '10m', { [M]: 0.1 }),
      valueIs('inference_time_to_first_token_p95_seconds:5m', '10m', { [M]: 0.19 }),
      valueIs('inference_time_to_first_token_p99_seconds:5m', '10m', { [M]: 0.198 }),
      valueIs('inference_inter_token_mean_seconds:5m', '10m', { [M]: 0.01 }),
      valueIs('inference_inter_token_p50_seconds:5m', '10m', { [M]: 0.01 }),
      valueIs('inference_inter_token_p95_seconds:5m', '10m', { [M]: 0.019 }),
      valueIs('inference_kv_cache_usage_ratio', '10m', { [M]: 0.9 }),
      valueIs('inference_prefix_cache_hit_ratio:5m', '10m', { [M]: 0.25 }),
      valueIs('inference_preemptions_rate:5m', '10m', { [M]: 0.1 }),
      valueIs('inference_finished_rate:5m', '10m', { '{namespace="ns", model="m", reason="length"}': 0.2 }),
    ],
  },
  {
    name: 'the peak of the load stays for an hour, and for a day',
    input: { [metric('requests_total', `${of('p-0')}, outcome="success"`)]: '0+30x20 0+300x20 0+30x340' },
    evaluationSeconds: 120,
    expect: [
      {
        expr: 'modelwatch:inference_requests_rate_peak:1h > 5 or modelwatch:inference_requests_rate_peak:1h * 0',
        at: '2h',
        samples: { '{namespace="ns", model="m"}': 0 },
      },
      {
        expr: 'modelwatch:inference_requests_rate_peak:1d > bool 9',
        at: '3h',
        samples: { '{namespace="ns", model="m"}': 1 },
      },
      {
        expr: 'modelwatch:inference_requests_rate_peak:1h > bool 9',
        at: '1h',
        samples: { '{namespace="ns", model="m"}': 1 },
      },
    ],
  },
];
