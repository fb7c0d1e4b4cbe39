/** Service health: requests, errors and how long they take, per model, per version and per candidate of an experiment. */
import { RECORDED } from '@modelwatch/contract';
import { MODEL_BY, highest, recordedFigure, type Figure, type FigureKindTable } from './figure';

const BY_VERSION = [...MODEL_BY, 'version'] as const;
const BY_CANDIDATE = ['cluster', 'namespace', 'experiment', 'candidate', 'role'] as const;
/** The shares from which the rules call errors a warning and critical, unless they are told otherwise. */
const ERROR_THRESHOLDS = { warning: 0.01, critical: 0.05 };

const SECONDS = 's';
const RATIO = 'percentunit';
const RATE = 'reqps';

const ofModel = (series: { name: string; help: string }, label: string, unit: string) =>
  recordedFigure(series, MODEL_BY, label, unit);
const errorsOfModel = (series: { name: string; help: string }, label: string) =>
  recordedFigure(series, MODEL_BY, label, RATIO, ERROR_THRESHOLDS);

/** The recorded rate is by outcome; several Prometheus servers may hold it twice, so `max` comes before `sum`. */
function rateFigure(
  series: { readonly name: string; readonly help: string },
  by: readonly string[],
  label: string,
  outcome = true
): Figure {
  return {
    label,
    unit: RATE,
    by,
    description: series.help,
    expr: (select) =>
      outcome
        ? `sum by (${by.join(', ')}) (${highest([...by, 'outcome'], select(series.name))})`
        : highest(by, select(series.name)),
  };
}

const FIGURES = {
  rate: rateFigure(RECORDED.inferenceRequestsRate, MODEL_BY, 'Requests per second'),
  rate_by_outcome: {
    ...rateFigure(RECORDED.inferenceRequestsRate, [...MODEL_BY, 'outcome'], 'Requests per second by outcome', false),
    description:
      'Requests per second over 5 minutes: answered, or failed by the fault of client, server or nobody knows.',
  },
  errors: errorsOfModel(RECORDED.inferenceErrorsRatio, 'Share of failed requests'),
  system_errors: errorsOfModel(RECORDED.inferenceServerErrorsRatio, 'System error rate (5xx)'),
  data_errors: ofModel(RECORDED.inferenceClientErrorsRatio, 'Data error rate (4xx)', RATIO),
  unknown_errors: errorsOfModel(RECORDED.inferenceUnknownErrorsRatio, 'Errors of unknown cause'),
  duration_mean: ofModel(RECORDED.inferenceDurationMean, 'Response time, mean', SECONDS),
  duration_p50: ofModel(RECORDED.inferenceDurationP50, 'Response time, median', SECONDS),
  duration_p90: ofModel(RECORDED.inferenceDurationP90, 'Response time, 90th percentile', SECONDS),
  duration_p95: ofModel(RECORDED.inferenceDurationP95, 'Response time, 95th percentile', SECONDS),
  duration_p99: ofModel(RECORDED.inferenceDurationP99, 'Response time, 99th percentile', SECONDS),
  slow: ofModel(RECORDED.inferenceSlowRatio, 'Share of slow requests', RATIO),
  execution_mean: ofModel(RECORDED.inferenceExecutionMean, 'Execution time, mean', SECONDS),
  queue_mean: ofModel(RECORDED.inferenceQueueMean, 'Time in queue, mean', SECONDS),
  queue_p95: ofModel(RECORDED.inferenceQueueP95, 'Time in queue, 95th percentile', SECONDS),
  batch_size: ofModel(RECORDED.inferenceBatchSizeMean, 'Batch size, mean', 'short'),
  running: ofModel(RECORDED.inferenceRunning, 'Requests being worked on', 'short'),
  waiting: ofModel(RECORDED.inferenceWaiting, 'Requests waiting', 'short'),
  cache_hits: ofModel(RECORDED.inferenceResponseCacheHitRatio, 'Cache hit rate', RATIO),
  peak_hour: ofModel(RECORDED.inferenceRequestsRatePeakPerHour, 'Peak load of the last hour', RATE),
  peak_day: ofModel(RECORDED.inferenceRequestsRatePeakPerDay, 'Peak load of the last 24 hours', RATE),
  requests_day: ofModel(RECORDED.inferenceRequestsPerDay, 'Requests of the last 24 hours', 'short'),
  uptime: {
    label: 'Uptime over the time range',
    description:
      'Share of the time range in which the model could serve, of the time in which anybody knew. What was idle on purpose, unknown or stale is in neither.',
    unit: RATIO,
    by: MODEL_BY,
    expr: (select) => highest(MODEL_BY, `avg_over_time(${select(RECORDED.modelUp.name, { over: 'time range' })})`),
  },
  version_rate: rateFigure(RECORDED.inferenceVersionRequestsRate, BY_VERSION, 'Requests per second by version'),
  version_errors: recordedFigure(
    RECORDED.inferenceVersionErrorsRatio,
    BY_VERSION,
    'Share of failed requests by version',
    RATIO,
    ERROR_THRESHOLDS
  ),
  version_duration_mean: recordedFigure(
    RECORDED.inferenceVersionDurationMean,
    BY_VERSION,
    'Response time by version, mean',
    SECONDS
  ),
  version_duration_p95: recordedFigure(
    RECORDED.inferenceVersionDurationP95,
    BY_VERSION,
    'Response time by version, 95th percentile',
    SECONDS
  ),
} as const satisfies Record<string, Figure>;

export const SERVICE_HEALTH: FigureKindTable<keyof typeof FIGURES> = {
  label: 'Service health',
  description: 'Requests, errors, response time, queue and load of each model',
  figures: FIGURES,
  fallback: 'rate',
  filters: ['cluster', 'namespace', 'model', 'platform', 'health', 'server'],
  ofModels: true,
};

const CANDIDATES = {
  rate: recordedFigure(RECORDED.experimentCandidateRequestsRate, BY_CANDIDATE, 'Requests per second', RATE),
  errors: recordedFigure(
    RECORDED.experimentCandidateErrorsRatio,
    BY_CANDIDATE,
    'Share of failed requests',
    RATIO,
    ERROR_THRESHOLDS
  ),
  duration_mean: recordedFigure(RECORDED.experimentCandidateDurationMean, BY_CANDIDATE, 'Response time, mean', SECONDS),
  duration_p95: recordedFigure(
    RECORDED.experimentCandidateDurationP95,
    BY_CANDIDATE,
    'Response time, 95th percentile',
    SECONDS
  ),
} as const satisfies Record<string, Figure>;

export const EXPERIMENTS: FigureKindTable<keyof typeof CANDIDATES> = {
  label: 'Experiments',
  description: 'Requests, errors and response time of each candidate of an experiment',
  figures: CANDIDATES,
  fallback: 'rate',
  filters: ['cluster', 'namespace'],
  ofModels: false,
};
