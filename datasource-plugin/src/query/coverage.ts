/** From queries of coverage to exact PromQL: what is recorded of the last hour, and what counters tell of it by reason. */
import {
  ACCURACY_METRICS,
  COVERAGE_STATES,
  EVENT_METRICS,
  MODEL_LABELS,
  RECORDED,
  type MetricFamily,
} from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { BY_MODEL, identity } from './identity';
import type { PromPart } from './parts';
import { matcher, selector, selectorOfNames } from './promql';
import { labelled, names } from './window';

const OF_MODEL = names([
  RECORDED.modelCoverage,
  RECORDED.coverageRows,
  RECORDED.coverageRatio,
  RECORDED.modelLastPrediction,
]);

/** What the answer to the part `counts` calls its figures, in the label `figure`. */
export const COVERAGE_FIGURES = [
  'dropped',
  'refused_requests',
  'actuals',
  'expired',
  'open',
  'series_refused',
  'sample_ratio',
  'lag_p50',
  'lag_p95',
] as const;
export type CoverageFigure = (typeof COVERAGE_FIGURES)[number];

/** A list of models that anybody reads to its end. */
export const MAX_COVERED_MODELS = 100;

/** Keeps the models whose coverage is worst, one more than are shown, so that what is left out can be told. */
function worstModels(filters: ResolvedFilters): string {
  if (filters.model.length === 1 && filters.namespace.length === 1) return '';
  const ranked = COVERAGE_STATES.map((state, index) => {
    const found = selector(RECORDED.modelCoverage.name, [...identity(filters), matcher('state', '=', state)]);
    return `${COVERAGE_STATES.length - index} * ${found}`;
  });
  return ` and on ${BY_MODEL} topk(${MAX_COVERED_MODELS + 1}, max by ${BY_MODEL} (${ranked.join(' or ')}))`;
}

/** Exporters count each for itself: what they count adds up. Of an hour, as what is recorded. */
function counts(filters: ResolvedFilters): string {
  const ids = identity(filters);
  const hourly = (name: string, by: string, more: readonly string[] = []) =>
    `sum by (${by}) (increase(${selector(name, [...ids, ...more])}[1h]))`;
  const ofModel = ({ name }: MetricFamily) => hourly(name, MODEL_LABELS);
  const byReason = ({ name }: MetricFamily, more: readonly string[] = []) =>
    hourly(name, `${MODEL_LABELS}, reason`, more);
  const lag = (quantile: number) =>
    `histogram_quantile(${quantile}, ${hourly(`${EVENT_METRICS.eventLag.name}_bucket`, `${MODEL_LABELS}, le`)})`;
  const all: Record<CoverageFigure, string> = {
    dropped: byReason(EVENT_METRICS.eventsDropped, [matcher('reason', '!=', 'duplicate')]),
    refused_requests: byReason(EVENT_METRICS.ingestRefusedRequests),
    actuals: hourly(ACCURACY_METRICS.actuals.name, `${MODEL_LABELS}, outcome`),
    expired: ofModel(ACCURACY_METRICS.expiredPredictions),
    open: `sum by ${BY_MODEL} (${selector(ACCURACY_METRICS.openPredictions.name, ids)})`,
    series_refused: `max by ${BY_MODEL} (${selector(EVENT_METRICS.eventSeriesRefused.name, ids)})`,
    sample_ratio: `${ofModel(EVENT_METRICS.predictions)} / on ${BY_MODEL} (${ofModel(EVENT_METRICS.predictionsRepresented)} > 0)`,
    lag_p50: lag(0.5),
    lag_p95: lag(0.95),
  };
  return Object.entries(all)
    .map(([figure, expr]) => labelled(expr, 'figure', figure))
    .join(' or ');
}

export function coverageParts(filters: ResolvedFilters): PromPart[] {
  const worst = worstModels(filters);
  return [
    { name: 'now', expr: `${selectorOfNames(OF_MODEL, identity(filters))}${worst}` },
    { name: 'counts', expr: `(${counts(filters)})${worst}` },
  ];
}
