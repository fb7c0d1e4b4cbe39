export { ALERT_VECTORS } from './alerts';
export { HEALTH_VECTORS } from './health';
export { INFERENCE_VECTORS } from './inference';
export { RESOURCE_VECTORS } from './resources';
export { SHARD_ALERT_VECTORS, SHARD_VECTORS } from './shards';
export { INTERVAL_SECONDS, tell, type Story } from './story';
export { TRAFFIC_VECTORS } from './traffic';
export { UPTIME_VECTORS } from './uptime';
export { USAGE_INTERVAL_SECONDS, USAGE_VECTORS } from './usage';
