/** References and settings of models in the read API: what the metrics say of drift, and what is no label. */
import { array, boolean, DecodeError, number, object, oneOf, optional, record, string, type Decoder } from './decode';
import { BIN_RULES, TASKS } from './reference';
import { BASELINE_METRICS } from './vocabulary/accuracy';
import { CUSTOM_AGGREGATIONS, CUSTOM_DIRECTIONS, CUSTOM_SOURCES } from './vocabulary/custom';
import { DRIFT_METHODS, DRIFT_WINDOWS } from './vocabulary/drift';
import { IMPORTANCES } from './vocabulary/models';

/** A value, and where it comes from: `default`, `config`, or `configmap namespace/name`. */
function setting<T>(value: Decoder<T>) {
  return object({ value, origin: string });
}

const thresholds = object({ warning: number, critical: number });
const names = array(string);

/** All features, none, or those of a list. */
const some: Decoder<boolean | string[]> = (value, path = '') => {
  if (typeof value === 'boolean') return value;
  if (!Array.isArray(value)) throw new DecodeError(path, value, 'true, false or a list of features');
  return names(value, path);
};

const accuracy = object({
  task: optional(oneOf(TASKS)),
  positiveClass: optional(string),
  decisionThreshold: optional(number),
  /** By metric of accuracy. */
  limits: optional(record(thresholds)),
  /** Shares of the baseline, by metric of accuracy. */
  drop: optional(record(thresholds)),
  minimumRows: optional(number),
  window: optional(oneOf(DRIFT_WINDOWS)),
});

const fairness = object({
  protected: array(object({ column: string, referenceGroup: optional(string) })),
  favourableClass: string,
  /** By metric of fairness. */
  limits: optional(record(thresholds)),
  minimumRows: optional(number),
  window: optional(oneOf(DRIFT_WINDOWS)),
});

const challenger = object({ name: string, model: optional(string), version: optional(string) });
const generative = object({
  consumerClasses: optional(record(names)),
  /** Of a million tokens. */
  prices: optional(
    object({
      currency: string,
      input: number,
      output: number,
      cached: optional(number),
      reasoning: optional(number),
    })
  ),
  guards: optional(record(names)),
  refusalPhrases: optional(names),
});

const exploration = object({
  enabled: boolean,
  rows: optional(number),
  columns: optional(names),
  dropped: optional(names),
  masked: optional(names),
  sampleRatio: optional(number),
  retentionSeconds: optional(number),
});

const predictionLog = object({
  enabled: boolean,
  columns: optional(names),
  dropped: optional(names),
  masked: optional(names),
  hashed: optional(names),
  sampleRatio: optional(number),
});

const settings = object({
  method: setting(oneOf(DRIFT_METHODS)),
  window: setting(oneOf(DRIFT_WINDOWS)),
  thresholds: setting(thresholds),
  featureThresholds: setting(record(thresholds)),
  /** Absent: 30 for each bin. */
  minimumRows: optional(setting(number)),
  /** Absent: all. */
  tracked: optional(setting(names)),
  excluded: setting(names),
  starred: setting(names),
  importantFromRatio: setting(number),
  showCategories: setting(some),
  expectedIntervalSeconds: optional(setting(number)),
  /** What is absent follows from the reference. */
  accuracy: setting(accuracy),
  /** As declared: what the fleet shows beside them is in the metrics. Absent, as all that came later: an older exporter. */
  challengers: optional(setting(array(challenger))),
  /** Absent: those of the reference. */
  segments: optional(setting(array(object({ column: string, values: optional(names) })))),
  /** Absent: batches are not told apart. */
  batches: optional(setting(object({ last: optional(number), failing: optional(number) }))),
  generative: optional(setting(generative)),
  /** Absent: no rows are held. */
  exploration: optional(setting(exploration)),
  /** Absent: none of its predictions is logged. */
  predictionLog: optional(setting(predictionLog)),
  /** Absent: nobody asked for it. */
  fairness: optional(setting(fairness)),
  /** Absent: as the model itself says, or the configuration. */
  owner: optional(setting(string)),
  importance: optional(setting(oneOf(IMPORTANCES))),
});

const bin = object({
  /** As the label `bin` of the metrics has it. */
  bin: string,
  /** Edges of a numeric bin: (from, to]. */
  from: optional(number),
  to: optional(number),
  category: optional(string),
  count: number,
  /** `count` by all rows, 0 to 1. */
  ratio: number,
});

