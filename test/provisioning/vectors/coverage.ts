/** How much of the events of a model is seen: counters of one minute each, as exporters show them. */
import type { ChannelStatus, CoverageState } from '@modelwatch/contract';
import type { AlertExpectation, Expectation, RuleVector } from '../../support/promtool';
import { A, B } from './story';

export const COVERAGE_INTERVAL_SECONDS = 60;
const MODEL = 'namespace="ns", model="m"';
const STEPS = 100;

interface Sent {
  readonly target?: string;
  /** Rows a minute. */
  readonly received: number;
  readonly counted?: number;
  readonly malformed?: number;
  readonly duplicate?: number;
  readonly absent?: number;
  readonly uncompared?: number;
  readonly refusedSeries?: number;
  readonly hasReference?: boolean;
  /** Age of the last prediction; default: one came just now. */
  readonly age?: number;
  readonly steps?: number;
}

const rising = (perMinute: number, steps: number) => `0+${perMinute}x${steps} ${perMinute * steps}x${STEPS - steps}`;

function sent({ target = A, received, steps = STEPS, hasReference = true, ...of }: Sent): Record<string, string> {
  const counter = (name: string, rows: number | undefined, more = '') => ({
    [`modelwatch_${name}{${MODEL}, ${more}${target}}`]: rising(rows ?? 0, steps),
  });
  const { malformed = 0, duplicate = 0 } = of;
  return {
    [`modelwatch:model_serving{${MODEL}, state="serving"}`]: `1x${STEPS}`,
    ...counter('events_received_total', received),
    ...counter('predictions_total', of.counted ?? received - malformed - duplicate, 'version="", '),
    ...counter('events_dropped_total', malformed, 'reason="malformed", '),
    ...counter('events_dropped_total', duplicate, 'reason="duplicate", '),
    ...counter('events_absent_features_total', of.absent),
    ...counter('events_uncompared_total', of.uncompared),
    [`modelwatch_event_series_refused{${MODEL}, ${target}}`]: `${of.refusedSeries ?? 0}x${STEPS}`,
    [`modelwatch_last_prediction_timestamp_seconds{${MODEL}, ${target}}`]:
      of.age === undefined ? `0+60x${STEPS}` : `${-of.age}+0x${STEPS}`,
    ...(hasReference
      ? { [`modelwatch_drift_settings_info{${MODEL}, method="psi", window="1d", ${target}}`]: `1x${STEPS}` }
      : {}),
  };
}

const state = (is: CoverageState, at = '90m'): Expectation => ({
  expr: 'modelwatch:model_coverage',
  at,
  samples: { [`modelwatch:model_coverage{${MODEL}, state="${is}"}`]: 1 },
});
const channel = (status: ChannelStatus | undefined, at = '90m'): Expectation => ({
  expr: 'modelwatch:model_channel',
  at,
  samples: status ? { [`modelwatch:model_channel{${MODEL}, channel="coverage", status="${status}"}`]: 1 } : {},
});
const part = (name: string, ratio: number): Expectation => ({
  expr: `round(modelwatch:coverage_ratio:1h{part="${name}"}, 0.0001)`,
  at: '90m',
  samples: { [`{${MODEL}, part="${name}"}`]: ratio },
});
const ALERT = 'ModelwatchEventsDropped';
const silent = (at: string): AlertExpectation => ({ alert: ALERT, at, firing: [] });
const fires = (at: string, labels: Record<string, string>, whose: string, reasons: string): AlertExpectation => ({
  alert: ALERT,
  at,
  firing: [
    {
      labels: { ...labels, severity: 'warning' },
      annotations: {
        summary: `Events of ${whose} are not counted`,
        description: `A considerable part of the events that arrive is dropped or turned away: what is said of the drift and the accuracy of these models is said of the rest.${reasons}`,
        runbook_url: `https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks/${ALERT}.md`,
      },
    },
  ],
});
const OF_MODEL = { namespace: 'ns', model: 'm' };

export const COVERAGE_VECTORS: readonly RuleVector[] = [
  {
    name: 'rows that are all counted are a complete view, repeated ones are no loss',
    input: sent({ received: 100, duplicate: 40 }),
    expect: [state('complete'), channel('ok'), part('duplicate', 0.4), part('dropped', 0)],
    alerts: [silent('90m')],
  },
  {
    name: 'one row in twenty that is dropped makes the view partial and warns after five minutes, of two exporters together',
    input: { ...sent({ received: 100 }), ...sent({ target: B, received: 100, malformed: 10 }) },
    expect: [state('partial'), channel('warning'), part('dropped', 0.05)],
    alerts: [silent('3m'), fires('90m', OF_MODEL, 'ns/m', ' Dropped in the last hour: 600 malformed.')],
  },
  {
    name: 'less than that does neither',
    input: { ...sent({ received: 100 }), ...sent({ target: B, received: 100, malformed: 9 }) },
    expect: [state('complete'), channel('ok')],
    alerts: [silent('90m')],
  },
  ...(['absent', 'uncompared', 'refusedSeries'] as const).map((what) => ({
    name: `a view is partial, and nothing is dropped, of which much is ${what}`,
    input: sent({ received: 100, [what]: 10 }),
    expect: [state('partial'), channel('warning')],
    alerts: [silent('90m')],
  })),
  {
    name: 'events without a reference have a state, and no verdict',
    input: sent({ received: 100, uncompared: 100, hasReference: false }),
    expect: [state('no_reference'), channel(undefined)],
  },
  {
    name: 'few rows say nothing, however many of them are dropped',
    input: sent({ received: 0.3, malformed: 0.2 }),
    expect: [state('too_little_data'), channel(undefined)],
    alerts: [silent('90m')],
  },
  {
    name: 'the verdict stands when the rows dry up',
    input: sent({ received: 100, steps: 20 }),
    expect: [state('complete', '98m'), channel('ok', '98m')],
  },
  {
    name: 'a model that sent nothing for a day is one that sends nothing',
    input: sent({ received: 0, age: 90_000 }),
    expect: [state('no_events'), channel(undefined)],
  },
  {
    name: 'events of models that nobody knows warn, of whichever exporter',
    input: {
      ...sent({ received: 100 }),
      [`modelwatch_events_dropped_total{namespace="", model="", reason="unknown_model", ${B}}`]: '0+1x100',
    },
    expect: [state('complete')],
    alerts: [fires('90m', {}, 'models that nobody knows', ' Dropped in the last hour: 60 unknown model.')],
  },
  {
    name: 'requests that are turned away warn from one in twenty on',
    input: {
      ...sent({ received: 100 }),
      [`modelwatch_exporter_ingest_requests_total{result="accepted", ${A}}`]: '0+19x50 950+20x50',
      [`modelwatch_exporter_ingest_requests_total{result="over_capacity", ${A}}`]: '0+1x50 50x50',
    },
    alerts: [fires('45m', {}, 'models that nobody knows', ''), silent('99m')],
  },
];
