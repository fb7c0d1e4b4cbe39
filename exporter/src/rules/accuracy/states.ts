/** What accuracy is judged by, and from a score to a verdict. */
import {
  LOWER_IS_BETTER,
  METRICS,
  RECORDED,
  type AccuracyState,
  type DriftLevel,
  type DriftWindow,
} from '@modelwatch/contract';
import { ID, labelled } from '../promql';
import { chosenSettings, unwatched } from '../settings';
import type { RecordingRule } from '../types';
import { inWindow } from './sums';

const STATE = RECORDED.accuracyState;
const LIMIT = RECORDED.accuracyLimit.name;
const SETTINGS = RECORDED.accuracySettings.name;
const JUDGED = `${ID}, metric`;
const LOWER = `metric=~"${LOWER_IS_BETTER.join('|')}"`;
const HIGHER = LOWER.replace('=~', '!~');

/**
 * A state is left only when the score is a little better than its limit: one that hovers there would come and go. Limits
 * that follow from a baseline are 5 % off it, so it must be less; near 1 a share of the score would be more than there is.
 */
const LEFT_FROM = {
  lower: (limit: string) => `(0.98 * ${limit})`,
  higher: (limit: string) => `(${limit} + on (${JUDGED}) 0.05 * abs(${limit} * on (${JUDGED}) (1 - ${limit})))`,
};

export function settingsRules(): RecordingRule[] {
  return [
    { record: SETTINGS, expr: chosenSettings(METRICS.accuracySettings, RECORDED.accuracySettings) },
    { record: LIMIT, expr: `max by (${JUDGED}, level) (${METRICS.accuracyLimit.name})` },
    {
      record: RECORDED.accuracyBaseline.name,
      expr: `max by (${JUDGED}) (${METRICS.accuracyBaseline.name})`,
    },
    { record: RECORDED.accuracyRowsNeeded.name, expr: `max by (${ID}) (${METRICS.accuracyRowsNeeded.name})` },
  ];
}

/** Exactly one state for each score with limits. Reads what it recorded at the evaluation before. */
export function stateRule(window: DriftWindow): RecordingRule {
  const pairs = inWindow(RECORDED.accuracyPairs, window);
  const score = (direction: string) => inWindow(RECORDED.accuracyScore, window, [direction]);
  const beyond = (level: DriftLevel, states: string) => {
    const limit = `${LIMIT}{level="${level}"}`;
    const before = `and on (${JUDGED}) ${inWindow(STATE, window, [`state=~"${states}"`])}`;
    return [
      `${score(LOWER)} >= on (${JUDGED}) ${limit}`,
      `${score(HIGHER)} <= on (${JUDGED}) ${limit}`,
      `${score(LOWER)} >= on (${JUDGED}) ${LEFT_FROM.lower(limit)} ${before}`,
      `${score(HIGHER)} <= on (${JUDGED}) ${LEFT_FROM.higher(limit)} ${before}`,
    ].join('\n  or ');
  };
  const watched = `(group by (${JUDGED}) (${LIMIT}) and on (${ID}) ${SETTINGS})`;
  const lost = `(${watched} unless on (${ID}) ${pairs} and on (${ID}) present_over_time(${pairs}[1d]))`;
  const verdict = (name: AccuracyState, expr: string) => labelled(`group by (${JUDGED}) (${expr})`, 'state', name);
  return {
    record: STATE.name,
    expr: [
      verdict('critical', beyond('critical', 'critical')),
      verdict('warning', beyond('warning', 'warning|critical')),
      verdict('ok', `${inWindow(RECORDED.accuracyScore, window)} and on (${JUDGED}) ${LIMIT}`),
      verdict('stale', lost),
      verdict('too_little_data', watched),
      verdict('stale', unwatched(inWindow(STATE, window), METRICS.accuracySettings)),
    ].join(`\nor on (${JUDGED})\n`),
    labels: { window },
  };
}
