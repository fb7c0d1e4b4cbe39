/**
 * The queries of the data source, as they are stored in dashboards. A stored query can be old, hand-written or wrong:
 * nothing reads one without `decodeQuery` (decode.ts).
 */
import type {
  DistributionMethod,
  DistributionWindow,
  DriftSubject,
  DriftWindow,
  HealthState,
  Platform,
  RememberedEventKind,
} from '@modelwatch/contract';
import type { FigureKind } from './figures';

/** Version of the stored query model. A query without a version is of version 1, which had `service-metrics`. */
export const QUERY_VERSION = 2;

/**
 * - `inventory`: one row per model as of the end of the time range (the panel's health view);
 * - `health-history`: health of each model over the time range, one field per model;
 * - `health-transitions`: one annotation per change of health in the time range;
 * - `drift`: a row per feature and one for the predictions of each model, with scores and rows over the time range;
 * - `distribution`: a row per bin of one feature, or of the predictions;
 * - `segments`: a row per value of each segment of one model;
 * - `batches`: a row per batch of one model, oldest first, or its scores with a field per feature;
 * - `accuracy`: a row per score of each model, with scores and pairs over the time range;
 * - `accuracy-detail`: of one model the confusion matrix, calibration, and predicted beside what came true;
 * - `accuracy-versions`: a row per score of each version of one model;
 * - `coverage`: a row per model with what of its events is seen, and one per reason for which some are not;
 * - `custom-metric`: a row per custom metric of each model, or its values and limits over the time range;
 * - `exploration`: rows of one model that its exporter holds, or predicted beside actual by time of prediction, of those;
 * - `slo-status`: a row per objective; `slo-budget` and `slo-burn`: of one, over the window of its budget;
 * - `alerts`: a row per alert that fires or waits;
 * - `events`: a row, and an annotation, per event that the exporter remembers in the time range;
 * - `prediction-history`: what one model predicts over time: mean and percentiles, or shares of classes;
 * - `challengers`: a row per candidate of each model, champion first, and a row per score of each challenger;
 * - the others: one figure over the time range, of models, servers, pipelines or all that is deployed (figures/).
 */
export type QueryKind =
  | 'inventory'
  | 'health-history'
  | 'health-transitions'
  | 'drift'
  | 'distribution'
  | 'segments'
  | 'batches'
  | 'accuracy'
  | 'accuracy-detail'
  | 'accuracy-versions'
  | 'challengers'
  | 'coverage'
  | 'custom-metric'
  | 'exploration'
  | 'fairness'
  | 'prediction-history'
  | 'slo-status'
  | 'slo-budget'
  | 'slo-burn'
  | 'alerts'
  | 'events'
  | FigureKind;

/**
 * Which models are asked for: a model must match every field that is given, and one value of that field. An absent or
 * empty field means all. A value may be a dashboard variable (`$namespace`), multi-value and "All" included.
 */
export interface ModelFilters {
  readonly cluster?: readonly string[];
  readonly namespace?: readonly string[];
  readonly model?: readonly string[];
  /** One of {@link Platform}, or a variable. */
  readonly platform?: readonly string[];
  /** One of {@link HealthState}, or a variable. Of transitions: the health that is entered. */
  readonly health?: readonly string[];
  readonly server?: readonly string[];
  readonly pipeline?: readonly string[];
  readonly feature?: readonly string[];
  /** Of the predictions that are counted; what is recorded of drift and accuracy is of all versions. */
  readonly version?: readonly string[];
  /** A column by whose values rows are told apart, and one of them. */
  readonly segment?: readonly string[];
  readonly segment_value?: readonly string[];
  /** A score of accuracy: one of BASELINE_METRICS, or a variable. */
  readonly metric?: readonly string[];
  /** How old predictions were when their actual came: one of PREDICTION_AGES, or a variable. */
  readonly age?: readonly string[];
  /** Name of an objective. */
  readonly slo?: readonly string[];
  /** Name of a custom metric. */
  readonly custom_metric?: readonly string[];
}
export const FILTER_FIELDS = [
  'cluster',
  'namespace',
  'model',
  'platform',
  'health',
  'server',
  'pipeline',
  'feature',
  'version',
  'segment',
  'segment_value',
  'metric',
  'age',
  'slo',
  'custom_metric',
] as const satisfies ReadonlyArray<keyof ModelFilters>;
export type FilterField = (typeof FILTER_FIELDS)[number];

