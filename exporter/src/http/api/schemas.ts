/**
 * The read API's answers as schemas, for openapi.json. The types come from contract: a schema that says something else
 * does not compile.
 */
import {
  CHANNEL_STATUSES,
  CHANNELS,
  COMPONENT_ROLES,
  CONDITION_STATUSES,
  ENDPOINT_MODEL_STATES,
  HEALTH_SOURCES,
  HEALTH_STATES,
  MODEL_COMPONENTS,
  IMPORTANCES,
  PLATFORMS,
  SERVING_REASONS,
  SERVING_STATES,
  SOURCE_STATES,
  type ApiError,
  type ComponentList,
  type ComponentSummary,
  type ExperimentList,
  type ExperimentSummary,
  type ModelDetail,
  type ModelList,
  type ModelSummary,
  type PipelineList,
  type PipelineSummary,
  type ServerList,
  type ServerSummary,
  type Status,
} from '@modelwatch/contract';
import { z } from 'zod';
import { deployment } from './schemas-deployment';
import { MONITORING_SCHEMAS } from './schemas-monitoring';
import { ROW_SCHEMAS } from './schemas-rows';
import { EVENT_SCHEMAS } from './schemas-events';
import { SLO_SCHEMAS } from './schemas-slo';

const text = z.exactOptional(z.string());
const number = z.exactOptional(z.number());
const reason = z.object({ reason: z.enum(SERVING_REASONS), text: z.string() });

const entity = {
  namespace: z.string(),
  name: z.string(),
  platform: z.enum(PLATFORMS),
  serving: z.enum(SERVING_STATES),
  reasons: z.array(reason).describe('Worst first; empty only while serving.'),
  sinceSeconds: number.describe('When the serving state last changed, seconds since 1970.'),
  createdSeconds: number,
  lastObservedSeconds: number.describe('When the state was last confirmed, seconds since 1970.'),
};
const replicas = z.object({ desired: number, available: number });
const channel = z.union([z.enum(CHANNELS), z.templateLiteral(['custom:', z.string()])]);
const model = {
  ...entity,
  health: z.enum(HEALTH_STATES),
  healthSource: z.enum(HEALTH_SOURCES).describe('serving-only: no fresh health from Prometheus.'),
  channels: z
    .exactOptional(z.array(z.object({ channel, status: z.enum(CHANNEL_STATUSES), text })))
    .describe(
      'Channels over their limits, as Prometheus recorded them, worst first; text says why where more is known.'
    ),
  replicas,
  server: text,
  runtime: text,
  version: text,
  owner: text,
  importance: z.exactOptional(z.enum(IMPORTANCES)).describe('Absent: nobody said; read it as normal.'),
};
const endpoint = z.object({
  replica: z.string(),
  server: z.string(),
  address: z.string(),
  up: z.boolean(),
  ready: z.boolean(),
  modelReady: z.exactOptional(z.boolean()),
  modelState: z.exactOptional(z.enum(ENDPOINT_MODEL_STATES)),
  serverName: text,
  serverVersion: text,
  lastProbeSeconds: number,
  probeDurationSeconds: number,
  error: text.describe('Cause of the last failure in words.'),
});
const transition = z.object({
  atSeconds: z.number(),
  from: z.enum(SERVING_STATES),
  to: z.enum(SERVING_STATES),
  reason: z.exactOptional(reason),
});

const modelSummary = z.object(model) satisfies z.ZodType<ModelSummary>;
const serverSummary = z.object({
  ...entity,
  replicas,
  runtime: text,
  loadedModels: number,
  capabilities: z.array(z.string()),
  memoryCapacityBytes: number,
  memoryDeclaredBytes: number,
  overcommitRatio: number,
}) satisfies z.ZodType<ServerSummary>;
const pipelineSummary = z.object({ ...entity, steps: z.array(z.string()) }) satisfies z.ZodType<PipelineSummary>;
const share = z.object({ name: z.string(), ratio: z.number() });
const experimentSummary = z.object({
  ...entity,
  resourceKind: z.string(),
  candidates: z.array(share.extend({ isDefault: z.boolean() })),
  mirror: z.exactOptional(share),
}) satisfies z.ZodType<ExperimentSummary>;

const componentSummary = z.object({
  namespace: z.string(),
  name: z.string(),
  platform: z.enum(PLATFORMS),
  role: z.enum(COMPONENT_ROLES),
  version: text.describe('Tag of its image.'),
  up: z
    .exactOptional(z.boolean())
    .describe('A replica is ready, or its probe succeeded. Absent while nothing is heard of it.'),
  replicas,
  restarts: number.describe('Of the containers of the pods that it has now.'),
  lastObservedSeconds: number,
}) satisfies z.ZodType<ComponentSummary>;

function listOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    partial: z
      .boolean()
      .describe(
        'true: this is not the whole fleet (a limit, a source that is not synced, or a shard that did not answer).'
      ),
    generatedAtSeconds: z.number(),
    missingShards: z
      .exactOptional(z.array(z.object({ shard: z.number(), why: z.string() })))
      .describe('Shards whose part of the fleet is not in the list, and why.'),
  });
}

export const SCHEMAS = {
  ModelList: listOf(modelSummary) satisfies z.ZodType<ModelList>,
  ModelDetail: z.object({
    ...model,
    conditions: z.array(
      z.object({ condition: z.string(), status: z.enum(CONDITION_STATUSES), reason: text, message: text })
    ),
    traffic: z.array(z.object({ candidate: z.string(), ratio: z.number() })),
    deployment: z.exactOptional(deployment).describe('How the model is deployed, where its platform says it.'),
    pods: z.array(
      z.object({
        pod: z.string(),
        node: text,
        component: z.exactOptional(z.enum(MODEL_COMPONENTS)),
        ready: z.boolean(),
        restarts: z.number(),
      })
    ),
    endpoints: z.array(endpoint),
    history: z.array(transition).describe('Newest first, at most 50; since the exporter started.'),
  }) satisfies z.ZodType<ModelDetail>,
  ServerList: listOf(serverSummary) satisfies z.ZodType<ServerList>,
  PipelineList: listOf(pipelineSummary) satisfies z.ZodType<PipelineList>,
  ExperimentList: listOf(experimentSummary) satisfies z.ZodType<ExperimentList>,
  ComponentList: listOf(componentSummary) satisfies z.ZodType<ComponentList>,
  ...MONITORING_SCHEMAS,
  ...ROW_SCHEMAS,
  ...SLO_SCHEMAS,
  ...EVENT_SCHEMAS,
  Status: z.object({
    version: z.string(),
    startedAtSeconds: z.number(),
    shard: number.describe('Which shard answers, counted from 0; absent without sharding.'),
    totalShards: number,
    ready: z.boolean(),
    healthSource: z.enum(HEALTH_SOURCES),
    sources: z.array(
      z.object({
        source: z.string(),
        title: z.string(),
        state: z.enum(SOURCE_STATES),
        required: z.boolean(),
        objects: z.number(),
        lastContactSeconds: number,
        message: text,
      })
    ),
  }) satisfies z.ZodType<Status>,
  Error: z.object({ error: z.object({ code: z.string(), message: z.string() }) }) satisfies z.ZodType<ApiError>,
} as const;
export type SchemaName = keyof typeof SCHEMAS;
