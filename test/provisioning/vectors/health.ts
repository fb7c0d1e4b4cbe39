/** State, channels and health: from one exporter, two, or none. */
import { SERVING_STATES, type ChannelStatus, type HealthState } from '@modelwatch/contract';
import type { RuleVector } from '../../support/promtool';
import { A, B, OPERATOR, healthIs, noHealth, tell, values } from './story';

/** One state of one exporter and the health that it must become. */
const EACH_STATE: readonly RuleVector[] = SERVING_STATES.map((state) => ({
  name: `one exporter says ${state}`,
  input: tell({ states: [[state, 10]] }),
  expect: healthIs('2m', state === 'serving' ? 'healthy' : state),
}));

/** A serving model with a verdict on its drift, and the health that both make. */
const DRIFT: readonly (readonly [ChannelStatus, HealthState])[] = [
  ['ok', 'healthy'],
  ['warning', 'degraded'],
  ['critical', 'degraded'],
  ['stale', 'stale'],
  ['too_little_data', 'healthy'],
];
const EACH_DRIFT: readonly RuleVector[] = DRIFT.map(([status, health]) => ({
  name: `a serving model whose drift is ${status} is ${health}`,
  input: {
    ...tell({ states: [['serving', 10]] }),
    [`modelwatch:model_channel{namespace="ns", model="m", channel="drift", status="${status}"}`]: '1x10',
  },
  expect: healthIs('2m', health),
}));

