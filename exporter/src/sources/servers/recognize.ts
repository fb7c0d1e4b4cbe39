/** What a server is of which nobody said it: asked once, then remembered as long as it answers so. */
import type { ServerKind } from '@modelwatch/contract';
import type { ProbeTarget } from '../../domain/probe-target';
import { objectIn } from './answers';
import { ownerOfModels } from './openai-models';
import type { Answer, Ask } from './probe';
import { askStatus, isStatus } from './tfserving';

/** Errors of TorchServe name the class of the exception. */
const TORCHSERVE_ERRORS = ['ResourceNotFoundException', 'InvalidKeyException'];

/**
 * Nothing for a server with the Open Inference Protocol, which says itself who it is, and for one that nobody knows: that
 * one is asked by the protocol and shows what it answered. @throws ProbeError
 */
export async function recognize(ask: Ask, target: ProbeTarget): Promise<ServerKind | undefined> {
  const live = await ask('GET', '/v2/health/live');
  const byError = errorKind(live);
  if (byError || live.status !== 404) return byError;
  const listed = await ask('GET', '/v1/models');
  const owner = ownerOfModels(objectIn(listed));
  if (owner === 'vllm' || owner === 'llamacpp') return owner;
  if (listed.status === 401 && (await ask('GET', '/version')).status === 200) return 'vllm';
  return isStatus(await askStatus(ask, target.models[0] ?? 'modelwatch')) ? 'tfserving' : undefined;
}

function errorKind(answer: Answer): ServerKind | undefined {
  if (answer.status < 400) return undefined;
  const document = objectIn(answer);
  if (TORCHSERVE_ERRORS.includes(String(document?.['type']))) return 'torchserve';
  const error = document?.['error'];
  // llama.cpp answers so for every path while it loads.
  const loading = typeof error === 'object' && error !== null && 'type' in error && error.type === 'unavailable_error';
  return answer.status === 503 && loading ? 'llamacpp' : undefined;
}
