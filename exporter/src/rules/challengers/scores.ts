/** Scores of both from the same pairs, what is between them, and what of that chance may have made. */
import {
  CHALLENGER_ROLES,
  LOWER_IS_BETTER,
  METRICS,
  RECORDED,
  type ChallengerScore,
  type ChallengerState,
  type ClassCount,
  type DriftWindow,
  type JudgedChallengerScore,
  type Task,
} from '@modelwatch/contract';
import { inWindow } from '../accuracy/sums';
import { ID, labelled } from '../promql';
import { unwatched } from '../settings';
import type { RecordingRule } from '../types';
import { CHALLENGER, challengerSum, ON_CHALLENGER, roleSum } from './sums';

const ON_MODEL = `on (${ID})`;
const SETTINGS = RECORDED.accuracySettings.name;
const NEEDED = `${ON_MODEL} group_left () ${RECORDED.accuracyRowsNeeded.name}`;
const ROLE = `${CHALLENGER}, role`;
const PER_CLASS = `${ROLE}, class`;
/** Of a normal distribution, 99 of 100 are within so many standard deviations of its middle. */
const SURE = 2.5758293035489004;

const ofTask = (task: Task) => `and ${ON_MODEL} ${SETTINGS}{task="${task}"}`;
const judgedPairs = (window: DriftWindow) => inWindow(RECORDED.challengerJudgedPairs, window);
const scoredPairs = (window: DriftWindow) => challengerSum('scored_pairs', window);

interface Score {
  readonly expr: string;
  /** What it is divided by, and what the gate counts. */
  readonly pairs: string;
  readonly task: Task;
}

function accuracyOf(window: DriftWindow): string {
  const right = (label: 'champion' | 'candidate', role: string) =>
    labelled(
      `sum by (${CHALLENGER}) (${inWindow(RECORDED.challengerVerdicts, window, [`${label}="right"`])})`,
      'role',
      role
    );
  return `(${right('champion', 'champion')} or ${right('candidate', 'challenger')})
/ ${ON_CHALLENGER} group_left () (${judgedPairs(window)} > 0)`;
}

/** Of the positive class where there is one, else the mean over the classes that occur: as the accuracy of one model. */
function ofClasses(both: string, all: string, window: DriftWindow): string {
  const counted = (what: ClassCount) => inWindow(RECORDED.challengerClassPairs, window, [`counted="${what}"`]);
  const perClass = `(${both} / on (${PER_CLASS}) (${all} > 0))`;
  const occurs = `(${counted('predicted')} + on (${PER_CLASS}) ${counted('actual')} > 0)`;
  const positive = `label_replace(${SETTINGS}{positive_class!=""}, "class", "$1", "positive_class", "(.+)")`;
  return `(
  sum by (${ROLE}) (${perClass} and on (${ID}, class) ${positive})
  or on (${ROLE})
  (sum by (${ROLE}) (${perClass}) / on (${ROLE}) count by (${ROLE}) (${occurs}) unless ${ON_MODEL} ${SETTINGS}{positive_class!=""})
)`;
}

function scores(window: DriftWindow): Record<ChallengerScore, Score> {
  const counted = (what: ClassCount) => inWindow(RECORDED.challengerClassPairs, window, [`counted="${what}"`]);
  const [predicted, actual, both] = [counted('predicted'), counted('actual'), counted('both')];
  const [judged, scored] = [judgedPairs(window), scoredPairs(window)];
  const mean = (sum: 'absolute_error' | 'squared_error', by: string) =>
    `sum by (${ROLE}) (${roleSum(sum, window)}) / ${ON_CHALLENGER} group_left () (${by} > 0)`;
  const classes = { task: 'classification', pairs: judged } as const;
  const numbers = { task: 'regression', pairs: judged } as const;
  return {
    accuracy: { ...classes, expr: accuracyOf(window) },
    precision: { ...classes, expr: ofClasses(both, predicted, window) },
    recall: { ...classes, expr: ofClasses(both, actual, window) },
    f1: { ...classes, expr: ofClasses(`2 * ${both}`, `(${predicted} + on (${PER_CLASS}) ${actual})`, window) },
    brier: { ...classes, pairs: scored, expr: mean('squared_error', scored) },
    mae: { ...numbers, expr: mean('absolute_error', judged) },
    rmse: { ...numbers, expr: `sqrt(${mean('squared_error', judged)})` },
  };
}

export function challengerScoreRules(window: DriftWindow): RecordingRule[] {
  return Object.entries(scores(window)).map(([metric, { expr, pairs, task }]) => ({
    record: RECORDED.challengerScore.name,
    expr: `sum by (${ROLE}) (${expr})
and ${ON_CHALLENGER} (${pairs} >= ${NEEDED})
${ofTask(task)}`,
    labels: { metric, window },
  }));
}

/** The challenger against the champion, above 0 where it is better. */
function leadRule(window: DriftWindow): RecordingRule {
  const score = (role: string, direction: string) =>
    inWindow(RECORDED.challengerScore, window, [`role="${role}"`, `metric${direction}"${LOWER_IS_BETTER.join('|')}"`]);
  const [champion, challenger] = CHALLENGER_ROLES;
  const over = (one: string, other: string, direction: string) =>
    `${score(one, direction)} - on (${CHALLENGER}, metric) ${score(other, direction)}`;
  return {
    record: RECORDED.challengerLead.name,
    expr: `sum by (${CHALLENGER}, metric) (
  ${over(challenger, champion, '!~')}
  or
  ${over(champion, challenger, '=~')}
)`,
    labels: { window },
  };
}

