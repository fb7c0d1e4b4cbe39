/** Kinds of model server, of what stands beside them, and the states of models in their memory. */

/** State of a model in the memory of one replica of a server, from its repository index. */
export const ENDPOINT_MODEL_STATES = ['ready', 'loading', 'unloading', 'unavailable', 'unknown'] as const;
export type EndpointModelState = (typeof ENDPOINT_MODEL_STATES)[number];

/**
 * What answers behind an endpoint. `oip` is any other server with the Open Inference Protocol, `generic` one that a module
 * of the configuration describes. The last two are gateways of Seldon Core 2: they have no models of their own.
 */
export const SERVER_KINDS = [
  'mlserver',
  'triton',
  'kserve',
  'torchserve',
  'tfserving',
  'vllm',
  'llamacpp',
  'oip',
  'generic',
  'seldon_pipelinegateway',
  'seldon_envoy',
] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];

/**
 * Containers beside a model server that measure its requests. KServe's own `agent` (logger, batcher, model puller) is none
 * of them: it has no metrics.
 */
export const SIDECAR_KINDS = ['seldon_agent', 'queue_proxy'] as const;
export type SidecarKind = (typeof SIDECAR_KINDS)[number];

/** Kinds of model server that usage is counted by; `other` is every other, and one that nobody can tell. */
export const SERVER_TYPES = [
  'mlserver',
  'triton',
  'kserve',
  'torchserve',
  'tfserving',
  'vllm',
  'llamacpp',
  'tgi',
  'openvino',
  'bentoml',
  'ray_serve',
  'litserve',
  'other',
] as const;
export type ServerType = (typeof SERVER_TYPES)[number];
