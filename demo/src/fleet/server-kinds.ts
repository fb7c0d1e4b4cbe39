/** The kinds of model server that the fleet runs, and which of KServe's runtimes is which. */
const MODEL_SERVER_KINDS = [
  'mlserver',
  'triton',
  'kserve',
  'vllm',
  'torchserve',
  'tfserving',
  'llamacpp',
  'tgi',
] as const;
export type ModelServerKind = (typeof MODEL_SERVER_KINDS)[number];

const RUNTIMES: Readonly<Record<string, ModelServerKind>> = {
  'kserve-mlserver': 'mlserver',
  'kserve-tensorflow-serving': 'tfserving',
  llm: 'vllm',
};

/** All others are KServe's own server in Python. */
export function kindOfRuntime(runtime: string): ModelServerKind {
  return RUNTIMES[runtime] ?? 'kserve';
}

/** By the name of a server that stands alone. */
export function kindOfStandalone(server: string): ModelServerKind {
  return MODEL_SERVER_KINDS.find((kind) => server.endsWith(kind)) ?? 'mlserver';
}
