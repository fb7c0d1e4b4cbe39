export * from './types';
export { MLSERVER_TRANSLATION } from './mlserver';
export { QUEUE_PROXY_TRANSLATION } from './queue-proxy';
export { SELDON_AGENT_REPLICA, SELDON_AGENT_TRANSLATION, type ReplicaTranslation } from './seldon-agent';
export { TRITON_TRANSLATION } from './triton';
