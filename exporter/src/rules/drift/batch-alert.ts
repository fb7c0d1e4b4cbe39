/** What the last batches say of a model in time, and the alert on it. */
import { ALERTS, DRIFT_METHOD_NAMES, METRICS, RECORDED } from '@modelwatch/contract';
import { MODEL, MODEL_NAMES, OF_MODEL, orNone, sentenceOf, withOwner, worded } from '../alerts';
import { ID } from '../promql';
import type { AlertRule } from '../types';
import { LOW_WEIGHT, SUBJECT } from './subjects';

const BATCH = `${ID}, batch`;
const SETTINGS = RECORDED.batchSettings.name;
const OPENED = RECORDED.batchOpened.name;
const SCORE = RECORDED.batchDriftScore.name;
const STATE = RECORDED.batchState.name;
const CHANNEL = RECORDED.modelChannel.name;
const LAST_VERDICT = RECORDED.batchesLastVerdict.name;
const FORGOTTEN = `${METRICS.batchInfo.name}{state="forgotten"}`;
/** Of models whose owner does not say how often there is a batch. */
const BATCHES_STAND_SECONDS = 2 * 86_400;
/** How long the verdict on the last batches is fresh. */
export const PATIENCE = `(max by (${ID}) (${METRICS.predictionExpectedInterval.name}) or on (${ID}) ${BATCHES_STAND_SECONDS} * group by (${ID}) (${OPENED}))`;

/**
 * A new batch has no verdict yet, and one that was open when its exporter ended gets none: neither makes the last one
 * undone. Only who forgets a batch takes that back.
 */
export function lastVerdict(): string {
  return `time() * group by (${ID}, status) (${CHANNEL}{channel="batches", status=~"ok|warning|critical"})
or on (${ID})
(${LAST_VERDICT} and on (${ID}) ${SETTINGS} unless on (${ID}) ${FORGOTTEN})`;
}

/** Models whose drift their batches tell of: rows of batches are rows of the model, too, and one cause is one alert. */
export const TOLD_BY_BATCHES = `(${LAST_VERDICT}{status=~"warning|critical"} unless on (${ID}) ${CHANNEL}{channel="batches", status="stale"})`;

/** How many drifted, as `batchesSentence` says it, and the newest that are critical with the worst subject of each; of Prometheus' own templates. */
function worstBatches(): string {
  const asked = (query: string, names = MODEL_NAMES) => `printf ${JSON.stringify(query)} ${names} | query`;
  const states = (matcher: string) => `${STATE}{${matcher}${OF_MODEL}}`;
  const count = (matcher: string) => asked(`count by (cluster) (${states(matcher)})`);
  const value = '. | first | value';
  const words =
    '{{ if eq . 1.0 }}The last batch drifted{{ else }}{{ $drifted }} of the last {{ . }} batches drifted{{ end }}';
  const ofAll = `{{ with ${count('')} }}{{ with ${value} }} ${words}.{{ end }}{{ end }}`;
  const drifted = `{{ with ${count('state=~"warning|critical", ')} }}{{ $drifted := ${value} }}${ofAll}{{ end }}`;
  const ofBatch = `${OF_MODEL}, batch=%[4]q`;
  const limit = `${RECORDED.driftThreshold.name}{level="critical", ${OF_MODEL}}`;
  const over = `(${SCORE}{${ofBatch}} / on (${SUBJECT}) group_left () ${limit} unless on (${SUBJECT}) ${LOW_WEIGHT})`;
  const subject = 'reference=%[5]q, subject=%[6]q, feature=%[7]q';
  const ofSubject = `${MODEL_NAMES} $batch .Labels.reference .Labels.subject .Labels.feature`;
  const score = asked(`${SCORE}{${ofBatch}, ${subject}}`, ofSubject);
  const threshold = asked(`${limit.slice(0, -1)}, ${subject}}`, ofSubject);
  const figure = `{{ with ${score} }}{{ printf "%.2f" (${value}) }}{{ end }}`;
  const worst = `{{ or .Labels.feature "predictions" }}, ${worded('method', DRIFT_METHOD_NAMES)} ${figure}{{ with ${threshold} }}, threshold {{ ${value} }}{{ end }}`;
  const one = `{{ $batch := .Labels.batch }}{{ $batch }}: {{ with ${asked(`topk(1, ${over})`, `${MODEL_NAMES} .Labels.batch`)} }}{{ with first . }}${worst}{{ end }}{{ end }}`;
  const newest = `topk by (cluster) (3, ${OPENED}{${OF_MODEL}} and on (${BATCH}) ${states('state="critical", ')})`;
  return drifted + sentenceOf(asked(newest), '', one, 'Since then no batch had a verdict.');
}

export function batchesAlert(): AlertRule {
  return {
    alert: ALERTS.batches,
    condition: withOwner(
      orNone(`group by (${ID}) (time() - ${LAST_VERDICT}{status="critical"} <= on (${ID}) ${PATIENCE})`)
    ),
    forSeconds: 0,
    severity: 'warning',
    summary: `Batches of ${MODEL} have drifted`,
    description:
      'In so many of its last batches as its settings call critical, what this model was asked, or what it predicted, differs from its reference by more than its threshold.',
    explanation: worstBatches(),
    panel: 'batches',
  };
}
