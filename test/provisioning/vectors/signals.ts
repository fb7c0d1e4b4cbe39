/** Alerts on use, resources and what is strange: a sample each 5 minutes, what lies in the past by hours. */
import { ALERTS, type AlertName } from '@modelwatch/contract';
import type { AlertExpectation, RuleVector } from '../../support/promtool';

export const SIGNALS_INTERVAL_SECONDS = 300;
const MODEL = 'namespace="ns", model="m"';
const LABELS = { namespace: 'ns', model: 'm', severity: 'warning', owner: 'risk', importance: '' };
const DAY = 288;

const alert = (name: AlertName, at: string, firing: AlertExpectation['firing']): AlertExpectation => ({
  alert: name,
  at,
  firing,
});
/** That it fires is looked at; its words are fixed texts. */
const fires = (name: AlertName, at: string, labels: Readonly<Record<string, string>> = { ...LABELS }) =>
  alert(name, at, [{ labels: withoutEmpty(labels), annotations: {} }]);
const silent = (name: AlertName, at: string) => alert(name, at, []);

function withoutEmpty(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

const known = (steps: number): Record<string, string> => ({
  [`modelwatch:model_info{${MODEL}, platform="seldon", server="s", owner="risk"}`]: `1x${steps}`,
  [`modelwatch:model_channel{${MODEL}, channel="serving", status="ok"}`]: `1x${steps}`,
  [`modelwatch:model_serving{${MODEL}, state="serving"}`]: `1x${steps}`,
});

/** @param values one each 5 minutes */
const vector = (
  name: string,
  series: Readonly<Record<string, string>>,
  alerts: readonly AlertExpectation[],
  steps = 30
): RuleVector => ({ name, input: { ...known(steps), ...series }, alerts });

const RATE = `modelwatch:inference_requests_rate:5m{${MODEL}, outcome="success"}`;
const PEAK = `modelwatch:inference_requests_rate_peak:1h{${MODEL}}`;
const CONSUMERS = (target: string) => `modelwatch_consumers{${MODEL}, window="1d", instance="${target}"}`;
const FAILURES = (reason: string) =>
  `modelwatch_exporter_web_auth_failures_total{reason="${reason}", job="modelwatch", instance="a:8780"}`;

const FAILED =
  'modelwatch_responder_decisions_total{policy="up", action="scale", result="failed", reason="forbidden", instance="a:8781"}';

/** Requests a second for a day and two hours: what there was, and what there is from the end of the day on. */
const traffic = (before: number, now: number) => ({ [RATE]: `${before}x${DAY} ${now}x24` });

const observed = (bin: string, rest: string) =>
  `modelwatch_feature_observations_total{${MODEL}, feature="amount", bin="${bin}", reference="r", version="${rest}"}`;

export const SIGNALS_VECTORS: readonly RuleVector[] = [
  vector(
    'memory near its limit, for ten minutes',
    { [`modelwatch:model_memory_limit_ratio{${MODEL}}`]: '0.89x3 0.9x6' },
    [silent(ALERTS.memory, '15m'), silent(ALERTS.memory, '25m'), fires(ALERTS.memory, '30m')]
  ),
  vector('three restarts within an hour', { [`modelwatch:model_restarts:1h{${MODEL}}`]: '2x2 3x3' }, [
    silent(ALERTS.restarts, '10m'),
    fires(ALERTS.restarts, '20m'),
  ]),
  vector('one that was killed for want of memory', { [`modelwatch:model_oom_kills:1h{${MODEL}}`]: '0x2 1x3' }, [
    silent(ALERTS.restarts, '10m'),
    fires(ALERTS.restarts, '20m'),
  ]),
  vector(
    'CPU that is held back in a quarter of the time',
    { [`modelwatch:model_cpu_throttled_ratio:5m{${MODEL}}`]: '0.24x3 0.25x6' },
    [silent(ALERTS.throttled, '15m'), silent(ALERTS.throttled, '30m'), fires(ALERTS.throttled, '35m')]
  ),
  vector(
    'no requests where there were some at this time yesterday',
    traffic(0.09, 0),
    [
      silent(ALERTS.trafficStopped, '24h'),
      silent(ALERTS.trafficStopped, '24h15m'),
      fires(ALERTS.trafficStopped, '24h25m'),
    ],
    DAY + 24
  ),
  vector('no requests where there were few', traffic(0.08, 0), [silent(ALERTS.trafficStopped, '25h')], DAY + 24),
  vector(
    'no requests to a model that is idle on purpose',
    {
      ...traffic(1, 0),
      [`modelwatch:model_serving{${MODEL}, state="serving"}`]: `1x${DAY} 0x24`,
      [`modelwatch:model_serving{${MODEL}, state="idle"}`]: `0x${DAY} 1x24`,
    },
    [silent(ALERTS.trafficStopped, '25h')],
    DAY + 24
  ),
  vector(
    'requests of which nothing is heard',
    { [RATE]: `1x${DAY} stale` },
    [silent(ALERTS.trafficStopped, '25h')],
    DAY + 24
  ),
  vector(
    'GPUs without a request for a day',
    {
      [`modelwatch_model_gpus_requested{${MODEL}, instance="a:8780"}`]: `1x${DAY + 24}`,
      [`modelwatch_model_gpus_requested{${MODEL}, instance="b:8780"}`]: `1x${DAY + 24}`,
      [`modelwatch:inference_last_request_timestamp_seconds{${MODEL}}`]: `0x${DAY + 24}`,
    },
    [silent(ALERTS.gpusUnused, '24h'), silent(ALERTS.gpusUnused, '25h'), fires(ALERTS.gpusUnused, '25h10m')],
    DAY + 24
  ),
  vector(
    'no GPUs and no request for a day',
    {
      [`modelwatch_model_gpus_requested{${MODEL}, instance="a:8780"}`]: `0x${DAY + 24}`,
      [`modelwatch:inference_last_request_timestamp_seconds{${MODEL}}`]: `0x${DAY + 24}`,
    },
    [silent(ALERTS.gpusUnused, '26h')],
    DAY + 24
  ),
  vector(
    'more than three times the highest rate of the day before',
    { [RATE]: '10x24 30x3 31x9', [PEAK]: '10x40' },
    [silent(ALERTS.trafficSpike, '2h20m'), silent(ALERTS.trafficSpike, '2h25m'), fires(ALERTS.trafficSpike, '2h35m')],
    40
  ),
  vector(
    'three times next to nothing',
    { [RATE]: '0.01x24 0.08x16', [PEAK]: '0.01x40' },
    [silent(ALERTS.trafficSpike, '3h')],
    40
  ),
  vector(
    'a rate that the last hour had already',
    { [RATE]: '10x24 40x24', [PEAK]: '10x24 40x24' },
    [fires(ALERTS.trafficSpike, '2h50m'), silent(ALERTS.trafficSpike, '3h30m')],
    48
  ),
  vector(
    'a consumer more than on any day before, of two exporters that say the same',
    { [CONSUMERS('a')]: `3x${DAY + 12} 4x12`, [CONSUMERS('b')]: `3x${DAY + 12} 4x12` },
    [silent(ALERTS.newConsumers, '24h50m'), fires(ALERTS.newConsumers, '25h30m')],
    DAY + 24
  ),
  vector(
    'an estimate that is no more than its error above',
    { [CONSUMERS('a')]: `100x${DAY + 12} 114x12` },
    [silent(ALERTS.newConsumers, '25h30m')],
    DAY + 24
  ),
  vector(
    'values out of range all at once',
    {
      [`modelwatch_predictions_total{${MODEL}, version=""}`]: '0+1000x60',
      [observed('below', '')]: '0+5x39 195+20x20',
      [observed('above', '')]: '0+5x39 195+100x20',
    },
    [silent(ALERTS.outOfRangeBurst, '3h10m'), fires(ALERTS.outOfRangeBurst, '3h35m')],
    60
  ),
  vector(
    'many values out of range as on the day before',
    {
      [`modelwatch_predictions_total{${MODEL}, version=""}`]: '0+1000x60',
      [observed('above', '')]: '0+200x60',
    },
    [silent(ALERTS.outOfRangeBurst, '3h35m')],
    60
  ),
  vector(
    'values out of range of few predictions',
    {
      [`modelwatch_predictions_total{${MODEL}, version=""}`]: '0+45x60',
      [observed('above', '')]: '0x40 0+40x20',
    },
    [silent(ALERTS.outOfRangeBurst, '3h35m')],
    60
  ),
  vector(
    'twenty logins that fail within ten minutes',
    { [FAILURES('no_password')]: '0+4x5 16+12x5', [FAILURES('wrong_password')]: '0+1x10' },
    [
      silent(ALERTS.loginFailures, '20m'),
      fires(ALERTS.loginFailures, '40m', { severity: 'warning', job: 'modelwatch', instance: 'a:8780' }),
    ]
  ),
  vector('a response that fails, for the first time and again', { [FAILED]: '_x2 1x20 2x12' }, [
    silent(ALERTS.responderFailing, '5m'),
    fires(ALERTS.responderFailing, '20m', { severity: 'warning', policy: 'up' }),
    silent(ALERTS.responderFailing, '1h30m'),
    fires(ALERTS.responderFailing, '2h', { severity: 'warning', policy: 'up' }),
  ]),
];
