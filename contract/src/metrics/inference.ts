/** Request metrics, translated from each server's own to one vocabulary. */
import { family, INFERENCE } from './family';

export const INFERENCE_METRICS = {
  inferenceRequests: family(
    'inference_requests_total',
    'counter',
    [...INFERENCE, 'outcome'],
    'Inference requests, as the model server counted them, by outcome.'
  ),
  inferenceDuration: family(
    'inference_duration_seconds',
    'histogram',
    INFERENCE,
    'Duration of inference requests in the model server. A server without buckets gives only le="+Inf".'
  ),
  inferenceQueue: family(
    'inference_queue_seconds',
    'histogram',
    INFERENCE,
    'Time that inference requests waited in the queue of the model server. Without buckets only le="+Inf".'
  ),
  inferenceBatchSize: family(
    'inference_batch_size',
    'histogram',
    INFERENCE,
    'Inferences per execution of the model. A server without buckets gives only le="+Inf".'
  ),
} as const;
