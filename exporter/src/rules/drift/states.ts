/** From a score to a verdict on each subject, and how many features are in each. */
import {
  DRIFT_LEFT_BELOW,
  DRIFT_STATES,
  METRICS,
  RECORDED,
  type DriftState,
  type DriftWindow,
} from '@modelwatch/contract';
import { ID, labelled } from '../promql';
import type { RecordingRule } from '../types';
import { unwatched } from '../settings';
import { SUBJECT } from './subjects';

const STATE = RECORDED.driftState.name;
const SETTINGS = RECORDED.driftSettings.name;
/** One method is chosen for each model, so this is one series per subject. */
const JUDGED = `${SUBJECT}, method`;

/**
 * Exactly one state for each subject. A rule reads what it recorded at the evaluation before: by that it knows the state
 * that is to be left, and what is stale when nobody tells any more.
 */
function state(window: DriftWindow, methods: readonly string[]): string {
  const of = `window="${window}"`;
  const score = `${RECORDED.driftScore.name}{${of}}`;
  const rows = `${RECORDED.driftRows.name}{${of}}`;
  const threshold = (level: string) => `${RECORDED.driftThreshold.name}{level="${level}"}`;
  const over = (level: string, states: string) =>
    `(${score} >= on (${SUBJECT}) group_left () ${threshold(level)}
  or ${score} >= on (${SUBJECT}) group_left () (${DRIFT_LEFT_BELOW} * ${threshold(level)}) and on (${JUDGED}) ${STATE}{${of}, state=~"${states}"})`;
  const watched = `(${RECORDED.driftRowsNeeded.name} * on (${ID}) group_left (method) ${SETTINGS}{method=~"${methods.join('|')}"})`;
  const lost = `(${watched} unless on (${SUBJECT}) ${rows} and on (${SUBJECT}) present_over_time(${rows}[1d]))`;
  const verdict = (name: DriftState, expr: string) => labelled(`group by (${JUDGED}) (${expr})`, 'state', name);
  return [
    verdict('critical', over('critical', 'critical')),
    verdict('warning', over('warning', 'warning|critical')),
    verdict('ok', score),
    verdict('stale', lost),
    verdict('too_little_data', watched),
    verdict('stale', unwatched(`${STATE}{${of}}`, METRICS.driftSettings)),
  ].join(`\nor on (${SUBJECT})\n`);
}

/** Zeros too: a state that nothing is in is an answer, and an absent one is not. */
function features(window: DriftWindow): string {
  const of = `${STATE}{subject="feature", window="${window}"}`;
  const zeros = DRIFT_STATES.map((name) => labelled(`0 * group by (${ID}, reference) (${of})`, 'state', name));
  return [`count by (${ID}, reference, state) (${of})`, ...zeros].join('\nor\n');
}

export function driftStateRules(window: DriftWindow, methods: readonly string[]): RecordingRule[] {
  return [
    { record: STATE, expr: state(window, methods), labels: { window } },
    { record: RECORDED.driftFeatures.name, expr: features(window), labels: { window } },
  ];
}
