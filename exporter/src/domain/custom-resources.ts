/** What mappings make of custom resources of others. */
import type { ServingReason } from '@modelwatch/contract';
import type { Resource } from './resource-base';

/**
 * What a mapping says of a custom resource of others. `rolling_out`: an earlier version serves meanwhile. `unknown`: the
 * status has a value that the mapping does not know. `absent`: the status has none of the values that it looks at.
 */
export type CustomState =
  | 'ready'
  | 'degraded'
  | 'failed'
  | 'not_ready'
  | 'progressing'
  | 'rolling_out'
  | 'deleting'
  | 'stopped'
  | 'scaled_to_zero'
  | 'none'
  | 'unknown'
  | 'absent';

/** A model or server that a mapping makes of a custom resource. */
export interface CustomEntity {
  readonly name: string;
  readonly state: CustomState;
  /** Why, where the state is `failed` or `degraded`. */
  readonly reason?: ServingReason;
  readonly detail?: string;
  readonly desiredReplicas?: number;
  readonly availableReplicas?: number;
  /** The resource counts none itself: the ready ones of its pods are its replicas. */
  readonly readyPodsAreReplicas: boolean;
  /** The generation that the status is about; absent where the kind does not write it. */
  readonly observedGeneration?: number;
  readonly server?: string;
  readonly runtime?: string;
  readonly version?: string;
  readonly owner?: string;
}

export type CustomKind = `custom:${string}`;

/** A custom resource of others, as its mapping reads it. */
export interface CustomResource extends Resource<CustomKind> {
  /** Name of the mapping. */
  readonly mapping: string;
  /** Labels that its pods have; absent where the mapping names none, or a value of them is not known yet. */
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly server?: CustomEntity;
  readonly models: readonly CustomEntity[];
}
