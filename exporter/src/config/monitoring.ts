/** What is watched of the data of models: references and settings, in the configuration and in ConfigMaps. */
import {
  BASELINE_METRICS,
  DRIFT_METHODS,
  DRIFT_WINDOWS,
  FAIRNESS_METRICS,
  IMPORTANCES,
  isSegmentRest,
  LAST_BATCHES,
  DEFAULT_LAST_BATCHES,
  LOWER_IS_BETTER,
  MOST_CHALLENGERS,
  MOST_SEGMENT_VALUES,
  MOST_SEGMENTS,
  TASKS,
} from '@modelwatch/contract';
import { z } from 'zod';
import { customMetrics, customMetricsOrQueries } from './custom-metrics';
import { generative } from './generative';
import { httpClient, oneWhoWeAre } from './http-client';
import { name, urlWithoutSecrets } from './text';

/** Links that are signed hold for hours or days; whoever asks every ten seconds is no load for a store either. */
const MIN_REFRESH_SECONDS = 10;
const MOST_MODELS = 1_000;
const MOST_FEATURES = 2_000;

const thresholds = z
  .strictObject({ warning: z.number().positive(), critical: z.number().positive() })
  .refine(({ warning, critical }) => warning <= critical, { path: ['critical'], error: 'at least warning' });

const feature = z.string().min(1).max(1_000);
const features = z.array(feature).max(MOST_FEATURES);

/** Settings that make sense for all models alike. */
const forAll = {
  method: z.enum(DRIFT_METHODS).optional(),
  /** The window that the verdict on a model rests on. */
  window: z.enum(DRIFT_WINDOWS).optional(),
  thresholds: thresholds.optional(),
  /** Rows in the window below which there is no verdict. */
  minimumRows: z.number().int().min(1).max(1_000_000_000).optional(),
  /** Importance from which the drift of a feature makes its model critical. */
  importantFromRatio: z.number().min(0).max(1).optional(),
};

const limits = z
  .partialRecord(z.enum(BASELINE_METRICS), z.strictObject({ warning: z.number(), critical: z.number() }))
  .superRefine((all, context) => {
    for (const metric of BASELINE_METRICS) {
      const { warning, critical } = all[metric] ?? { warning: 0, critical: 0 };
      const isLower = LOWER_IS_BETTER.includes(metric);
      if (isLower ? critical >= warning : critical <= warning) continue;
      const message = `at ${isLower ? 'least' : 'most'} warning, since ${isLower ? 'lower' : 'higher'} is better`;
      context.addIssue({ code: 'custom', path: [metric, 'critical'], message });
    }
  });

const share = z.number().gt(0).max(10);
const drop = z.partialRecord(
  z.enum(BASELINE_METRICS),
  z
    .strictObject({ warning: share, critical: share })
    .refine(({ warning, critical }) => critical >= warning, { error: 'at least warning', path: ['critical'] })
);

/** How right the model is; what is absent follows from its reference. */
const accuracy = z.strictObject({
  task: z.enum(TASKS).optional(),
  /** The class whose probability a score is. */
  positiveClass: z
    .string()
    .min(1)
    .max(256)
    .refine((name) => name !== 'other', { error: 'a class with a name: other are all that are not told apart' })
    .optional(),
  /** Score from which the prediction is the positive class. */
  decisionThreshold: z.number().min(0).max(1).optional(),
  limits: limits.optional(),
  /** Shares by which a score may be worse than its baseline. */
  drop: drop.optional(),
  minimumRows: z.number().int().min(1).max(1_000_000_000).optional(),
  window: z.enum(DRIFT_WINDOWS).optional(),
});

const version = z.string().min(1).max(253);

