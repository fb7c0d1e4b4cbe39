/** How a model is deployed, in the read API: what the metrics say, and what is too free or too short-lived for a label. */
import { array, boolean, number, object, oneOf, optional, string } from './decode';
import {
  DEPLOYMENT_MODES,
  FAILURE_REASONS,
  LOAD_STATES,
  PARALLELISMS,
  RUNTIME_SCOPES,
  RUNTIME_STATES,
  SCALE_METRICS,
  TRANSITION_STATUSES,
} from './kserve';
import { MODEL_COMPONENTS } from './vocabulary/models';

export const share = object({ candidate: string, ratio: number });

const component = object({
  component: oneOf(MODEL_COMPONENTS),
  replicas: object({ desired: optional(number), available: optional(number) }),
  minReplicas: optional(number),
  maxReplicas: optional(number),
  scale: optional(object({ metric: oneOf(SCALE_METRICS), target: number })),
  concurrencyLimit: optional(number),
  timeoutSeconds: optional(number),
  rolloutInProgress: optional(boolean),
  revisions: optional(
    object({
      latestReady: optional(string),
      latestCreated: optional(string),
      latestRolledOut: optional(string),
      previousRolledOut: optional(string),
    })
  ),
  parallelism: optional(array(object({ kind: oneOf(PARALLELISMS), size: number }))),
});

const load = object({
  transition: optional(oneOf(TRANSITION_STATUSES)),
  active: optional(oneOf(LOAD_STATES)),
  target: optional(oneOf(LOAD_STATES)),
  copiesReady: optional(number),
  copiesFailed: optional(number),
  /** Stays after the model recovered. */
  lastFailure: optional(
    object({
      reason: optional(oneOf(FAILURE_REASONS)),
      message: optional(string),
      exitCode: optional(number),
      atSeconds: optional(number),
    })
  ),
});

export const deployment = object({
  resourceKind: string,
  mode: optional(oneOf(DEPLOYMENT_MODES)),
  format: optional(string),
  formatVersion: optional(string),
  protocol: optional(string),
  /** Without credentials and query. */
  storageUri: optional(string),
  url: optional(string),
  runtimeScope: optional(oneOf(RUNTIME_SCOPES)),
  runtimeState: optional(oneOf(RUNTIME_STATES)),
  components: array(component),
  observedTraffic: optional(array(share)),
  canaries: optional(array(object({ name: string, ready: boolean }))),
  load: optional(load),
  llm: optional(
    object({
      servedName: string,
      adapters: number,
      group: optional(object({ name: string, ratio: optional(number) })),
    })
  ),
});
