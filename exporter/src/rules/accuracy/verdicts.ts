/** What its scores say of a model: a channel of its health, and the alerts on it. */
import { ALERTS, DRIFT_WINDOWS, RECORDED, type ChannelStatus, type DriftWindow } from '@modelwatch/contract';
import { MODEL, orNone, withOwner } from '../alerts';
import { ID, labelled } from '../promql';
import type { AlertRule, RecordingRule } from '../types';
import { inWindow } from './sums';

const CHANNEL = RECORDED.modelChannel.name;
const SETTINGS = RECORDED.accuracySettings.name;
const LAST_VERDICT = RECORDED.accuracyLastVerdict.name;
const LAST_PAIR = RECORDED.accuracyLastPair.name;
const STATE = RECORDED.accuracyState.name;
const DAY_SECONDS = 86_400;
const WINDOW_SECONDS: Record<DriftWindow, number> = {
  '10m': 600,
  '1h': 3600,
  '1d': DAY_SECONDS,
  '7d': 7 * DAY_SECONDS,
};

/** The worst of the scores that have limits, in the window that the verdict rests on. */
function channel(): string {
  const inState = (states: string) => `${STATE}{state=~"${states}"} and on (${ID}, window) ${SETTINGS}`;
  const verdict = (status: ChannelStatus) => labelled(`group by (${ID}) (${inState(status)})`, 'status', status);
  return (['critical', 'warning', 'stale', 'too_little_data', 'ok'] as const).map(verdict).join(`\nor on (${ID})\n`);
}

/** `now`, or what was recorded last of a model that is still watched; over a day, so that a Prometheus may be down. */
function kept(now: string, series: string): string {
  return `${now}
or on (${ID})
(topk by (${ID}) (1, last_over_time(${series}[1d])) and on (${ID}) ${SETTINGS})`;
}

export function verdictRules(): RecordingRule[] {
  const judged = `${CHANNEL}{channel="accuracy", status=~"ok|warning|critical"}`;
  const pairs = inWindow(RECORDED.accuracyPairs, '1h');
  return [
    { record: CHANNEL, expr: channel(), labels: { channel: 'accuracy' } },
    { record: LAST_VERDICT, expr: kept(`time() * group by (${ID}, status) (${judged})`, LAST_VERDICT) },
    { record: LAST_PAIR, expr: kept(`time() * group by (${ID}) (${pairs} > 0)`, LAST_PAIR) },
  ];
}

/**
 * How long a verdict stands, and actuals may be absent: the window, which says how often they are expected, and a day for
 * those that come late.
 */
const PATIENCE = `(${DRIFT_WINDOWS.map(
  (window) => `${SETTINGS}{window="${window}"} * ${DAY_SECONDS + WINDOW_SECONDS[window]}`
).join(' or ')})`;

/** The scores that are critical, in words; of Prometheus' own templates. */
function worstScores(): string {
  const ofModel = 'cluster=%q, namespace=%q, model=%q';
  const names = '$labels.cluster $labels.namespace $labels.model';
  const critical = `${STATE}{state="critical"}`;
  const scores = `${RECORDED.accuracyScore.name}{${ofModel}} and on (${ID}, window) ${SETTINGS} and on (${ID}, metric, window) ${critical}`;
  const figure = (series: string) => `printf ${JSON.stringify(series)} ${names} .Labels.metric | query`;
  const limit = figure(`${RECORDED.accuracyLimit.name}{level="critical", ${ofModel}, metric=%q}`);
  const baseline = figure(`${RECORDED.accuracyBaseline.name}{${ofModel}, metric=%q}`);
  const value = '{{ . | first | value | printf "%.3g" }}';
  const one = '{{ reReplaceAll "_" " " .Labels.metric }} {{ printf "%.3g" .Value }} over {{ .Labels.window }}';
  return `{{ with printf ${JSON.stringify(scores)} ${names} | query }}{{ range . }} ${one}{{ with ${limit} }}, limit ${value}{{ end }}{{ with ${baseline} }} (baseline ${value}){{ end }};{{ end }}{{ else }} Since then there have been too few actuals for a new verdict.{{ end }}`;
}

export function accuracyAlerts(): AlertRule[] {
  const sinceCritical = `time() - ${LAST_VERDICT}{status="critical"}`;
  return [
    {
      alert: ALERTS.accuracy,
      condition: withOwner(orNone(`group by (${ID}) (${sinceCritical} <= on (${ID}) ${PATIENCE})`)),
      forSeconds: 0,
      severity: 'warning',
      summary: `The accuracy of ${MODEL} is worse than its limit`,
      description:
        'Held against the actuals that came, this model is wrong more often, or by more, than its limit allows.',
      explanation: worstScores(),
      panel: 'accuracy',
    },
    {
      alert: ALERTS.actualsStale,
      condition: withOwner(
        orNone(`group by (${ID}) (
  ${CHANNEL}{channel="accuracy", status="stale"}
  or ${sinceCritical} > on (${ID}) ${PATIENCE}
  or time() - ${LAST_PAIR} > on (${ID}) ${PATIENCE}
)`)
      ),
      forSeconds: 300,
      severity: 'warning',
      summary: `Nobody knows whether ${MODEL} is still right`,
      description:
        'There were actuals of its predictions, and are no more: the last verdict on accuracy is old, and nothing says that it still holds.',
      panel: 'accuracy',
    },
  ];
}
