/** Completion requests of OpenAI's API, as far as the simulation reads them. */

export interface Completion {
  readonly model?: string;
  readonly promptTokens: number;
}

/** @returns `undefined` for what is no JSON object. */
export function readCompletion(body: string): Completion | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const model = 'model' in value && typeof value.model === 'string' ? value.model : undefined;
  // About four characters make a token.
  return { ...(model === undefined ? {} : { model }), promptTokens: Math.ceil(body.length / 4) };
}
