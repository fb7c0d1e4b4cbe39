/** Figures of all models of a namespace, a server or a platform, so that no dashboard of a fleet reads every model. */
import { series, type RecordedSeries } from './series';

type Figure = readonly [name: string, labels: readonly string[], help: string];

/** By the end of their keys. Quantiles and ratios are of the sums, not means of the models' own. */
const FIGURES = {
  RequestsRate: ['requests_rate:5m', ['outcome'], 'Requests per second over 5 minutes'],
  ErrorsRatio: [
    'errors_ratio:5m',
    [],
    'Share of the requests over 5 minutes that failed and not by the fault of the client, 0 to 1, among models whose servers count failures',
  ],
  DurationMean: ['duration_mean_seconds:5m', [], 'Mean duration of the requests over 5 minutes, in seconds'],
  DurationP95: [
    'duration_p95_seconds:5m',
    [],
    '95th percentile of the duration over 5 minutes, in seconds, among models with buckets, by the bounds that all of them have',
  ],
  Running: ['running_requests', [], 'Requests that are worked on'],
  Waiting: ['waiting_requests', [], 'Requests that wait'],
  Cpu: ['cpu_usage_cores:5m', [], 'CPU cores in use by pods of model servers, over 5 minutes'],
  Memory: [
    'memory_working_set_bytes',
    [],
    'Memory of pods of model servers that cannot be reclaimed (working set), in bytes',
  ],
  GpusBusy: ['gpus_busy', [], 'GPUs in use by pods of model servers: the sum of their utilisations'],
  GpuMemoryUsed: ['gpu_memory_used_bytes', [], 'GPU memory in use by pods of model servers, in bytes'],
} as const satisfies Record<string, Figure>;

export type AggregateFigure = keyof typeof FIGURES;
export type AggregateLevel = 'namespace' | 'server' | 'platform';
type Aggregates<Level extends AggregateLevel> = Record<`${Level}${AggregateFigure}`, RecordedSeries>;

function of<Level extends AggregateLevel>(level: Level, labels: readonly string[], what: string): Aggregates<Level> {
  const entries = Object.entries<Figure>(FIGURES).map(
    ([key, [name, more, help]]) =>
      [`${level}${key}`, series(`${level}_${name}`, [...labels, ...more], `${help}; ${what}.`)] as const
  );
  return Object.fromEntries(entries) as Aggregates<Level>;
}

const SERVER = ['cluster', 'namespace', 'server'] as const;
const BUCKETS = ['cluster', 'namespace', 'platform', 'le'] as const;

export const RECORDED_AGGREGATES = {
  serverInfo: series(
    'server_info',
    [...SERVER, 'platform', 'server_type'],
    'A server, once however many exporters see it, with the parts of a model that stand beside its server (transformers); value 1. Join with this.'
  ),
  ...of('namespace', ['cluster', 'namespace'], 'by namespace'),
  ...of('server', SERVER, 'by server'),
  ...of('platform', ['cluster', 'platform'], 'by platform'),
  namespaceDurationBuckets: series(
    'namespace_duration_bucket_rate:5m',
    BUCKETS,
    'Requests per second over 5 minutes that took at most le, of models with buckets; what the quantiles of namespaces and platforms are made of.'
  ),
  namespaceDurationBucketModels: series(
    'namespace_duration_bucket_models',
    BUCKETS,
    'Models that have this bound; one that not all of them have is left out of quantiles.'
  ),
} as const satisfies Record<string, RecordedSeries>;
