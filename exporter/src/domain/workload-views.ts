/** What Kubernetes knows of the pods behind models and servers, and of what scales them. */
import type { ModelComponent, PodPhase } from '@modelwatch/contract';
import type { Amounts, Autoscaler, ContainerState, Resource } from './resources';

export interface PodView {
  readonly pod: string;
  readonly namespace: string;
  readonly uid: string;
  readonly node?: string;
  readonly server: string;
  /** The part of the model that the pod belongs to. */
  readonly component: ModelComponent;
  readonly phase?: PodPhase;
  readonly ready: boolean;
  readonly scheduled: boolean;
  readonly startedSeconds?: number;
  /** Of all its containers. */
  readonly restarts: number;
  readonly containers: readonly ContainerState[];
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** What the pods of an entity request and may use together; a bound is absent where a pod has none. */
export interface PodTotals {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** All autoscalers of an entity together: nearly always one. */
export type AutoscalerView = Omit<Autoscaler, keyof Resource<'Autoscaler'> | 'target'>;

/** What Kubernetes knows of the pods behind a server. */
export interface ServerWorkload extends PodTotals {
  /** Pods by phase, those that are done included. */
  readonly phases: Readonly<Partial<Record<PodPhase, number>>>;
  readonly images: readonly { readonly container: string; readonly image: string }[];
  /** What runs of the images, as far as the kubelet tells it. */
  readonly digests: readonly { readonly container: string; readonly image: string; readonly digest: string }[];
  readonly controllers: readonly {
    readonly kind: string;
    readonly name: string;
    readonly generation?: number;
    readonly observedGeneration?: number;
  }[];
  readonly rollout?: {
    readonly updatedRatio?: number;
    readonly paused?: boolean;
    /** When the exporter saw it begin; absent when none is under way, or when it began unseen. */
    readonly startedSeconds?: number;
  };
  readonly autoscaler?: AutoscalerView;
  /** Since the exporter started. */
  readonly oomKills: number;
  readonly evictions: number;
}
