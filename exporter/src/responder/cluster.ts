/** The API server as the responder uses it: few requests, each with a time limit, and words for each way to fail. */
import { isObject } from '@modelwatch/contract';
import { FIELD_MANAGER } from './patch';
import { failed, type Outcome } from './types';

/** One request with our credentials. Any status is an answer; it rejects when there is no whole answer. */
export type Ask = (
  path: string,
  options: {
    readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly signal: AbortSignal;
    readonly maxBodyBytes: number;
  }
) => Promise<{ readonly status: number; readonly body: Buffer }>;

export type Answer =
  | { readonly kind: 'ok'; readonly object: Readonly<Record<string, unknown>> }
  /** 409: what was sent does not fit what is there any more. */
  | { readonly kind: 'conflict'; readonly text: string }
  | { readonly kind: 'missing'; readonly text: string }
  | { readonly kind: 'failed'; readonly outcome: Outcome };

export interface Cluster {
  get(path: string): Promise<Answer>;
  /** A dry run goes through all that the real one would, and keeps nothing. */
  create(path: string, object: object, dryRun?: boolean): Promise<Answer>;
  replace(path: string, object: object): Promise<Answer>;
  /** A merge patch. */
  patch(path: string, patch: object, dryRun: boolean): Promise<Answer>;
}

/** Well below how long the Lease is held. */
const ANSWERS_WITHIN_MS = 10_000;
const MAX_BODY_BYTES = 4 * 1_024 * 1_024;

export function createCluster(ask: Ask): Cluster {
  async function send(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, query: string, body?: object) {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const place = `${method} ${path}`;
    try {
      const { status, body: bytes } = await ask(path + query, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': type } }),
        signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
        maxBodyBytes: MAX_BODY_BYTES,
      });
      return answerOf(place, status, bytes.toString('utf8'));
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', outcome: failed('unavailable', cause) } as const;
    }
  }
  const manager = `?fieldManager=${FIELD_MANAGER}`;
  const written = (dryRun: boolean) => `${manager}${dryRun ? '&dryRun=All' : ''}`;
  return {
    get: (path) => send('GET', path, ''),
    create: (path, object, dryRun = false) => send('POST', path, written(dryRun), object),
    replace: (path, object) => send('PUT', path, manager, object),
    patch: (path, patch, dryRun) => send('PATCH', path, written(dryRun), patch),
  };
}

function answerOf(place: string, status: number, text: string): Answer {
  const object = parse(text);
  const said = typeof object?.['message'] === 'string' ? `: ${object['message'].slice(0, 300)}` : '';
  const words = `${place} was answered with status ${status}${said}`;
  if (status === 200 || status === 201) {
    if (object) return { kind: 'ok', object };
    return { kind: 'failed', outcome: failed('unavailable', `${place}: expected a JSON object`) };
  }
  if (status === 409) return { kind: 'conflict', text: words };
  if (status === 404) return { kind: 'missing', text: words };
  if (status === 401 || status === 403) return { kind: 'failed', outcome: failed('forbidden', words) };
  const isTheirs = status >= 500 || status === 429;
  return { kind: 'failed', outcome: failed(isTheirs ? 'unavailable' : 'rejected', words) };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
