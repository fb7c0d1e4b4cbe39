/** Memory and models of one replica of a server, as the agent of Seldon Core 2 beside it says, else Seldon's scheduler. */
import { family, ENDPOINT, type MetricFamily } from './family';

const DECLARED = 'As models and containers declare it, not what they use.';

export const SERVER_REPLICA_METRICS = {
  serverCacheEvictions: family(
    'server_cache_evictions_total',
    'counter',
    ENDPOINT,
    'Models that the replica put out of memory to make room for another one.'
  ),
  serverCacheMisses: family(
    'server_cache_misses_total',
    'counter',
    ENDPOINT,
    'Requests for which the replica had to load an evicted model again.'
  ),
  serverModelLoads: family(
    'server_model_loads_total',
    'counter',
    ENDPOINT,
    'Models that were loaded into the replica because they were placed there.'
  ),
  serverModelUnloads: family(
    'server_model_unloads_total',
    'counter',
    ENDPOINT,
    'Models that were taken from the replica because they are no longer placed there.'
  ),
  serverReplicaModelsRegistered: family(
    'server_replica_models_registered',
    'gauge',
    ENDPOINT,
    'Models that are placed on the replica, in memory or evicted.'
  ),
  serverReplicaModelsInMemory: family(
    'server_replica_models_in_memory',
    'gauge',
    ENDPOINT,
    'Models that are in the memory of the replica; those that declare no memory are not counted.'
  ),
  serverReplicaMemoryCapacity: family(
    'server_replica_memory_capacity_bytes',
    'gauge',
    ENDPOINT,
    `Memory of the replica for models. ${DECLARED}`
  ),
  serverReplicaMemoryOvercommitCapacity: family(
    'server_replica_memory_overcommit_capacity_bytes',
    'gauge',
    ENDPOINT,
    `Memory of the replica for models, with the share by which it may be overcommitted. ${DECLARED}`
  ),
  serverReplicaMemoryAvailable: family(
    'server_replica_memory_available_bytes',
    'gauge',
    ENDPOINT,
    "Memory that Seldon's scheduler has left on the replica for further models, as its agent told it last. As models declare it, not what they use."
  ),
  serverReplicaMemoryLoaded: family(
    'server_replica_memory_loaded_bytes',
    'gauge',
    ENDPOINT,
    `Memory of the models that are in the memory of the replica. ${DECLARED}`
  ),
  serverReplicaMemoryEvicted: family(
    'server_replica_memory_evicted_bytes',
    'gauge',
    ENDPOINT,
    `Memory of the models that are placed on the replica and were put out of its memory. ${DECLARED}`
  ),
} as const;

/** By the name that a measurement has for them. */
export const REPLICA_NUMBERS = {
  cacheEvictions: SERVER_REPLICA_METRICS.serverCacheEvictions,
  cacheMisses: SERVER_REPLICA_METRICS.serverCacheMisses,
  modelLoads: SERVER_REPLICA_METRICS.serverModelLoads,
  modelUnloads: SERVER_REPLICA_METRICS.serverModelUnloads,
  modelsRegistered: SERVER_REPLICA_METRICS.serverReplicaModelsRegistered,
  modelsInMemory: SERVER_REPLICA_METRICS.serverReplicaModelsInMemory,
  memoryCapacityBytes: SERVER_REPLICA_METRICS.serverReplicaMemoryCapacity,
  memoryOvercommitCapacityBytes: SERVER_REPLICA_METRICS.serverReplicaMemoryOvercommitCapacity,
  memoryAvailableBytes: SERVER_REPLICA_METRICS.serverReplicaMemoryAvailable,
  memoryLoadedBytes: SERVER_REPLICA_METRICS.serverReplicaMemoryLoaded,
  memoryEvictedBytes: SERVER_REPLICA_METRICS.serverReplicaMemoryEvicted,
} as const satisfies Record<string, MetricFamily<(typeof ENDPOINT)[number]>>;
export type ReplicaNumber = keyof typeof REPLICA_NUMBERS;
