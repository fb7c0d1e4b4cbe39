/** Several exporters that divide the namespaces: a shard speaks for its own and for no other. */
import type { HealthState } from '@modelwatch/contract';
import type { Expectation, RuleVector } from '../../support/promtool';
import { tell, type Story } from './story';

type States = Story['states'];
const ALWAYS: States = [['serving', 40]];
const DIES_AT_5M: States = [
  ['serving', 10],
  ['gone', 30],
];

interface Told {
  readonly shard: number;
  readonly namespace: string;
  readonly states: States;
  readonly model?: string;
  readonly total?: number;
  readonly replica?: string;
  readonly synced?: Story['synced'];
  readonly labels?: string;
}

function shows({ shard, namespace, states, model, total = 3, replica = 'a', synced, labels = '' }: Told) {
  return tell({
    target: `${labels}job="modelwatch", instance="${shard}${replica}:8780"`,
    shard: [shard, total],
    namespace,
    states,
    ...(model === undefined ? {} : { model }),
    ...(synced === undefined ? {} : { synced }),
  });
}

function all(...told: readonly Told[]): Record<string, string> {
  return Object.assign({}, ...told.map(shows)) as Record<string, string>;
}

/** Exactly this health holds of the models of the namespace, of each the one that is named. */
function is(at: string, namespace: string, health: HealthState | 'gone', model = 'm', cluster = ''): Expectation {
  const id = `${cluster ? `cluster="${cluster}", ` : ''}namespace="${namespace}", model="${model}"`;
  return {
    expr: `modelwatch:model_health{${id}} == 1`,
    at,
    samples: health === 'gone' ? {} : { [`modelwatch:model_health{${id}, health="${health}"}`]: 1 },
  };
}

const THREE: readonly Told[] = [
  { shard: 0, namespace: 'a', states: ALWAYS },
  { shard: 1, namespace: 'b', states: ALWAYS },
  { shard: 2, namespace: 'c', states: ALWAYS },
];

export const SHARD_VECTORS: readonly RuleVector[] = [
  {
    name: 'three shards are one fleet',
    input: all(...THREE),
    expect: [
      ...['a', 'b', 'c'].map((namespace) => is('5m', namespace, 'healthy')),
      {
        expr: 'modelwatch:namespace_shard',
        at: '5m',
        samples: Object.fromEntries(
          ['a', 'b', 'c'].map((namespace, shard) => [
            `modelwatch:namespace_shard{namespace="${namespace}", shard="${shard}", total_shards="3"}`,
            1,
          ])
        ),
      },
    ],
  },
  {
    name: 'models of a dead shard hold for two scrapes, then are stale for good; those of the others are not touched',
    input: all(...THREE, { shard: 1, namespace: 'b', states: DIES_AT_5M }),
    expect: [
      ...['5m', '5m30s'].map((at) => is(at, 'b', 'healthy')),
      ...['6m', '10m', '19m'].map((at) => is(at, 'b', 'stale')),
      ...['5m', '6m', '19m'].flatMap((at) => [is(at, 'a', 'healthy'), is(at, 'c', 'healthy')]),
    ],
  },
  {
    name: 'a live shard says of its own what is deleted while another is dead, and a dead one brings nothing back',
    input: all(
      {
        shard: 0,
        namespace: 'a',
        states: DIES_AT_5M,
        synced: [
          [1, 20],
          ['stale', 1],
          ['_', 19],
        ],
      },
      {
        shard: 1,
        namespace: 'b',
        states: [
          ['serving', 4],
          ['gone', 36],
        ],
      },
      { shard: 2, namespace: 'c', states: ALWAYS }
    ),
    expect: [
      is('4m30s', 'a', 'healthy'),
      ...['5m', '7m', '12m', '19m'].map((at) => is(at, 'a', 'gone')),
      is('19m', 'b', 'stale'),
      is('19m', 'c', 'healthy'),
    ],
  },
  {
    name: 'a pair of each shard answers while one replica of each is gone or not synced',
    input: all(
      ...THREE,
      { shard: 0, replica: 'b', namespace: 'a', states: DIES_AT_5M },
      { shard: 1, replica: 'b', namespace: 'b', states: [['stale', 40]], synced: [[0, 40]] },
      {
        shard: 2,
        replica: 'b',
        namespace: 'c',
        states: [
          ['gone', 20],
          ['serving', 20],
        ],
        synced: [
          [0, 20],
          [1, 20],
        ],
      }
    ),
    expect: ['4m', '5m', '6m', '9m', '10m', '19m'].flatMap((at) =>
      ['a', 'b', 'c'].map((namespace) => is(at, namespace, 'healthy'))
    ),
  },
  {
    name: 'a shard whose pair is gone is stale until one of it is synced again',
    input: all(
      ...THREE,
      { shard: 1, namespace: 'b', states: DIES_AT_5M },
      {
        shard: 1,
        replica: 'b',
        namespace: 'b',
        states: [
          ['serving', 12],
          ['gone', 12],
          ['serving', 16],
        ],
        synced: [
          [1, 12],
          ['stale', 1],
          ['_', 7],
          [0, 4],
          [1, 16],
        ],
      }
    ),
    expect: [
      ...['5m', '6m', '6m30s'].map((at) => is(at, 'b', 'healthy')),
      ...['7m30s', '9m', '11m30s'].map((at) => is(at, 'b', 'stale')),
      is('12m', 'b', 'healthy'),
    ],
  },
  {
    name: 'shards of another cluster with the same numbers say nothing',
    input: all(
      { shard: 1, namespace: 'b', states: DIES_AT_5M, labels: 'cluster="one", ' },
      { shard: 1, replica: 'z', namespace: 'b', states: ALWAYS, labels: 'cluster="two", ' },
      { shard: 0, replica: 'z', namespace: 'a', states: ALWAYS, labels: 'cluster="two", ', total: 3 },
      { shard: 2, replica: 'z', namespace: 'c', states: ALWAYS, labels: 'cluster="two", ', total: 3 }
    ),
    expect: [is('15m', 'b', 'stale', 'm', 'one'), is('15m', 'b', 'healthy', 'm', 'two')],
  },
  {
    name: 'a namespace that moves to a new shard is never gone, though its old shard answers before the new one',
    input: {
      ...all(
        { shard: 1, replica: 'old', namespace: 'b', total: 2, states: DIES_AT_5M },
        { shard: 0, replica: 'old', namespace: 'a', total: 2, states: DIES_AT_5M },
        {
          shard: 0,
          namespace: 'a',
          states: [
            ['gone', 10],
            ['serving', 30],
          ],
          synced: [
            ['_', 10],
            [1, 30],
          ],
        },
        {
          shard: 1,
          namespace: 'other',
          states: [
            ['gone', 10],
            ['serving', 30],
          ],
          synced: [
            ['_', 10],
            [1, 30],
          ],
        },
        {
          shard: 2,
          namespace: 'b',
          states: [
            ['gone', 16],
            ['serving', 24],
          ],
          synced: [
            ['_', 10],
            [0, 6],
            [1, 24],
          ],
        }
      ),
    },
    expect: [
      ...['4m30s', '5m', '5m30s'].map((at) => is(at, 'b', 'healthy')),
      ...['6m', '7m30s'].map((at) => is(at, 'b', 'stale')),
      ...['8m', '15m'].map((at) => is(at, 'b', 'healthy')),
      ...['5m', '8m'].map((at) => is(at, 'a', 'healthy')),
    ],
  },
  {
    name: 'what was deleted while its shard was abolished is gone once all others are synced and agree',
    input: all(
      { shard: 2, namespace: 'c', states: DIES_AT_5M },
      {
        shard: 0,
        namespace: 'a',
        states: [
          ['serving', 20],
          ['gone', 20],
        ],
      },
      { shard: 1, namespace: 'b', states: ALWAYS, total: 2 },
      {
        shard: 0,
        replica: 'new',
        namespace: 'a',
        total: 2,
        states: [
          ['gone', 20],
          ['serving', 20],
        ],
        synced: [
          ['_', 20],
          [1, 20],
        ],
      }
    ),
    expect: [is('6m', 'c', 'stale'), is('9m30s', 'c', 'stale'), is('10m', 'c', 'gone'), is('19m', 'a', 'healthy')],
  },
];

