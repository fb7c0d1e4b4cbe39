/** When a model counts as up, as down, and as neither. */
import type { ServingState } from '@modelwatch/contract';
import type { Expectation, RuleVector } from '../../support/promtool';
import { tell } from './story';

const AVAILABLE = 'modelwatch_model_replicas_available{namespace="ns", model="m", job="modelwatch", instance="a:8780"}';

function up(value: number | undefined): Expectation[] {
  const samples = value === undefined ? {} : { 'modelwatch:model_up{namespace="ns", model="m"}': value };
  return [{ expr: 'modelwatch:model_up', at: '2m', samples }];
}

const VALUES: Readonly<Record<ServingState, number | undefined>> = {
  serving: 1,
  degraded: 1,
  failed: 0,
  progressing: undefined,
  idle: undefined,
  unknown: undefined,
  stale: undefined,
};

export const UPTIME_VECTORS: readonly RuleVector[] = [
  ...(Object.keys(VALUES) as ServingState[]).map((state) => ({
    name: `a ${state} model is ${['down', 'up'][VALUES[state] ?? 2] ?? 'neither up nor down'}`,
    input: tell({ states: [[state, 10]] }),
    expect: up(VALUES[state]),
  })),
  {
    name: 'a model that rolls out beside replicas that serve is up',
    input: { ...tell({ states: [['progressing', 10]] }), [AVAILABLE]: '2x10' },
    expect: up(1),
  },
  {
    name: 'a serving model of old data is neither up nor down',
    input: tell({ states: [['serving', 10]], observedAge: 211 }),
    expect: up(undefined),
  },
  {
    name: 'uptime is of the time in which anybody knew',
    input: tell({
      states: [
        ['serving', 7],
        ['failed', 1],
        ['stale', 8],
      ],
    }),
    expect: [
      {
        expr: 'avg_over_time(modelwatch:model_up[10m])',
        at: '7m30s',
        samples: { '{namespace="ns", model="m"}': 0.875 },
      },
    ],
  },
];
