/** What fairness is judged by, and from a distance between groups to a verdict. */
import {
  FAIRNESS_METRICS,
  METRICS,
  RATE_OF_FAIRNESS,
  RECORDED,
  type DriftLevel,
  type DriftWindow,
  type FairnessMetric,
  type FairnessState,
} from '@modelwatch/contract';
import { inWindow } from '../accuracy/sums';
import { ID, labelled } from '../promql';
import { chosenSettings, unwatched } from '../settings';
import type { RecordingRule } from '../types';
import { ATTRIBUTE, GROUP, SETTINGS } from './rates';

const LIMIT = RECORDED.fairnessLimit.name;
const STATE = RECORDED.fairnessState;
export const JUDGED = `${GROUP}, metric`;
const ON = `on (${JUDGED})`;
/** A state is left only when the groups are a little closer than its limit: one that hovers there would come and go. */
const LEFT_AT = 0.95;

export function settingsRules(): RecordingRule[] {
  return [
    { record: SETTINGS, expr: chosenSettings(METRICS.fairnessSettings, RECORDED.fairnessSettings, ATTRIBUTE) },
    { record: LIMIT, expr: `max by (${ID}, metric, level) (${METRICS.fairnessLimit.name})` },
    { record: RECORDED.fairnessRowsNeeded.name, expr: `max by (${ID}) (${METRICS.fairnessRowsNeeded.name})` },
  ];
}

const RATIO = 'metric="disparate_impact"';
const DIFFERENCE = 'metric!="disparate_impact"';

/** How far a group is apart: alike is 0, and more favoured is as far as less. */
function distance(window: DriftWindow): string {
  const score = (matcher: string) => inWindow(RECORDED.fairnessScore, window, [matcher]);
  return `(abs(${score(DIFFERENCE)}) or 1 - (${score(RATIO)} <= 1 or 1 / (${score(RATIO)} > 1)))`;
}

function distanceAllowed(level: DriftLevel): string {
  const of = (matcher: string) => `${LIMIT}{${matcher}, level="${level}"}`;
  return `(${of(DIFFERENCE)} or 1 - ${of(RATIO)})`;
}

/** Once for each metric, with its label. */
function each(expr: (metric: FairnessMetric) => string): string {
  return `(${FAIRNESS_METRICS.map((metric) => labelled(`(${expr(metric)})`, 'metric', metric)).join('\n  or ')})`;
}

/** What chance alone is too little for; of a ratio that is asked of the difference of the same two rates. */
function sure(window: DriftWindow): string {
  return each((metric) => {
    const difference = metric === 'disparate_impact' ? 'statistical_parity' : metric;
    const score = inWindow(RECORDED.fairnessScore, window, [`metric="${difference}"`]);
    const margin = inWindow(RECORDED.fairnessMargin, window, [`rate="${RATE_OF_FAIRNESS[metric]}"`]);
    return `abs(${score}) > on (${GROUP}) ${margin}`;
  });
}

/** What is to be judged: groups that have rows; and attributes, of which there were some, or are. */
function watched(window: DriftWindow) {
  const rows = (metric: FairnessMetric) =>
    inWindow(RECORDED.fairnessRows, window, [`rate="${RATE_OF_FAIRNESS[metric]}"`, 'value!="missing"']);
  const isJudged = (metric: FairnessMetric) => `and on (${ID}) ${LIMIT}{metric="${metric}"}`;
  const ofAttributes = (more: (metric: FairnessMetric) => string) =>
    each((metric) => `${SETTINGS} ${isJudged(metric)} and on (${ATTRIBUTE}) ${more(metric)}`);
  return {
    groups: each((metric) => `${rows(metric)} > 0 and on (${ATTRIBUTE}) ${SETTINGS} ${isJudged(metric)}`),
    attributes: ofAttributes(rows),
    lost: ofAttributes((metric) => `(present_over_time(${rows(metric)}[1d]) unless ${rows(metric)})`),
  };
}

/** The group that others are compared with is as it should be where there is one that it was compared with. */
function references(window: DriftWindow): string {
  return each((metric) => {
    const reference = inWindow(RECORDED.fairnessReferenceRate, window, [`rate="${RATE_OF_FAIRNESS[metric]}"`]);
    return `${reference} and on (${ATTRIBUTE}) ${inWindow(RECORDED.fairnessScore, window, [`metric="${metric}"`])}`;
  });
}

/**
 * Exactly one state for each group that has rows, by each metric that has limits; where no group has any, one of the
 * attribute as a whole, without a value. Reads what it recorded at the evaluation before.
 */
export function stateRule(window: DriftWindow): RecordingRule {
  const { groups, attributes, lost } = watched(window);
  const onLimit = `on (${ID}, metric) group_left ()`;
  const beyond = (level: DriftLevel, states: string) => `(
    ${distance(window)} >= ${onLimit} ${distanceAllowed(level)}
    or
    (${distance(window)} >= ${onLimit} (${LEFT_AT} * ${distanceAllowed(level)}) and ${ON} ${inWindow(STATE, window, [`state=~"${states}"`])})
  )`;
  const warning = beyond('warning', 'warning|critical');
  const verdict = (name: FairnessState, expr: string) => labelled(`group by (${JUDGED}) (${expr})`, 'state', name);
  const judged = (expr: string) => `${expr} and on (${ID}, metric) ${LIMIT}`;
  const ofAttribute = (expr: string) => `${expr} unless on (${ATTRIBUTE}, metric) ${groups}`;
  return {
    record: STATE.name,
    expr: [
      verdict('critical', `${beyond('critical', 'critical')} and ${ON} ${sure(window)}`),
      verdict('warning', `${warning} and ${ON} ${sure(window)}`),
      // Neither is it known that they are treated alike.
      verdict('too_little_data', warning),
      verdict('ok', judged(inWindow(RECORDED.fairnessScore, window))),
      verdict('ok', judged(references(window))),
      verdict('too_little_data', groups),
      labelled(`group by (${ATTRIBUTE}, metric) (${ofAttribute(lost)})`, 'state', 'stale'),
      labelled(`group by (${ATTRIBUTE}, metric) (${ofAttribute(attributes)})`, 'state', 'too_little_data'),
      verdict('stale', unwatched(inWindow(STATE, window), METRICS.fairnessSettings, ATTRIBUTE)),
    ].join(`\nor ${ON}\n`),
    labels: { window },
  };
}
