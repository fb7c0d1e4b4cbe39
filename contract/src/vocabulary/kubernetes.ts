/** Words of Kubernetes: pods, containers, and the conditions of custom resources. */

/** Phases of a pod, as Kubernetes names them. */
export const POD_PHASES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] as const;
export type PodPhase = (typeof POD_PHASES)[number];

/** Why a container does not run yet, as the kubelet writes it; any other word is `other`. */
export const WAITING_REASONS = [
  'ContainerCreating',
  'PodInitializing',
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'other',
] as const;
export type WaitingReason = (typeof WAITING_REASONS)[number];

/** How a container ended, as the kubelet writes it; any other word is `other`. */
export const TERMINATION_REASONS = [
  'OOMKilled',
  'Error',
  'Completed',
  'ContainerCannotRun',
  'DeadlineExceeded',
  'Evicted',
  'other',
] as const;
export type TerminationReason = (typeof TERMINATION_REASONS)[number];

/** Conditions of the custom resources whose names become label values; any other is counted under `other`. */
export const CONDITIONS = [
  'Ready',
  'ModelReady',
  'StatefulSetOrDeploymentReady',
  'PipelineReady',
  'PipelineGwReady',
  'ModelsReady',
  'ExperimentReady',
  'CandidatesReady',
  'MirrorReady',
  'SchedulerReady',
  'DataflowEngineReady',
  'ModelGatewayReady',
  'PipelineGatewayReady',
  'EnvoyReady',
  'HodometerReady',
  'PredictorReady',
  'TransformerReady',
  'ExplainerReady',
  'IngressReady',
  'CanaryPredictorReady',
  'RoutesReady',
  'LatestDeploymentReady',
  'PredictorRouteReady',
  'PredictorConfigurationReady',
  'TransformerRouteReady',
  'TransformerConfigurationReady',
  'ExplainerRoutesReady',
  'ExplainerConfigurationReady',
  'ConfigurationsReady',
  'Stopped',
  'InferenceServiceReady',
  'MemoryResourceAvailable',
  'IsMMSPredictor',
  'PresetsCombined',
  'WorkloadsReady',
  'MainWorkloadReady',
  'WorkerWorkloadReady',
  'PrefillWorkloadReady',
  'PrefillWorkerWorkloadReady',
  'ScalingReady',
  'PrefillScalingReady',
  'RouterReady',
  'GatewaysReady',
  'HTTPRoutesReady',
  'InferencePoolReady',
  'SchedulerWorkloadReady',
  'TokenizerReady',
  'Available',
  'Progressing',
  'ReplicaFailure',
  'GroupReady',
  'GroupDegraded',
  'other',
] as const;
export type ConditionName = (typeof CONDITIONS)[number];

export const CONDITION_STATUSES = ['True', 'False', 'Unknown'] as const;
export type ConditionStatus = (typeof CONDITION_STATUSES)[number];

/** Conditions that are bad news when they are True; all others are good news then. */
export const INVERSE_CONDITIONS: readonly string[] = [
  'Stopped',
  'ReplicaFailure',
  'GroupDegraded',
] satisfies ConditionName[];

/** Whether a condition in this status is as it should be. */
export function isWellCondition(condition: string, status: ConditionStatus): boolean {
  return status === (INVERSE_CONDITIONS.includes(condition) ? 'False' : 'True');
}
