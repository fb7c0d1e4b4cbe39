export * from './types';
export { MLSERVER_TRANSLATION } from './mlserver';
export { QUEUE_PROXY_TRANSLATION } from './queue-proxy';
export { ENVOY_OUTCOMES, PIPELINE_GATEWAY_OUTCOMES } from './seldon-gateways';
export { SELDON_AGENT_REPLICA, SELDON_AGENT_TRANSLATION, type ReplicaTranslation } from './seldon-agent';
export { TRITON_TRANSLATION } from './triton';
