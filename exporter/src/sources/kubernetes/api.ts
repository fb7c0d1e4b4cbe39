/** The API server over HTTP: requests with an end, and streams without one. */
import { request as httpRequest } from 'undici';
import type { Access } from './access';
import type { Budget } from './budget';
import type { Credentials } from './credentials';
import { ApiError, errorOfStatus, toApiError } from './errors';
import { Link } from './link';

export interface KubernetesRequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** A longer answer is an error, and is not read on. Default 64 MiB. */
  readonly maxBodyBytes?: number;
}

export interface KubernetesResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * One request with our credentials; `path` begins with a slash and holds its query. Any status is an answer.
 * @throws ApiError when there is no whole answer
 */
export type KubernetesRequest = (path: string, options?: KubernetesRequestOptions) => Promise<KubernetesResponse>;

export interface KubernetesApi {
  readonly request: KubernetesRequest;
  /**
   * A JSON document.
   * @param beforeParsing awaited when the answer is there: parsing holds the event loop
   * @throws ApiError also for a status other than 200 and for what is not JSON
   */
  json(
    path: string,
    signal: AbortSignal,
    beforeParsing?: () => Promise<void>
  ): Promise<{ document: unknown; bytes: number }>;
  /** The body of a watch. @throws ApiError for a status other than 200 */
  stream(path: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>>;
  close(): Promise<void>;
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
/** A page that takes longer than this will not come. */
const REQUEST_TIMEOUT_MS = 60_000;
/** The server answers a watch at once and sends what happens later. */
const WATCH_OPENS_WITHIN_MS = 10_000;

/** @param budget for lists, watches and discovery; requests of others, which have limits of their own, are not held up */
export function createApi(credentials: Credentials, userAgent: string, budget: Budget): KubernetesApi {
  function send(access: Access, path: string, options: KubernetesRequestOptions, headersTimeout: number) {
    const { server, headers, dispatcher } = access;
    return httpRequest(`${server}${path}`, {
      dispatcher,
      headersTimeout,
      method: options.method ?? 'GET',
      headers: { accept: 'application/json', 'user-agent': userAgent, ...options.headers, ...headers },
      ...(options.body === undefined ? {} : { body: options.body }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  }

  /** A 401 may mean that the token was replaced: what is on disk is read again, once, before it counts. */
  async function open(path: string, options: KubernetesRequestOptions, headersTimeout: number) {
    const access = await credentials.access();
    const response = await send(access, path, options, headersTimeout);
    if (response.statusCode !== 401) return response;
    await response.body.dump();
    credentials.forget(access);
    return send(await credentials.access(), path, options, headersTimeout);
  }

  const request: KubernetesRequest = async (path, options = {}) => {
    const place = placeOf(path, options.method);
    const link = new Link(options.signal);
    const late = () => link.abort(new DOMException('no answer in time', 'TimeoutError'));
    const timer = setTimeout(late, REQUEST_TIMEOUT_MS).unref();
    try {
      const response = await open(path, { ...options, signal: link.signal }, REQUEST_TIMEOUT_MS);
      const body = await readBody(response.body, options.maxBodyBytes ?? DEFAULT_MAX_BYTES, place);
      return { status: response.statusCode, headers: flatten(response.headers), body };
    } catch (error) {
      throw toApiError(error, place);
    } finally {
      clearTimeout(timer);
      link.release();
    }
  };

  function refused(status: number, place: string, retryAfter: string | undefined): ApiError {
    const error = errorOfStatus(status, place, retryAfter);
    if (error.reason === 'rate_limited') budget.pause(error.retryAfterSeconds ?? 1);
    return error;
  }

  return {
    request,
    async json(path, signal, beforeParsing) {
      const place = placeOf(path);
      await budget.take(signal);
      const { status, headers, body } = await request(path, { signal });
      if (status !== 200) throw refused(status, place, headers['retry-after']);
      await beforeParsing?.();
      try {
        return { document: JSON.parse(body.toString('utf8')) as unknown, bytes: body.length };
      } catch {
        const begin = JSON.stringify(body.subarray(0, 40).toString('utf8'));
        throw new ApiError('invalid_response', `${place}: expected JSON, got ${begin}`);
      }
    },
    async stream(path, signal) {
      const place = placeOf(path);
      await budget.take(signal);
      try {
        const response = await open(path, { signal }, WATCH_OPENS_WITHIN_MS);
        if (response.statusCode === 200) return response.body;
        await response.body.dump();
        throw refused(response.statusCode, place, flatten(response.headers)['retry-after']);
      } catch (error) {
        throw toApiError(error, place);
      }
    },
    close: () => credentials.close(),
  };
}

/** Reads up to the limit; what announces or sends more is cut off at once. */
export async function readBody(
  body: AsyncIterable<Buffer> & { destroy(): unknown },
  maxBytes: number,
  place: string
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) {
      body.destroy();
      throw new ApiError('too_large', `${place}: expected at most ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function placeOf(path: string, method = 'GET'): string {
  return `${method} ${path.split('?')[0]}`;
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) out[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return out;
}
