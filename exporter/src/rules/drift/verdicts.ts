/** What the drift of its features and predictions says of a model: a channel of its health, and the alerts on it. */
import {
  ALERTS,
  DRIFT_LEFT_BELOW,
  DRIFT_METHOD_NAMES,
  DRIFT_WINDOW_NAMES,
  driftSeverityQuery,
  METRICS,
  RECORDED,
  type ChannelStatus,
  type DetectorState,
} from '@modelwatch/contract';
import { MODEL, MODEL_NAMES, OF_MODEL, orNone, sentenceOf, withOwner, worded } from '../alerts';
import { ID, labelled } from '../promql';
import type { AlertRule, RecordingRule } from '../types';
import { TOLD_BY_BATCHES } from './batch-alert';
import { LOW_WEIGHT, SUBJECT } from './subjects';

const CHANNEL = RECORDED.modelChannel.name;
const LAST_VERDICT = RECORDED.driftLastVerdict.name;
const SETTINGS = RECORDED.driftSettings.name;
const MINUTES = 60;
/** How long a verdict stands when there is none any more; then nobody knows whether it still holds. */
const STANDS_SECONDS = 3600;
/** Of the window that the verdict on the model rests on. */
function ofChosenWindow(states: string): string {
  return `(${RECORDED.driftState.name}{state=~"${states}"} and on (${ID}, method, window) ${SETTINGS})`;
}

/** Detectors that others run: what they find is a warning at most. */
function ofOthers(state: DetectorState): string {
  return `${RECORDED.detectorState.name}{state="${state}"}`;
}

/** Models without a prediction for too long. Only its owner knows how long one may be silent: one of weekdays is every weekend. */
function overdue(): string {
  const before = `(time() - max by (${ID}) (${METRICS.predictionExpectedInterval.name}))`;
  return `(${RECORDED.modelLastPrediction.name} < on (${ID}) ${before} and on (${ID}) ${SETTINGS})`;
}

/**
 * The worst of its subjects. Features of low weight, and none else, make a model a warning at most. Where some subjects
 * have too few rows the model is no better than that: green is said of all.
 */
function channel(): string {
  const verdict = (status: ChannelStatus, expr: string) => labelled(`group by (${ID}) (${expr})`, 'status', status);
  return [
    verdict('critical', `${ofChosenWindow('critical')} unless on (${SUBJECT}) ${LOW_WEIGHT}`),
    verdict('warning', `${ofChosenWindow('warning|critical')} or ${ofOthers('warning')}`),
    // What was fine when it was last asked says nothing of now, once its owner expects more.
    verdict('stale', `${ofChosenWindow('stale')} or ${ofOthers('stale')} or ${overdue()}`),
    verdict('too_little_data', `${ofChosenWindow('too_little_data')} or ${ofOthers('too_little_data')}`),
    verdict('ok', `${ofChosenWindow('ok')} or ${ofOthers('ok')}`),
  ].join(`\nor on (${ID})\n`);
}

/** Reads itself over a day: neither too few rows nor a Prometheus that was down make a verdict undone. */
function lastVerdict(): string {
  const now = `time() * group by (${ID}, status) (${CHANNEL}{channel="drift", status=~"ok|warning|critical"})`;
  return `${now}
or on (${ID})
(topk by (${ID}) (1, last_over_time(${LAST_VERDICT}[1d])) and on (${ID}) ${SETTINGS})`;
}

export function verdictRules(): RecordingRule[] {
  return [
    { record: CHANNEL, expr: channel(), labels: { channel: 'drift' } },
    { record: LAST_VERDICT, expr: lastVerdict() },
  ];
}

/** The worst of what drifts, in words; of Prometheus' own templates. A held state is worded as `driftSentence` does. */
function worstSubjects(): string {
  const critical = `(${RECORDED.driftState.name}{state="critical", ${OF_MODEL}} and on (${ID}, method, window) ${SETTINGS}{${OF_MODEL}})`;
  const worst = `topk by (cluster) (3, ${driftSeverityQuery(critical, OF_MODEL)})`;
  const subject = `${OF_MODEL}, reference=%[4]q, subject=%[5]q, feature=%[6]q`;
  const score = `${RECORDED.driftScore.name}{${subject}, method=%[7]q, window=%[8]q}`;
  const limit = `${RECORDED.driftThreshold.name}{level="critical", ${subject}}`;
  const ofSubject = `${MODEL_NAMES} .Labels.reference .Labels.subject .Labels.feature`;
  const asked = (query: string, names: string) => `printf ${JSON.stringify(query)} ${names} | query`;
  const method = worded('method', DRIFT_METHOD_NAMES);
  const one = `{{ or .Labels.feature "Predictions" }} drifted: ${method} {{ printf "%.2f" $score }} over ${worded('window', DRIFT_WINDOW_NAMES)}`;
  const leftBelow = asked(`${DRIFT_LEFT_BELOW} * ${limit}`, ofSubject);
  const still = `{{ with ${leftBelow} }}{{ $left := . | first | value }}{{ if ge $score $left }}, still above {{ printf "%.3g" $left }}{{ end }}{{ end }}`;
  const over = `{{ with ${asked(limit, ofSubject)} }}{{ $limit = . | first | value }}{{ end }}{{ if ge $score $limit }}, threshold {{ $limit }}{{ else }}${still}{{ end }}`;
  const said = `{{ $limit := 0.0 }}{{ $score := 0.0 }}{{ with ${asked(score, `${ofSubject} .Labels.method .Labels.window`)} }}{{ $score = . | first | value }}{{ end }}${one}${over}`;
  return sentenceOf(asked(worst, MODEL_NAMES), '', said, 'Since then there have been too few rows for a new verdict.');
}

export function driftAlerts(): AlertRule[] {
  return [
    {
      alert: ALERTS.drift,
      condition: withOwner(
        orNone(
          `group by (${ID}) (${LAST_VERDICT}{status="critical"} > time() - ${STANDS_SECONDS} unless on (${ID}) ${TOLD_BY_BATCHES})`
        )
      ),
      forSeconds: 0,
      severity: 'warning',
      summary: `The data of ${MODEL} has drifted`,
      description:
        'What this model is asked, or what it predicts, differs from its reference by more than its threshold.',
      explanation: worstSubjects(),
      panel: 'drift',
    },
    {
      alert: ALERTS.driftStale,
      condition: withOwner(
        orNone(`group by (${ID}) (
  ${CHANNEL}{channel="drift", status="stale"}
  or (${LAST_VERDICT}{status="critical"} <= time() - ${STANDS_SECONDS} unless on (${ID}) ${TOLD_BY_BATCHES})
  or ${overdue()}
)`)
      ),
      forSeconds: 5 * MINUTES,
      severity: 'warning',
      summary: `Nobody knows whether the data of ${MODEL} drifts`,
      description:
        'There were predictions to compare with the reference, and are no more: the last verdict on drift is old, and nothing says that it still holds.',
      panel: 'drift',
    },
  ];
}
