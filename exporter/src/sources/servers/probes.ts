/** The kinds of model servers that are understood: one line each. */
import type { ServerKind } from '@modelwatch/contract';
import { ENVOY, PIPELINE_GATEWAY } from './gateways';
import { KSERVE } from './kserve';
import { LLAMACPP } from './llamacpp';
import { MLSERVER } from './mlserver';
import { OIP } from './oip';
import type { ServerProbe } from './probe';
import { TFSERVING } from './tfserving';
import { TORCHSERVE } from './torchserve';
import { TRITON } from './triton';
import { VLLM } from './vllm';

export const PROBES: Readonly<Partial<Record<ServerKind, ServerProbe>>> = {
  mlserver: MLSERVER,
  triton: TRITON,
  kserve: KSERVE,
  torchserve: TORCHSERVE,
  tfserving: TFSERVING,
  vllm: VLLM,
  llamacpp: LLAMACPP,
  oip: OIP,
  seldon_pipelinegateway: PIPELINE_GATEWAY,
  seldon_envoy: ENVOY,
};

/** By what the server calls itself, else by what is known from outside, else the bare protocol. */
export function probeOf(serverName: string | undefined, hint: ServerKind | undefined): ServerProbe {
  const name = serverName?.toLowerCase();
  const named = name && Object.values(PROBES).find(({ serverNames }) => serverNames.includes(name));
  if (named) return named;
  // A server that names itself otherwise is not what the hint says (e.g. a KServe runtime behind a Triton port).
  const hinted = serverName === undefined && hint !== undefined ? PROBES[hint] : undefined;
  return hinted ?? OIP;
}
