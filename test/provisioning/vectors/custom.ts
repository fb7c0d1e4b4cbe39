/** Custom metrics and the verdicts on them. One sample a minute. */
import { RECORDED, type ChannelStatus, type CustomState } from '@modelwatch/contract';
import { CUSTOM_QUERY } from '../../../exporter/src/http/custom-over-limit';
import type { AlertExpectation, Expectation, RuleVector } from '../../support/promtool';
import { A, B } from './story';

type Input = Readonly<Record<string, string>>;
export const CUSTOM_INTERVAL_SECONDS = 60;
const RUNBOOK = 'https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks';
const M = 'namespace="ns", model="m"';
const SAMPLES = 240;

interface Declared {
  readonly aggregation: string;
  readonly window?: string;
  readonly source?: string;
  readonly needed?: number;
  readonly baseline?: number;
  /** By level: side, limit, recovery. */
  readonly limits?: Readonly<
    Partial<Record<'warning' | 'critical', readonly [side: string, limit: number, recovery: number]>>
  >;
  readonly target?: string;
  /** Samples for which the exporter says it. */
  readonly shown?: number;
}

const of = (metric: string, more = '', target = A) =>
  `{${[M, `metric="${metric}"`, target, more].filter(Boolean).join(', ')}}`;

/** What an exporter says of a metric. */
function declared(metric: string, d: Declared): Input {
  const { aggregation, window = '10m', source = 'pushed', needed, baseline, limits = {}, target, shown = SAMPLES } = d;
  const info = `unit="percentunit", aggregation="${aggregation}", direction="lower_is_better", window="${window}", source="${source}"`;
  const says = (family: string, more: string, value: number) => [
    `modelwatch_custom_metric_${family}${of(metric, more, target)}`,
    `${value}x${shown}`,
  ];
  return Object.fromEntries([
    says('info', info, 1),
    ...(needed === undefined ? [] : [says('samples_needed', '', needed)]),
    ...(baseline === undefined ? [] : [says('baseline', '', baseline)]),
    ...Object.entries(limits).flatMap(([level, [side, limit, recovery]]) => [
      says('limit', `level="${level}", side="${side}"`, limit),
      says('recovery', `level="${level}", side="${side}"`, recovery),
    ]),
  ]) as Input;
}

const samples = (metric: string, values: string, target = A): Input => ({
  [`modelwatch_custom_metric_samples_total${of(metric, '', target)}`]: values,
});
const matched = (metric: string, values: string, target = A): Input => ({
  [`modelwatch_custom_metric_matched_total${of(metric, '', target)}`]: values,
});
const sums = (metric: string, over: string, under: string, target = A): Input => ({
  [`modelwatch_custom_metric_value_sum_total${of(metric, 'sign="over"', target)}`]: over,
  [`modelwatch_custom_metric_value_sum_total${of(metric, 'sign="under"', target)}`]: under,
});
const gauge = (metric: string, value: string, at: string, target = A): Input => ({
  [`modelwatch_custom_metric_last_value${of(metric, '', target)}`]: value,
  [`modelwatch_custom_metric_last_timestamp_seconds${of(metric, '', target)}`]: at,
});

const labels = (metric: string) => `metric="${metric}", model="m", namespace="ns"`;
const value = (metric: string, is: number | undefined, at: string): Expectation => ({
  expr: `round(${RECORDED.customMetricValue.name}{metric="${metric}"}, 0.0001)`,
  at,
  samples: is === undefined ? {} : { [`{${labels(metric)}}`]: is },
});
const state = (metric: string, is: CustomState, at: string): Expectation => ({
  expr: `${RECORDED.customMetricState.name}{metric="${metric}"}`,
  at,
  samples: { [`${RECORDED.customMetricState.name}{${labels(metric)}, state="${is}"}`]: 1 },
});
const channel = (metric: string, status: ChannelStatus, at: string): Expectation => ({
  expr: `${RECORDED.modelChannel.name}{channel="custom:${metric}"}`,
  at,
  samples: {
    [`${RECORDED.modelChannel.name}{model="m", namespace="ns", channel="custom:${metric}", status="${status}"}`]: 1,
  },
});

const silent = (alert: string, at: string): AlertExpectation => ({ alert, at, firing: [] });
function fires(alert: string, at: string, metric: string, summary: string, description: string): AlertExpectation {
  const annotations = { summary, description, runbook_url: `${RUNBOOK}/${alert}.md` };
  return { alert, at, firing: [{ labels: { namespace: 'ns', model: 'm', metric, severity: 'warning' }, annotations }] };
}
const beyond = (metric: string, at: string, figures: string) =>
  fires(
    'ModelwatchCustomMetric',
    at,
    metric,
    `${metric} of ns/m is beyond its limit`,
    `A custom metric of this model is beyond what its owner declared as critical. ${figures}`
  );
