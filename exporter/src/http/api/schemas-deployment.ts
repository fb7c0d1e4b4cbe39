/** How a model is deployed, as a schema for openapi.json. */
import {
  DEPLOYMENT_MODES,
  FAILURE_REASONS,
  LOAD_STATES,
  MODEL_COMPONENTS,
  PARALLELISMS,
  RUNTIME_SCOPES,
  RUNTIME_STATES,
  SCALE_METRICS,
  TRANSITION_STATUSES,
} from '@modelwatch/contract';
import { z } from 'zod';

const text = z.exactOptional(z.string());
const number = z.exactOptional(z.number());
const optional = <T extends z.ZodType>(type: T) => z.exactOptional(type);

const component = z.object({
  component: z.enum(MODEL_COMPONENTS),
  replicas: z.object({ desired: number, available: number }),
  minReplicas: number,
  maxReplicas: number,
  scale: optional(z.object({ metric: z.enum(SCALE_METRICS), target: z.number() })),
  concurrencyLimit: number,
  timeoutSeconds: number,
  rolloutInProgress: optional(z.boolean()),
  revisions: optional(
    z.object({ latestReady: text, latestCreated: text, latestRolledOut: text, previousRolledOut: text })
  ),
  parallelism: optional(z.array(z.object({ kind: z.enum(PARALLELISMS), size: z.number() }))),
});

const load = z.object({
  transition: optional(z.enum(TRANSITION_STATUSES)),
  active: optional(z.enum(LOAD_STATES)),
  target: optional(z.enum(LOAD_STATES)),
  copiesReady: number,
  copiesFailed: number,
  lastFailure: optional(
    z.object({ reason: optional(z.enum(FAILURE_REASONS)), message: text, exitCode: number, atSeconds: number })
  ).describe('Stays after the model recovered.'),
});

export const deployment = z.object({
  resourceKind: z.string(),
  mode: optional(z.enum(DEPLOYMENT_MODES)),
  format: text,
  formatVersion: text,
  protocol: text,
  storageUri: text.describe('Without credentials and query.'),
  url: text,
  runtimeScope: optional(z.enum(RUNTIME_SCOPES)),
  runtimeState: optional(z.enum(RUNTIME_STATES)),
  components: z.array(component),
  observedTraffic: optional(z.array(z.object({ candidate: z.string(), ratio: z.number() }))),
  canaries: optional(z.array(z.object({ name: z.string(), ready: z.boolean() }))),
  load: optional(load),
  llm: optional(
    z.object({
      servedName: z.string(),
      adapters: z.number(),
      group: optional(z.object({ name: z.string(), ratio: number })),
    })
  ),
});
