/**
 * From queries of models and their health to exact PromQL. Everything reads recorded series (one per model however many
 * exporters see it), every selector carries matchers, every `by` and `on` carries `cluster`.
 */
import { DRIFT_SUBJECT_LABELS, EVENT_METRICS, RECORDED, SLO_LABELS } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { BY_MODEL, identity } from './identity';
import type { PromPart } from './parts';
import { matcher, selector, selectorOfNames } from './promql';
import { restriction } from './restriction';
import { HISTORY_MAX_POINTS, SPARKLINE_MAX_POINTS } from './step';
import type { HealthHistoryQuery, HealthTransitionsQuery, InventoryQuery } from './types';
import { accuracySettings, labelled, names, ofWindow } from './window';

/** Series of which the one with value 1 holds. */
const STATE_NAMES = [
  RECORDED.modelHealth,
  RECORDED.modelChannel,
  RECORDED.modelServingReason,
  RECORDED.modelInfo,
] as const;
const NUMBER_NAMES = [
  RECORDED.modelReplicasDesired,
  RECORDED.modelReplicasAvailable,
  RECORDED.modelLastObserved,
  RECORDED.modelLastTransition,
  RECORDED.inferenceLastRequest,
  RECORDED.inferenceRequestsPerDay,
  RECORDED.inferenceErrorsRatio,
  RECORDED.inferenceSlowRatio,
] as const;

/** Several Prometheus servers may hold one series twice: `max` before `sum` counts it once. */
function requestsRate(filters: ResolvedFilters): string {
  const series = selector(RECORDED.inferenceRequestsRate.name, identity(filters));
  return `sum by ${BY_MODEL} (max by (cluster, namespace, model, outcome) (${series}))`;
}

/** Of the models whose channel of drift is over its limits: what drifted, how far, and what it carries. */
function driftedSubjects(filters: ResolvedFilters): string {
  const ids = identity(filters);
  const over = (label: string) => matcher(label, '=~', 'critical|warning');
  const scores = (more: readonly string[]) =>
    selectorOfNames(names([RECORDED.driftState, RECORDED.driftScore]), [...ids, ...more]);
  const settings = selector(RECORDED.driftSettings.name, ids);
  const all = [
    `${ofWindow(scores, undefined, settings)} and on (${DRIFT_SUBJECT_LABELS}) ${selector(RECORDED.driftState.name, [...ids, over('state')])}`,
    selectorOfNames(names([RECORDED.driftThreshold, EVENT_METRICS.featureImportance, EVENT_METRICS.driftSubject]), ids),
    settings,
  ];
  const channel = selector(RECORDED.modelChannel.name, [...ids, matcher('channel', '=', 'drift'), over('status')]);
  return `(${all.join(' or ')}) and on ${BY_MODEL} ${channel} == 1`;
}

/** Of the models whose channel of accuracy is over its limits: the scores that are, with limits and baselines. */
function misjudgedScores(filters: ResolvedFilters): string {
  const ids = identity(filters);
  const over = (label: string) => matcher(label, '=~', 'critical|warning');
  const scores = (more: readonly string[]) =>
    selectorOfNames(names([RECORDED.accuracyState, RECORDED.accuracyScore]), [...ids, ...more]);
  const settings = accuracySettings(ids, '');
  const all = [
    `${ofWindow(scores, undefined, settings)} and on (cluster, namespace, model, metric, window) ${selector(RECORDED.accuracyState.name, [...ids, over('state')])}`,
    selectorOfNames(names([RECORDED.accuracyLimit, RECORDED.accuracyBaseline]), ids),
    settings,
  ];
  const channel = selector(RECORDED.modelChannel.name, [...ids, matcher('channel', '=', 'accuracy'), over('status')]);
  return `(${all.join(' or ')}) and on ${BY_MODEL} ${channel} == 1`;
}

/** Of the models whose channel of fairness is over its limits: the groups that are, with limits. */
function unfairGroups(filters: ResolvedFilters): string {
  const ids = identity(filters);
  const over = (label: string) => matcher(label, '=~', 'critical|warning');
  const scores = selectorOfNames(names([RECORDED.fairnessState, RECORDED.fairnessScore]), ids);
  // Each attribute has a window of its own.
  const settings = selector(RECORDED.fairnessSettings.name, ids);
  const all = [
    `${scores} and on (cluster, namespace, model, segment, window) ${settings} and on (cluster, namespace, model, segment, value, metric, window) ${selector(RECORDED.fairnessState.name, [...ids, over('state')])}`,
    selector(RECORDED.fairnessLimit.name, ids),
  ];
  const channel = selector(RECORDED.modelChannel.name, [...ids, matcher('channel', '=', 'fairness'), over('status')]);
  return `(${all.join(' or ')}) and on ${BY_MODEL} ${channel} == 1`;
}

/** Of each model, what is left of the budget that has least, of those that somebody can judge. */
function leastBudget(ids: readonly string[]): string {
  const { name } = RECORDED.sloBudgetLeft;
  const ofModels = [...ids, matcher('model', '!=', '')];
  const unjudged = selector(RECORDED.sloState.name, [...ofModels, matcher('state', '=~', 'too_little_data|stale')]);
  const left = `${selector(name, ofModels)} unless on (${SLO_LABELS}) ${unjudged} == 1`;
  return labelled(`min by ${BY_MODEL} (${left})`, '__name__', name);
}

export function inventoryParts({ sparklines = true }: InventoryQuery, filters: ResolvedFilters): PromPart[] {
  const ids = identity(filters);
  const now = restriction(filters, '');
  return [
    { name: 'state', expr: `${selectorOfNames(names(STATE_NAMES), ids)} == 1${now}` },
    { name: 'numbers', expr: `${selectorOfNames(names(NUMBER_NAMES), ids)}${now} or ${leastBudget(ids)}${now}` },
    { name: 'rate', expr: `${requestsRate(filters)}${now}` },
    { name: 'drifted', expr: driftedSubjects(filters) },
    { name: 'misjudged', expr: misjudgedScores(filters) },
    { name: 'unfair', expr: unfairGroups(filters) },
    ...(sparklines
      ? [
          {
            name: 'rate-history' as const,
            expr: `${requestsRate(filters)}${restriction(filters, ' @ end()')}`,
            maxPoints: SPARKLINE_MAX_POINTS,
          },
        ]
      : []),
  ];
}

function healthOverTime(filters: ResolvedFilters, restrict: string): string {
  const series = selector(RECORDED.modelHealth.name, identity(filters));
  return `max by (cluster, namespace, model, health) (${series}) == 1${restrict}`;
}

export function healthParts(
  { kind }: HealthHistoryQuery | HealthTransitionsQuery,
  filters: ResolvedFilters
): PromPart[] {
  // The filter on health of transitions is on the health that is entered, so the series must keep the one that is left.
  const narrowed = kind === 'health-transitions' ? { ...filters, health: [] } : filters;
  const expr = healthOverTime(filters, restriction(narrowed, ' @ end()'));
  return [{ name: 'health-history', expr, maxPoints: HISTORY_MAX_POINTS }];
}