const RUNBOOK = 'https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks';

export const SHARD_ALERT_VECTORS: readonly RuleVector[] = [
  {
    name: 'a shard that does not answer pages after five minutes, and no alert says that nobody answers',
    input: all(
      ...THREE,
      { shard: 0, replica: 'b', namespace: 'a', states: ALWAYS },
      { shard: 1, namespace: 'b', states: DIES_AT_5M }
    ),
    alerts: [
      { alert: 'ModelwatchShardMissing', at: '9m30s', firing: [] },
      {
        alert: 'ModelwatchShardMissing',
        at: '10m30s',
        firing: [
          {
            labels: { severity: 'critical' },
            annotations: {
              summary: 'A shard of the Modelwatch exporter does not answer',
              description:
                'The namespaces of the missing shard are watched by nobody: their models are stale. modelwatch_exporter_synced has the shards that answer.',
              runbook_url: `${RUNBOOK}/ModelwatchShardMissing.md`,
            },
          },
        ],
      },
      { alert: 'ModelwatchExporterAbsent', at: '19m', firing: [] },
      { alert: 'ModelwatchShardMismatch', at: '19m', firing: [] },
    ],
  },
  {
    name: 'one replica of a shard that is gone is no missing shard, and a lone exporter misses none',
    input: {
      ...all(...THREE, { shard: 1, replica: 'b', namespace: 'b', states: DIES_AT_5M }),
      ...tell({ states: ALWAYS, target: 'cluster="lone", job="modelwatch", instance="x:8780"' }),
    },
    alerts: [{ alert: 'ModelwatchShardMissing', at: '19m', firing: [] }],
  },
  {
    name: 'exporters that do not agree how many shards there are page after fifteen minutes',
    input: all(
      { shard: 0, namespace: 'a', states: ALWAYS },
      { shard: 1, namespace: 'b', states: ALWAYS, total: 2 },
      { shard: 2, namespace: 'c', states: ALWAYS }
    ),
    alerts: [
      { alert: 'ModelwatchShardMismatch', at: '14m30s', firing: [] },
      {
        alert: 'ModelwatchShardMismatch',
        at: '15m',
        firing: [
          {
            labels: { severity: 'critical' },
            annotations: {
              summary: 'Modelwatch exporters do not agree how many shards there are',
              description:
                'Some namespaces may be watched twice, others by nobody. modelwatch_exporter_total_shards must be the same for all.',
              runbook_url: `${RUNBOOK}/ModelwatchShardMismatch.md`,
            },
          },
        ],
      },
    ],
  },
];
