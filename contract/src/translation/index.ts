export * from './types';
export { MLSERVER_TRANSLATION } from './mlserver';
export { TRITON_TRANSLATION } from './triton';
