/**
 * What sources make of the objects of a Kubernetes API: only the fields that we use, decoded and normalised, without the
 * shape of the API. Times are seconds since 1970. An absent field is absent in the object; nothing is defaulted here.
 * One file for each who defines them; the code at large imports them all from here.
 */
import type {
  SeldonModel,
  SeldonServer,
  SeldonPipeline,
  SeldonExperiment,
  SeldonRuntime,
  SeldonConfig,
  SeldonServerConfig,
} from './seldon-resources';
import type { Workload, Pod, Autoscaler, Node } from './workload-resources';
import type { CustomKind, CustomResource } from './custom-resources';
import type { ConfigMap } from './events/config-map';
import type {
  ClusterServingRuntime,
  InferenceGraph,
  InferenceService,
  LlmService,
  ServingRuntime,
  TrainedModel,
} from './kserve-resources';

export type * from './custom-resources';
export type * from './kserve-resources';
export type * from './resource-base';
export type * from './seldon-resources';
export type * from './workload-resources';

export type KubernetesResource =
  | SeldonModel
  | SeldonServer
  | SeldonPipeline
  | SeldonExperiment
  | SeldonRuntime
  | SeldonConfig
  | SeldonServerConfig
  | InferenceService
  | LlmService
  | TrainedModel
  | ServingRuntime
  | ClusterServingRuntime
  | InferenceGraph
  | Workload
  | Pod
  | CustomResource
  | Autoscaler
  | Node
  | ConfigMap;
export type ResourceKind = KubernetesResource['kind'];

export function isCustomKind(kind: ResourceKind): kind is CustomKind {
  return kind.startsWith('custom:');
}

/** Identity of a resource across its life; two objects of one kind never share it. */
export function resourceKey(kind: ResourceKind, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}
