/** Requests to pipelines, and the cache of models on servers. */
import { series, type RecordedSeries } from './series';

const PIPELINE = ['cluster', 'namespace', 'pipeline', 'method'] as const;
const SERVER = ['cluster', 'namespace', 'server'] as const;

const ofPipeline = (name: string, labels: readonly string[], help: string) =>
  series(`pipeline_${name}`, [...PIPELINE, ...labels], help);

export const RECORDED_PIPELINES = {
  pipelineRequestsRate: ofPipeline(
    'requests_rate:5m',
    ['outcome'],
    'Requests per second to the pipeline over 5 minutes, by how they came in.'
  ),
  pipelineErrorsRatio: ofPipeline(
    'errors_ratio:5m',
    [],
    'Share of the requests to the pipeline over 5 minutes that failed, 0 to 1; of a status 400 over REST nobody can tell whether a step or the request was wrong: it is among them. Absent where nobody counts failures.'
  ),
  pipelineResponsesRate: ofPipeline(
    'responses_rate:5m',
    ['code'],
    'Answers per second to requests to the pipeline over 5 minutes by status: 401, 403, 429, other.'
  ),
  pipelineRefusedRatio: ofPipeline(
    'refused_ratio:5m',
    [],
    'Share of the answers to requests to the pipeline over 5 minutes that refused who asked (401, 403, 429), 0 to 1.'
  ),
  pipelineDurationMean: ofPipeline(
    'duration_mean_seconds:5m',
    [],
    'Mean duration of requests to the pipeline over 5 minutes, in seconds.'
  ),
  pipelineDurationP50: ofPipeline(
    'duration_p50_seconds:5m',
    [],
    'Median of the duration of requests to the pipeline over 5 minutes, in seconds.'
  ),
  pipelineDurationP95: ofPipeline(
    'duration_p95_seconds:5m',
    [],
    '95th percentile of the duration of requests to the pipeline over 5 minutes, in seconds.'
  ),
  pipelineDurationP99: ofPipeline(
    'duration_p99_seconds:5m',
    [],
    '99th percentile of the duration of requests to the pipeline over 5 minutes, in seconds.'
  ),
  serverCacheHitsRate: series(
    'server_cache_hits_rate:5m',
    SERVER,
    'Requests per second over 5 minutes that found their model in the memory of the server.'
  ),
  serverCacheMissesRate: series(
    'server_cache_misses_rate:5m',
    SERVER,
    'Requests per second over 5 minutes for which the server had to load an evicted model again.'
  ),
} as const satisfies Record<string, RecordedSeries>;
