/** Request metrics of each model, summed over its replicas. */
import { ofModel, type RecordedSeries } from './series';

export const RECORDED_INFERENCE = {
  inferenceRequestsRate: ofModel('inference_requests_rate:5m', ['outcome'], 'Requests per second over 5 minutes.'),
  inferenceErrorsRatio: ofModel(
    'inference_errors_ratio:5m',
    [],
    'Share of the requests over 5 minutes that the model failed to answer (server errors), 0 to 1.'
  ),
  inferenceDurationMean: ofModel(
    'inference_duration_mean_seconds:5m',
    [],
    'Mean duration of the requests over 5 minutes, in seconds.'
  ),
  inferenceDurationP95: ofModel(
    'inference_duration_p95_seconds:5m',
    [],
    '95th percentile of the duration over 5 minutes, in seconds; absent where the server has no buckets.'
  ),
  inferenceLastRequest: ofModel(
    'inference_last_request_timestamp_seconds',
    [],
    'When the model was last seen to answer a request.'
  ),
  inferenceRequestsPerDay: ofModel('inference_requests:1d', [], 'Requests over the last 24 hours.'),
} as const satisfies Record<string, RecordedSeries>;
