/** The part of Grafana's classic dashboard model (schema version 42) that our dashboards use. */

export interface DatasourceRef {
  readonly type: string;
  readonly uid: string;
}

export interface Target {
  readonly refId: string;
  readonly datasource: DatasourceRef;
  readonly [field: string]: unknown;
}

export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: GridPosition;
  readonly datasource: DatasourceRef;
  readonly targets: readonly Target[];
  readonly [field: string]: unknown;
}

export interface Dashboard {
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly [field: string]: unknown;
}

/**
 * - `plugins`: with our panel and data source, for provisioning: fixed uids;
 * - `core`: core panels only and a `datasource` variable, no uid: for import by hand, and where plugins are not allowed.
 */
export const VARIANTS = ['plugins', 'core'] as const;
export type Variant = (typeof VARIANTS)[number];
