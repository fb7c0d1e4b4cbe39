/** What only language models have, summed over the replicas of each. */
import { ofModel, type RecordedSeries } from './series';

const BUCKETS = 'absent where the server has no buckets';

export const RECORDED_LLM = {
  inferenceTokensRate: ofModel(
    'inference_tokens_rate:5m',
    ['direction'],
    'Tokens per second over 5 minutes: read from prompts, and generated.'
  ),
  inferenceTimeToFirstTokenMean: ofModel(
    'inference_time_to_first_token_mean_seconds:5m',
    [],
    'Mean time to the first token over 5 minutes, in seconds.'
  ),
  inferenceTimeToFirstTokenP50: ofModel(
    'inference_time_to_first_token_p50_seconds:5m',
    [],
    `Median of the time to the first token over 5 minutes, in seconds; ${BUCKETS}.`
  ),
  inferenceTimeToFirstTokenP95: ofModel(
    'inference_time_to_first_token_p95_seconds:5m',
    [],
    `95th percentile of the time to the first token over 5 minutes, in seconds; ${BUCKETS}.`
  ),
  inferenceTimeToFirstTokenP99: ofModel(
    'inference_time_to_first_token_p99_seconds:5m',
    [],
    `99th percentile of the time to the first token over 5 minutes, in seconds; ${BUCKETS}.`
  ),
  inferenceInterTokenMean: ofModel(
    'inference_inter_token_mean_seconds:5m',
    [],
    'Mean time between two tokens over 5 minutes, in seconds.'
  ),
  inferenceInterTokenP50: ofModel(
    'inference_inter_token_p50_seconds:5m',
    [],
    `Median of the time between two tokens over 5 minutes, in seconds; ${BUCKETS}.`
  ),
  inferenceInterTokenP95: ofModel(
    'inference_inter_token_p95_seconds:5m',
    [],
    `95th percentile of the time between two tokens over 5 minutes, in seconds; ${BUCKETS}.`
  ),
  inferenceKvCacheUsage: ofModel(
    'inference_kv_cache_usage_ratio',
    [],
    'Share of the KV cache that is in use on the fullest replica of the model, 0 to 1.'
  ),
  inferencePrefixCacheHitRatio: ofModel(
    'inference_prefix_cache_hit_ratio:5m',
    [],
    'Share of the tokens of prompts over 5 minutes that the prefix cache had, 0 to 1.'
  ),
  inferencePreemptionsRate: ofModel(
    'inference_preemptions_rate:5m',
    [],
    'Requests per second over 5 minutes that were put aside because the KV cache was full.'
  ),
  inferenceFinishedRate: ofModel(
    'inference_finished_rate:5m',
    ['reason'],
    'Answers per second over 5 minutes, by the reason for which they ended.'
  ),
} as const satisfies Record<string, RecordedSeries>;
