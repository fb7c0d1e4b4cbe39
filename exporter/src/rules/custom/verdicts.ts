/** What custom metrics say of a model: a channel of its health for each that has a limit, and the alerts on it. */
import { ALERTS, METRICS, RECORDED, type CustomState, type DriftLevel } from '@modelwatch/contract';
import { MODEL } from '../alerts';
import { ID, labelled } from '../promql';
import { unwatched } from '../settings';
import type { AlertRule, RecordingRule } from '../types';
import { INFO, METRIC, ON, windowSeconds } from './values';

const STATE = RECORDED.customMetricState.name;
const VALUE = RECORDED.customMetricValue.name;
const LIMIT = RECORDED.customMetricLimit.name;
const LAST_VERDICT = RECORDED.customMetricLastVerdict.name;
const CHANNEL = RECORDED.modelChannel.name;
const SAMPLES = RECORDED.customMetricSamples.name;
/** How long a verdict stands beyond its window when there is none any more. */
const STANDS_SECONDS = 3_600;

/** Exactly one state for each metric with a limit. Reads what it recorded at the evaluation before. */
function stateRule(): RecordingRule {
  const points = (family: { readonly name: string }, level: DriftLevel, side: string) =>
    `max by (${METRIC}) (${family.name}{level="${level}", side="${side}"})`;
  const beyond = (level: DriftLevel, states: string) => {
    const before = `and ${ON} ${STATE}{state=~"${states}"}`;
    return [
      `${VALUE} > ${ON} ${LIMIT}{level="${level}", side="above"}`,
      `${VALUE} < ${ON} ${LIMIT}{level="${level}", side="below"}`,
      `${VALUE} > ${ON} ${points(METRICS.customMetricRecovery, level, 'above')} ${before}`,
      `${VALUE} < ${ON} ${points(METRICS.customMetricRecovery, level, 'below')} ${before}`,
    ].join('\n  or ');
  };
  const watched = `(group by (${METRIC}) (${LIMIT}) and ${ON} ${INFO})`;
  // Of gauges and queries there are no samples: only the value itself shows that something is there.
  const lost = `(${watched} unless ${ON} ${SAMPLES} unless ${ON} ${VALUE} and ${ON} present_over_time(${VALUE}[1d]))`;
  const verdict = (name: CustomState, expr: string) => labelled(`group by (${METRIC}) (${expr})`, 'state', name);
  return {
    record: STATE,
    expr: [
      verdict('critical', beyond('critical', 'critical')),
      verdict('warning', beyond('warning', 'warning|critical')),
      verdict('ok', `${VALUE} and ${ON} ${LIMIT}`),
      verdict('stale', lost),
      verdict('too_little_data', watched),
      verdict('stale', unwatched(STATE, METRICS.customMetricInfo, METRIC)),
    ].join(`\nor ${ON}\n`),
  };
}

const copied = (expr: string, to: string, from: string, before = '') =>
  `label_replace(${expr}, "${to}", "${before}$1", "${from}", "(.+)")`;

/** Reads itself over a day: neither silence nor a Prometheus that was down make a verdict undone. */
function lastVerdict(): string {
  const now = copied(`${STATE}{state=~"ok|warning|critical"}`, 'status', 'state');
  return `time() * group by (${METRIC}, status) (${now})
or ${ON}
(topk by (${METRIC}) (1, last_over_time(${LAST_VERDICT}[1d])) and ${ON} ${INFO})`;
}

export function verdictRules(): RecordingRule[] {
  const channel = copied(copied(STATE, 'channel', 'metric', 'custom:'), 'status', 'state');
  return [
    stateRule(),
    { record: CHANNEL, expr: `group by (${ID}, channel, status) (${channel})` },
    { record: LAST_VERDICT, expr: lastVerdict() },
  ];
}

/** Holds for some metrics, each with owner and importance of its model; of other models it says that nothing is wrong. */
function ofMetrics(holds: string): string {
  return `(group by (${METRIC}) (${holds})) * on (${ID}) group_left (owner, importance) ${RECORDED.modelInfo.name}
or ${ON}
(group by (${METRIC}) (${holds}))
or on (${ID})
0 * group by (${ID}) (${CHANNEL})`;
}

/** Value, limit and baseline of the metric of an alert; of Prometheus' own templates. */
function inNumbers(): string {
  const figure = (series: string, matchers = '') => {
    const query = `${series}{${matchers}cluster=%q, namespace=%q, model=%q, metric=%q}`;
    return `printf ${JSON.stringify(query)} $labels.cluster $labels.namespace $labels.model $labels.metric | query`;
  };
  const value = '{{ . | first | value | printf "%.3g" }}';
  const limits = figure(LIMIT, 'level="critical", ');
  const side = '{{ range . }}, limit {{ .Value | printf "%.3g" }}{{ end }}';
  const baseline = figure(RECORDED.customMetricBaseline.name);
  const known = `{{ $labels.metric }} is ${value}{{ with ${limits} }}${side}{{ end }}{{ with ${baseline} }} (baseline ${value}){{ end }}.`;
  return ` {{ with ${figure(VALUE)} }}${known}{{ else }}There has been no value since then.{{ end }}`;
}

export function customAlerts(): AlertRule[] {
  const sinceCritical = `time() - ${LAST_VERDICT}{status="critical"}`;
  const patience = `(${windowSeconds(STANDS_SECONDS)} or ${INFO}{window=""} * ${STANDS_SECONDS})`;
  return [
    {
      alert: ALERTS.customMetric,
      condition: ofMetrics(`${sinceCritical} <= ${ON} ${patience}`),
      forSeconds: 0,
      severity: 'warning',
      summary: `{{ $labels.metric }} of ${MODEL} is beyond its limit`,
      description: 'A custom metric of this model is beyond what its owner declared as critical.',
      explanation: inNumbers(),
      panel: 'health',
    },
    {
      alert: ALERTS.customMetricStale,
      condition: ofMetrics(`${STATE}{state="stale"} or ${ON} ${sinceCritical} > ${ON} ${patience}`),
      forSeconds: 300,
      severity: 'warning',
      summary: `Nobody knows {{ $labels.metric }} of ${MODEL}`,
      description:
        'There were values of this custom metric, and are no more: the last verdict on it is old, and nothing says that it still holds.',
      panel: 'health',
    },
  ];
}
