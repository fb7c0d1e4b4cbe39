/** What a model is deployed with, what it is for, and the parts that it has. */

/**
 * Where a model is deployed. `standalone` models are declared in the configuration and live in namespace `standalone`;
 * `custom` ones are custom resources of others, read by a mapping of the configuration. Of `events` ones nobody watches a
 * server: they are known by the events that they send, or by what the configuration says of these.
 */
export const PLATFORMS = ['seldon', 'kserve', 'standalone', 'custom', 'events'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Namespace of models that are not deployed on Kubernetes. */
export const STANDALONE_NAMESPACE = 'standalone';

/** How much it matters that a model works; who says nothing means `normal`. Order: most important first. */
export const IMPORTANCES = ['critical', 'high', 'normal', 'low'] as const;
export type Importance = (typeof IMPORTANCES)[number];

/** The part of a model that a pod, a workload or a number of replicas belongs to. */
export const MODEL_COMPONENTS = [
  'server',
  'predictor',
  'transformer',
  'explainer',
  'worker',
  'prefill',
  'prefill_worker',
  'router',
  'tokenizer',
] as const;
export type ModelComponent = (typeof MODEL_COMPONENTS)[number];

/** What a model is for. Explainers and detectors are models like others; what they rest on and mean differs. */
export const MODEL_PURPOSES = ['predictor', 'explainer', 'detector', 'llm'] as const;
export type ModelPurpose = (typeof MODEL_PURPOSES)[number];

/** Where a model is stored, by the scheme of its URI. The URI itself never becomes a label: it may hold secrets. */
export const STORAGE_SCHEMES = [
  'gs',
  's3',
  'http',
  'https',
  'hdfs',
  'webhdfs',
  'azure',
  'abfs',
  'pvc',
  'file',
  'hf',
  'oci',
  'other',
] as const;
export type StorageScheme = (typeof STORAGE_SCHEMES)[number];
