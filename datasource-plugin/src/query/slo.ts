/** From queries of objectives and alerts to exact PromQL: what is recorded of many objectives as of the end of the range. */
import { RECORDED, SLO_LABELS, SLO_METRICS } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { identity, sloIdentity } from './identity';
import type { PromPart } from './parts';
import { anyOf, matcher, selector, selectorOfNames } from './promql';
import { labelled, names } from './window';

const OF_OBJECTIVE = names([
  RECORDED.sloInfo,
  RECORDED.sloObjective,
  RECORDED.sloAttained,
  RECORDED.sloBudgetLeft,
  RECORDED.sloExhaustion,
  RECORDED.sloBurning,
  RECORDED.sloState,
]);

/** Since when a state holds is told as finely as this many points over the time range. */
const STATE_MAX_POINTS = 120;
const STATE_MIN_STEP_SECONDS = 30;

/** Said alike by every exporter. */
function declared({ name }: { readonly name: string }, ids: readonly string[], label: string): string {
  return labelled(`max by (${SLO_LABELS}, ${label}) (${selector(name, ids)})`, '__name__', name);
}

/** What an event is held against: seconds, or a value. */
export function thresholds(ids: readonly string[]): string {
  return `${declared(SLO_METRICS.sloThresholdSeconds, ids, 'le')} or ${declared(SLO_METRICS.sloThreshold, ids, 'op')}`;
}

/** Lowest and highest line that pages: where the ticks of a burn rate are. */
function pageLines(ids: readonly string[]): string {
  const lines = selector(RECORDED.sloBurnRateThreshold.name, [...ids, matcher('severity', '=', 'page')]);
  return (['min', 'max'] as const)
    .map((end) => labelled(`${end} by (${SLO_LABELS}) (${lines})`, 'end', end))
    .join(' or ');
}

export function sloStatusParts(filters: ResolvedFilters): PromPart[] {
  const ids = sloIdentity(filters);
  const windows = matcher('window', '=~', '5m|1h');
  const info = selector(RECORDED.sloInfo.name, ids);
  // What is idle, or kept, has been so for long: nobody asks since when.
  const troubled = selector(RECORDED.sloState.name, [...ids, matcher('state', '!~', 'met')]);
  return [
    { name: 'now', expr: selectorOfNames(OF_OBJECTIVE, ids) },
    {
      name: 'burn',
      expr: [
        selector(RECORDED.sloBurnRate.name, [...ids, windows]),
        `${selector(RECORDED.sloEvents.name, ids)} and on (${SLO_LABELS}, window) ${info}`,
      ].join(' or '),
    },
    { name: 'limits', expr: `${pageLines(ids)} or ${thresholds(ids)}` },
    {
      name: 'slo-history',
      expr: `${troubled} == 1`,
      maxPoints: STATE_MAX_POINTS,
      minStepSeconds: STATE_MIN_STEP_SECONDS,
    },
  ];
}

/** Series that are there while rules judge what is asked for: of models their health, of pipelines their objectives. */
function watched(filters: ResolvedFilters): string {
  const { model, pipeline, slo } = filters;
  const health = selector(RECORDED.modelHealth.name, identity(filters));
  const states = selector(RECORDED.sloState.name, sloIdentity(filters));
  if (slo.length) return states;
  if (!pipeline.length) return health;
  return model.length ? `${health} or ${states}` : states;
}

/** Without the cluster, which a Prometheus may add to what it sends only on its way to Alertmanager. */
export function alertMatchers({ namespace, model, pipeline, slo }: ResolvedFilters): string[] {
  // Of each alert one of them is empty: where both are asked for, it may be either.
  const none = model.length && pipeline.length ? [''] : [];
  const named = [
    ...anyOf('model', [...none, ...model]),
    ...anyOf('pipeline', [...none, ...pipeline]),
    ...anyOf('slo', slo),
  ];
  return [...anyOf('namespace', namespace), ...(named.length ? named : [matcher('alertname', '=~', 'Modelwatch.+')])];
}

/**
 * Alerts of a model are all that name it; without one, those that we ship: a Prometheus has alerts of others, too. What
 * Prometheus keeps of the time since when has the labels of the alert, without its state.
 */
export function alertsParts(filters: ResolvedFilters): PromPart[] {
  const ids = [...anyOf('cluster', filters.cluster), ...alertMatchers(filters)];
  return [
    { name: 'now', expr: `${selector('ALERTS', ids)} == 1` },
    { name: 'since', expr: selector('ALERTS_FOR_STATE', ids) },
    { name: 'state', expr: `count(${watched(filters)})` },
  ];
}
