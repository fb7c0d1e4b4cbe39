/** What its scores say of a model: a channel of its health, and the alerts on it. */
import {
  ACCURACY_METRIC_NAMES,
  ALERTS,
  beyondLimitQuery,
  DRIFT_WINDOW_NAMES,
  DRIFT_WINDOWS,
  RECORDED,
  type ChannelStatus,
  type DriftWindow,
} from '@modelwatch/contract';
import { MODEL, MODEL_NAMES, OF_MODEL, orNone, sentenceOf, withOwner, worded } from '../alerts';
import { ID, labelled } from '../promql';
import type { AlertRule, RecordingRule } from '../types';
import { inWindow } from './sums';

const CHANNEL = RECORDED.modelChannel.name;
const SETTINGS = RECORDED.accuracySettings.name;
const LAST_VERDICT = RECORDED.accuracyLastVerdict.name;
const LAST_PAIR = RECORDED.accuracyLastPair.name;
const STATE = RECORDED.accuracyState.name;
const DAY_SECONDS = 86_400;
export const WINDOW_SECONDS: Record<DriftWindow, number> = {
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

/** The scores that are critical, in words; of Prometheus' own templates. A held state is worded as `accuracySentence` does. */
function worstScores(): string {
  const critical = `${STATE}{state="critical", ${OF_MODEL}}`;
  const chosen = `and on (${ID}, window) ${SETTINGS}{${OF_MODEL}} and on (${ID}, metric, window) ${critical}`;
  const worst = `topk by (cluster) (3, ${beyondLimitQuery(OF_MODEL)} ${chosen})`;
  const ofScore = `${OF_MODEL}, metric=%[4]q`;
  const asked = (query: string, names = '') => `printf ${JSON.stringify(query)} ${MODEL_NAMES} ${names}| query`;
  const figure = (series: string) => asked(series, '.Labels.metric ');
  const score = asked(`${RECORDED.accuracyScore.name}{${ofScore}, window=%[5]q}`, '.Labels.metric .Labels.window ');
  const limit = figure(`${RECORDED.accuracyLimit.name}{level="critical", ${ofScore}}`);
  const baseline = figure(`${RECORDED.accuracyBaseline.name}{${ofScore}}`);
  const value = '{{ . | first | value | printf "%.3g" }}';
  const one = `${worded('metric', ACCURACY_METRIC_NAMES)}{{ with ${score} }} ${value}{{ end }} over ${worded('window', DRIFT_WINDOW_NAMES)}`;
  const words = '{{ if lt $beyond 0.0 }}not yet clear of its limit{{ else }}limit{{ end }}';
  const each = `{{ $beyond := .Value }}${one}{{ with ${limit} }}, ${words} ${value}{{ end }}{{ with ${baseline} }} (baseline ${value}){{ end }}`;
  return sentenceOf(asked(worst), '', each, 'Since then there have been too few actuals for a new verdict.');
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
