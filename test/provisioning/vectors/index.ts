import { ALERT_VECTORS } from './alerts';
import { HEALTH_VECTORS } from './health';
import { INFERENCE_VECTORS } from './inference';
import { MEASURE_VECTORS } from './measures';
import { SENDER_VECTORS } from './senders';
import { SHARD_ALERT_VECTORS, SHARD_VECTORS } from './shards';
import { TRAFFIC_VECTORS } from './traffic';
import { UPTIME_VECTORS } from './uptime';

export { AGGREGATE_VECTORS } from './aggregates';
export { PIPELINE_VECTORS } from './pipelines';
export { RESOURCE_VECTORS } from './resources';
export { INTERVAL_SECONDS, tell, type Story } from './story';
export { USAGE_INTERVAL_SECONDS, USAGE_VECTORS } from './usage';

/** What the rules of every installation are held to; the others are of optional parts, or of intervals of their own. */
export const RULE_VECTORS = [
  ...MEASURE_VECTORS,
  ...TRAFFIC_VECTORS,
  ...HEALTH_VECTORS,
  ...SENDER_VECTORS,
  ...INFERENCE_VECTORS,
  ...ALERT_VECTORS,
  ...SHARD_VECTORS,
  ...SHARD_ALERT_VECTORS,
  ...UPTIME_VECTORS,
];
