import { isObject } from '@modelwatch/contract';

/** Failures of the API server that the source survives. The reasons are a closed list: they become a label value. */
export type ApiErrorReason =
  | 'credentials'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'expired'
  | 'rate_limited'
  | 'server_error'
  | 'unexpected_status'
  | 'disconnected'
  | 'timeout'
  | 'silent'
  | 'too_large'
  | 'invalid_response';

/** `message` is in words, for people: it holds no token and no body of the server. */
export class ApiError extends Error {
  constructor(
    readonly reason: ApiErrorReason,
    message: string,
    readonly retryAfterSeconds?: number,
    /** Of the answer, where there was one. */
    readonly status?: number
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

const BY_STATUS: Readonly<Record<number, ApiErrorReason>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  410: 'expired',
  429: 'rate_limited',
};

/** The error that a status stands for. `place` is the request without its query. */
export function errorOfStatus(status: number, place: string, retryAfter?: string): ApiError {
  const reason = BY_STATUS[status] ?? (status >= 500 ? 'server_error' : 'unexpected_status');
  const hint =
    reason === 'forbidden'
      ? ' (the role of the exporter needs get, list and watch there)'
      : reason === 'unauthorized'
        ? ' (token or certificate not accepted)'
        : '';
  return new ApiError(
    reason,
    `${place}: expected status 200, got ${status}${hint}`,
    retryAfterSeconds(retryAfter),
    status
  );
}

/** Only the form in seconds is sent by Kubernetes; at most 5 minutes are obeyed. */
function retryAfterSeconds(header: string | undefined): number | undefined {
  const seconds = header === undefined ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 300) : undefined;
}

const TIMEOUT_CODES = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
]);

/** How undici says that a proxy did not connect us; its code is that of any aborted request. */
const REFUSED_BY_PROXY = /^Proxy response \((\d+)\)/;

/** Any failure of the transport as an ApiError; an ApiError stays itself. */
export function toApiError(error: unknown, place: string): ApiError {
  if (error instanceof ApiError) return error;
  const code = textOf(error, 'code') ?? textOf(isObject(error) ? error['cause'] : undefined, 'code');
  if (textOf(error, 'name') === 'TimeoutError' || (code !== undefined && TIMEOUT_CODES.has(code))) {
    return new ApiError('timeout', `${place}: no answer in time`);
  }
  const refusal = REFUSED_BY_PROXY.exec(textOf(error, 'message') ?? '')?.[1];
  if (refusal !== undefined) return new ApiError('disconnected', `${place}: the proxy answered with status ${refusal}`);
  return new ApiError('disconnected', `${place}: ${code ?? textOf(error, 'message') ?? 'connection lost'}`);
}

/** Errors of the runtime are not always instances of our `Error`, so they are read as what they are: objects. */
function textOf(error: unknown, key: string): string | undefined {
  const value = isObject(error) ? error[key] : undefined;
  return typeof value === 'string' && value ? value : undefined;
}
