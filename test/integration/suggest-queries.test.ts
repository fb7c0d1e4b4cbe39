/** What `modelwatch check --suggest` asks, evaluated by Prometheus' own engine over a day of known samples. */
import { METRICS, RECORDED } from '@modelwatch/contract';
import { stringify } from 'yaml';
import { AGES } from '../../exporter/src/domain/slo/suggest';
import { agesOf, durationsOf, requestsOf, verdictsOf } from '../../exporter/src/sources/prometheus/past';
import { runOnFiles } from '../support/promtool';

const MODEL = 'namespace="ns", model="m.1"';
const OTHER = 'namespace="ns", model="mx1"';
/** As it is asked for: the point is no wildcard. */
const MATCHERS = 'namespace="ns", model=~"m\\\\.1|idle"';
/** A range of Prometheus 2 has both its ends in it. */
const MINUTES = 1_441;

const replica = `${MODEL}, replica="r", version="1"`;
const bucket = ({ name }: { readonly name: string }, labels: string) => `${name}_bucket{${labels}}`;
const rate = RECORDED.inferenceRequestsRate.name;
const channel = RECORDED.modelChannel.name;
const last = RECORDED.modelLastPrediction.name;

const SERIES: Readonly<Record<string, string>> = {
  [`${rate}{${MODEL}, outcome="success"}`]: '2x1440',
  [`${rate}{${MODEL}, outcome="server_error"}`]: '0.5x1440',
  [`${rate}{${OTHER}, outcome="success"}`]: '7x1440',
  // Two exporters polled one replica; another replica begins anew in the middle.
  ...Object.fromEntries(
    ['a', 'b'].flatMap((instance) => [
      [bucket(METRICS.inferenceDuration, `${replica}, instance="${instance}", le="0.25"`), '0+6x1440'],
      [bucket(METRICS.inferenceDuration, `${replica}, instance="${instance}", le="+Inf"`), '0+10x1440'],
    ])
  ),
  [bucket(METRICS.inferenceDuration, `${MODEL}, replica="s", version="1", le="+Inf"`)]: '0+1x720 0+1x719',
  [bucket(METRICS.inferenceRouteDuration, `${replica}, le="0.5"`)]: '0+3x1440',
  // Judged from noon on, with too few rows for an hour.
  [`${channel}{${MODEL}, channel="drift", status="too_little_data"}`]: '_x659 1x59 stale',
  [`${channel}{${MODEL}, channel="drift", status="ok"}`]: '_x719 1x719 stale',
  [`${channel}{${MODEL}, channel="drift", status="critical"}`]: '_x599 1x59 stale',
  [`${channel}{${MODEL}, channel="accuracy", status="ok"}`]: '1x1440',
  [`${channel}{${OTHER}, channel="drift", status="ok"}`]: '1x1440',
  // The last prediction was a day ago.
  [`${last}{${MODEL}}`]: '0x1440',
  [`${last}{namespace="ns", model="idle"}`]: '0x1440',
  [`${RECORDED.modelServing.name}{namespace="ns", model="idle", state="idle"}`]: '1x1440',
};

it('counts requests, durations, ages and verdicts of the models that it names', () => {
  const ages = [...AGES.map((age) => [String(age), age / 60 + 1] as const), ['+Inf', MINUTES] as const];
  const asked: readonly (readonly [expr: string, answer: Readonly<Record<string, number>>])[] = [
    [
      requestsOf(MATCHERS),
      {
        [`{${MODEL}, outcome="success"}`]: 60 * 2 * MINUTES,
        [`{${MODEL}, outcome="server_error"}`]: 60 * 0.5 * MINUTES,
      },
    ],
    [
      `round(${durationsOf(MATCHERS)})`,
      {
        [`{${MODEL}, le="0.25", seen_by="server"}`]: 6 * 1_440,
        [`{${MODEL}, le="+Inf", seen_by="server"}`]: 10 * 1_440 + 720 + 719,
        [`{${MODEL}, le="0.5", seen_by="proxy"}`]: 3 * 1_440,
      },
    ],
    [verdictsOf(MATCHERS), { [`{${MODEL}, status="ok"}`]: 720, [`{${MODEL}, status="critical"}`]: 60 }],
    [agesOf(MATCHERS), Object.fromEntries(ages.map(([le, minutes]) => [`{${MODEL}, le="${le}"}`, minutes]))],
  ];
  const promql_expr_test = asked.map(([expr, answer]) => ({
    expr,
    eval_time: '1d',
    exp_samples: Object.entries(answer).map(([labels, value]) => ({ labels, value })),
  }));
  const input_series = Object.entries(SERIES).map(([series, values]) => ({ series, values }));
  const tests = { evaluation_interval: '1h', tests: [{ interval: '1m', input_series, promql_expr_test }] };
  const { ok, output } = runOnFiles('promtool', ['test', 'rules', 'tests.yml'], { 'tests.yml': stringify(tests) });
  expect(output).not.toContain('FAILED');
  expect(ok).toBe(true);
});
