/** Serving resources as owners and as targets of autoscalers: other API groups have kinds of these names, too. */
const GROUPS: Readonly<Record<string, string>> = {
  Model: 'mlops.seldon.io',
  Server: 'mlops.seldon.io',
  InferenceService: 'serving.kserve.io',
  InferenceGraph: 'serving.kserve.io',
  LLMInferenceService: 'serving.kserve.io',
};

/** Whether a reference names a serving resource, by kind and API group. */
export function isServing(kind: unknown, apiVersion: unknown): boolean {
  return Object.hasOwn(GROUPS, String(kind)) && String(apiVersion).split('/', 1)[0] === GROUPS[String(kind)];
}

/** Whether a reference has the kind of a serving resource, and another group. */
export function isNamesake(kind: string, apiVersion: string | undefined): boolean {
  return Object.hasOwn(GROUPS, kind) && !isServing(kind, apiVersion);
}