const unknown = (metric: string, at: string) =>
  fires(
    'ModelwatchCustomMetricStale',
    at,
    metric,
    `Nobody knows ${metric} of ns/m`,
    'There were values of this custom metric, and are no more: the last verdict on it is old, and nothing says that it still holds.'
  );
const GONE = 'There has been no value since then.';

const SHARE: Declared = {
  aggregation: 'share',
  needed: 30,
  baseline: 0.12,
  limits: { warning: ['above', 0.2, 0.195], critical: ['above', 0.25, 0.245] },
};

export const CUSTOM_VECTORS: readonly RuleVector[] = [
  {
    name: 'a share breaks its limit and comes back, counted by two exporters once',
    input: {
      ...declared('rejected', SHARE),
      ...declared('rejected', { ...SHARE, target: B }),
      // 60 a minute in all: 12 % for half an hour, then 31 %, then 12 % again.
      ...samples('rejected', '0+50x180'),
      ...samples('rejected', '0+10x180', B),
      ...matched('rejected', '0+6x30 198+18x29 726+6x120'),
      ...matched('rejected', '0+1.2x30 37.2+1.2x149', B),
    },
    expect: [
      value('rejected', 0.12, '25m'),
      state('rejected', 'ok', '25m'),
      channel('rejected', 'ok', '25m'),
      value('rejected', 0.32, '55m'),
      state('rejected', 'critical', '55m'),
      channel('rejected', 'critical', '55m'),
      {
        expr: `round(${CUSTOM_QUERY.split('\nor ').join(', 0.001)\nor round(')}, 0.001)`,
        at: '55m',
        samples: {
          '{custom="value", custom_metric="rejected", model="m", namespace="ns", window="10m"}': 0.32,
          '{custom="limit", custom_metric="rejected", level="critical", model="m", namespace="ns", side="above"}': 0.25,
          '{custom="baseline", custom_metric="rejected", model="m", namespace="ns"}': 0.12,
        },
      },
      state('rejected', 'ok', '80m'),
    ],
    alerts: [
      silent('ModelwatchCustomMetric', '25m'),
      beyond('rejected', '55m', 'rejected is 0.32, limit 0.25 (baseline 0.12).'),
      silent('ModelwatchCustomMetric', '80m'),
      silent('ModelwatchCustomMetricStale', '80m'),
    ],
  },
  {
    name: 'few samples are no value, and silence does not resolve what was critical',
    input: {
      ...declared('rejected', SHARE),
      ...samples('rejected', '0+10x30 300x210'),
      ...matched('rejected', '0+5x30 150x210'),
    },
    expect: [
      value('rejected', undefined, '2m'),
      state('rejected', 'too_little_data', '2m'),
      state('rejected', 'critical', '25m'),
      value('rejected', undefined, '45m'),
      state('rejected', 'too_little_data', '45m'),
      channel('rejected', 'too_little_data', '45m'),
    ],
    alerts: [
      beyond('rejected', '60m', GONE),
      // Ten minutes and an hour after the last verdict nobody knows any more.
      silent('ModelwatchCustomMetric', '115m'),
      unknown('rejected', '120m'),
    ],
  },
  {
    name: 'sums may be below 0, a state is left at its recovery, and lower limits hold',
    input: {
      ...declared('margin', {
        aggregation: 'sum',
        needed: 1,
        limits: { warning: ['below', 0, 5], critical: ['below', -50, -45] },
      }),
      ...samples('margin', '0+1x180'),
      // In ten minutes +100, then -60, then -47 (still critical), then -20, then +3 (still a warning), then +20.
      ...sums('margin', '0+10x30 300x90 300+0.3x30 309+2x30', '0x30 6+6x29 184.7+4.7x29 327.7+2x29 383.7x60'),
    },
    expect: [
      value('margin', 100, '25m'),
      state('margin', 'ok', '25m'),
      value('margin', -60, '55m'),
      state('margin', 'critical', '55m'),
      value('margin', -47, '85m'),
      state('margin', 'critical', '85m'),
      value('margin', -20, '115m'),
      state('margin', 'warning', '115m'),
      value('margin', 3, '145m'),
      state('margin', 'warning', '145m'),
      value('margin', 20, '175m'),
      state('margin', 'ok', '175m'),
    ],
  },
  {
    name: 'an average is of all samples, over an hour and over full hours',
    input: {
      ...declared('latency', {
        aggregation: 'average',
        window: '1h',
        needed: 30,
        limits: { critical: ['above', 4, 4] },
      }),
      ...declared('daily', { aggregation: 'average', window: '1d', needed: 30 }),
      ...samples('latency', '0+1x240'),
      ...sums('latency', '0+3x240', '0x240'),
      ...samples('daily', '0+2x240'),
      ...sums('daily', '0+5x240', '0+1x240'),
    },
    expect: [
      value('latency', 3, '90m'),
      state('latency', 'ok', '90m'),
      value('daily', 2, '190m'),
      // Of three full hours.
      {
        expr: `round(${RECORDED.customMetricSamples.name}{metric="daily", window="1d"})`,
        at: '190m',
        samples: { [`{${labels('daily')}, window="1d"}`]: 360 },
      },
      // Without a limit there is nothing to judge.
      { expr: `${RECORDED.customMetricState.name}{metric="daily"}`, at: '190m', samples: {} },
      { expr: `count(${RECORDED.customMetricSamples.name}{metric="latency"})`, at: '190m', samples: { '{}': 1 } },
    ],
  },
  {
    name: 'of a gauge the latest sample of any exporter holds, until it is old',
    input: {
      ...declared('queue', { aggregation: 'gauge', limits: { critical: ['above', 10, 9] } }),
      ...gauge('queue', '12x240', '60x240'),
      ...gauge('queue', '_x9 3x2', '_x9 600x2', B),
    },
    expect: [
      value('queue', 12, '5m'),
      state('queue', 'critical', '5m'),
      value('queue', 3, '12m'),
      state('queue', 'ok', '12m'),
      // The exporter that had the latest is gone: its sample is not.
      value('queue', 3, '19m'),
      value('queue', undefined, '25m'),
      state('queue', 'stale', '25m'),
      channel('queue', 'stale', '25m'),
    ],
    alerts: [unknown('queue', '80m')],
  },
  {
    name: 'a query is a value like others; none where it divides nothing by nothing, or says nothing any more',
    input: {
      ...declared('asked', {
        aggregation: 'average',
        window: '',
        source: 'promql',
        limits: { warning: ['above', 2, 2], critical: ['above', 4, 4] },
      }),
      [`${RECORDED.customMetricQueried.name}{${M}, metric="asked"}`]: `1x20 3x20 ${'NaN '.repeat(20)}_x60`,
      [`${RECORDED.customMetricQueried.name}{${M}, metric="undeclared"}`]: '1x20',
    },
    expect: [
      value('asked', 1, '10m'),
      state('asked', 'ok', '10m'),
      value('asked', 3, '30m'),
      state('asked', 'warning', '30m'),
      value('asked', undefined, '50m'),
      state('asked', 'stale', '50m'),
      { expr: `${RECORDED.customMetricValue.name}{metric="undeclared"}`, at: '10m', samples: {} },
    ],
    alerts: [silent('ModelwatchCustomMetric', '30m')],
  },
  {
    name: 'when the exporter goes its metrics are stale; when a metric is taken away it is gone',
    input: {
      ...declared('gone', { ...SHARE, shown: 30 }),
      ...declared('kept', SHARE),
      ...samples('gone', '0+10x30'),
      ...matched('gone', '0+1x30'),
      ...samples('kept', '0+10x60'),
      ...matched('kept', '0+1x60'),
      [`modelwatch_exporter_synced{${A}}`]: '1x60',
      [`modelwatch_exporter_total_shards{${A}}`]: '1x60',
    },
    expect: [
      state('gone', 'ok', '29m'),
      { expr: `${RECORDED.customMetricState.name}{metric="gone"}`, at: '45m', samples: {} },
      { expr: `${RECORDED.modelChannel.name}{channel="custom:gone"}`, at: '45m', samples: {} },
      state('kept', 'ok', '45m'),
    ],
  },
  {
    name: 'nobody answers: what was known of a metric is stale, and said so',
    input: {
      ...declared('lost', { ...SHARE, shown: 60 }),
      ...samples('lost', '0+10x60'),
      ...matched('lost', '0+1x60'),
    },
    expect: [state('lost', 'ok', '50m'), state('lost', 'stale', '70m'), channel('lost', 'stale', '70m')],
    alerts: [silent('ModelwatchCustomMetricStale', '55m'), unknown('lost', '80m')],
  },
];
