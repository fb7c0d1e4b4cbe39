/** References and settings of models, as schemas for openapi.json. */
import {
  BASELINE_METRICS,
  BIN_RULES,
  CUSTOM_AGGREGATIONS,
  CUSTOM_DIRECTIONS,
  CUSTOM_SOURCES,
  DRIFT_METHODS,
  DRIFT_WINDOWS,
  FAIRNESS_METRICS,
  IMPORTANCES,
  TASKS,
  type ModelCoverage,
  type ModelMonitoring,
  type ReferenceList,
} from '@modelwatch/contract';
import { z } from 'zod';

const text = z.exactOptional(z.string());
const number = z.exactOptional(z.number());
const rows = z.number();
const setting = <T extends z.ZodType>(value: T) => z.object({ value, origin: z.string() });
const thresholds = z.object({ warning: z.number(), critical: z.number() });
const names = z.array(z.string());

const accuracy = z.object({
  task: z.exactOptional(z.enum(TASKS)),
  positiveClass: text,
  decisionThreshold: number,
  limits: z.exactOptional(z.record(z.string(), thresholds)).describe('By metric of accuracy.'),
  drop: z
    .exactOptional(z.record(z.string(), thresholds))
    .describe('By metric of accuracy: shares by which it may be worse than its baseline.'),
  minimumRows: number,
  window: z.exactOptional(z.enum(DRIFT_WINDOWS)),
});

const generative = z.object({
  consumerClasses: z.exactOptional(z.record(z.string(), names)),
  prices: z
    .exactOptional(
      z.object({ currency: z.string(), input: z.number(), output: z.number(), cached: number, reasoning: number })
    )
    .describe('Of a million tokens.'),
  guards: z.exactOptional(z.record(z.string(), names)),
  refusalPhrases: z.exactOptional(names),
});

const exploration = z.object({
  enabled: z.boolean(),
  rows: number,
  columns: z.exactOptional(names),
  dropped: z.exactOptional(names),
  masked: z.exactOptional(names),
  sampleRatio: number,
  retentionSeconds: number,
});

const predictionLog = z.object({
  enabled: z.boolean(),
  columns: z.exactOptional(names),
  dropped: z.exactOptional(names),
  masked: z.exactOptional(names),
  hashed: z.exactOptional(names),
  sampleRatio: number,
});

const fairness = z.object({
  protected: z.array(z.object({ column: z.string(), referenceGroup: text })),
  favourableClass: z.string(),
  limits: z.exactOptional(z.partialRecord(z.enum(FAIRNESS_METRICS), thresholds)),
  minimumRows: number,
  window: z.exactOptional(z.enum(DRIFT_WINDOWS)),
});

const settings = z.object({
  method: setting(z.enum(DRIFT_METHODS)),
  window: setting(z.enum(DRIFT_WINDOWS)),
  thresholds: setting(thresholds),
  featureThresholds: setting(z.record(z.string(), thresholds)),
  minimumRows: z.exactOptional(setting(z.number())).describe('Absent: 30 for each bin.'),
  tracked: z.exactOptional(setting(names)).describe('Absent: all features.'),
  excluded: setting(names),
  starred: setting(names),
  importantFromRatio: setting(z.number()),
  showCategories: setting(z.union([z.boolean(), names])),
  expectedIntervalSeconds: z.exactOptional(setting(z.number())),
  accuracy: setting(accuracy).describe('What is absent follows from the reference.'),
  generative: setting(generative).describe('Of a generative model.'),
  exploration: z.exactOptional(setting(exploration)).describe('Rows that may be looked at; absent: none.'),
  predictionLog: z
    .exactOptional(setting(predictionLog))
    .describe('Predictions that go to the prediction log; absent: none.'),
  challengers: setting(z.array(z.object({ name: z.string(), model: text, version: text }))).describe(
    'As declared; those of experiments are in the metrics.'
  ),
  batches: z
    .exactOptional(setting(z.object({ last: number, failing: number })))
    .describe('Absent: batches are not told apart.'),
  fairness: z.exactOptional(setting(fairness)).describe('Absent: nobody asked for it.'),
  owner: z.exactOptional(setting(z.string())),
  importance: z.exactOptional(setting(z.enum(IMPORTANCES))),
  segments: z
    .exactOptional(setting(z.array(z.object({ column: z.string(), values: z.exactOptional(names) }))))
    .describe('Absent: those of the reference.'),
});

