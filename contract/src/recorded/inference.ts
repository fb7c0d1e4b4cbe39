/** Request metrics of each model, summed over its replicas; what its servers cannot say is absent. */
import { ofModel, type RecordedSeries } from './series';

const BUCKETS = 'absent where the server has no buckets';
const ANY_BUCKETS = 'absent where neither the server nor a proxy before it has buckets';

export const RECORDED_INFERENCE = {
  inferenceRequestsRate: ofModel('inference_requests_rate:5m', ['outcome'], 'Requests per second over 5 minutes.'),
  inferenceCapability: ofModel(
    'inference_capability',
    ['capability'],
    'Share of the replicas that have requests and answer that can say how these ended (outcomes), and whose fault failures were (error_sides): 1 when all can, 0 when none. Absent while nothing is measured.'
  ),
  inferenceErrorsRatio: ofModel(
    'inference_errors_ratio:5m',
    [],
    'Share of the requests over 5 minutes that failed and not by the fault of the client, 0 to 1: server errors, and failures of which the server does not tell the side. Absent where the server does not count failures.'
  ),
  inferenceServerErrorsRatio: ofModel(
    'inference_server_errors_ratio:5m',
    [],
    'Share of the requests over 5 minutes that failed by the fault of the server (system errors), 0 to 1; absent where the server does not tell the side.'
  ),
  inferenceClientErrorsRatio: ofModel(
    'inference_client_errors_ratio:5m',
    [],
    'Share of the requests over 5 minutes that failed by the fault of the client (data errors), 0 to 1; absent where the server does not tell the side.'
  ),
  inferenceUnknownErrorsRatio: ofModel(
    'inference_unknown_errors_ratio:5m',
    [],
    'Share of the requests over 5 minutes that failed without the server telling by whose fault, 0 to 1; absent where it does not count failures.'
  ),
  inferenceResponsesRate: ofModel(
    'inference_responses_rate:5m',
    ['code', 'seen_by'],
    'Answers per second over 5 minutes by status (401, 403, 429, other), as the containers before its servers counted them, or the proxies before those (seen_by: server, proxy). Absent where nobody tells the status of each answer.'
  ),
  inferenceRefusedRatio: ofModel(
    'inference_refused_ratio:5m',
    [],
    'Share of the answers over 5 minutes that refused who asked (401, 403, 429), 0 to 1: at the servers or at the proxies before them, whichever is higher. Absent where nobody tells the status of each answer.'
  ),
  inferenceDurationMean: ofModel(
    'inference_duration_mean_seconds:5m',
    [],
    'Mean duration of the requests over 5 minutes, in seconds.'
  ),
  inferenceDurationP50: ofModel(
    'inference_duration_p50_seconds:5m',
    [],
    `Median of the duration over 5 minutes, in seconds; ${ANY_BUCKETS}.`
  ),
  inferenceDurationP90: ofModel(
    'inference_duration_p90_seconds:5m',
    [],
    `90th percentile of the duration over 5 minutes, in seconds; ${ANY_BUCKETS}.`
  ),
  inferenceDurationP95: ofModel(
    'inference_duration_p95_seconds:5m',
    [],
    `95th percentile of the duration over 5 minutes, in seconds; ${ANY_BUCKETS}.`
  ),
  inferenceDurationP99: ofModel(
    'inference_duration_p99_seconds:5m',
    [],
    `99th percentile of the duration over 5 minutes, in seconds; ${ANY_BUCKETS}.`
  ),
  inferenceReplicaFastRate: ofModel(
    'inference_replica_fast_requests_rate:5m',
    ['replica', 'version', 'seen_by'],
    'Requests per second over 5 minutes that took no longer than the threshold of the model, of each replica that has its bound: of the server, else of the proxies before it (seen_by: server, proxy).'
  ),
  inferenceSlowRatio: ofModel(
    'inference_slow_ratio:5m',
    [],
    'Share of the requests over 5 minutes that took longer than the threshold of the model, 0 to 1; absent without one, and where no bucket bound of the server, or of the proxies before one without buckets, fits it.'
  ),
  inferenceExecutionMean: ofModel(
    'inference_execution_mean_seconds:5m',
    [],
    'Mean time over 5 minutes that the model itself worked on a request, in seconds.'
  ),
  inferenceQueueMean: ofModel(
    'inference_queue_mean_seconds:5m',
    [],
    'Mean time over 5 minutes that a request waited in the queue of the server, in seconds.'
  ),
  inferenceQueueP95: ofModel(
    'inference_queue_p95_seconds:5m',
    [],
    `95th percentile over 5 minutes of the time that a request waited in the queue of the server, in seconds; ${BUCKETS}.`
  ),
  inferenceBatchSizeMean: ofModel(
    'inference_batch_size_mean:5m',
    [],
    'Mean number of inferences per execution of the model over 5 minutes.'
  ),
  inferenceRunning: ofModel(
    'inference_running_requests',
    [],
    'Requests that the replicas of the model are working on.'
  ),
  inferenceWaiting: ofModel('inference_waiting_requests', [], 'Requests that wait for the replicas of the model.'),
  inferenceResponseCacheHitRatio: ofModel(
    'inference_response_cache_hit_ratio:5m',
    [],
    'Share of the look-ups over 5 minutes that the cache of responses could answer, 0 to 1.'
  ),
  inferenceRequestsRatePeakPerHour: ofModel(
    'inference_requests_rate_peak:1h',
    [],
    'Highest rate of requests over 5 minutes that was seen in the last hour, in requests per second.'
  ),
  inferenceRequestsRatePeakPerDay: ofModel(
    'inference_requests_rate_peak:1d',
    [],
    'Highest rate of requests over 5 minutes that was seen in the last 24 hours, in requests per second.'
  ),
  inferenceLastRequest: ofModel(
    'inference_last_request_timestamp_seconds',
    [],
    'When the model was last seen to answer a request.'
  ),
  inferenceRequestsPerDay: ofModel('inference_requests:1d', [], 'Requests over the last 24 hours.'),
} as const satisfies Record<string, RecordedSeries>;
