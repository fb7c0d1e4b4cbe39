/** From queries of one objective to exact PromQL: what spent its budget, and how fast, over a window. */
import { MODEL_LABELS, RECORDED, SLO_LABELS } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { sloIdentity } from './identity';
import type { PromPart } from './parts';
import { anyOf, matcher, selector, selectorOfNames } from './promql';
import { labelled } from './window';

/** A window of days has this many points, and each a whole number of the 4 minutes that coarse rates are recorded in. */
const SLO_POINTS = 360;
const LEAST_STEP_SECONDS = 240;

/** Step over a window: no finer than what is recorded. */
export function sloStepSeconds(windowSeconds: number): number {
  return Math.max(LEAST_STEP_SECONDS, Math.ceil(windowSeconds / SLO_POINTS));
}

/** What says which objective is meant, and over what its budget is. */
export function sloChoiceParts(filters: ResolvedFilters): PromPart[] {
  const ids = sloIdentity(filters);
  const { sloInfo, sloObjective } = RECORDED;
  const names = [sloInfo, sloObjective].map(({ name }) => name);
  return [{ name: 'now', expr: selectorOfNames(names, ids) }];
}

function overWindow(windowSeconds: number): Pick<PromPart, 'maxPoints' | 'minStepSeconds'> {
  // Grafana asks for two points more than the range has steps.
  return { maxPoints: SLO_POINTS + 2, minStepSeconds: sloStepSeconds(windowSeconds) };
}

/**
 * The step that begins at a point, not the one that ends there: Prometheus' data source aligns points to steps, so that the
 * last one lies up to a step, of hours, in the past, and what happened since would be nowhere.
 */
const ahead = (series: string, stepSeconds: number, at = '') =>
  `${series}[${stepSeconds}s]${at} offset -${stepSeconds}s`;

/** Spends are sums of the coarse rates of each step: they add up to what the budget has lost. */
export function sloBudgetParts(filters: ResolvedFilters, windowSeconds: number): PromPart[] {
  const ids = sloIdentity(filters);
  const step = sloStepSeconds(windowSeconds);
  const summed = ({ name }: { readonly name: string }, as: string) =>
    labelled(`sum_over_time(${ahead(selector(name, ids), step)})`, 'counted', as);
  return [
    {
      name: 'spent',
      expr: `${summed(RECORDED.sloEventsCoarseRate, 'all')} or ${summed(RECORDED.sloBadEventsCoarseRate, 'bad')}`,
      ...overWindow(windowSeconds),
    },
    { name: 'changes', expr: changes(filters, step), ...overWindow(windowSeconds) },
  ];
}

/** Versions and verdicts on drift of the model, alerts of it and of the objective: what may have spent the budget. */
function changes(filters: ResolvedFilters, step: number): string {
  const { cluster, namespace, model, pipeline, slo } = filters;
  const ofModel = [
    ...anyOf('cluster', cluster),
    ...anyOf('namespace', namespace),
    ...(model.length ? anyOf('model', model) : [matcher('model', '!=', '')]),
  ];
  const alerts = [
    ...anyOf('cluster', cluster),
    ...anyOf('namespace', namespace),
    ...anyOf('model', model),
    ...anyOf('pipeline', pipeline),
    // What is about no objective may have spent this one; what is about another one has not.
    ...anyOf('slo', ['', ...slo]),
    matcher('alertstate', '=', 'firing'),
  ];
  const info = selector(RECORDED.modelInfo.name, [...ofModel, matcher('version', '!=', '')]);
  const drift = selector(RECORDED.modelChannel.name, [
    ...ofModel,
    matcher('channel', '=', 'drift'),
    matcher('status', '=~', 'warning|critical'),
  ]);
  const seen = (series: string) => `last_over_time(${ahead(series, step)})`;
  const ofAlert = 'cluster, namespace, model, pipeline, slo, alertname, severity';
  return [
    labelled(`group by (${MODEL_LABELS}, version) (${seen(info)})`, 'change', 'rollout'),
    labelled(`group by (${MODEL_LABELS}, status) (${seen(drift)})`, 'change', 'drift'),
    labelled(`group by (${ofAlert}) (${seen(selector('ALERTS', alerts))})`, 'change', 'alert'),
  ].join(' or ');
}

/** The highest of each step: a burn of an hour is not lost between two points of a month. */
export function sloBurnParts(filters: ResolvedFilters, windowSeconds: number): PromPart[] {
  const ids = sloIdentity(filters);
  const step = sloStepSeconds(windowSeconds);
  const { sloBurnRateThreshold, sloBurnMinEvents, sloBurning, sloEvents, sloBurnRate } = RECORDED;
  const tiers = [sloBurnRateThreshold, sloBurnMinEvents, sloBurning, sloEvents, sloBurnRate];
  const thresholds = `last_over_time(${ahead(selector(sloBurnRateThreshold.name, ids), step, ' @ end()')})`;
  const longs = `label_replace(${thresholds}, "window", "$1", "long", "(.+)")`;
  const burn = selector(sloBurnRate.name, ids);
  return [
    {
      name: 'limits',
      expr: selectorOfNames(
        tiers.map(({ name }) => name),
        ids
      ),
    },
    {
      name: 'burn',
      expr: `max_over_time(${ahead(burn, step)}) and on (${SLO_LABELS}, window) ${longs}`,
      ...overWindow(windowSeconds),
    },
  ];
}
