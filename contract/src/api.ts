/** The exporter's read API under /api/v1. Times are seconds since 1970, durations seconds. */
import { array, boolean, DecodeError, number, object, oneOf, optional, string, type Decoder } from './decode';
import { deployment, share } from './api-deployment';
import { MODEL_COMPONENTS, IMPORTANCES, PLATFORMS } from './vocabulary/models';
import { COMPONENT_ROLES } from './vocabulary/components';
import { ENDPOINT_MODEL_STATES } from './vocabulary/servers';
import { CONDITION_STATUSES } from './vocabulary/kubernetes';
import {
  channelOf,
  CHANNELS,
  CHANNEL_STATUSES,
  HEALTH_STATES,
  SERVING_REASONS,
  SERVING_STATES,
  type AnyChannel,
} from './vocabulary/health';

export const API_PREFIX = '/api/v1';
export const API_PATHS = {
  models: `${API_PREFIX}/models`,
  servers: `${API_PREFIX}/servers`,
  pipelines: `${API_PREFIX}/pipelines`,
  experiments: `${API_PREFIX}/experiments`,
  components: `${API_PREFIX}/components`,
  references: `${API_PREFIX}/references`,
  slos: `${API_PREFIX}/slos`,
  events: `${API_PREFIX}/events`,
  status: `${API_PREFIX}/status`,
  openapi: `${API_PREFIX}/openapi.json`,
} as const;

/** `prometheus`: the recorded health. `serving-only`: no Prometheus was given or it did not answer. */
export const HEALTH_SOURCES = ['prometheus', 'serving-only'] as const;

const reason = object({ reason: oneOf(SERVING_REASONS), text: string });
const replicas = object({ desired: optional(number), available: optional(number) });
const condition = object({
  condition: string,
  status: oneOf(CONDITION_STATUSES),
  reason: optional(string),
  message: optional(string),
});

/** What every entity of the fleet says of itself. `reasons` is worst first and empty only while serving. */
const entityShape = {
  namespace: string,
  name: string,
  platform: oneOf(PLATFORMS),
  serving: oneOf(SERVING_STATES),
  reasons: array(reason),
  sinceSeconds: optional(number),
  createdSeconds: optional(number),
  lastObservedSeconds: optional(number),
};

/** One of the closed list, or of a custom metric. */
const channel: Decoder<AnyChannel> = (value, path = '') => {
  const known = typeof value === 'string' ? channelOf(value) : undefined;
  if (known === undefined) throw new DecodeError(path, value, `one of ${CHANNELS.join(', ')}, custom:NAME`);
  return known;
};

const modelShape = {
  ...entityShape,
  health: oneOf(HEALTH_STATES),
  healthSource: oneOf(HEALTH_SOURCES),
  /** Channels that are over their limits, as Prometheus recorded them; absent when there are none, or when they are not known. */
  channels: optional(array(object({ channel, status: oneOf(CHANNEL_STATUSES), text: optional(string) }))),
  replicas,
  server: optional(string),
  runtime: optional(string),
  version: optional(string),
  owner: optional(string),
  importance: optional(oneOf(IMPORTANCES)),
};

export const decodeModelSummary = object(modelShape);
export type ModelSummary = ReturnType<typeof decodeModelSummary>;

const endpoint = object({
  replica: string,
  server: string,
  address: string,
  up: boolean,
  ready: boolean,
  modelReady: optional(boolean),
  modelState: optional(oneOf(ENDPOINT_MODEL_STATES)),
  serverName: optional(string),
  serverVersion: optional(string),
  lastProbeSeconds: optional(number),
  probeDurationSeconds: optional(number),
  /** Cause of the last failure in words. */
  error: optional(string),
});
const transition = object({
  atSeconds: number,
  from: oneOf(SERVING_STATES),
  to: oneOf(SERVING_STATES),
  reason: optional(reason),
});

