/**
 * From a query to exact PromQL. Everything reads recorded series (one per model however many exporters see it), every
 * selector carries matchers, every `by` and `on` carries `cluster`.
 */
import { EVENT_METRICS, PIPELINE_METRICS, RECORDED } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { FIGURE_KINDS, figureOf, type Select } from './figures';
import { accuracyParts, misjudgedScores } from './accuracy';
import { accuracyDetailParts } from './accuracyDetail';
import { accuracyVersionsParts } from './accuracyVersions';
import { batchesParts } from './batches';
import { challengerParts } from './challengers';
import { fairnessParts } from './fairness';
import { distributionParts, driftParts, driftedSubjects } from './drift';
import { BY_MODEL, identity, ofFeature } from './identity';
import type { PartName, PromPart } from './parts';
import { predictionHistoryParts } from './predictionHistory';
import { anyOf, matcher, selector, selectorOfNames } from './promql';
import { buildSegmentValues, segmentsParts } from './segments';
import type {
  AccuracyDetailQuery,
  AccuracyQuery,
  AccuracyVersionsQuery,
  FigureQuery,
  ModelwatchQuery,
  VariableLabel,
} from './types';

export type { PartName, PromPart } from './parts';

/** A sparkline has no room for more. */
export const SPARKLINE_MAX_POINTS = 60;
/** Points of a history per model: enough for a strip as wide as a screen at three pixels each. */
export const HISTORY_MAX_POINTS = 400;

/** A window below this holds no two samples. */
const MIN_RANGE_SECONDS = 60;

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

/**
 * What `and` is needed for the filters that other series carry.
 * @param at ` @ end()` in a range query: a model is chosen by what it is at the end of the range, with its whole past
 */
function restriction(filters: ResolvedFilters, at: '' | ' @ end()'): string {
  const ids = identity(filters);
  const info = selector(RECORDED.modelInfo.name, [
    ...ids,
    ...anyOf('platform', filters.platform),
    ...anyOf('server', filters.server),
  ]);
  const health = selector(RECORDED.modelHealth.name, [...ids, ...anyOf('health', filters.health)]);
  return [
    ...(filters.platform.length + filters.server.length ? [` and on ${BY_MODEL} ${info}${at}`] : []),
    ...(filters.health.length ? [` and on ${BY_MODEL} ${health}${at} == 1`] : []),
  ].join('');
}

/** Several Prometheus servers may hold one series twice: `max` before `sum` counts it once. */
function requestsRate(filters: ResolvedFilters): string {
  const series = selector(RECORDED.inferenceRequestsRate.name, identity(filters));
  return `sum by ${BY_MODEL} (max by (cluster, namespace, model, outcome) (${series}))`;
}

