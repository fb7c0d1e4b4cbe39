/** Request metrics of the versions of a model, and of the candidates of an experiment over models. */
import { ofModel, series, type RecordedSeries } from './series';

const CANDIDATE = ['cluster', 'namespace', 'experiment', 'candidate', 'role'] as const;

export const RECORDED_VERSIONS = {
  inferenceVersionRequestsRate: ofModel(
    'inference_version_requests_rate:5m',
    ['version', 'outcome'],
    'Requests per second over 5 minutes, of each version that the server tells; an empty version is one that it does not tell.'
  ),
  inferenceVersionErrorsRatio: ofModel(
    'inference_version_errors_ratio:5m',
    ['version'],
    'The share of modelwatch:inference_errors_ratio:5m, of each version.'
  ),
  inferenceVersionDurationMean: ofModel(
    'inference_version_duration_mean_seconds:5m',
    ['version'],
    'Mean duration of the requests over 5 minutes, of each version, in seconds.'
  ),
  inferenceVersionDurationBuckets: ofModel(
    'inference_version_duration_bucket_rate:5m',
    ['version', 'le', 'seen_by'],
    'Requests per second over 5 minutes that took at most le, of each version, where there are buckets: those of the server, else those of the proxies before it (seen_by: server, proxy). What all quantiles of durations are taken from. A bound that one of the replicas of the version lacks is left out.'
  ),
  inferencePartialDurationBuckets: ofModel(
    'inference_partial_duration_bucket_versions',
    ['le'],
    'Versions of the model that have this bound, where others have not: quantiles of the model leave it out.'
  ),
  inferenceVersionDurationP95: ofModel(
    'inference_version_duration_p95_seconds:5m',
    ['version'],
    '95th percentile of the duration over 5 minutes, of each version, in seconds; absent where neither the server nor a proxy before it has buckets.'
  ),
  experimentCandidateRequestsRate: series(
    'experiment_candidate_requests_rate:5m',
    CANDIDATE,
    'Requests per second over 5 minutes that a model in the experiment had, also those that came to it past the experiment.'
  ),
  experimentCandidateErrorsRatio: series(
    'experiment_candidate_errors_ratio:5m',
    CANDIDATE,
    'The share of modelwatch:inference_errors_ratio:5m of a model in the experiment.'
  ),
  experimentCandidateDurationMean: series(
    'experiment_candidate_duration_mean_seconds:5m',
    CANDIDATE,
    'Mean duration of the requests over 5 minutes of a model in the experiment, in seconds.'
  ),
  experimentCandidateDurationP95: series(
    'experiment_candidate_duration_p95_seconds:5m',
    CANDIDATE,
    '95th percentile of the duration over 5 minutes of a model in the experiment, in seconds; absent where the server has no buckets.'
  ),
} as const satisfies Record<string, RecordedSeries>;