/** @param model what may stand there for the challenger's own name */
function challengersOf(model: z.ZodType<string, string>) {
  return z
    .array(z.strictObject({ name, model: model.optional(), version: version.optional() }))
    .max(MOST_CHALLENGERS)
    .superRefine((all, context) => {
      all.forEach((each, index) => {
        if (all.findIndex((other) => other.name === each.name) === index) return;
        context.addIssue({ code: 'custom', path: [index, 'name'], message: 'a name that no other challenger has' });
      });
    })
    .optional();
}
/** By whose values rows are told apart. Values that are listed are shown by name. */
const segments = z
  .array(
    z.strictObject({
      column: feature,
      values: z
        .array(
          z
            .string()
            .min(1)
            .max(200)
            .refine((value) => !isSegmentRest(value), { error: 'a value: other and missing are always there' })
        )
        .min(1)
        .max(MOST_SEGMENT_VALUES)
        .refine((values) => new Set(values).size === values.length, { error: 'each value once' })
        .optional(),
    })
  )
  .max(MOST_SEGMENTS)
  .refine((all) => new Set(all.map(({ column }) => column)).size === all.length, { error: 'each column once' });

/** Rows that may be looked at, where the exporter is allowed to hold any. */
const exploration = z.strictObject({
  enabled: z.boolean(),
  rows: z.number().int().min(1).max(1_000_000).optional(),
  /** Features that are held; absent: all that are not dropped. */
  columns: features.optional(),
  dropped: features.optional(),
  masked: features.optional(),
  sampleRatio: z.number().positive().max(1).optional(),
  retentionSeconds: z.number().int().min(1).max(31_536_000).optional(),
});

/** What of its predictions goes to the prediction log. */
const predictionLog = z.strictObject({
  enabled: z.boolean(),
  columns: features.optional(),
  dropped: features.optional(),
  masked: features.optional(),
  hashed: features.optional(),
  sampleRatio: z.number().positive().max(1).optional(),
});

/** Runs that a model scores in, told apart by their id. */
const batches = z
  .strictObject({
    last: z.literal(LAST_BATCHES, { error: `one of ${LAST_BATCHES.join(', ')}` }).optional(),
    failing: z
      .number()
      .int()
      .min(1)
      .max(Math.max(...LAST_BATCHES))
      .optional(),
  })
  .refine(({ last = DEFAULT_LAST_BATCHES, failing = 1 }) => failing <= last, {
    path: ['failing'],
    error: 'at most last',
  });

/** Of metrics of fairness: differences of rates, and the ratio of two. */
const distances = z
  .partialRecord(
    z.enum(FAIRNESS_METRICS),
    z.strictObject({ warning: z.number().positive().max(1), critical: z.number().positive().max(1) })
  )
  .superRefine((all, context) => {
    for (const metric of FAIRNESS_METRICS) {
      const { warning, critical } = all[metric] ?? { warning: 0, critical: 0 };
      const isRatio = metric === 'disparate_impact';
      if (isRatio ? critical <= warning : critical >= warning) continue;
      const message = isRatio ? 'at most warning, since 1 is alike' : 'at least warning';
      context.addIssue({ code: 'custom', path: [metric, 'critical'], message });
    }
  });

/** Whether groups are treated alike. */
const fairness = z.strictObject({
  protected: z
    .array(z.strictObject({ column: feature, referenceGroup: z.string().min(1).max(200).optional() }))
    .min(1)
    .max(MOST_SEGMENTS)
    .refine((all) => new Set(all.map(({ column }) => column)).size === all.length, { error: 'each column once' }),
  /** The class that people want to be of. */
  favourableClass: z.string().min(1).max(256),
  /** Those that are named are judged, and only those. */
  limits: distances.optional(),
  minimumRows: z.number().int().min(1).max(1_000_000_000).optional(),
  window: z.enum(DRIFT_WINDOWS).optional(),
});