const limit = z.exactOptional(z.object({ above: number, below: number }));
const customMetric = z.object({
  name: z.string().describe('Label metric, and custom:NAME as the channel of health.'),
  description: text,
  unit: text,
  aggregation: z.enum(CUSTOM_AGGREGATIONS),
  direction: z.enum(CUSTOM_DIRECTIONS),
  category: text.describe('Of a share: the one that is counted.'),
  baseline: number,
  warning: limit,
  critical: limit,
  minimumSamples: number.describe('Absent where no samples are counted: of a gauge, of a query.'),
  window: z.exactOptional(z.enum(DRIFT_WINDOWS)),
  source: z.enum(CUSTOM_SOURCES),
  expression: text,
  promql: text,
  origin: z.string(),
});

const column = {
  name: z.string(),
  type: z.enum(['numeric', 'categorical', 'boolean']),
  rule: z.exactOptional(z.enum(BIN_RULES)),
  importance: number,
  moments: z.exactOptional(
    z.object({ mean: z.number(), standardDeviation: z.number(), min: z.number(), max: z.number() })
  ),
  bins: z.array(
    z.object({
      bin: z.string().describe('As the label bin of the metrics has it.'),
      from: number,
      to: number,
      category: text,
      count: z.number(),
      ratio: z.number(),
    })
  ),
};

const problems = z.array(z.object({ source: z.string(), text: z.string() }));

export const MONITORING_SCHEMAS = {
  ModelMonitoring: z.object({
    namespace: z.string(),
    model: z.string(),
    settings: settings.describe('Each with its origin: default, config, or the ConfigMap that it is from.'),
    customMetrics: z.exactOptional(z.array(customMetric)).describe('With defaults filled in.'),
    references: z
      .array(
        z.object({
          id: z.string().describe('Label reference of the metrics.'),
          name: z.string(),
          version: text.describe('Absent: of all versions that have no reference of their own.'),
          source: z.string(),
          loadedAtSeconds: z.number(),
          problem: text.describe('Why what was read since is not in force.'),
          rows: z.number(),
          task: z.exactOptional(z.enum(TASKS)),
          classes: z.exactOptional(names),
          baseline: z.exactOptional(z.partialRecord(z.enum(BASELINE_METRICS), z.number())),
          features: z.array(z.object({ ...column, watched: z.boolean() })),
          prediction: z.exactOptional(z.object(column)),
          target: z.exactOptional(z.object(column)),
        })
      )
      .describe('Those that are in force.'),
    segments: z
      .exactOptional(
        z.array(
          z.object({
            column: z.string(),
            values: z.array(z.object({ label: z.string().describe('Label value of the metrics.'), name: z.string() })),
          })
        )
      )
      .describe('Columns by whose values rows are told apart.'),
    problems,
  }) satisfies z.ZodType<ModelMonitoring>,
  ModelCoverage: z.object({
    namespace: z.string(),
    model: z.string(),
    received: rows,
    counted: rows,
    represented: rows.describe('Predictions that the counted ones stand for, where senders send a sample.'),
    dropped: z.record(z.string(), z.number()).describe('Rows by reason.'),
    missingId: rows,
    uncompared: rows.describe('Of a version that has no reference.'),
    absentFeatures: rows.describe('Without one of the watched features or more.'),
    unknownFeatures: rows.describe('With a feature that the reference does not have.'),
    unknownNames: z.array(z.object({ name: z.string(), rows })).describe('Names of those, 20 at most.'),
    refusedRequests: z.record(z.string(), z.number()).describe('Requests that were turned away unread, by reason.'),
    seriesRefused: rows.describe('Series that there was no room for.'),
    lastPredictionSeconds: number.describe('Absent before the first.'),
  }) satisfies z.ZodType<ModelCoverage>,
  ReferenceList: z.object({
    items: z.array(
      z.object({
        source: z.string(),
        namespace: text,
        model: text,
        version: text,
        inForce: z.boolean(),
        id: text.describe('Absent before one was read.'),
        name: text,
        rows: number,
        loadedAtSeconds: number,
        problem: text,
      })
    ),
    problems,
    partial: z.boolean().describe('true: some ConfigMaps are not read yet, or not any more.'),
    generatedAtSeconds: z.number(),
  }) satisfies z.ZodType<ReferenceList>,
} as const;
