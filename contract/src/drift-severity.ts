/** Which of the subjects that drifted is named first: once as a function, once as a query that gives the same numbers. */
import { EVENT_METRICS } from './metrics/events';
import { DRIFT_SUBJECT_LABELS, RECORDED_DRIFT } from './recorded/drift';
import type { FeatureWeight } from './vocabulary/drift';

/** More than any product of ratio and importance: an important feature goes before all others. */
const HIGH_WEIGHT = 1_000_000;

export interface DriftedSubject {
  readonly score?: number | undefined;
  /** The threshold of critical, whatever the state. */
  readonly critical?: number | undefined;
  /** Share of the model that the feature carries. Unknown, and of predictions: all of it. */
  readonly importance?: number | undefined;
  /** Unknown, and of predictions: high. */
  readonly weight?: FeatureWeight | undefined;
}

/** The higher, the worse: features of high weight first, then how far over the threshold times importance. */
export function driftSeverity({ score, critical, importance = 1, weight }: DriftedSubject): number {
  const first = weight === 'low' ? 0 : HIGH_WEIGHT;
  return first + (score === undefined || !critical ? 0 : (score / critical) * importance);
}

/**
 * PromQL of the same number for each subject of `states`, with labels of the score.
 *
 * @param states recorded states of drift, each with the method and window of the score that counts
 * @param matchers of the models that it is asked of, so that a query for one does not read all
 */
export function driftSeverityQuery(states: string, matchers = ''): string {
  const all = (series: string, ...more: string[]) => {
    const chosen = [...more, ...(matchers ? [matchers] : [])].join(', ');
    return chosen ? `${series}{${chosen}}` : series;
  };
  const subjects = `group by (${DRIFT_SUBJECT_LABELS}) (${states})`;
  const ofFeature = `label_replace(${all(EVENT_METRICS.featureImportance.name)}, "subject", "feature", "", "")`;
  const importance = `(max by (${DRIFT_SUBJECT_LABELS}) (${ofFeature} and on (${DRIFT_SUBJECT_LABELS}) ${subjects}) or on (${DRIFT_SUBJECT_LABELS}) ${subjects})`;
  const low = `max by (${DRIFT_SUBJECT_LABELS}) (${all(EVENT_METRICS.driftSubject.name, 'weight="low"')})`;
  const first = `(${HIGH_WEIGHT} * (${subjects} unless on (${DRIFT_SUBJECT_LABELS}) ${low}) or on (${DRIFT_SUBJECT_LABELS}) 0 * ${subjects})`;
  const scores = `(${all(RECORDED_DRIFT.driftScore.name)} and on (${DRIFT_SUBJECT_LABELS}, method, window) ${states})`;
  const over = `${scores} / on (${DRIFT_SUBJECT_LABELS}) group_left () ${all(RECORDED_DRIFT.driftThreshold.name, 'level="critical"')}`;
  return `(${over} * on (${DRIFT_SUBJECT_LABELS}) group_left () ${importance} + on (${DRIFT_SUBJECT_LABELS}) group_left () ${first})`;
}
