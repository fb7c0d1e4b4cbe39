import type { Resource } from '../resource-base';

/** Label of ConfigMaps with references, under keys that end in .json. */
export const REFERENCE_LABEL = 'modelwatch.io/reference';
/** Label of ConfigMaps with settings, under keys that end in .yaml or .yml. */
export const MONITORING_LABEL = 'modelwatch.io/monitoring';

/** A ConfigMap with references or settings of models of its namespace. */
export interface ConfigMap extends Resource<'ConfigMap'> {
  /** Texts of references, by key. */
  readonly references: Readonly<Record<string, string>>;
  /** Texts of settings, by key. */
  readonly settings: Readonly<Record<string, string>>;
}