export const HEALTH_VECTORS: readonly RuleVector[] = [
  ...EACH_STATE,
  ...EACH_DRIFT,
  {
    name: 'a serving model that nobody confirmed is not healthy',
    input: tell({ states: [['serving', 10]], observedAge: undefined }),
    expect: healthIs('2m', 'unknown'),
  },
  {
    name: 'a serving model of old data is stale, at the limit it is not',
    input: {
      ...tell({ states: [['serving', 10]], observedAge: 211 }),
      ...tell({ states: [['serving', 10]], observedAge: 210, model: 'n' }),
    },
    expect: [
      ...healthIs('2m', 'stale'),
      {
        expr: 'modelwatch:model_health{model="n"} == 1',
        at: '2m',
        samples: { 'modelwatch:model_health{namespace="ns", model="n", health="healthy"}': 1 },
      },
    ],
  },
  {
    name: 'a failed model stays failed when its confirmation is old',
    input: tell({ states: [['failed', 10]], observedAge: 500 }),
    expect: healthIs('2m', 'failed'),
  },
  {
    name: 'a pair that agrees is one model',
    input: { ...tell({ states: [['serving', 10]] }), ...tell({ states: [['serving', 10]], target: B }) },
    expect: healthIs('2m', 'healthy'),
  },
  {
    name: 'of a pair that disagrees the worse opinion counts, once',
    input: { ...tell({ states: [['serving', 10]] }), ...tell({ states: [['failed', 10]], target: B }) },
    expect: healthIs('2m', 'failed'),
  },
  {
    name: 'the state of an exporter that is not synced is left out, its reasons too',
    input: {
      ...tell({ states: [['serving', 10]] }),
      ...tell({ states: [['failed', 10]], target: B, synced: [[0, 10]], reason: 'crash_loop' }),
    },
    expect: [...healthIs('2m', 'healthy'), { expr: 'modelwatch:model_serving_reason', at: '2m', samples: {} }],
  },
  {
    name: 'a model that only an unsynced exporter shows is read from there',
    input: {
      ...tell({ states: [['stale', 10]], synced: [[0, 10]] }),
      ...tell({ states: [['serving', 10]], target: B, model: 'other' }),
    },
    expect: healthIs('2m', 'stale'),
  },
  {
    name: 'when the only exporter goes, its models hold for two scrapes, then are stale for good',
    input: tell({
      states: [
        ['serving', 10],
        ['gone', 40],
      ] as const,
      reason: 'other',
    }),
    expect: [
      ...healthIs('5m', 'healthy'),
      ...healthIs('5m30s', 'healthy'),
      ...healthIs('6m', 'stale'),
      ...healthIs('24m', 'stale'),
      {
        expr: 'modelwatch:model_serving == 1',
        at: '9m',
        samples: { 'modelwatch:model_serving{namespace="ns", model="m", state="stale"}': 1 },
      },
      {
        expr: 'modelwatch:model_serving_reason',
        at: '9m',
        samples: { 'modelwatch:model_serving_reason{namespace="ns", model="m", reason="exporter_silent"}': 1 },
      },
      {
        expr: 'modelwatch:model_last_observed_timestamp_seconds',
        at: '24m',
        samples: { 'modelwatch:model_last_observed_timestamp_seconds{namespace="ns", model="m"}': 265 },
      },
    ],
  },
  {
    name: 'a model that is deleted while an exporter watches is gone at once and stays gone when the exporter goes',
    input: tell({
      states: [
        ['serving', 10],
        ['gone', 40],
      ] as const,
      synced: [
        [1, 12],
        ['stale', 1],
        ['_', 27],
      ],
    }),
    expect: [...healthIs('4m30s', 'healthy'), noHealth('5m'), noHealth('6m30s'), noHealth('15m')],
  },
  {
    name: 'a quick restart of the only exporter is no gap and no change',
    input: tell({
      states: [
        ['serving', 10],
        ['gone', 2],
        ['serving', 20],
      ],
      synced: [
        [1, 10],
        ['stale', 1],
        [0, 1],
        [1, 20],
      ],
    }),
    expect: ['4m30s', '5m', '5m30s', '6m', '6m30s', '10m'].flatMap((at) => healthIs(at, 'healthy')),
  },
  {
    name: 'an exporter that comes back without its sources leaves its models stale',
    input: tell({
      states: [
        ['serving', 10],
        ['gone', 10],
        ['serving', 10],
      ],
      synced: [
        [1, 10],
        [0, 10],
        [1, 10],
      ],
    }),
    expect: [...healthIs('6m', 'stale'), ...healthIs('9m30s', 'stale'), ...healthIs('10m', 'healthy')],
  },
  {
    name: 'the exporter of another cluster does not answer for a ghost',
    input: {
      ...tell({
        states: [
          ['serving', 10],
          ['gone', 30],
        ] as const,
        target: `cluster="one", ${A}`,
      }),
      ...tell({ states: [['serving', 40]], target: `cluster="two", ${B}` }),
    },
    expect: [
      ...healthIs('15m', 'stale', 'cluster="one"', 'one'),
      ...healthIs('15m', 'healthy', 'cluster="two"', 'two'),
    ],
  },
  {
    name: 'labels of the Prometheus Operator change nothing',
    input: tell({ states: [['failed', 10]], target: OPERATOR, reason: 'crash_loop' }),
    expect: [
      ...healthIs('2m', 'failed'),
      {
        expr: 'modelwatch:model_serving_reason',
        at: '2m',
        samples: { 'modelwatch:model_serving_reason{namespace="ns", model="m", reason="crash_loop"}': 1 },
      },
    ],
  },
  {
    name: 'two exporters that disagree on the labels of a model make one series, and the choice sticks',
    input: {
      ...tell({ states: [['serving', 20]] }),
      ...tell({ states: [['serving', 20]], target: B }),
      [`modelwatch_model_info{namespace="ns", model="m", platform="seldon", version="1", ${A}}`]: values([
        [1, 2],
        ['stale', 4],
        [1, 14],
      ]),
      [`modelwatch_model_info{namespace="ns", model="m", platform="seldon", version="2", ${B}}`]: values([
        ['_', 2],
        [1, 18],
      ]),
    },
    expect: ['2m', '4m', '9m'].map((at) => ({
      expr: 'modelwatch:model_info',
      at,
      samples: { 'modelwatch:model_info{namespace="ns", model="m", platform="seldon", version="2"}': 1 },
    })),
  },
];
