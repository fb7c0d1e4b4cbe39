/**
 * The last batches of models: rows, scores and a verdict for each, and what they say of the model. A batch is finite, so its
 * counters are read as they are and added up over exporters: `increase` would read the counters of every bin over the whole
 * life of the batch, and guess at its ends. What an exporter that is started again no longer has is noticed by the counter of
 * rows, one series for each batch, and the verdict of before stands (docs/decisions/022-batches.md).
 */
import {
  LAST_BATCHES,
  METRICS,
  RECORDED,
  SMOOTHING_ROWS,
  UNSEEN_FROM_RATIO,
  type BatchState,
  type ChannelStatus,
  type DriftMethod,
} from '@modelwatch/contract';
import { ID, labelled } from '../promql';
import { chosenSettings, unwatched } from '../settings';
import type { RecordingRule, ResolvedOptions, RuleGroup } from '../types';
import { batchesAlert, lastVerdict, PATIENCE } from './batch-alert';
import { statistic } from './scores';
import { LOW_WEIGHT, SUBJECT } from './subjects';

const BATCH = `${ID}, batch`;
const OF_SUBJECT = `${SUBJECT}, batch`;
const SETTINGS = RECORDED.batchSettings.name;
const FAILING = RECORDED.batchFailing.name;
const OPENED = RECORDED.batchOpened.name;
const CLOSED = RECORDED.batchClosed.name;
const ROWS = RECORDED.batchRows.name;
const LOST = RECORDED.batchLost.name;
const SUBJECT_ROWS = RECORDED.batchDriftRows.name;
const SCORE = RECORDED.batchDriftScore.name;
const STATE = RECORDED.batchState.name;
const CHANNEL = RECORDED.modelChannel.name;
const COUNTED = METRICS.batchPredictions.name;
const FORGOTTEN = `${METRICS.batchInfo.name}{state="forgotten"}`;

/** Those with the highest times. How many is a setting of the model, and `topk` takes a number and no series: one for each. */
function opened(): string {
  const told = `min by (${BATCH}) (${METRICS.batchOpened.name} or ${OPENED}) unless on (${BATCH}) ${FORGOTTEN}`;
  return LAST_BATCHES.map(
    (last) => `topk by (${ID}) (${last}, ${told} and on (${ID}) ${SETTINGS}{last="${last}"})`
  ).join('\nor\n');
}

/** What this rule recorded is told from what there is now by a label, or one would hide the other. */
function orBefore(now: string, recorded: string): string {
  return `(${now} or ${labelled(recorded, 'held', 'yes')})`;
}

/** One that was forgotten begins anew, so that its counters did too. */
function lost(): string {
  return `group by (${BATCH}) (
  ${OPENED} unless on (${BATCH}) ${COUNTED}
  or (
    resets(${COUNTED}[1d]) > 0
    or (present_over_time(${COUNTED}[1d]) unless ${COUNTED})
  ) unless on (${BATCH}) present_over_time(${FORGOTTEN}[1d])
) and on (${BATCH}) ${OPENED}`;
}

function subjectRows(): string {
  return `sum by (${OF_SUBJECT}) (${METRICS.batchObservations.name}) and on (${BATCH}) ${OPENED}`;
}

/** The reference with the batch among its labels, so that all bins match one by one. */
function score(method: DriftMethod): string {
  const ofMethod = `on (${ID}) ${RECORDED.driftSettings.name}{method="${method}"}`;
  const counted = `sum by (${OF_SUBJECT}, bin) (${METRICS.batchObservations.name} and ${ofMethod})`;
  const reference = `(0 * ${counted} + ignoring (batch) group_left () ${RECORDED.binReference.name})`;
  const smoothing = `${SMOOTHING_ROWS} * count by (${SUBJECT}) (${RECORDED.binReference.name})`;
  const [rows, total] =
    method === 'chi2'
      ? [counted, SUBJECT_ROWS]
      : [`(${counted} + ${SMOOTHING_ROWS})`, `(${SUBJECT_ROWS} + on (${SUBJECT}) group_left () ${smoothing})`];
  const share = `(${rows} / on (${OF_SUBJECT}) group_left () ${total})`;
  return statistic(method, { rows, total, share, reference, by: OF_SUBJECT, onBin: '' });
}

