export * from './types';
export { KSERVE_TRANSLATION } from './kserve';
export { LLAMACPP_TRANSLATION } from './llamacpp';
export { MLSERVER_TRANSLATION } from './mlserver';
export { QUEUE_PROXY_TRANSLATION } from './queue-proxy';
export {
  ENVOY_OUTCOMES,
  ENVOY_RESPONSES,
  PIPELINE_GATEWAY_OUTCOMES,
  PIPELINE_GATEWAY_RESPONSES,
} from './seldon-gateways';
export { SELDON_AGENT_REPLICA, SELDON_AGENT_TRANSLATION, type ReplicaTranslation } from './seldon-agent';
export { TFSERVING_TRANSLATION } from './tfserving';
export { TORCHSERVE_TRANSLATION } from './torchserve';
export { TRITON_TRANSLATION } from './triton';
export { VLLM_TRANSLATION } from './vllm';
