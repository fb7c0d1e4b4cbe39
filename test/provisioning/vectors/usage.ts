/**
 * Totals and hours of use, sampled and added up every 240 s, so 15 times an hour. (promtool evaluates every group at one
 * interval, so this cannot be another one than that of the group.)
 */
import type { RuleVector } from '../../support/promtool';
import { A, B } from './story';

export const USAGE_INTERVAL_SECONDS = 240;
const HOUR = 15;
/** Three hours. */
const SAMPLES = 3 * HOUR;

interface Exporter {
  readonly target: string;
  readonly shard?: readonly [shard: number, total: number];
  /** By default synced all the time. */
  readonly synced?: string;
}

function exporter({ target, shard, synced = `1x${SAMPLES}` }: Exporter): Record<string, string> {
  const place = shard ? `shard="${shard[0]}", total_shards="${shard[1]}", ` : '';
  return {
    [`modelwatch_exporter_synced{${place}${target}}`]: synced,
    [`modelwatch_exporter_total_shards{${target}}`]: `${shard?.[1] ?? 1}x${SAMPLES}`,
  };
}

const ofType = (type: string, target: string, namespace = 'ns') =>
  `namespace="${namespace}", platform="kserve", server_type="${type}", ${target}`;
const of = (target: string, namespace = 'ns') => `namespace="${namespace}", platform="kserve", ${target}`;
/** Values that stay for an hour each. */
const hourly = (...values: readonly (number | string)[]) =>
  values.map((value) => (typeof value === 'number' ? `${value}x${HOUR - 1}` : value)).join(' ');
const gone = `_x${HOUR}`;
const total = (name: string, range: string) => `round(sum(sum_over_time(modelwatch:usage_${name}[${range}])), 0.0001)`;

export const USAGE_VECTORS: readonly RuleVector[] = [
  {
    name: 'usage: two exporters see the same, and it counts once',
    input: {
      ...exporter({ target: A }),
      ...exporter({ target: B }),
      [`modelwatch_usage_models{${of(A)}}`]: `3x${SAMPLES}`,
      [`modelwatch_usage_models{${of(B)}}`]: `3x${SAMPLES}`,
      [`modelwatch_usage_server_type_models{${ofType('mlserver', A)}}`]: hourly(2, 2, 4),
      [`modelwatch_usage_server_type_models{${ofType('mlserver', B)}}`]: hourly(2, 2, 4),
      [`modelwatch_usage_server_type_models{${ofType('vllm', A)}}`]: hourly(1, 1, 1),
      [`modelwatch_usage_server_type_models{${ofType('vllm', B)}}`]: hourly(1, 1, 1),
      [`modelwatch_usage_server_type_gpus_requested{${ofType('vllm', A)}}`]: hourly(8, 0, 8),
      [`modelwatch_usage_server_type_gpus_requested{${ofType('vllm', B)}}`]: hourly(8, 0, 8),
      [`modelwatch_node_pods{namespace="ns", node="n1", ${A}}`]: `2x${SAMPLES}`,
      [`modelwatch_node_pods{namespace="ns", node="n1", ${B}}`]: `2x${SAMPLES}`,
      [`modelwatch_node_pods{namespace="other", node="n1", ${A}}`]: `1x${SAMPLES}`,
      [`modelwatch_node_pods{namespace="other", node="n2", ${A}}`]: `1x${SAMPLES}`,
    },
    expect: [
      {
        expr: 'modelwatch:usage_models',
        at: '1h',
        samples: { 'modelwatch:usage_models{namespace="ns", platform="kserve"}': 3 },
      },
      { expr: 'modelwatch:usage_nodes', at: '1h', samples: { 'modelwatch:usage_nodes': 2 } },
      // 3 models for two hours, 5 for one.
      { expr: total('model_hours', '3h'), at: '2h56m', samples: { '{}': 11 } },
      { expr: total('gpu_hours', '3h'), at: '2h56m', samples: { '{}': 16 } },
      {
        expr: 'round(sum by (server_type) (sum_over_time(modelwatch:usage_model_hours[2h])), 0.0001)',
        at: '1h56m',
        samples: { '{server_type="mlserver"}': 4, '{server_type="vllm"}': 2 },
      },
      // Between two evaluations: Prometheus 2 takes a sample at each end of a window.
      { expr: total('observed_hours', '1h'), at: '1h58m', samples: { '{}': 1 } },
    ],
  },
  {
    name: 'usage: hours that nobody saw are not counted, and what was seen is said',
    input: {
      // Not synced in the second hour, away in the third.
      ...exporter({ target: A, synced: `${hourly(1, 0)} ${gone}` }),
      [`modelwatch_usage_models{${of(A)}}`]: hourly(2, 2, gone),
      [`modelwatch_usage_server_type_models{${ofType('triton', A)}}`]: hourly(2, 2, gone),
    },
    expect: [
      { expr: total('model_hours', '3h'), at: '2h56m', samples: { '{}': 2 } },
      { expr: total('observed_hours', '3h'), at: '2h56m', samples: { '{}': 1 } },
      { expr: 'modelwatch:usage_models', at: '1h30m', samples: {} },
      { expr: 'modelwatch:usage_models', at: '2h30m', samples: {} },
    ],
  },
  {
    name: 'usage: a replica that is not synced does not speak for one that is',
    input: {
      ...exporter({ target: A, synced: hourly(1, 1, 1) }),
      ...exporter({ target: B, synced: hourly(0, 0, 0) }),
      [`modelwatch_usage_gpus_requested{${of(A)}}`]: `2x${SAMPLES}`,
      [`modelwatch_usage_gpus_requested{${of(B)}}`]: `9x${SAMPLES}`,
    },
    expect: [
      {
        expr: 'modelwatch:usage_gpus_requested',
        at: '1h',
        samples: { 'modelwatch:usage_gpus_requested{namespace="ns", platform="kserve"}': 2 },
      },
    ],
  },
  {
    name: 'usage: shards add up, and a silent one is missed',
    input: {
      ...exporter({ target: A, shard: [0, 2] }),
      ...exporter({ target: B, shard: [1, 2], synced: hourly(1, 0, 1) }),
      [`modelwatch_usage_server_type_model_replicas{${ofType('mlserver', A, 'first')}}`]: `1x${SAMPLES}`,
      [`modelwatch_usage_server_type_model_replicas{${ofType('mlserver', B, 'second')}}`]: `4x${SAMPLES}`,
    },
    expect: [
      { expr: total('model_replica_hours', '3h'), at: '2h56m', samples: { '{}': 11 } },
      { expr: total('observed_hours', '3h'), at: '2h56m', samples: { '{}': 2 } },
    ],
  },
  {
    name: 'usage: clusters stay apart',
    input: {
      [`modelwatch_exporter_synced{cluster="east", ${A}}`]: `1x${SAMPLES}`,
      [`modelwatch_exporter_synced{cluster="west", ${A}}`]: `0x${SAMPLES}`,
      [`modelwatch_usage_models{cluster="east", ${of(A)}}`]: `1x${SAMPLES}`,
      [`modelwatch_usage_models{cluster="west", ${of(A)}}`]: `5x${SAMPLES}`,
    },
    expect: [
      {
        expr: 'modelwatch:usage_models',
        at: '1h',
        samples: { 'modelwatch:usage_models{cluster="east", namespace="ns", platform="kserve"}': 1 },
      },
    ],
  },
];
