/** What sources make of pods, of what runs and scales them, and of nodes. */
import type { PodPhase, TerminationReason, WaitingReason } from '@modelwatch/contract';
import type { Resource } from './resource-base';

/** Deployment or StatefulSet. */
export interface Workload extends Resource<'Deployment' | 'StatefulSet'> {
  readonly desiredReplicas: number;
  /** Those of older versions included. */
  readonly totalReplicas: number;
  readonly readyReplicas: number;
  readonly updatedReplicas: number;
  /** Only a Deployment can be paused. */
  readonly paused?: boolean;
  readonly containers: readonly ContainerSpec[];
}

/** CPU in cores, memory in bytes, GPUs by the name of their resource (`nvidia.com/gpu`, `nvidia.com/mig-1g.5gb`). */
export interface Amounts {
  readonly cpuCores?: number;
  readonly memoryBytes?: number;
  readonly gpus?: Readonly<Record<string, number>>;
}

export interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Memory that it requests; where it only sets a limit, that. */
  readonly memoryBytes?: number;
  readonly ports: readonly { readonly name?: string; readonly port: number }[];
  /** Its own probes are HTTPS: so are its requests. */
  readonly https?: true;
}

/** A container of a template, of which only these are kept: environment and arguments may hold secrets. */
export interface TemplateContainer {
  readonly name: string;
  readonly image?: string;
}

/** Slim on purpose: there are more pods than anything else, and they change most. */
export interface Pod extends Resource<'Pod'> {
  readonly phase?: PodPhase;
  /** It failed because its node took its resources back. */
  readonly evicted: boolean;
  readonly ip?: string;
  readonly node?: string;
  readonly ready: boolean;
  readonly scheduled: boolean;
  readonly startedSeconds?: number;
  /** Without init containers, with the sidecars that are written as such. */
  readonly containers: readonly ContainerSpec[];
  /** What the scheduler counts for the whole pod. */
  readonly requests: Amounts;
  /** What the whole pod can use at most; absent where a container of it has no limit. */
  readonly limits: Amounts;
  readonly containerStates: readonly ContainerState[];
  /** Message of condition PodScheduled when it is False. */
  readonly unschedulable?: string;
}

export interface ContainerState {
  readonly name: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly waitingReason?: WaitingReason;
  /** How it ended the last time, or how it ended just now. */
  readonly lastTerminatedReason?: TerminationReason;
  readonly lastExitCode?: number;
  /** Ended, and not started again yet: this end is not among the restarts. */
  readonly ended?: true;
  readonly message?: string;
  /** First 12 digits of the digest of the image that it runs, by its registry. */
  readonly imageDigest?: string;
}

/** HorizontalPodAutoscaler, `autoscaling/v2`; KEDA makes one of each ScaledObject. */
export interface Autoscaler extends Resource<'Autoscaler'> {
  readonly target: { readonly kind: string; readonly name: string };
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly currentReplicas?: number;
  readonly desiredReplicas?: number;
  /** It wants more or fewer replicas than its bounds allow. */
  readonly limited?: boolean;
  /** It can read and change the number of replicas. */
  readonly able?: boolean;
  /** It can read its metrics; absent while there is no replica that it could scale. */
  readonly active?: boolean;
  /** Highest of its metrics: current value over target. */
  readonly loadRatio?: number;
}

export interface Node extends Resource<'Node'> {
  readonly ready?: boolean;
  readonly unschedulable: boolean;
  readonly allocatable: Amounts;
}
