/** Custom metrics: numbers that only the owner of a model knows, declared in its settings. */

/** How samples become one value. `gauge`: the last one. `share`: of the samples, those of one category. */
export const CUSTOM_AGGREGATIONS = ['sum', 'average', 'gauge', 'share'] as const;
export type CustomAggregation = (typeof CUSTOM_AGGREGATIONS)[number];

export const CUSTOM_DIRECTIONS = ['higher_is_better', 'lower_is_better'] as const;
export type CustomDirection = (typeof CUSTOM_DIRECTIONS)[number];

/**
 * Where values come from. `pushed`: sent to /ingest/metrics. `expression`: worked out of each prediction, or of each
 * prediction with its actual. `promql`: a query of the Prometheus that evaluates the rules.
 */
export const CUSTOM_SOURCES = ['pushed', 'expression', 'promql'] as const;
export type CustomSource = (typeof CUSTOM_SOURCES)[number];

/** Where a value breaks a limit: above it, or below it. */
export const CUSTOM_SIDES = ['above', 'below'] as const;
export type CustomSide = (typeof CUSTOM_SIDES)[number];

/** Verdict on one metric with a limit; worst first. */
export const CUSTOM_STATES = ['critical', 'warning', 'stale', 'too_little_data', 'ok'] as const;
export type CustomState = (typeof CUSTOM_STATES)[number];

/** A name is a label value, part of the name of a channel, and stands in sentences. */
export const CUSTOM_METRIC_NAME = /^[a-z][a-z0-9_]{0,62}$/;
/** Of one model. */
export const MOST_CUSTOM_METRICS = 50;
/** The category of a share where none is named: of what is true. */
export const CUSTOM_CATEGORY = 'true';
/** Larger values are refused: beside one of them a sum would lose the small ones. */
export const LARGEST_CUSTOM_VALUE = 1e15;
/** Samples in the window below which there is no verdict, unless set. A sum stands for itself, a mean of few is noise. */
export const CUSTOM_SAMPLES_NEEDED: Readonly<Record<CustomAggregation, number>> = {
  sum: 1,
  average: 30,
  share: 30,
  gauge: 1,
};

/**
 * Why a sample that was sent is not counted. `malformed`: it could not be read. `unknown_metric`: its model has no metric
 * of that name that is pushed. `wrong_value`: not what the aggregation asks for. `duplicate`: one with its id was counted
 * before.
 */
export const CUSTOM_REFUSALS = ['malformed', 'unknown_metric', 'wrong_value', 'duplicate'] as const;
export type CustomRefusal = (typeof CUSTOM_REFUSALS)[number];

/**
 * Why an expression gave no value for a prediction. `missing_value`: a feature is not there. `wrong_type`: a text where a
 * number is expected, or the other way round. `not_finite`: it divided by 0. `other`: anything else.
 */
export const CUSTOM_ERRORS = ['missing_value', 'wrong_type', 'not_finite', 'other'] as const;
export type CustomError = (typeof CUSTOM_ERRORS)[number];

const CHANNEL_PREFIX = 'custom:';
/** The channel of health of one custom metric: `custom:` and its name. */
export type CustomChannel = `${typeof CHANNEL_PREFIX}${string}`;
/** Selects the channels of all custom metrics, as a regular expression of PromQL. */
export const CUSTOM_CHANNELS = `${CHANNEL_PREFIX}.+`;

/** The custom metric that a channel is of; undefined for any other channel. */
export function customMetricOf(channel: string): string | undefined {
  if (!channel.startsWith(CHANNEL_PREFIX)) return undefined;
  const name = channel.slice(CHANNEL_PREFIX.length);
  return CUSTOM_METRIC_NAME.test(name) ? name : undefined;
}
