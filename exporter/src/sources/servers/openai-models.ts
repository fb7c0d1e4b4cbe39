/** The list of models of the servers with OpenAI's API (`GET /v1/models`), as vLLM and llama.cpp write it. */
import { isObject, preview } from '@modelwatch/contract';
import { invalid, json } from './answers';
import { isModelName, lastSegment } from './names';
import type { Answer, Drop } from './probe';

export interface ListedModel {
  readonly name: string;
  /** The model that it is an adapter of, or another name of. */
  readonly parent?: string;
}

const MAX_MODELS = 1_000;

/**
 * Ids may be repositories or files: the name is what follows the last slash. Of several names for the same weights
 * (`root`) the first is the model, under which the server counts.
 * @throws ProbeError when the answer is no list of models
 */
export function listedModels(answer: Answer, drop: Drop): ListedModel[] {
  const document = json(answer);
  const entries: unknown = isObject(document) ? document['data'] : undefined;
  if (!Array.isArray(entries)) throw invalid(answer, 'a list under data', document);
  const found = new Map<string, ListedModel>();
  const firstOfRoot = new Map<string, string>();
  for (const [index, entry] of entries.slice(0, MAX_MODELS).entries()) {
    const { id, root, parent } = isObject(entry) ? entry : {};
    const name = typeof id === 'string' ? lastSegment(id) : undefined;
    if (!isModelName(name)) {
      drop('wrong_type', `${answer.place} data[${index}] id: expected the name of a model, got ${preview(id)}`);
      continue;
    }
    if (found.has(name)) continue;
    const first = typeof root === 'string' ? firstOfRoot.get(root) : undefined;
    const base = typeof parent === 'string' && parent ? lastSegment(parent) : first;
    found.set(name, { name, ...(base === undefined || base === name ? {} : { parent: base }) });
    if (typeof root === 'string' && first === undefined) firstOfRoot.set(root, name);
  }
  return [...found.values()];
}

/** Who says that it serves them: `vllm`, `llamacpp`. */
export function ownerOfModels(document: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const data = document?.['data'];
  const [first]: unknown[] = Array.isArray(data) ? data : [];
  const owner = isObject(first) ? first['owned_by'] : undefined;
  return typeof owner === 'string' ? owner : undefined;
}