/** Settings of one model. */
const settings = {
  ...forAll,
  featureThresholds: z.record(feature, thresholds).optional(),
  tracked: features.optional(),
  excluded: features.optional(),
  starred: features.optional(),
  showCategories: z
    .union([z.boolean(), features], { error: 'true, false or a list of features' })
    .meta({ expected: 'true, false or a list of features' })
    .optional(),
  /** How long the model may go without a prediction before that is news. */
  expectedIntervalSeconds: z.number().positive().max(31_536_000).optional(),
  accuracy: accuracy.optional(),
  segments: segments.optional(),
  batches: batches.optional(),
  generative: generative.optional(),
  exploration: exploration.optional(),
  predictionLog: predictionLog.optional(),
  fairness: fairness.optional(),
  /** Where neither the configuration says it under `models`, nor a declared server. */
  owner: z.string().min(1).max(253).optional(),
  importance: z.enum(IMPORTANCES).optional(),
};

interface Given {
  readonly method?: string | undefined;
  readonly thresholds?: unknown;
}

/** Values of one statistic say nothing of another. */
const thresholdsOfMethod = {
  test: ({ method, thresholds: given }: Given) => method === undefined || method === 'psi' || given !== undefined,
  refusal: { path: ['thresholds'], error: 'warning and critical beside the method: those of psi say nothing of it' },
};

const reference = z
  .strictObject({
    file: z.string().min(1).optional(),
    url: urlWithoutSecrets.optional(),
    /** A file with the address: one that is signed is a secret, and is replaced when it ends. */
    urlFile: z.string().min(1).optional(),
    /** In place of what the document says. */
    namespace: name.optional(),
    model: name.optional(),
    /** `*`: for all versions that have no reference of their own. */
    version: version.optional(),
    refreshIntervalSeconds: z.number().min(MIN_REFRESH_SECONDS).max(86_400).default(300),
    ...httpClient,
  })
  .refine(({ file, url, urlFile }) => [file, url, urlFile].filter((one) => one !== undefined).length === 1, {
    error: 'one of file, url and urlFile',
  })
  .refine(oneWhoWeAre.test, oneWhoWeAre.refusal);

const modelAnywhere = z
  .string()
  .regex(/^[^/]+(\/[^/]+)?$/, { error: 'a model, or namespace/model' })
  .max(507);

export const monitoringSchema = z
  .strictObject({
    /** What the models were trained on, as `modelwatch profile` writes it. */
    references: z.array(reference).max(MOST_MODELS).default([]),
    /** Settings for all models, unless somebody says something else of one. */
    defaults: z.strictObject(forAll).refine(thresholdsOfMethod.test, thresholdsOfMethod.refusal).prefault({}),
    /** Settings of single models; they win over those in ConfigMaps. */
    models: z
      .array(
        z
          .strictObject({
            namespace: name,
            model: name,
            ...settings,
            customMetrics: customMetricsOrQueries.optional(),
            /** Models that answer the same requests; of another namespace as `namespace/model`. */
            challengers: challengersOf(modelAnywhere),
          })
          .refine(thresholdsOfMethod.test, thresholdsOfMethod.refusal)
      )
      .max(MOST_MODELS)
      .default([])
      .superRefine((all, context) => {
        const seen = new Set<string>();
        all.forEach(({ namespace, model }, index) => {
          const key = `${namespace}/${model}`;
          const message = 'a model that no other entry has';
          if (seen.has(key)) context.addIssue({ code: 'custom', path: [index, 'model'], message });
          seen.add(key);
        });
      }),
  })
  .prefault({});

export type MonitoringConfig = z.infer<typeof monitoringSchema>;
export type ReferenceConfig = MonitoringConfig['references'][number];

/** A document of settings, as a ConfigMap in the namespace of the model has it. */
export const settingsDocumentSchema = z
  .strictObject({
    model: name,
    ...settings,
    customMetrics: customMetrics.optional(),
    /** Of its namespace: whoever writes there must not learn what others answer. */
    challengers: challengersOf(name),
  })
  .refine(thresholdsOfMethod.test, thresholdsOfMethod.refusal);
export type SettingsDocument = z.infer<typeof settingsDocumentSchema>;