/** Filters of models as such, of their drift, of one distribution, of their accuracy, and of what it is made of. */
export const MODEL_FILTERS = [
  'cluster',
  'namespace',
  'model',
  'platform',
  'health',
  'server',
] as const satisfies readonly FilterField[];
export const DRIFT_FILTERS = ['cluster', 'namespace', 'model', 'feature'] as const satisfies readonly FilterField[];
export const DISTRIBUTION_FILTERS = [
  ...DRIFT_FILTERS,
  'version',
  'segment',
  'segment_value',
] as const satisfies readonly FilterField[];
export const PREDICTION_FILTERS = [
  'cluster',
  'namespace',
  'model',
  'version',
  'segment',
  'segment_value',
] as const satisfies readonly FilterField[];
export const SEGMENT_FILTERS = ['cluster', 'namespace', 'model', 'segment'] as const satisfies readonly FilterField[];
export const BATCH_FILTERS = ['cluster', 'namespace', 'model', 'feature'] as const satisfies readonly FilterField[];

export const ACCURACY_FILTERS = ['cluster', 'namespace', 'model', 'metric'] as const satisfies readonly FilterField[];
export const FAIRNESS_FILTERS = ['cluster', 'namespace', 'model', 'segment'] as const satisfies readonly FilterField[];
export const CHALLENGER_FILTERS = ['cluster', 'namespace', 'model'] as const satisfies readonly FilterField[];
export const COVERAGE_FILTERS = ['cluster', 'namespace', 'model'] as const satisfies readonly FilterField[];
export const CUSTOM_FILTERS = [
  'cluster',
  'namespace',
  'model',
  'custom_metric',
] as const satisfies readonly FilterField[];
export const SLO_FILTERS = [
  'cluster',
  'namespace',
  'model',
  'pipeline',
  'slo',
] as const satisfies readonly FilterField[];
/** `feature` narrows events of drift alone, `slo` those of objectives and alerts on them. */
export const EVENT_FILTERS = [
  'cluster',
  'namespace',
  'model',
  'pipeline',
  'feature',
  'slo',
] as const satisfies readonly FilterField[];
export const EXPLORATION_FILTERS = [
  'namespace',
  'model',
  'version',
  'segment',
  'segment_value',
] as const satisfies readonly FilterField[];
export const ACCURACY_DETAIL_FILTERS = [
  'cluster',
  'namespace',
  'model',
  'version',
  'age',
] as const satisfies readonly FilterField[];

/** What Grafana itself keeps in a query; structurally its DataQuery, which this folder may not import. */
interface QueryBase {
  refId: string;
  hide?: boolean;
  key?: string;
  queryType?: string;
  datasource?: { type?: string; uid?: string } | null;
  version?: number;
  filters?: ModelFilters;
}

export interface InventoryQuery extends QueryBase {
  kind: 'inventory';
  /** Whether the requests of each model over the time range come along (at most 60 points); true if absent. */
  sparklines?: boolean;
}

export interface HealthHistoryQuery extends QueryBase {
  kind: 'health-history';
}

export interface FigureQuery extends QueryBase {
  kind: FigureKind;
  /** One of the figures of the kind. */
  metric: string;
  /** Whether the period before, as long as the time range, comes along; false if absent. */
  compare?: boolean;
}

export interface HealthTransitionsQuery extends QueryBase {
  kind: 'health-transitions';
}

export interface DriftQuery extends QueryBase {
  kind: 'drift';
  /** Default: of each model the window that its verdict rests on. */
  window?: DriftWindow;
}

/** Of one model; its feature is in the filters. */
export interface DistributionQuery extends QueryBase {
  kind: 'distribution';
  /** `feature` if absent. */
  subject?: DriftSubject;
  /** Default: the window that the verdict on the model rests on. */
  window?: DistributionWindow;
  /** Default: the statistic of the model. The thresholds of a model hold for its own alone. */
  method?: DistributionMethod;
}

export interface ChallengersQuery extends QueryBase {
  kind: 'challengers';
  /** Default: of each champion the window that the verdict on its accuracy rests on. */
  window?: DriftWindow;
}

export interface FairnessQuery extends QueryBase {
  kind: 'fairness';
  /** Default: of each model the window that the verdict rests on. */
  window?: DriftWindow;
}

