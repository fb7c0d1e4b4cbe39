/**
 * What a scheduler of Seldon Core 2 says, as its stream told it last. Sources: apis/mlops/scheduler/scheduler.proto and
 * scheduler/pkg/server of SeldonIO/seldon-core. It speaks of the latest version of a model or pipeline only.
 */
import type { ModelReplicaState } from '@modelwatch/contract';
import type { ModelState, PipelineState } from '../platforms/seldon-states';

/** There is one scheduler for each namespace that has a SeldonRuntime. */
export function schedulerSource(namespace: string): string {
  return `scheduler/${namespace}`;
}

interface Told {
  readonly name: string;
  /** Of the custom resource that the scheduler has acted on; absent for what no custom resource asked for. */
  readonly generation?: number;
}

/** A model on one replica of its server. */
export interface ModelOnReplica {
  /** Of the replica: the ordinal of its pod in a StatefulSet, else a hash of the pod's name. */
  readonly index: number;
  readonly state: ModelReplicaState;
  readonly reason?: string;
  readonly changedSeconds?: number;
}

export interface SchedulerModel extends Told {
  readonly of: 'model';
  readonly version: string;
  /** Where it is placed; absent while it is nowhere. */
  readonly server?: string;
  readonly state: ModelState;
  readonly reason?: string;
  readonly replicas: readonly ModelOnReplica[];
  /** Memory that the scheduler keeps for it on each replica: what it declares, times the copies that the server makes of it. */
  readonly reservedBytes?: number;
}

export interface SchedulerServer extends Told {
  readonly of: 'server';
  /** Whose agent is connected and that are not draining. */
  readonly connectedReplicas: number;
  readonly replicas: readonly {
    readonly index: number;
    readonly totalBytes?: number;
    readonly availableBytes?: number;
    readonly overcommitPercent?: number;
    readonly models?: number;
  }[];
}

export interface SchedulerPipeline extends Told {
  readonly of: 'pipeline';
  readonly state: PipelineState;
  readonly reason?: string;
  /** In the pipeline gateway. */
  readonly gatewayState: PipelineState;
  readonly gatewayReason?: string;
}

export interface SchedulerExperiment extends Told {
  readonly of: 'experiment';
  readonly active: boolean;
  readonly candidatesReady: boolean;
  readonly mirrorReady: boolean;
  readonly reason?: string;
}

export type SchedulerWord = SchedulerModel | SchedulerServer | SchedulerPipeline | SchedulerExperiment;
export type SchedulerSubject = SchedulerWord['of'];
export const SCHEDULER_SUBJECTS = ['server', 'model', 'pipeline', 'experiment'] as const satisfies SchedulerSubject[];