function inventoryParts(filters: ResolvedFilters, sparklines: boolean): PromPart[] {
  const ids = identity(filters);
  const now = restriction(filters, '');
  const names = (series: readonly { name: string }[]): string[] => series.map(({ name }) => name);
  return [
    { name: 'state', expr: `${selectorOfNames(names(STATE_NAMES), ids)} == 1${now}` },
    { name: 'numbers', expr: `${selectorOfNames(names(NUMBER_NAMES), ids)}${now}` },
    { name: 'rate', expr: `${requestsRate(filters)}${now}` },
    { name: 'drifted', expr: driftedSubjects(filters) },
    { name: 'misjudged', expr: misjudgedScores(filters) },
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

/** Matchers of a query for what is no model; without a namespace asked for still one, so that no selector is bare. */
function matchersOf(query: FigureQuery, filters: ResolvedFilters): string[] {
  const { ofModels, filters: fields } = FIGURE_KINDS[query.kind];
  if (ofModels) return identity(filters);
  const asked = fields.flatMap((field) => (field === 'feature' ? ofFeature(filters) : anyOf(field, filters[field])));
  return filters.namespace.length > 0 ? asked : [...asked, matcher('namespace', '!=', '')];
}

/** @param shiftSeconds how long before the time range */
function figureOverTime(
  query: FigureQuery,
  filters: ResolvedFilters,
  rangeSeconds: number,
  shiftSeconds: number
): string {
  const ids = matchersOf(query, filters);
  const shift = shiftSeconds > 0 ? ` offset ${shiftSeconds}s` : '';
  const ofModel = matchersOf(query, { ...filters, feature: [], metric: [] });
  const select: Select = (name, { matchers = [], over, of } = {}) => {
    const window = over === 'time range' ? `${rangeSeconds}s` : over;
    return `${selector(name, [...(of === 'model' ? ofModel : ids), ...matchers])}${window === undefined ? '' : `[${window}]`}${shift}`;
  };
  const expr = figureOf(query.kind, query.metric).expr(select);
  const restrict = FIGURE_KINDS[query.kind].ofModels ? restriction(filters, ' @ end()') : '';
  return restrict === '' ? expr : `(${expr})${restrict}`;
}

function figureParts(query: FigureQuery, filters: ResolvedFilters, rangeSeconds: number): PromPart[] {
  const part = (name: PartName, shiftSeconds: number): PromPart => ({
    name,
    expr: figureOverTime(query, filters, rangeSeconds, shiftSeconds),
    maxPoints: HISTORY_MAX_POINTS,
  });
  return [part('metric', 0), ...(query.compare ? [part('before', rangeSeconds)] : [])];
}

type OfAccuracy = AccuracyQuery | AccuracyDetailQuery | AccuracyVersionsQuery;

function isOfAccuracy(query: ModelwatchQuery): query is OfAccuracy {
  return ['accuracy', 'accuracy-detail', 'accuracy-versions'].includes(query.kind);
}

function partsOfAccuracy(query: OfAccuracy, filters: ResolvedFilters, seconds: number): PromPart[] {
  switch (query.kind) {
    case 'accuracy':
      return accuracyParts(query, filters, seconds);
    case 'accuracy-detail':
      return accuracyDetailParts(query, filters, seconds);
    case 'accuracy-versions':
      return accuracyVersionsParts(query, filters, seconds);
  }
}

/**
 * The PromQL of a query, at most six parts.
 * @param rangeSeconds length of the time range: how far the period before lies back
 */
export function buildParts(query: ModelwatchQuery, filters: ResolvedFilters, rangeSeconds: number): PromPart[] {
  const seconds = Math.max(MIN_RANGE_SECONDS, Math.round(rangeSeconds));
  if (isOfAccuracy(query)) return partsOfAccuracy(query, filters, seconds);
  switch (query.kind) {
    case 'inventory':
      return inventoryParts(filters, query.sparklines ?? true);
    case 'health-history':
      return [
        {
          name: 'health-history',
          expr: healthOverTime(filters, restriction(filters, ' @ end()')),
          maxPoints: HISTORY_MAX_POINTS,
        },
      ];
    case 'health-transitions':
      // The filter on health is on the health that is entered, so the series must keep the one that is left.
      return [
        {
          name: 'health-history',
          expr: healthOverTime(filters, restriction({ ...filters, health: [] }, ' @ end()')),
          maxPoints: HISTORY_MAX_POINTS,
        },
      ];
    case 'drift':
      return driftParts(query, filters, seconds);
    case 'distribution':
      return distributionParts(query, filters, seconds);
    case 'batches':
      return batchesParts(filters);
    case 'segments':
      return segmentsParts(query, filters, seconds);
    case 'challengers':
      return challengerParts(query, filters);
    case 'prediction-history':
      return predictionHistoryParts(filters);
    case 'exploration':
      // Rows are no series: the exporter alone has them.
      return [];
    case 'fairness':
      return fairnessParts(query, filters);
    default:
      return figureParts(query, filters, seconds);
  }
}

/** Versions that made predictions. */
function versions(filters: ResolvedFilters): string {
  return `count by (version) (${selector(EVENT_METRICS.predictions.name, [...identity(filters), matcher('version', '!=', '')])})`;
}

/** Scores of accuracy, those that are judged with the higher number: they have a state also where there are too few pairs. */
function scores(filters: ResolvedFilters): string {
  const of = ({ name }: { readonly name: string }) => `group by (metric) (${selector(name, identity(filters))})`;
  return `2 * ${of(RECORDED.accuracyState)} or ${of(RECORDED.accuracyScore)}`;
}

/** One sample per value of the label, over the models that match; of features also one without, for predictions. */
export function buildLabelValues(label: VariableLabel, filters: ResolvedFilters): string {
  if (label === 'version') return versions(filters);
  if (label === 'segment' || label === 'segment_value') return buildSegmentValues(label, filters);
  if (label === 'feature')
    return `count by (subject, feature) (${selector(RECORDED.driftState.name, identity(filters))})`;
  if (label === 'metric') return scores(filters);
  if (label === 'pipeline') {
    const ids = [...anyOf('cluster', filters.cluster), ...anyOf('namespace', filters.namespace)];
    return `count by (pipeline) (${selector(PIPELINE_METRICS.pipelineInfo.name, [...ids, matcher('pipeline', '!=', '')])})`;
  }
  const matchers = [
    ...identity(filters),
    ...anyOf('platform', filters.platform),
    ...anyOf('server', filters.server),
    matcher(label, '!=', ''),
  ];
  const series = selector(RECORDED.modelInfo.name, [...new Set(matchers)]);
  return `count by (${label}) (${series}${restriction({ ...filters, platform: [], server: [] }, '')})`;
}

/**
 * Step of a range query in seconds that keeps it within its points.
 * @param intervalMs what Grafana proposes; never undercut
 */
export function stepSeconds(rangeMs: number, intervalMs: number, maxPoints: number): number {
  // Prometheus counts both ends, and Grafana aligns the start to the step: two points more than range / step.
  const fits = rangeMs / 1000 / Math.max(1, maxPoints - 2);
  return Math.max(1, Math.ceil(Math.max(fits, intervalMs / 1000)));
}
