/**
 * Series that our Prometheus rules record. Named `modelwatch:<subject>_<stat>:<window>` (docs/decisions). Health is
 * recorded once, here, and everyone reads that one series. All carry `cluster` (absent = empty), `namespace`, and but for
 * the first `model`.
 */
export interface RecordedSeries {
  readonly name: string;
  readonly labels: readonly string[];
  readonly help: string;
}

const ID = ['cluster', 'namespace', 'model'] as const;

function recorded(name: string, labels: readonly string[], help: string): RecordedSeries {
  return { name: `modelwatch:${name}`, labels: [...ID, ...labels], help };
}

export const RECORDED = {
  namespaceShard: {
    name: 'modelwatch:namespace_shard',
    labels: ['cluster', 'namespace', 'shard', 'total_shards'],
    help: 'The shard that shows the models of the namespace, or showed them last; value 1. Without sharding it has no labels of a shard.',
  },
  modelInfo: recorded(
    'model_info',
    ['platform', 'server', 'runtime', 'version', 'owner', 'importance'],
    'Information on the model, once per model however many exporters see it. Join with this, never with the raw series.'
  ),
  modelServing: recorded(
    'model_serving',
    ['state'],
    'Serving state as 0/1 set, from the exporters that are synced; stale while no exporter can tell.'
  ),
  modelServingReason: recorded('model_serving_reason', ['reason'], 'Reasons that hold, value 1.'),
  modelChannel: recorded(
    'model_channel',
    ['channel', 'status'],
    'Status of each channel of the model; only the status that holds, value 1. A channel without a verdict is absent.'
  ),
  modelHealth: recorded('model_health', ['health'], 'Health of the model as 0/1 set: 1 for the one that holds.'),
  modelReplicasDesired: recorded('model_replicas_desired', [], 'Replicas that the model should have.'),
  modelReplicasAvailable: recorded('model_replicas_available', [], 'Replicas of the model that can serve.'),
  modelLastObserved: recorded(
    'model_last_observed_timestamp_seconds',
    [],
    'When the state of the model was last confirmed, by any exporter.'
  ),
  modelLastTransition: recorded(
    'model_last_transition_timestamp_seconds',
    [],
    'When the serving state of the model last changed.'
  ),
  inferenceRequestsRate: recorded('inference_requests_rate:5m', ['outcome'], 'Requests per second over 5 minutes.'),
  inferenceErrorsRatio: recorded(
    'inference_errors_ratio:5m',
    [],
    'Share of the requests over 5 minutes that the model failed to answer (server errors), 0 to 1.'
  ),
  inferenceDurationMean: recorded(
    'inference_duration_mean_seconds:5m',
    [],
    'Mean duration of the requests over 5 minutes, in seconds.'
  ),
  inferenceDurationP95: recorded(
    'inference_duration_p95_seconds:5m',
    [],
    '95th percentile of the duration over 5 minutes, in seconds; absent where the server has no buckets.'
  ),
  inferenceLastRequest: recorded(
    'inference_last_request_timestamp_seconds',
    [],
    'When the model was last seen to answer a request.'
  ),
  inferenceRequestsPerDay: recorded('inference_requests:1d', [], 'Requests over the last 24 hours.'),
} as const satisfies Record<string, RecordedSeries>;

export type RecordedKey = keyof typeof RECORDED;

/** Names of the alerts that we ship, so that dashboards, docs and tests cannot spell one that does not exist. */
export const ALERTS = {
  cannotServe: 'ModelwatchModelCannotServe',
  stale: 'ModelwatchModelStale',
  replicaDown: 'ModelwatchModelReplicaDown',
  exporterNotSynced: 'ModelwatchExporterNotSynced',
  exporterAbsent: 'ModelwatchExporterAbsent',
  shardMissing: 'ModelwatchShardMissing',
  shardMismatch: 'ModelwatchShardMismatch',
} as const;
export type AlertName = (typeof ALERTS)[keyof typeof ALERTS];
