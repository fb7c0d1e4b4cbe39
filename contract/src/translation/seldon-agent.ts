/**
 * The agent beside each model server of Seldon Core 2 (facts of v2.9, from its documentation and source; not run here).
 * Every request for a model passes through it, so it sees what those who asked saw: outcomes by status, and how long it
 * took with the queue of the server and a reload of an evicted model. It has no buckets for a model.
 */
import type { ReplicaNumber } from '../metrics/server-replica';
import { outcomeByCode, responseByCode } from './codes';
import type { ServerTranslation } from './types';

export const SELDON_AGENT_TRANSLATION: ServerTranslation = {
  // `model_internal` carries the version, `model` does not.
  modelLabels: ['model_internal'],
  versionLabels: [],
  families: [
    {
      family: 'seldon_model_infer_total',
      type: 'counter',
      to: [
        { requests: outcomeByCode('code') },
        { responses: responseByCode('code') },
        { histogram: 'duration', part: 'count' },
      ],
    },
    { family: 'seldon_model_infer_seconds_total', type: 'counter', to: [{ histogram: 'duration', part: 'sum' }] },
    // A model that is there and has no series of requests was not asked yet.
    {
      family: 'seldon_loaded_model_gauge',
      type: 'gauge',
      to: [{ counted: ['success', 'client_error', 'server_error'] }, { responses: 'counted' }],
    },
  ],
  capabilities: ['requests', 'outcomes', 'error_sides', 'versions', 'duration'],
};

export interface ReplicaTranslation {
  readonly family: string;
  readonly number: ReplicaNumber;
  /** All series of the page together: their sum, or how many are above zero. */
  readonly combine: 'add' | 'count_positive';
  /** A counter, which has no series until it counts for the first time. */
  readonly fromZero?: true;
}

/** What the agent says of the whole replica. Memory is what models declare and containers request, not what they use. */
export const SELDON_AGENT_REPLICA: readonly ReplicaTranslation[] = [
  { family: 'seldon_cache_evict_count', number: 'cacheEvictions', combine: 'add', fromZero: true },
  { family: 'seldon_cache_miss_count', number: 'cacheMisses', combine: 'add', fromZero: true },
  { family: 'seldon_load_model_counter', number: 'modelLoads', combine: 'add', fromZero: true },
  { family: 'seldon_unload_model_counter', number: 'modelUnloads', combine: 'add', fromZero: true },
  // A series stays at 0 after its model was unloaded.
  { family: 'seldon_loaded_model_gauge', number: 'modelsRegistered', combine: 'add' },
  // A model that declares no memory has 0 even while it is loaded: it is not counted.
  { family: 'seldon_loaded_model_memory_bytes_gauge', number: 'modelsInMemory', combine: 'count_positive' },
  { family: 'seldon_loaded_model_memory_bytes_gauge', number: 'memoryLoadedBytes', combine: 'add' },
  { family: 'seldon_evicted_model_memory_bytes_gauge', number: 'memoryEvictedBytes', combine: 'add' },
  { family: 'seldon_server_replica_memory_capacity_bytes_gauge', number: 'memoryCapacityBytes', combine: 'add' },
  {
    family: 'seldon_server_replica_memory_capacity_overcommit_bytes_gauge',
    number: 'memoryOvercommitCapacityBytes',
    combine: 'add',
  },
];
