/**
 * Closed lists of KServe (`serving.kserve.io`), spelled as its custom resource definitions spell them. Each list of states
 * ends in `unknown`: a value that is none of the others was written by a newer KServe, and is not "no value".
 */

/** `status.deploymentMode`; the older names RawDeployment and Serverless are Standard and Knative. */
export const DEPLOYMENT_MODES = ['Standard', 'Knative', 'ModelMesh', 'unknown'] as const;
export type DeploymentMode = (typeof DEPLOYMENT_MODES)[number];

/** `status.modelStatus.transitionStatus` of an InferenceService. */
export const TRANSITION_STATUSES = ['UpToDate', 'InProgress', 'BlockedByFailedLoad', 'InvalidSpec', 'unknown'] as const;
export type TransitionStatus = (typeof TRANSITION_STATUSES)[number];

/** `status.modelStatus.states` of an InferenceService. */
export const LOAD_STATES = ['Pending', 'Standby', 'Loading', 'Loaded', 'FailedToLoad', 'unknown'] as const;
export type LoadState = (typeof LOAD_STATES)[number];

/** `status.modelStatus.lastFailureInfo.reason`; the last two are written though the definition does not list them. */
export const FAILURE_REASONS = [
  'ModelLoadFailed',
  'RuntimeUnhealthy',
  'RuntimeDisabled',
  'NoSupportingRuntime',
  'RuntimeNotRecognized',
  'InvalidPredictorSpec',
  'InvalidWorkerSpecNotSet',
  'InvalidGPUAllocation',
  'unknown',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** What Knative or an HPA watches to scale; in the spec of an InferenceService and of an InferenceGraph. */
export const SCALE_METRICS = ['cpu', 'memory', 'concurrency', 'rps', 'unknown'] as const;
export type ScaleMetric = (typeof SCALE_METRICS)[number];

/** How a node of an InferenceGraph picks among its steps. */
export const ROUTER_TYPES = ['Sequence', 'Splitter', 'Ensemble', 'Switch', 'unknown'] as const;
export type RouterType = (typeof ROUTER_TYPES)[number];

/** Whether a step that fails fails its node. KServe's router takes a step that says nothing for a soft one. */
export const STEP_DEPENDENCIES = ['Soft', 'Hard', 'unknown'] as const;
export type StepDependency = (typeof STEP_DEPENDENCIES)[number];

/** What a step of an InferenceGraph calls. */
export const STEP_TARGETS = ['model', 'node', 'url'] as const;
export type StepTarget = (typeof STEP_TARGETS)[number];

/** How an LLMInferenceService is spread over accelerators, by `spec.parallelism`. */
export const PARALLELISMS = ['tensor', 'pipeline', 'data', 'data_local', 'expert'] as const;
export type Parallelism = (typeof PARALLELISMS)[number];

/** Where a ServingRuntime applies. */
export const RUNTIME_SCOPES = ['namespace', 'cluster'] as const;
export type RuntimeScope = (typeof RUNTIME_SCOPES)[number];

/** What the runtimes of the cluster say about the one that a model uses. */
export const RUNTIME_STATES = ['available', 'disabled', 'missing'] as const;
export type RuntimeState = (typeof RUNTIME_STATES)[number];
