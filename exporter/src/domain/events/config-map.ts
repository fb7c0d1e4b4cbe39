import type { Resource } from '../resource-base';

/** Label of ConfigMaps with references, under keys that end in .json. */
export const REFERENCE_LABEL = 'modelwatch.io/reference';
/** Label of ConfigMaps with settings, under keys that end in .yaml or .yml. */
export const MONITORING_LABEL = 'modelwatch.io/monitoring';

/** Label of ConfigMaps with objectives, under keys that end in .yaml or .yml. */
export const SLO_LABEL = 'modelwatch.io/slo';

/** A ConfigMap with references, settings or objectives of models of its namespace. */
export interface ConfigMap extends Resource<'ConfigMap'> {
  /** Texts of references, by key. */
  readonly references: Readonly<Record<string, string>>;
  /** Texts of settings, by key. */
  readonly settings: Readonly<Record<string, string>>;
  /** Texts of objectives, by key. */
  readonly slos: Readonly<Record<string, string>>;
}
