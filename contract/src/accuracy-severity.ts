/** Which of the scores that are over their limits is named first: once as a function, once as a query of the same numbers. */
import { RECORDED_ACCURACY } from './recorded/accuracy';
import { LOWER_IS_BETTER, type BaselineMetric } from './vocabulary/accuracy';

const JUDGED = 'cluster, namespace, model, metric';
const LOWER = `metric=~"${LOWER_IS_BETTER.join('|')}"`;
const HIGHER = `metric!~"${LOWER_IS_BETTER.join('|')}"`;

export interface JudgedScore {
  readonly metric: BaselineMetric;
  readonly score?: number | undefined;
  readonly warning?: number | undefined;
  readonly critical?: number | undefined;
}

/**
 * How far a score is beyond its limit of critical (of warning where there is no other), as a share of the limit: negative
 * within it, undefined where either is not known.
 */
export function beyondLimit({ metric, score, warning, critical }: JudgedScore): number | undefined {
  const limit = critical ?? warning;
  if (score === undefined || limit === undefined) return undefined;
  const off = LOWER_IS_BETTER.includes(metric) ? score - limit : limit - score;
  return off / (Math.abs(limit) || 1);
}

/**
 * PromQL of the same number for each recorded score, with labels of the score.
 *
 * @param matchers of the models that it is asked of, so that a query for one does not read all
 */
export function beyondLimitQuery(matchers = ''): string {
  const all = (series: string, ...more: string[]) => {
    const chosen = [...more, ...(matchers ? [matchers] : [])].join(', ');
    return chosen ? `${series}{${chosen}}` : series;
  };
  const ofLevel = (level: string) => all(RECORDED_ACCURACY.accuracyLimit.name, `level="${level}"`);
  const limit = `(${ofLevel('critical')} or on (${JUDGED}) ${ofLevel('warning')})`;
  const distance = (direction: string) =>
    `(${all(RECORDED_ACCURACY.accuracyScore.name, direction)} - on (${JUDGED}) group_left () ${limit})`;
  const size = `(abs(${limit}) + (${limit} == bool 0))`;
  return `((${distance(LOWER)} or -1 * ${distance(HIGHER)}) / on (${JUDGED}) group_left () ${size})`;
}
