/**
 * From one query to its response. What a kind asks, and what it makes of the answer, is in a file of its own that is loaded
 * with the first query of that kind: a dashboard has few of them.
 */
import type { DataFrame, DataQueryResponse } from '@grafana/data';
import { defer, mergeMap, type Observable } from 'rxjs';
import { figureFrame } from '../frames/figure';
import type { FrameContext } from '../frames/inventoryFrame';
import { readSeries } from '../frames/samples';
import { figureParts } from '../query/figureParts';
import { figureOf } from '../query/figures';
import type { ResolvedFilters } from '../query/filters';
import type {
  AlertsQuery,
  CoverageQuery,
  CustomMetricQuery,
  EventsQuery,
  FigureQuery,
  ModelwatchQuery,
  SloQuery,
} from '../query/types';
import { answerParts, rangeSeconds, type Answer, type AnswerContext } from './context';
import type { Reading } from './reading';

export type { AnswerContext } from './context';

function figureFrames(query: FigureQuery, reading: Reading, base: FrameContext): DataFrame[] {
  const now = reading.part('metric', readSeries) ?? [];
  const before = reading.part('before', readSeries) ?? [];
  if (now.length + before.length === 0) return [];
  return [figureFrame(query.metric, figureOf(query.kind, query.metric), { now, before }, base)];
}

const answerFigure: Answer<FigureQuery> = (query, filters, context) =>
  answerParts(query.refId, figureParts(query, filters, rangeSeconds(context)), context, (reading, base) =>
    figureFrames(query, reading, base)
  );

function lazily<Module>(
  load: () => Promise<Module>,
  answer: (module: Module) => Observable<DataQueryResponse>
): Observable<DataQueryResponse> {
  return defer(load).pipe(mergeMap(answer));
}

const models = () => import(/* webpackChunkName: "models" */ './inventory');
const drift = () => import(/* webpackChunkName: "drift" */ './drift');
const accuracy = () => import(/* webpackChunkName: "accuracy" */ './accuracy');
const versions = () => import(/* webpackChunkName: "segments" */ './versions');
const segments = () => import(/* webpackChunkName: "segments" */ './segments');
const fairness = () => import(/* webpackChunkName: "segments" */ './fairness');
const challengers = () => import(/* webpackChunkName: "challengers" */ './challengers');
const coverage = () => import(/* webpackChunkName: "coverage" */ './coverage');
const custom = () => import(/* webpackChunkName: "custom" */ './custom');
const batches = () => import(/* webpackChunkName: "batches" */ './batches');
const exploration = () => import(/* webpackChunkName: "exploration" */ './exploration');
const predictions = () => import(/* webpackChunkName: "exploration" */ './predictions');
const events = () => import(/* webpackChunkName: "events" */ './events');
const slo = () => import(/* webpackChunkName: "slo" */ './slo');
const alerts = () => import(/* webpackChunkName: "alerts" */ './alerts');

function isOfObjectives(query: ModelwatchQuery): query is SloQuery {
  return query.kind.startsWith('slo-');
}

/** Always one packet, keyed by the query's refId; failures are in its `errors`. */
export function answerQuery(
  query: ModelwatchQuery,
  filters: ResolvedFilters,
  context: AnswerContext
): Observable<DataQueryResponse> {
  if (!isOfObjectives(query)) return answerOfModels(query, filters, context);
  return lazily(slo, ({ answerSlo }) => answerSlo(query, filters, context));
}

function answerOfModels(
  query: Exclude<ModelwatchQuery, SloQuery>,
  filters: ResolvedFilters,
  context: AnswerContext
): Observable<DataQueryResponse> {
  switch (query.kind) {
    case 'inventory':
      return lazily(models, ({ answerInventory }) => answerInventory(query, filters, context));
    case 'health-history':
    case 'health-transitions':
      return lazily(models, ({ answerHealth }) => answerHealth(query, filters, context));
    case 'drift':
      return lazily(drift, ({ answerDrift }) => answerDrift(query, filters, context));
    case 'distribution':
      return lazily(drift, ({ answerDistribution }) => answerDistribution(query, filters, context));
    case 'accuracy':
      return lazily(accuracy, ({ answerAccuracy }) => answerAccuracy(query, filters, context));
    case 'accuracy-detail':
      return lazily(accuracy, ({ answerAccuracyDetail }) => answerAccuracyDetail(query, filters, context));
    case 'accuracy-versions':
      return lazily(versions, ({ answerVersions }) => answerVersions(query, filters, context));
    case 'segments':
      return lazily(segments, ({ answerSegments }) => answerSegments(query, filters, context));
    case 'fairness':
      return lazily(fairness, ({ answerFairness }) => answerFairness(query, filters, context));
    case 'challengers':
      return lazily(challengers, ({ answerChallengers }) => answerChallengers(query, filters, context));
    case 'batches':
      return lazily(batches, ({ answerBatches }) => answerBatches(query, filters, context));
    case 'exploration':
      return lazily(exploration, ({ answerExploration }) => answerExploration(query, filters, context));
    case 'prediction-history':
      return lazily(predictions, ({ answerPredictions }) => answerPredictions(query, filters, context));
    default:
      return answerOthers(query, filters, context);
  }
}

function answerOthers(
  query: AlertsQuery | CoverageQuery | CustomMetricQuery | EventsQuery | FigureQuery,
  filters: ResolvedFilters,
  context: AnswerContext
): Observable<DataQueryResponse> {
  switch (query.kind) {
    case 'alerts':
      return lazily(alerts, ({ answerAlerts }) => answerAlerts(query, filters, context));
    case 'coverage':
      return lazily(coverage, ({ answerCoverage }) => answerCoverage(query, filters, context));
    case 'custom-metric':
      return lazily(custom, ({ answerCustomMetric }) => answerCustomMetric(query, filters, context));
    case 'events':
      return lazily(events, ({ answerEvents }) => answerEvents(query, filters, context));
    default:
      return answerFigure(query, filters, context);
  }
}