/** Of the last hour. */
export interface CoverageQuery extends QueryBase {
  kind: 'coverage';
}

export interface CustomMetricQuery extends QueryBase {
  kind: 'custom-metric';
  /** Default: `metrics`. */
  show?: CustomShow;
}
export const CUSTOM_SHOWS = ['metrics', 'values'] as const;
export type CustomShow = (typeof CUSTOM_SHOWS)[number];

/** Of one model. */
export interface SegmentsQuery extends QueryBase {
  kind: 'segments';
  /** Default: the time range. */
  window?: DistributionWindow;
}

/** Of one model. */
export interface BatchesQuery extends QueryBase {
  kind: 'batches';
  /** Default: `batches`. */
  show?: BatchesShow;
}
export const BATCHES_SHOWS = ['batches', 'scores'] as const;
export type BatchesShow = (typeof BATCHES_SHOWS)[number];

export interface AccuracyQuery extends QueryBase {
  kind: 'accuracy';
  /** Default: of each model the window that its verdict rests on. */
  window?: DriftWindow;
}

/** Of one model. */
export interface AccuracyDetailQuery extends QueryBase {
  kind: 'accuracy-detail';
  /** Default: the window that the verdict on the model rests on. */
  window?: DistributionWindow;
}

/** Of one model. */
export interface AccuracyVersionsQuery extends QueryBase {
  kind: 'accuracy-versions';
  /** Default: the time range. */
  window?: DistributionWindow;
}

/** Of one model. */
export interface ExplorationQuery extends QueryBase {
  kind: 'exploration';
  /** Default: `rows`. */
  show?: ExplorationShow;
  /** Default: all rows. */
  only?: ExplorationOnly;
}
export const EXPLORATION_SHOWS = ['rows', 'predicted-actual'] as const;
export type ExplorationShow = (typeof EXPLORATION_SHOWS)[number];
export const EXPLORATION_ONLY = ['joined', 'wrong'] as const;
export type ExplorationOnly = (typeof EXPLORATION_ONLY)[number];

/** Of one model; each point is of the hour before it. */
export interface PredictionHistoryQuery extends QueryBase {
  kind: 'prediction-history';
}

/** Objectives, and alerts on anything. */
export interface SloStatusQuery extends QueryBase {
  kind: 'slo-status';
}

/** Of one objective. */
export interface SloBudgetQuery extends QueryBase {
  kind: 'slo-budget';
}

/** Of one objective. */
export interface SloBurnQuery extends QueryBase {
  kind: 'slo-burn';
  /** Default: the window of its budget. */
  window?: 'range';
}

export interface AlertsQuery extends QueryBase {
  kind: 'alerts';
}

export interface EventsQuery extends QueryBase {
  kind: 'events';
  /** Default: events of all kinds. */
  events?: readonly RememberedEventKind[];
}

export type SloQuery = SloStatusQuery | SloBudgetQuery | SloBurnQuery;

export type ModelwatchQuery =
  | InventoryQuery
  | HealthHistoryQuery
  | FigureQuery
  | HealthTransitionsQuery
  | DriftQuery
  | DistributionQuery
  | SegmentsQuery
  | BatchesQuery
  | AccuracyQuery
  | AccuracyDetailQuery
  | AccuracyVersionsQuery
  | ChallengersQuery
  | CoverageQuery
  | CustomMetricQuery
  | ExplorationQuery
  | FairnessQuery
  | PredictionHistoryQuery
  | EventsQuery
  | AlertsQuery
  | SloQuery;

/** Labels whose values a dashboard variable can list. */
export const VARIABLE_LABELS = [
  'cluster',
  'namespace',
  'model',
  'platform',
  'server',
  'pipeline',
  'feature',
  'version',
  'segment',
  'segment_value',
  'metric',
  'slo',
  'custom_metric',
] as const;
export type VariableLabel = (typeof VARIABLE_LABELS)[number];

/** The query of a dashboard variable: the values of one label, over the models that match the filters. */
export interface VariableQuery {
  refId: string;
  version?: number;
  label: VariableLabel;
  filters?: ModelFilters;
}

/** What a panel or an Explore pane starts with: the whole fleet. */
export const DEFAULT_QUERY: Omit<InventoryQuery, 'refId'> = {
  version: QUERY_VERSION,
  kind: 'inventory',
  sparklines: true,
  filters: {},
};

export type { HealthState, Platform };
