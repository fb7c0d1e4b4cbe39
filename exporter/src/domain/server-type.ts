/** Which kind of model server it is, as a word of the closed list, from what runs there and what it calls itself. */
import type { ServerType } from '@modelwatch/contract';
import type { ContainerSpec } from './resources';

/**
 * The first that fits counts: Triton and the servers of KServe have vLLM and others inside. `kserve-container` is the name
 * of the container of every KServe pod, whatever it runs.
 */
const SIGNS: readonly (readonly [ServerType, RegExp])[] = [
  ['mlserver', /mlserver/],
  ['triton', /triton/],
  ['kserve', /(sklearn|xgb|lgb|paddle|pmml|predictive|autogluon|huggingface)server|^kserve$/],
  ['torchserve', /torch-?serve/],
  ['tfserving', /tensorflow[-_/]?serving|tf-?serving/],
  ['vllm', /vllm|\/llm-d(-[a-z]+)?(:|@|$)/],
  ['llamacpp', /llama[._-]?cpp|llama-server/],
  ['tgi', /text-generation-(inference|launcher)|\btgi\b/],
  ['openvino', /openvino|\bovms\b/],
  ['bentoml', /bento/],
  ['ray_serve', /rayproject|ray-?serve|\/ray(:|@|$)/],
  ['litserve', /litserve/],
];

function typeNamed(text: string | undefined): ServerType | undefined {
  const lower = text?.toLowerCase() ?? '';
  return SIGNS.find(([, sign]) => sign.test(lower))?.[0];
}

export interface ServerSigns {
  /** The container that answers inference requests. */
  readonly container?: ContainerSpec | undefined;
  readonly runtime?: string | undefined;
  /** What its endpoints call themselves. */
  readonly names?: readonly string[];
}

/**
 * What runs there comes before what it says: a pod that is starting or failing has not said anything. Undefined: nobody
 * can tell.
 */
export function serverTypeOf({ container, runtime, names = [] }: ServerSigns): ServerType | undefined {
  for (const text of [container?.image, container?.name, runtime, ...names]) {
    const type = typeNamed(text);
    if (type !== undefined) return type;
  }
  return undefined;
}