export const decodeModelDetail = object({
  ...modelShape,
  conditions: array(condition),
  /** Shares that were asked for. */
  traffic: array(share),
  /** Absent for a platform that says nothing of it. */
  deployment: optional(deployment),
  pods: array(
    object({
      pod: string,
      node: optional(string),
      component: optional(oneOf(MODEL_COMPONENTS)),
      ready: boolean,
      restarts: number,
    })
  ),
  endpoints: array(endpoint),
  /** Newest first, at most 50; since the exporter started. */
  history: array(transition),
});
export type ModelDetail = ReturnType<typeof decodeModelDetail>;

export const decodeServerSummary = object({
  ...entityShape,
  replicas,
  runtime: optional(string),
  loadedModels: optional(number),
  capabilities: array(string),
  memoryCapacityBytes: optional(number),
  memoryDeclaredBytes: optional(number),
  overcommitRatio: optional(number),
});
export type ServerSummary = ReturnType<typeof decodeServerSummary>;

export const decodePipelineSummary = object({ ...entityShape, steps: array(string) });
export type PipelineSummary = ReturnType<typeof decodePipelineSummary>;

export const decodeExperimentSummary = object({
  ...entityShape,
  resourceKind: string,
  candidates: array(object({ name: string, ratio: number, isDefault: boolean })),
  mirror: optional(object({ name: string, ratio: number })),
});
export type ExperimentSummary = ReturnType<typeof decodeExperimentSummary>;

/** A component that models wait for, or a dependency that the configuration declares. `up` is absent while nothing is heard of it. */
export const decodeComponentSummary = object({
  namespace: string,
  name: string,
  platform: oneOf(PLATFORMS),
  role: oneOf(COMPONENT_ROLES),
  version: optional(string),
  up: optional(boolean),
  replicas,
  /** Of the containers of the pods that it has now. */
  restarts: optional(number),
  lastObservedSeconds: optional(number),
});
export type ComponentSummary = ReturnType<typeof decodeComponentSummary>;

/** A list answer. `partial` is true when some part of the fleet could not be asked; never taken for the whole. */
function listOf<T>(item: Decoder<T>) {
  return object({
    items: array(item),
    partial: boolean,
    generatedAtSeconds: number,
    /** Shards whose part of the fleet is not in the list, and why. */
    missingShards: optional(array(object({ shard: number, why: string }))),
  });
}
export const decodeModelList = listOf(decodeModelSummary);
export type ModelList = ReturnType<typeof decodeModelList>;
export const decodeServerList = listOf(decodeServerSummary);
export type ServerList = ReturnType<typeof decodeServerList>;
export const decodePipelineList = listOf(decodePipelineSummary);
export type PipelineList = ReturnType<typeof decodePipelineList>;
export const decodeExperimentList = listOf(decodeExperimentSummary);
export type ExperimentList = ReturnType<typeof decodeExperimentList>;
export const decodeComponentList = listOf(decodeComponentSummary);
export type ComponentList = ReturnType<typeof decodeComponentList>;

/**
 * State of a source as /readyz, the landing page and the API tell it. `forbidden`: the exporter may not read a kind that
 * it can do without.
 */
export const SOURCE_STATES = ['synced', 'syncing', 'absent', 'forbidden', 'failing', 'silent'] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

export const decodeStatus = object({
  version: string,
  startedAtSeconds: number,
  /** Which shard answers, of how many; absent without sharding. */
  shard: optional(number),
  totalShards: optional(number),
  ready: boolean,
  healthSource: oneOf(HEALTH_SOURCES),
  sources: array(
    object({
      source: string,
      title: string,
      state: oneOf(SOURCE_STATES),
      required: boolean,
      objects: number,
      lastContactSeconds: optional(number),
      /** What is wrong, in words. */
      message: optional(string),
    })
  ),
});
export type Status = ReturnType<typeof decodeStatus>;

/** Every error answer of the API. */
export const decodeApiError = object({ error: object({ code: string, message: string }) });
export type ApiError = ReturnType<typeof decodeApiError>;
