/** State and health of models. Health is recorded once, here, and everyone reads that one series. */
import { ofModel, series, type RecordedSeries } from './series';

export const RECORDED_STATE = {
  namespaceShard: series(
    'namespace_shard',
    ['cluster', 'namespace', 'shard', 'total_shards'],
    'The shard that shows the models of the namespace, or showed them last; value 1. Without sharding it has no labels of a shard.'
  ),
  modelInfo: ofModel(
    'model_info',
    ['platform', 'server', 'runtime', 'version', 'owner', 'importance'],
    'Information on the model, once per model however many exporters see it. Join with this, never with the raw series.'
  ),
  modelServing: ofModel(
    'model_serving',
    ['state'],
    'Serving state as 0/1 set, from the exporters that are synced; stale while no exporter can tell.'
  ),
  modelServingReason: ofModel('model_serving_reason', ['reason'], 'Reasons that hold, value 1.'),
  modelChannel: ofModel(
    'model_channel',
    ['channel', 'status'],
    'Status of each channel of the model; only the status that holds, value 1. A channel without a verdict is absent.'
  ),
  modelHealth: ofModel('model_health', ['health'], 'Health of the model as 0/1 set: 1 for the one that holds.'),
  modelReplicasDesired: ofModel('model_replicas_desired', [], 'Replicas that the model should have.'),
  modelReplicasAvailable: ofModel('model_replicas_available', [], 'Replicas of the model that can serve.'),
  modelLastObserved: ofModel(
    'model_last_observed_timestamp_seconds',
    [],
    'When the state of the model was last confirmed, by any exporter.'
  ),
  modelLastPrediction: ofModel(
    'model_last_prediction_timestamp_seconds',
    [],
    'When the last prediction of the model arrived as an event, at any exporter; stays when an exporter begins anew.'
  ),
  modelLastTransition: ofModel(
    'model_last_transition_timestamp_seconds',
    [],
    'When the serving state of the model last changed.'
  ),
} as const satisfies Record<string, RecordedSeries>;
