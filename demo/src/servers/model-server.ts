/** What the kinds of simulated model server have in common. Answers are pure: request and clock in, answer out. */
import type { ModelTraffic } from '../fleet/meter';
import type { ModelServerKind } from '../fleet/server-kinds';

export interface ServerRequest {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly body: string;
}

export interface ServerAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly body: string;
}

export interface HostedModel {
  /** As the server calls it: `<model>_<version>` on Seldon Core 2. */
  readonly name: string;
  /** As the server knows it; empty where it knows none. */
  readonly version: string;
  readonly state: 'ready' | 'loading' | 'unavailable';
  /** Why it is unavailable, in the server's words. */
  readonly reason: string;
  readonly traffic: ModelTraffic;
}

/** Where a server listens inside its pod; `metrics` may be the same as `http`. */
export interface ServerPorts {
  readonly http: number;
  readonly metrics: number;
  /** TorchServe keeps the states of its workers apart. */
  readonly management?: number;
}

/** One process. */
export interface ModelServer {
  readonly kind: ModelServerKind;
  readonly ports: ServerPorts;
  /** Its pod, or its own name where it stands alone. */
  readonly hostname: string;
  /** vLLM of an LLMInferenceService with workloads of their own for the prompt: those make one token a request. */
  readonly prefillOnly?: boolean;
  startedMs: number;
  models: readonly HostedModel[];
  /** No longer there; MLServer goes on showing what it counted of them. */
  unloaded?: readonly HostedModel[];
  /** `refused`: nothing listens. `hanging`: connections are taken and never answered. */
  reachable: 'yes' | 'refused' | 'hanging';
  /** What is sent to the port of its metrics is dropped on the way. */
  isMetricsBlocked?: boolean;
}

/** What a port says to a path that it does not have, in the words of FastAPI. */
export const FASTAPI_NOT_FOUND = json(404, { detail: 'Not Found' });

export function json(status: number, value: unknown): ServerAnswer {
  return { status, contentType: 'application/json', body: JSON.stringify(value) };
}

/** `/v2/models/{model}[/versions/{version}][/{verb}]`, as the Open Inference Protocol spells it. */
export interface ModelPath {
  readonly model: string;
  readonly version?: string;
  /** Empty for the metadata of the model. */
  readonly verb: string;
}

const MODEL_PATH = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/([a-z_]+))?$/;

export function parseModelPath(path: string): ModelPath | undefined {
  const match = MODEL_PATH.exec(path);
  if (match === null) return undefined;
  const [, model = '', version, verb = ''] = match;
  try {
    return {
      model: decodeURIComponent(model),
      ...(version === undefined ? {} : { version: decodeURIComponent(version) }),
      verb,
    };
  } catch {
    return undefined;
  }
}

/** An inference request as far as the simulation reads it. */
export type InferBody =
  | { readonly kind: 'ok'; readonly rows: number }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'no-inputs'; readonly value: unknown };

export function readInferBody(body: string): InferBody {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { kind: 'malformed' };
  }
  if (typeof value !== 'object' || value === null || !('inputs' in value) || !Array.isArray(value.inputs)) {
    return { kind: 'no-inputs', value };
  }
  const first: unknown = value.inputs[0];
  const shape = typeof first === 'object' && first !== null && 'shape' in first ? first.shape : undefined;
  const rows: unknown = Array.isArray(shape) ? shape[0] : 1;
  return { kind: 'ok', rows: typeof rows === 'number' && rows > 0 && rows <= 1_000 ? Math.floor(rows) : 1 };
}

/** Scores that mean nothing but look like scores. */
export function scores(rows: number): number[] {
  return Array.from({ length: rows }, (_, i) => Number((0.5 + 0.4 * Math.sin(i + 1)).toFixed(4)));
}
