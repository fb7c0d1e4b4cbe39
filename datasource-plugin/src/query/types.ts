/**
 * The queries of the data source, as they are stored in dashboards. A stored query can be old, hand-written or wrong:
 * nothing reads one without `decodeQuery` (decode.ts).
 */
import type { HealthState, Platform } from '@modelwatch/contract';

/** Version of the stored query model. A query without a version is of version 1. */
export const QUERY_VERSION = 1;

/**
 * - `inventory`: one row per model as of the end of the time range (the panel's health view);
 * - `health-history`: health of each model over the time range, one field per model;
 * - `service-metrics`: one number per model over the time range;
 * - `health-transitions`: one annotation per change of health in the time range.
 */
export const QUERY_KINDS = ['inventory', 'health-history', 'service-metrics', 'health-transitions'] as const;
export type QueryKind = (typeof QUERY_KINDS)[number];

/** Requests per second; share of failed requests (0 to 1); mean and 95th percentile of the duration in seconds. */
export const SERVICE_METRICS = ['rate', 'errors', 'latency_mean', 'latency_p95'] as const;
export type ServiceMetric = (typeof SERVICE_METRICS)[number];

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
}
export const FILTER_FIELDS = ['cluster', 'namespace', 'model', 'platform', 'health'] as const satisfies ReadonlyArray<
  keyof ModelFilters
>;
export type FilterField = (typeof FILTER_FIELDS)[number];

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

export interface ServiceMetricsQuery extends QueryBase {
  kind: 'service-metrics';
  metric: ServiceMetric;
}

export interface HealthTransitionsQuery extends QueryBase {
  kind: 'health-transitions';
}

export type ModelwatchQuery = InventoryQuery | HealthHistoryQuery | ServiceMetricsQuery | HealthTransitionsQuery;

/** Labels whose values a dashboard variable can list. */
export const VARIABLE_LABELS = ['cluster', 'namespace', 'model', 'platform'] as const;
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
