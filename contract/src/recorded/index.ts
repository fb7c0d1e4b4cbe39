/**
 * Series that our Prometheus rules record, named once; one file per subject. Named `modelwatch:<subject>_<stat>:<window>`
 * (docs/decisions). Rules, dashboards, the data source and docs read the names from here.
 */
import { RECORDED_ACCURACY } from './accuracy';
import { RECORDED_AGGREGATES } from './aggregates';
import { RECORDED_BATCHES } from './batches';
import { RECORDED_CUSTOM } from './custom';
import { RECORDED_CHALLENGERS } from './challengers';
import { RECORDED_COVERAGE } from './coverage';
import { RECORDED_DETECTORS } from './detectors';
import { RECORDED_DRIFT } from './drift';
import { RECORDED_FAIRNESS } from './fairness';
import { RECORDED_INFERENCE } from './inference';
import { RECORDED_LLM } from './llm';
import { RECORDED_PIPELINES } from './pipelines';
import { RECORDED_RESOURCES } from './resources';
import type { RecordedSeries } from './series';
import { RECORDED_SIGNALS } from './signals';
import { RECORDED_SLO } from './slo';
import { RECORDED_STATE } from './state';
import { RECORDED_UPTIME } from './uptime';
import { RECORDED_VERSIONS } from './versions';
import { RECORDED_USAGE } from './usage';

// One subject at a time, for what is sent to browsers.
export { RECORDED_ACCURACY } from './accuracy';
export { RECORDED_DRIFT } from './drift';
export { RECORDED_INFERENCE } from './inference';
export { RECORDED_STATE } from './state';
export type { AggregateFigure, AggregateLevel } from './aggregates';
export { DRIFT_SUBJECT_LABELS } from './drift';
export { MODEL_LABELS, type RecordedSeries } from './series';
export { RECORDED_SLO, SLO_LABELS } from './slo';

export const RECORDED = {
  ...RECORDED_STATE,
  ...RECORDED_UPTIME,
  ...RECORDED_INFERENCE,
  ...RECORDED_LLM,
  ...RECORDED_VERSIONS,
  ...RECORDED_PIPELINES,
  ...RECORDED_USAGE,
  ...RECORDED_RESOURCES,
  ...RECORDED_AGGREGATES,
  ...RECORDED_COVERAGE,
  ...RECORDED_DRIFT,
  ...RECORDED_ACCURACY,
  ...RECORDED_FAIRNESS,
  ...RECORDED_CUSTOM,
  ...RECORDED_CHALLENGERS,
  ...RECORDED_BATCHES,
  ...RECORDED_DETECTORS,
  ...RECORDED_SIGNALS,
  ...RECORDED_SLO,
} as const satisfies Record<string, RecordedSeries>;

export type RecordedKey = keyof typeof RECORDED;