/** Of what is lost the score of before stands. */
function scoreRules(methods: readonly DriftMethod[]): RecordingRule[] {
  const enough = `(${SUBJECT_ROWS} >= on (${SUBJECT}) group_left () ${RECORDED.driftRowsNeeded.name})`;
  return methods.map((method) => ({
    record: SCORE,
    expr: `(${score(method)} and on (${OF_SUBJECT}) ${enough} unless on (${BATCH}) ${LOST})
or on (${OF_SUBJECT})
sum without (method) (${SCORE}{method="${method}"} and on (${BATCH}) ${LOST} and on (${BATCH}) ${OPENED})`,
    labels: { method },
  }));
}

/**
 * Exactly one for each batch. The verdict on a batch that was closed before a part of it was lost stands; `CLOSED` is what
 * was recorded at the evaluation before, so that one which was lost first and closed then is no more than incomplete.
 */
function state(): string {
  const verdict = (name: BatchState, expr: string) => labelled(`group by (${BATCH}) (${expr})`, 'state', name);
  const over = (level: string) =>
    `${SCORE} >= on (${SUBJECT}) group_left () ${RECORDED.driftThreshold.name}{level="${level}"}`;
  const expected = `max by (${BATCH}) (${METRICS.batchExpectedRows.name})`;
  const few = `(${SUBJECT_ROWS} unless on (${OF_SUBJECT}) ${SCORE})`;
  return [
    `(max by (${BATCH}, state) (${STATE}{state=~"critical|warning|ok"}) and on (${BATCH}) ${LOST} and on (${BATCH}) ${CLOSED} and on (${BATCH}) ${OPENED})`,
    verdict('incomplete', `${LOST} or on (${BATCH}) ${ROWS} < on (${BATCH}) ${1 - UNSEEN_FROM_RATIO} * ${expected}`),
    verdict('critical', `${over('critical')} unless on (${SUBJECT}) ${LOW_WEIGHT}`),
    verdict('warning', over('warning')),
    verdict('too_little_data', few),
    // What has no room to be counted was compared with nothing.
    verdict('too_little_data', `${SCORE} and on (${ID}) ${METRICS.batchSeriesRefused.name} > 0`),
    verdict('ok', SCORE),
    verdict('too_little_data', OPENED),
  ].join(`\nor on (${BATCH})\n`);
}

/** Of the last batches; a model without fresh ones is no better than stale. */
function channel(): string {
  const verdict = (status: ChannelStatus, expr: string) => labelled(`group by (${ID}) (${expr})`, 'status', status);
  const count = (states: string) => `count by (${ID}) (${STATE}{state=~"${states}"})`;
  const age = `time() - max by (${ID}) (${OPENED} or ${labelled(CLOSED, 'end', 'yes')})`;
  const newestClosed = `topk by (${ID}) (1, ${CLOSED})`;
  return [
    verdict('critical', `${count('critical')} >= on (${ID}) ${FAILING}`),
    verdict('warning', count('warning|critical')),
    verdict('stale', `${age} > on (${ID}) ${PATIENCE} or ${unwatched(OPENED, METRICS.batchSettings)}`),
    verdict('too_little_data', `${STATE}{state=~"incomplete|too_little_data"} and on (${BATCH}) ${newestClosed}`),
    verdict('ok', `${STATE}{state="ok"}`),
    verdict('too_little_data', SETTINGS),
  ].join(`\nor on (${ID})\n`);
}

/** In one group: each rule reads what those above it recorded, and of those below it what they did before. */
export function batchesGroup({ driftIntervalSeconds, driftMethods }: ResolvedOptions): RuleGroup {
  return {
    name: 'modelwatch-batches',
    intervalSeconds: driftIntervalSeconds,
    recordings: [
      { record: SETTINGS, expr: chosenSettings(METRICS.batchSettings, RECORDED.batchSettings) },
      {
        record: FAILING,
        expr: `max by (${ID}) (${METRICS.batchFailing.name}) or on (${ID}) (${FAILING} and on (${ID}) ${SETTINGS})`,
      },
      { record: OPENED, expr: opened() },
      { record: LOST, expr: lost() },
      {
        record: ROWS,
        expr: `max by (${BATCH}) ${orBefore(`sum by (${BATCH}) (${COUNTED})`, ROWS)} and on (${BATCH}) ${OPENED}`,
      },
      { record: SUBJECT_ROWS, expr: subjectRows() },
      ...scoreRules(driftMethods),
      { record: STATE, expr: state() },
      {
        record: CLOSED,
        expr: `max by (${BATCH}) ${orBefore(METRICS.batchClosed.name, CLOSED)} and on (${BATCH}) ${OPENED}`,
      },
      { record: CHANNEL, expr: channel(), labels: { channel: 'batches' } },
      { record: RECORDED.batchesLastVerdict.name, expr: lastVerdict() },
    ],
    alerts: [batchesAlert()],
  };
}