const columnShape = {
  name: string,
  type: oneOf(['numeric', 'categorical', 'boolean']),
  rule: optional(oneOf(BIN_RULES)),
  importance: optional(number),
  moments: optional(object({ mean: number, standardDeviation: number, min: number, max: number })),
  bins: array(bin),
};
const column = object(columnShape);
/** `watched`: its drift is. */
const feature = object({ ...columnShape, watched: boolean });
export type ReferenceColumn = ReturnType<typeof column>;

const reference = object({
  /** Label `reference` of the metrics. */
  id: string,
  name: string,
  /** Absent: of all versions that have no reference of their own. */
  version: optional(string),
  /** `file reference.json`, `url https://...` without its query, `configmap namespace/name key`. */
  source: string,
  loadedAtSeconds: number,
  /** Why what was read since is not in force. */
  problem: optional(string),
  rows: number,
  task: optional(oneOf(TASKS)),
  classes: optional(names),
  /** Score on data that the model was not trained on, by metric. */
  baseline: optional((value, path = ''): Partial<Record<(typeof BASELINE_METRICS)[number], number>> => {
    const scores = record(number)(value, path);
    for (const metric of Object.keys(scores)) oneOf(BASELINE_METRICS)(metric, path);
    return scores;
  }),
  features: array(feature),
  prediction: optional(column),
  target: optional(column),
});

const customLimit = object({ above: optional(number), below: optional(number) });

const customMetric = object({
  name: string,
  description: optional(string),
  unit: optional(string),
  aggregation: oneOf(CUSTOM_AGGREGATIONS),
  direction: oneOf(CUSTOM_DIRECTIONS),
  /** Of a share: the one that is counted. */
  category: optional(string),
  baseline: optional(number),
  warning: optional(customLimit),
  critical: optional(customLimit),
  /** Absent where no samples are counted: of a gauge, of a query. */
  minimumSamples: optional(number),
  /** Absent where a query says itself what its value is of. */
  window: optional(oneOf(DRIFT_WINDOWS)),
  source: oneOf(CUSTOM_SOURCES),
  expression: optional(string),
  promql: optional(string),
  origin: string,
});
export type CustomMetricSettings = ReturnType<typeof customMetric>;

const problem = object({ source: string, text: string });

/** A column by whose values rows are told apart. */
const segment = object({
  column: string,
  /** In their order, `other` and `missing` behind them. `label`: as the label `value` of the metrics has it. */
  values: array(object({ label: string, name: string })),
});

/** What is watched of the data of a model. */
export const decodeModelMonitoring = object({
  namespace: string,
  model: string,
  settings,
  /** With defaults filled in; absent where none is declared. */
  customMetrics: optional(array(customMetric)),
  /** Those that are in force. */
  references: array(reference),
  /** Absent: of an exporter that does not know segments. */
  segments: optional(array(segment)),
  problems: array(problem),
});
export type ModelMonitoring = ReturnType<typeof decodeModelMonitoring>;

/** All references, in force or not. */
export const decodeReferenceList = object({
  items: array(
    object({
      source: string,
      /** Absent while neither the configuration nor a document says whose it is. */
      namespace: optional(string),
      model: optional(string),
      version: optional(string),
      inForce: boolean,
      /** Absent before one was read. */
      id: optional(string),
      name: optional(string),
      rows: optional(number),
      loadedAtSeconds: optional(number),
      problem: optional(string),
    })
  ),
  problems: array(problem),
  /** Some ConfigMaps are not read yet, or not any more. */
  partial: boolean,
  generatedAtSeconds: number,
});
export type ReferenceList = ReturnType<typeof decodeReferenceList>;

/** What one exporter has seen of the events of a model since it began, in rows; counters of the metrics are the same. */
export const decodeModelCoverage = object({
  namespace: string,
  model: string,
  received: number,
  /** Of the received. */
  counted: number,
  /** Predictions that the counted ones stand for, where senders say that they send a sample. */
  represented: number,
  /** By reason. */
  dropped: record(number),
  missingId: number,
  /** Of a version that has no reference. */
  uncompared: number,
  /** Without one of the watched features or more. */
  absentFeatures: number,
  /** With a feature that the reference does not have. */
  unknownFeatures: number,
  /** Names of those, 20 at most, each with its rows. */
  unknownNames: array(object({ name: string, rows: number })),
  /** Requests that were turned away unread, by reason. */
  refusedRequests: record(number),
  /** Series that there was no room for: what they would show is not watched. */
  seriesRefused: number,
  /** When the last prediction arrived; absent before the first. */
  lastPredictionSeconds: optional(number),
});
export type ModelCoverage = ReturnType<typeof decodeModelCoverage>;
