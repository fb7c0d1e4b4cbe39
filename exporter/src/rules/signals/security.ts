/** What may be an attack, or somebody who got in: none of it is proof, all of it is worth a look. */
import { ALERTS, METRICS, RECORDED } from '@modelwatch/contract';
import { MODEL, orNone, withOwner } from '../alerts';
import { ID } from '../promql';
import type { AlertRule, RecordingRule, ResolvedOptions } from '../types';
import { REQUESTS } from './usage';

/** Also of what holds at once: Grafana calls the first moments, in which there are no data, an alarm. */
const MINUTES = 60;
const WINDOW_SECONDS = 300;
/** Times the highest rate of the day before. */
const SPIKE = 3;
/** Three standard errors of an estimate of consumers, of both sides. */
const CONSUMERS_MARGIN_RATIO = 0.14;
/** Values out of range for each prediction above which a burst is one, and times the mean of the day. */
const BURST_FROM = 0.1;
const BURST_TIMES = 5;
const BURST_ROWS = 100;
const LOGIN_FAILURES = 20;

const FAILED = `${METRICS.responderDecisions.name}{result="failed"}`;
const OUT_OF_RANGE = RECORDED.outOfRange.name;
const ofModels = (holds: string) => withOwner(orNone(`group by (${ID}) (${holds})`));

/** Of the last hour it has no part, or a spike would be the measure of itself. */
function spike({ minRequests }: ResolvedOptions): string {
  const peak = `max_over_time(${RECORDED.inferenceRequestsRatePeakPerHour.name}[1d] offset 1h)`;
  return `${REQUESTS} > on (${ID}) ${SPIKE} * ${peak} and on (${ID}) (${WINDOW_SECONDS} * ${REQUESTS} >= ${minRequests})`;
}

/** More than on any day of the week before; one who comes in place of another is not seen. */
function newConsumers(): string {
  const { name } = METRICS.consumers;
  const today = `max by (${ID}) (${name}{window="1d"})`;
  const before = `max by (${ID}) (max_over_time(${name}{window="1d"}[6d] offset 1d))`;
  return `${today} - on (${ID}) ${1 + CONSUMERS_MARGIN_RATIO} * ${before} > 0.5`;
}

/** Predictions of ten minutes, while they are enough. */
export function burstRules(): RecordingRule[] {
  const rows = `sum by (${ID}) (increase(${METRICS.predictions.name}[10m]))`;
  const outside = `sum by (${ID}) (increase(${METRICS.featureObservations.name}{bin=~"below|above"}[10m]))`;
  return [{ record: OUT_OF_RANGE, expr: `${outside} / on (${ID}) (${rows} >= ${BURST_ROWS})` }];
}

function burst(): string {
  return `${OUT_OF_RANGE} >= ${BURST_FROM} and on (${ID}) ${OUT_OF_RANGE} > ${BURST_TIMES} * avg_over_time(${OUT_OF_RANGE}[1d] offset 20m)`;
}

export function burstAlert(): AlertRule {
  return {
    alert: ALERTS.outOfRangeBurst,
    condition: ofModels(burst()),
    forSeconds: 0,
    severity: 'warning',
    summary: `${MODEL} is asked with values out of range, all at once`,
    description:
      'Within ten minutes far more values were out of the range of the training data than on the day before: a caller is broken, or somebody tries out the limits of the model.',
    panel: 'drift',
  };
}

export function securityAlerts(options: ResolvedOptions): AlertRule[] {
  const failures = `sum by (cluster, job, instance) (increase(${METRICS.exporterWebAuthFailures.name}[10m]))`;
  return [
    {
      alert: ALERTS.trafficSpike,
      condition: ofModels(spike(options)),
      forSeconds: 5 * MINUTES,
      severity: 'warning',
      summary: `${MODEL} is asked far more than ever today`,
      description:
        'Requests come at more than three times the highest rate of the day before: a new caller, a loop of retries, or somebody who copies the model by asking it.',
      panel: 'health',
    },
    {
      alert: ALERTS.newConsumers,
      condition: ofModels(newConsumers()),
      forSeconds: 5 * MINUTES,
      severity: 'warning',
      summary: `${MODEL} has new consumers`,
      description:
        'More different consumers used this model within a day than on any day of the week before. Events name them; Modelwatch keeps no names, so the log of the gateway has to tell who they are.',
      panel: 'coverage',
    },
    {
      alert: ALERTS.loginFailures,
      condition: `${failures} >= bool ${LOGIN_FAILURES}\nor 0 * group by (cluster) (${METRICS.exporterSynced.name})`,
      forSeconds: 5 * MINUTES,
      severity: 'warning',
      summary: 'Somebody fails to log in to the Modelwatch exporter {{ $labels.instance }}',
      description:
        'Twenty requests or more within ten minutes showed no credentials, or wrong ones: a client with an old password, or somebody who tries.',
      panel: 'exporters',
    },
    {
      alert: ALERTS.responderFailing,
      // One that fails for the first time has no sample before it from which it could increase.
      condition: `group by (cluster, policy) (increase(${FAILED}[1h]) > 0 or ${FAILED} > 0 unless ${FAILED} offset 1h)\nor 0 * group by (cluster) (${METRICS.exporterSynced.name})`,
      forSeconds: 0,
      severity: 'warning',
      summary: 'An automated response failed: {{ $labels.policy }}',
      description:
        'Within the last hour the responder tried to do what this policy says, and could not: what the alert is about is still there.',
      panel: 'exporters',
    },
  ];
}
