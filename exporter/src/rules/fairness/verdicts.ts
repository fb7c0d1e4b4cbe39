/** What the distance between groups says of a model: a channel of its health, and the alerts on it. */
import { ALERTS, DRIFT_WINDOWS, RECORDED, type ChannelStatus } from '@modelwatch/contract';
import { WINDOW_SECONDS } from '../accuracy/verdicts';
import { MODEL } from '../alerts';
import { ID, labelled } from '../promql';
import type { AlertRule, RecordingRule } from '../types';
import { ATTRIBUTE, SETTINGS } from './rates';
import { JUDGED } from './states';

const CHANNEL = RECORDED.modelChannel.name;
const STATE = RECORDED.fairnessState.name;
const LAST_VERDICT = RECORDED.fairnessLastVerdict.name;
const DAY_SECONDS = 86_400;

const inState = (states: string) => `${STATE}{state=~"${states}"} and on (${ATTRIBUTE}, window) ${SETTINGS}`;

/** The worst of the groups, in the window that the verdict rests on. */
function channel(): string {
  const verdict = (status: ChannelStatus) => labelled(`group by (${ID}) (${inState(status)})`, 'status', status);
  return (['critical', 'warning', 'stale', 'too_little_data', 'ok'] as const).map(verdict).join(`\nor on (${ID})\n`);
}

/** Reads itself over a day: neither silence nor a Prometheus that was down make a verdict undone. */
function lastVerdict(): string {
  const now = `label_replace(${inState('ok|warning|critical')}, "status", "$1", "state", "(.+)")`;
  return `time() * group by (${JUDGED}, status) (${now})
or on (${JUDGED})
(topk by (${JUDGED}) (1, last_over_time(${LAST_VERDICT}[1d])) and on (${ATTRIBUTE}) ${SETTINGS})`;
}

export function verdictRules(): RecordingRule[] {
  return [
    { record: CHANNEL, expr: channel(), labels: { channel: 'fairness' } },
    { record: LAST_VERDICT, expr: lastVerdict() },
  ];
}

/** How long a verdict stands where there is none any more: its window, and a day for actuals that come late. */
const PATIENCE = `(${DRIFT_WINDOWS.map(
  (window) => `${SETTINGS}{window="${window}"} * ${DAY_SECONDS + WINDOW_SECONDS[window]}`
).join(' or ')})`;

/** Holds for some attributes, each with owner and importance of its model; of other models it says that nothing is wrong. */
function ofAttributes(holds: string): string {
  return `(group by (${ATTRIBUTE}) (${holds})) * on (${ID}) group_left (owner, importance) ${RECORDED.modelInfo.name}
or on (${ATTRIBUTE})
(group by (${ATTRIBUTE}) (${holds}))
or on (${ID})
0 * group by (${ID}) (${CHANNEL})`;
}

/** The groups that are critical, in words; of Prometheus' own templates. */
function worstGroups(): string {
  const names = '$labels.cluster $labels.namespace $labels.model $labels.segment';
  const ofAttribute = 'cluster=%q, namespace=%q, model=%q, segment=%q';
  const scores = `${RECORDED.fairnessScore.name}{${ofAttribute}} and on (${ATTRIBUTE}, window) ${SETTINGS} and on (${JUDGED}, window) ${STATE}{state="critical"}`;
  const limit = `printf ${JSON.stringify(`${RECORDED.fairnessLimit.name}{level="critical", cluster=%q, namespace=%q, model=%q, metric=%q}`)} $labels.cluster $labels.namespace $labels.model .Labels.metric | query`;
  const one =
    '{{ reReplaceAll "_" " " .Labels.metric }} of {{ .Labels.value }} {{ printf "%.3g" .Value }} over {{ .Labels.window }}';
  const known = `{{ with ${limit} }}, limit {{ . | first | value | printf "%.3g" }}{{ end }}`;
  return `{{ with printf ${JSON.stringify(scores)} ${names} | query }}{{ range . }} ${one}${known};{{ end }}{{ else }} Since then there have been too few rows for a new verdict.{{ end }}`;
}

export function fairnessAlerts(): AlertRule[] {
  const sinceCritical = `time() - ${LAST_VERDICT}{status="critical"}`;
  const patience = `on (${ATTRIBUTE}) group_left () ${PATIENCE}`;
  return [
    {
      alert: ALERTS.fairness,
      condition: ofAttributes(`${sinceCritical} <= ${patience}`),
      forSeconds: 0,
      severity: 'warning',
      summary: `${MODEL} treats groups of {{ $labels.segment }} differently`,
      description:
        'The decisions of this model for one group of a protected attribute are further from those for the group that it is compared with than their limit allows, and chance alone does not explain it.',
      explanation: worstGroups(),
      panel: 'fairness',
    },
    {
      alert: ALERTS.fairnessStale,
      condition: ofAttributes(`(${inState('stale')}) or ${sinceCritical} > ${patience}`),
      forSeconds: 300,
      severity: 'warning',
      summary: `Nobody knows whether ${MODEL} treats groups of {{ $labels.segment }} alike`,
      description:
        'There were decisions of this model by protected attribute, and are no more, or too few: the last verdict on fairness is old, and nothing says that it still holds.',
      panel: 'fairness',
    },
  ];
}
