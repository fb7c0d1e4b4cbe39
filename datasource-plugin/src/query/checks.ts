/** What the health check of the data source asks Prometheus; each answer is one number, absent for none. */
import { EXPORTER_METRICS, MODEL_METRICS, RECORDED } from '@modelwatch/contract';
import { matcher, selector } from './promql';

export const CHECKS = {
  /** Exporters that are scraped. */
  exporters: `count(${selector(EXPORTER_METRICS.exporterBuildInfo.name, [matcher('version', '!=', '')])})`,
  /** Models that an exporter reports. */
  models: `count(${selector(MODEL_METRICS.modelInfo.name, [matcher('namespace', '!=', '')])})`,
  /** Models whose labels the scrape has renamed: it lacks `honor_labels`. */
  renamedModels: `count(${selector(MODEL_METRICS.modelInfo.name, [matcher('exported_namespace', '!=', '')])})`,
  /** Models whose health our rules record. */
  health: `count(${selector(RECORDED.modelHealth.name, [matcher('namespace', '!=', '')])} == 1)`,
} as const;
export type CheckName = keyof typeof CHECKS;
