/** How much of what a model predicts is seen as events, and when the last one came. */
import {
  ALERTS,
  COVERAGE_ROWS_NEEDED,
  METRICS,
  RECORDED,
  UNSEEN_FROM_RATIO,
  UNSEEN_PARTS,
  type CoveragePart,
  type CoverageState,
} from '@modelwatch/contract';
import { MODEL, orNone, sentenceOf, withOwner } from './alerts';
import { ID, KNOWN, labelled } from './promql';
import type { AlertRule, RecordingRule, ResolvedOptions, RuleGroup } from './types';

const ROWS = RECORDED.coverageRows.name;
const RATIO = RECORDED.coverageRatio.name;
const STATE = RECORDED.modelCoverage.name;
const CHANNEL = RECORDED.modelChannel.name;
const LAST_PREDICTION = RECORDED.modelLastPrediction.name;
const DAY_SECONDS = 86_400;
const MINUTES = 60;

/** Reads itself over a day: an exporter that begins anew has not forgotten for all when the last one came. */
function lastPrediction(): string {
  return `max by (${ID}) (${METRICS.lastPrediction.name} or last_over_time(${LAST_PREDICTION}[1d]))
and on (${ID}) (${KNOWN} or ${METRICS.predictionExpectedInterval.name})`;
}

const DROPPED = METRICS.eventsDropped.name;
/** Counters of each part. What says no model is nobody's. */
const COUNTERS: Record<CoveragePart, string> = {
  received: METRICS.eventsReceived.name,
  counted: METRICS.predictions.name,
  dropped: `${DROPPED}{model!="", reason!="duplicate"}`,
  duplicate: `${DROPPED}{model!="", reason="duplicate"}`,
  missing_id: METRICS.eventsMissingId.name,
  absent_features: METRICS.eventsAbsentFeatures.name,
  unknown_features: METRICS.eventsUnknownFeatures.name,
  uncompared: METRICS.eventsUncompared.name,
};

function rowsRules(): RecordingRule[] {
  return Object.entries(COUNTERS).map(([part, counter]) => ({
    record: ROWS,
    expr: `sum by (${ID}) (increase(${counter}[1h]))`,
    labels: { part },
  }));
}

function ratio(): string {
  return `${ROWS}{part!~"received|counted"}
/ on (${ID}) group_left ()
(max by (${ID}) (${ROWS}{part="received"}) >= ${COVERAGE_ROWS_NEEDED})`;
}

const UNSEEN = `(${RATIO}{part=~"${UNSEEN_PARTS.join('|')}"} >= ${UNSEEN_FROM_RATIO})`;

/** Exactly one for each model. A verdict stands for a day, since many models are asked once a day. */
function state(): string {
  const verdict = (name: CoverageState, expr: string) => labelled(`group by (${ID}) (${expr})`, 'state', name);
  const heard = `(time() - ${LAST_PREDICTION} <= ${DAY_SECONDS})`;
  const compared = `(${METRICS.driftSettings.name} or ${RECORDED.driftSettings.name})`;
  return [
    verdict('no_reference', `${heard} unless on (${ID}) ${compared}`),
    verdict('partial', `${UNSEEN} or ${METRICS.eventSeriesRefused.name} > 0`),
    verdict('complete', `${RATIO}{part="dropped"}`),
    `(max by (${ID}, state) (${STATE}{state=~"partial|complete"}) and on (${ID}) ${heard})`,
    verdict('too_little_data', heard),
    verdict('no_events', KNOWN),
  ].join(`\nor on (${ID})\n`);
}

function channel(): string {
  const verdict = (status: string, of: CoverageState) =>
    labelled(`group by (${ID}) (${STATE}{state="${of}"})`, 'status', status);
  return `${verdict('warning', 'partial')}\nor on (${ID})\n${verdict('ok', 'complete')}`;
}

/** Of events without a model, and of requests that nobody could read, nobody knows whose they were. */
function ofNobody(): string {
  const requests = METRICS.exporterIngestRequests.name;
  const share = (matchers: string) => `sum by (cluster) (increase(${requests}${matchers}[1h]))`;
  return `group by (cluster) (
  sum by (cluster) (increase(${DROPPED}{model="", reason="unknown_model"}[1h])) > 0
  or ${share('{result=~"over_capacity|too_large|failed"}')} / ${share('')} >= ${UNSEEN_FROM_RATIO}
)`;
}

function eventsAlert(): AlertRule {
  const of = `sum by (cluster, reason) (increase(${DROPPED}{cluster=%q, namespace=%q, model=%q, reason!="duplicate"}[1h])) >= 1`;
  const reasons = `printf ${JSON.stringify(of)} $labels.cluster $labels.namespace $labels.model | query`;
  return {
    alert: ALERTS.eventsDropped,
    condition: `${withOwner(orNone(`group by (${ID}) (${RATIO}{part="dropped"} >= ${UNSEEN_FROM_RATIO})`))}
or
${ofNobody()}`,
    forSeconds: 5 * MINUTES,
    severity: 'warning',
    summary: `Events of {{ if $labels.model }}${MODEL}{{ else }}models that nobody knows{{ end }} are not counted`,
    description:
      'A considerable part of the events that arrive is dropped or turned away: what is said of the drift and the accuracy of these models is said of the rest.',
    explanation: sentenceOf(
      reasons,
      'Dropped in the last hour:',
      '{{ printf "%.0f" .Value }} {{ reReplaceAll "_" " " .Labels.reason }}'
    ),
    panel: 'coverage',
  };
}

export function coverageGroups({ intervalSeconds, driftIntervalSeconds }: ResolvedOptions): RuleGroup[] {
  return [
    {
      name: 'modelwatch-events',
      intervalSeconds,
      recordings: [{ record: LAST_PREDICTION, expr: lastPrediction() }],
      alerts: [],
    },
    {
      name: 'modelwatch-coverage',
      intervalSeconds: driftIntervalSeconds,
      recordings: [
        ...rowsRules(),
        { record: RATIO, expr: ratio() },
        { record: STATE, expr: state() },
        { record: CHANNEL, expr: channel(), labels: { channel: 'coverage' } },
      ],
      alerts: [eventsAlert()],
    },
  ];
}