/**
 * Each pair has its share in the difference of two means, so the spread of these shares tells what chance makes of it. Of
 * right and wrong the shares are -1, 0 and 1, so their squares are counted by the pairs where one alone was right: that is
 * McNemar's test, with Edwards' correction for whole numbers, as an interval.
 */
function marginRules(window: DriftWindow): RecordingRule[] {
  const lead = (metric: JudgedChallengerScore) => inWindow(RECORDED.challengerLead, window, [`metric="${metric}"`]);
  const discordant = `sum by (${CHALLENGER}) (${['right', 'wrong']
    .map((verdict) =>
      inWindow(RECORDED.challengerVerdicts, window, [
        `champion="${verdict}"`,
        `candidate="${verdict === 'right' ? 'wrong' : 'right'}"`,
      ])
    )
    .join(' or ')})`;
  const spread = (squares: string, metric: JudgedChallengerScore, pairs: string) =>
    `clamp_min(${squares} - ${ON_CHALLENGER} ${pairs} * ${ON_CHALLENGER} ${lead(metric)} ^ 2, 0)`;
  const judged = judgedPairs(window);
  const ofMeans = (metric: 'brier' | 'mae', pairs: string) =>
    `${SURE} * sqrt(${spread(challengerSum(`loss_difference_squared_${metric}`, window), metric, pairs)} / ${ON_CHALLENGER} ((${pairs} - 1) * ${ON_CHALLENGER} ${pairs}))`;
  const margins: Record<JudgedChallengerScore, string> = {
    accuracy: `(${SURE} * sqrt(${spread(discordant, 'accuracy', judged)}) + 1) / ${ON_CHALLENGER} ${judged}`,
    brier: ofMeans('brier', scoredPairs(window)),
    mae: ofMeans('mae', judged),
  };
  return Object.entries(margins).map(([metric, expr]) => ({
    record: RECORDED.challengerMargin.name,
    expr: `sum by (${CHALLENGER}) (${expr})`,
    labels: { metric, window },
  }));
}

export function challengerFigureRules(window: DriftWindow): RecordingRule[] {
  const pairs = inWindow(RECORDED.challengerPairs, window);
  const enough = `and ${ON_CHALLENGER} (${pairs} >= ${NEEDED})`;
  const sum = (name: Parameters<typeof challengerSum>[0]) => `sum by (${CHALLENGER}) (${challengerSum(name, window)})`;
  const difference = (statistic: string, expr: string) => ({
    record: RECORDED.challengerDifference.name,
    expr: `${expr}\n${enough}\n${ofTask('regression')}`,
    labels: { statistic, window },
  });
  return [
    {
      record: RECORDED.challengerAgreement.name,
      expr: `${sum('agreed_pairs')} / ${ON_CHALLENGER} (${sum('told_pairs')} > 0)\n${enough}\n${ofTask('classification')}`,
      labels: { window },
    },
    difference('mean_absolute', `${sum('difference')} / ${ON_CHALLENGER} (sum by (${CHALLENGER}) (${pairs}) > 0)`),
    difference(
      'root_mean_square',
      `sqrt(${sum('difference_squared')} / ${ON_CHALLENGER} (sum by (${CHALLENGER}) (${pairs}) > 0))`
    ),
    leadRule(window),
    ...marginRules(window),
  ];
}

/** Exactly one state for each score with a margin. Reads what it recorded at the evaluation before. */
export function challengerStateRule(window: DriftWindow): RecordingRule {
  const JUDGED = `${CHALLENGER}, metric`;
  const [lead, margin] = [inWindow(RECORDED.challengerLead, window), inWindow(RECORDED.challengerMargin, window)];
  const watchedBy = (metric: JudgedChallengerScore, settings: string) =>
    labelled(
      `(group by (${CHALLENGER}) (${METRICS.challengerInfo.name}) and ${ON_MODEL} ${SETTINGS}{${settings}})`,
      'metric',
      metric
    );
  const watched = [
    watchedBy('accuracy', 'task="classification"'),
    watchedBy('brier', 'task="classification", positive_class!=""'),
    watchedBy('mae', 'task="regression"'),
  ].join('\n  or ');
  const verdict = (name: ChallengerState, expr: string) => labelled(`group by (${JUDGED}) (${expr})`, 'state', name);
  const before = inWindow(RECORDED.challengerState, window);
  return {
    record: RECORDED.challengerState.name,
    expr: [
      verdict('ahead', `${lead} > on (${JUDGED}) ${margin}`),
      verdict('behind', `-${lead} > on (${JUDGED}) ${margin}`),
      verdict('no_difference', `${lead} and on (${JUDGED}) ${margin}`),
      verdict('too_little_data', watched),
      verdict('stale', unwatched(before, METRICS.challengerInfo)),
    ].join(`\nor on (${JUDGED})\n`),
    labels: { window },
  };
}
