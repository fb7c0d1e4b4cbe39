/** Models that are known by their events alone: what they say of themselves, and nobody of a server. */
import { SERVING_STATES, type ChannelStatus, type HealthState } from '@modelwatch/contract';
import type { RuleVector } from '../../support/promtool';
import { A, B, INTERVAL_SECONDS, healthIs, tell, values } from './story';

const ID = 'namespace="ns", model="m"';
const DAY = 86_400;

interface Sender {
  readonly target?: string;
  /** Age of the last prediction in the first sample, and for how many samples an event comes just before each. */
  readonly age?: number;
  readonly freshFor?: number;
  readonly expectedSeconds?: number;
  /** For how many samples the exporter has forgotten when the last one came. */
  readonly forgotten?: number;
  readonly samples?: number;
}

/** What an exporter shows of a model of which it has events only. */
function sender({ target = A, age, freshFor = 0, expectedSeconds, forgotten = 0, samples = 40 }: Sender) {
  const steps = Array.from({ length: samples }, (_, step) => step);
  const always = (value: number) => values([[value, samples]]);
  const last = (step: number) =>
    step < freshFor ? step * INTERVAL_SECONDS - 5 : Math.max(0, freshFor - 1) * INTERVAL_SECONDS - (age ?? 5);
  const isForgotten = (step: number) => step >= samples - forgotten;
  return {
    ...Object.fromEntries(
      SERVING_STATES.map((state) => [`modelwatch_model_serving{${ID}, state="${state}", ${target}}`, always(0)])
    ),
    [`modelwatch_model_serving_reason{${ID}, reason="not_watched", ${target}}`]: always(1),
    [`modelwatch_model_info{${ID}, platform="events", ${target}}`]: always(1),
    [`modelwatch_exporter_synced{${target}}`]: always(1),
    [`modelwatch_exporter_total_shards{${target}}`]: always(1),
    ...(age === undefined && freshFor === 0
      ? {}
      : {
          [`modelwatch_last_prediction_timestamp_seconds{${ID}, ${target}}`]: steps
            .map((step) => (isForgotten(step) ? (isForgotten(step - 1) ? '_' : 'stale') : last(step)))
            .join(' '),
        }),
    ...(expectedSeconds === undefined
      ? {}
      : { [`modelwatch_prediction_expected_interval_seconds{${ID}, ${target}}`]: always(expectedSeconds) }),
  };
}

const channelOf = (channel: string, status: ChannelStatus) => ({
  [`modelwatch:model_channel{${ID}, channel="${channel}", status="${status}"}`]: '1x40',
});

const JUDGED: readonly (readonly [string, ChannelStatus, HealthState])[] = [
  ['drift', 'ok', 'healthy'],
  ['accuracy', 'ok', 'healthy'],
  ['drift', 'critical', 'degraded'],
  ['drift', 'too_little_data', 'unknown'],
  ['drift', 'stale', 'stale'],
  ['latency', 'ok', 'unknown'],
];

export const SENDER_VECTORS: readonly RuleVector[] = [
  ...JUDGED.map(([channel, status, health]) => ({
    name: `a model of which only events are known and whose ${channel} is ${status} is ${health}`,
    input: { ...sender({ freshFor: 40 }), ...channelOf(channel, status) },
    expect: [...healthIs('2m', health), { expr: 'modelwatch:model_channel{channel="serving"}', at: '2m', samples: {} }],
  })),
  {
    name: 'a model that was declared and sent nothing yet is unknown, whatever its channels',
    input: { ...sender({}), ...channelOf('drift', 'ok') },
    expect: [
      ...healthIs('2m', 'unknown'),
      { expr: 'modelwatch:model_channel{channel="freshness"}', at: '2m', samples: {} },
    ],
  },
  {
    name: 'a model of which only events are known may be silent for a day, and not longer',
    input: { ...sender({ age: DAY - 300 }), ...channelOf('drift', 'ok') },
    expect: [...healthIs('5m', 'healthy'), ...healthIs('5m30s', 'stale')],
  },
  {
    name: 'a model of which only events are known is stale when they are overdue, and a new exporter makes it no fresher',
    input: { ...sender({ freshFor: 4, expectedSeconds: 120, forgotten: 20 }), ...channelOf('drift', 'ok') },
    expect: [...healthIs('2m', 'healthy'), ...healthIs('4m', 'stale'), ...healthIs('18m', 'stale')],
  },
  {
    name: 'who watches the server of a model outweighs who has only events of it',
    input: {
      ...tell({ states: [['serving', 10]] }),
      [`modelwatch_model_info{${ID}, platform="kserve", ${A}}`]: '1x10',
      ...sender({ target: B, age: 2 * DAY, samples: 10 }),
    },
    expect: [
      ...healthIs('2m', 'healthy'),
      { expr: 'modelwatch:model_serving_reason', at: '2m', samples: {} },
      {
        expr: 'modelwatch:model_info',
        at: '2m',
        samples: { [`modelwatch:model_info{${ID}, platform="kserve"}`]: 1 },
      },
    ],
  },
];
