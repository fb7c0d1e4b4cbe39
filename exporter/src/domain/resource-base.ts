/** What all resources of a Kubernetes API have in common. */
import type { ConditionStatus } from '@modelwatch/contract';

/** Labels and annotations that users asked to see, under the names that they have as labels of a metric. */
export interface ShownMeta {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ObjectMeta {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly generation?: number;
  readonly createdSeconds?: number;
  readonly deletedSeconds?: number;
  /** Only those that the code reads. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly shown?: ShownMeta;
  readonly owners: readonly { readonly kind: string; readonly name: string }[];
}

export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionSeconds?: number;
  /** What stood where True, False or Unknown should; `status` is then Unknown. */
  readonly oddStatus?: string;
}

/** Status of a custom resource; `undefined` where the controller has not written one yet. */
export interface ResourceStatus {
  readonly conditions: readonly Condition[];
  readonly observedGeneration?: number;
}

export interface Resource<Kind extends string> {
  readonly kind: Kind;
  readonly meta: ObjectMeta;
  readonly status?: ResourceStatus;
}
