/** State of a model on one replica of its server, as Seldon's scheduler holds it. In the order of its protocol, from 0. */
export const MODEL_REPLICA_STATES = [
  'unknown',
  'load_requested',
  'loading',
  'loaded',
  'load_failed',
  'unload_requested',
  'unloading',
  'unloaded',
  'unload_failed',
  'available',
  'loaded_unavailable',
  'unload_envoy_requested',
  'draining',
] as const;
export type ModelReplicaState = (typeof MODEL_REPLICA_STATES)[number];
