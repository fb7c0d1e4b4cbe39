import { SERVER_TYPES } from '@modelwatch/contract';
import { serverTypeOf } from './server-type';

/** Images of the servers' own registries, and of KServe's and Seldon Core 2's charts. */
const IMAGES = [
  ['docker.io/seldonio/mlserver:1.7.1', 'mlserver'],
  ['nvcr.io/nvidia/tritonserver:23.05-py3', 'triton'],
  // Triton with vLLM inside is asked and measured as Triton.
  ['nvcr.io/nvidia/tritonserver:24.08-vllm-python-py3', 'triton'],
  ['kserve/sklearnserver:v0.15.0', 'kserve'],
  ['kserve/huggingfaceserver:v0.15.0-gpu', 'kserve'],
  ['pytorch/torchserve-kfs:0.9.0', 'torchserve'],
  ['tensorflow/serving:2.6.2', 'tfserving'],
  ['vllm/vllm-openai:v0.9.2', 'vllm'],
  ['ghcr.io/llm-d/llm-d:v0.2.0', 'vllm'],
  ['ghcr.io/llm-d/llm-d-inference-scheduler:v0.2.0', undefined],
  ['ghcr.io/ggml-org/llama.cpp:server-cuda', 'llamacpp'],
  ['ghcr.io/huggingface/text-generation-inference:3.3.4', 'tgi'],
  ['openvino/model_server:latest-gpu', 'openvino'],
  ['quay.io/bentoml/fraud:aa1b', 'bentoml'],
  ['rayproject/ray:2.46.0-py311', 'ray_serve'],
  ['rayproject/ray-llm:2.46.0', 'ray_serve'],
  ['registry.example/fraud:3', undefined],
  ['registry.example/xray:3', undefined],
] as const;

describe('the type of a server', () => {
  it.each(IMAGES)('%s is %s', (image, type) => {
    const container = { name: 'kserve-container', image, env: {}, ports: [] };
    const names = image.startsWith('openvino/') ? ['OpenVINO Model Server'] : [];
    expect(serverTypeOf({ container, names })).toBe(type);
  });

  it('is told by the image before the runtime, by the runtime before what it calls itself', () => {
    const container = (image: string) => ({ name: 'kserve-container', image, env: {}, ports: [] });
    const names = ['litserve'];
    expect(serverTypeOf({ container: container('vllm/vllm-openai'), runtime: 'mlserver', names })).toBe('vllm');
    expect(serverTypeOf({ container: container('ours:1'), runtime: 'kserve-mlserver', names })).toBe('mlserver');
    expect(serverTypeOf({ container: container('ours:1'), runtime: 'ours', names })).toBe('litserve');
    expect(serverTypeOf({ names: ['kserve'] })).toBe('kserve');
    expect(serverTypeOf({})).toBeUndefined();
  });

  it('can be each word of the closed list but `other`', () => {
    const found = new Set([...IMAGES.map(([, type]) => type), 'litserve']);
    expect(SERVER_TYPES.filter((type) => !found.has(type))).toEqual(['other']);
  });
});
