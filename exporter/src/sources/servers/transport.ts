/** How one endpoint is reached: directly, or through the API server's pod proxy. */
import { isObject, type ProbeErrorCause } from '@modelwatch/contract';
import { Agent, request as httpRequest } from 'undici';
import type { ProbeTarget } from '../../domain/views';
import { ProbeError, ProxyError, type Answer } from './probe';

/** The part of the Kubernetes source that the pod proxy needs; see its KubernetesRequest. */
export type ProxyRequest = (
  path: string,
  options: {
    readonly method: 'GET' | 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly signal: AbortSignal;
    readonly maxBodyBytes: number;
  }
) => Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer }>;

export interface TransportOptions {
  readonly maxBodyBytes: number;
  /** Present: pods are reached through it. */
  readonly proxy?: ProxyRequest;
}

export interface Transport {
  /** @throws ProbeError; also when the signal is aborted, with cause `timeout`. ProxyError when nothing reached the pod. */
  send(target: ProbeTarget, method: 'GET' | 'POST', url: string, signal: AbortSignal, json?: string): Promise<Answer>;
  close(): Promise<void>;
}

export function createTransport(options: TransportOptions): Transport {
  // Redirects are not followed: a model server has no reason to send us elsewhere.
  const agent = new Agent({
    connect: { timeout: 60_000 },
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
  });
  return {
    async send(target, method, url, signal, json) {
      const place = `${method} ${url}`;
      try {
        return options.proxy && target.pod
          ? await throughProxy(options.proxy, options.maxBodyBytes, target.pod, { method, url, signal, json })
          : await directly(agent, options.maxBodyBytes, { method, url, signal, json });
      } catch (error) {
        if (error instanceof ProbeError || error instanceof ProxyError) throw error;
        if (signal.aborted) throw new ProbeError('timeout', `${place}: no whole answer within the deadline`);
        throw new ProbeError(causeOf(error), `${place}: ${words(error)}`);
      }
    },
    close: () => agent.destroy(),
  };
}

interface Request {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly signal: AbortSignal;
  readonly json: string | undefined;
}

function headersFor(json: string | undefined): Record<string, string> {
  return { 'user-agent': 'modelwatch', ...(json === undefined ? {} : { 'content-type': 'application/json' }) };
}

async function directly(agent: Agent, maxBytes: number, { method, url, signal, json }: Request): Promise<Answer> {
  const { statusCode, headers, body } = await httpRequest(url, {
    dispatcher: agent,
    method,
    signal,
    headers: headersFor(json),
    ...(json === undefined ? {} : { body: json }),
  });
  const place = `${method} ${url}`;
  const chunks: Buffer[] = [];
  let length = Number(headers['content-length'] ?? 0);
  if (length <= maxBytes) {
    length = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) break;
      chunks.push(chunk);
    }
  }
  if (length > maxBytes) {
    // What is left of the answer is not read: the connection goes with it.
    body.on('error', () => undefined).destroy();
    throw new ProbeError('too_large', `${place}: expected at most ${maxBytes} bytes`);
  }
  const contentType = headers['content-type'];
  return { status: statusCode, contentType: String(contentType ?? ''), body: Buffer.concat(chunks), place };
}

/**
 * An API server gives every answer an `Audit-Id`, also those of pods; a gateway or a page to log in before it does not.
 * A pod that answers in HTML is told from them by that.
 */
async function throughProxy(
  proxy: ProxyRequest,
  maxBodyBytes: number,
  pod: NonNullable<ProbeTarget['pod']>,
  { method, url, signal, json }: Request
): Promise<Answer> {
  const { port, protocol, pathname, search } = new URL(url);
  const scheme = protocol === 'https:' ? 'https:' : '';
  const name = `${scheme}${encodeURIComponent(pod.name)}:${port || (scheme ? '443' : '80')}`;
  const { status, headers, body } = await proxy(
    `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${name}/proxy${pathname}${search}`,
    { method, headers: headersFor(json), signal, maxBodyBytes, ...(json === undefined ? {} : { body: json }) }
  );
  const place = `${method} ${url} through the API server`;
  const contentType = headers['content-type'] ?? '';
  if (contentType.includes('text/html') && headers['audit-id'] === undefined) {
    throw new ProxyError(
      'proxy_not_kubernetes',
      `${place}: expected an answer of Kubernetes, got HTML with status ${status} from something before it`
    );
  }
  if (status >= 400 && contentType.includes('json') && isStatusOfApiServer(body)) {
    if (NOT_PASSED_ON.includes(status)) {
      throw new ProxyError('proxy_refused', `${place}: expected the pod, got status ${status}`);
    }
    throw new ProbeError(PROXY_CAUSES[status] ?? 'http_status', `${place}: expected the pod, got status ${status}`);
  }
  return { status, contentType, body, place };
}

/** The API server says in its own words (kind Status) that it could not reach the pod. */
const PROXY_CAUSES: Readonly<Record<number, ProbeErrorCause>> = { 502: 'closed', 503: 'refused', 504: 'timeout' };

/** Our credentials, our rights or our pace, never the pod's fault. */
const NOT_PASSED_ON = [401, 403, 429];

function isStatusOfApiServer(body: Buffer): boolean {
  if (body.length > 65_536) return false;
  try {
    const document: unknown = JSON.parse(body.toString('utf8'));
    return isObject(document) && document['kind'] === 'Status' && document['apiVersion'] === 'v1';
  } catch {
    return false;
  }
}

const CAUSES: Readonly<Record<string, ProbeErrorCause>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  UND_ERR_SOCKET: 'closed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'closed',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  // The reasons of the Kubernetes source, for pods behind the proxy.
  timeout: 'timeout',
  disconnected: 'closed',
  too_large: 'too_large',
};

function codeOf(error: unknown): string {
  const { code, reason } = error as { code?: unknown; reason?: unknown };
  return typeof code === 'string' ? code : typeof reason === 'string' ? reason : '';
}

function causeOf(error: unknown): ProbeErrorCause {
  const code = codeOf(error);
  return CAUSES[code] ?? (code.startsWith('HPE_') ? 'invalid_response' : 'other');
}

const WORDS: Readonly<Partial<Record<ProbeErrorCause, string>>> = {
  refused: 'connection refused',
  closed: 'connection closed before the answer was whole',
  timeout: 'no answer in time',
  invalid_response: 'expected HTTP, got something else',
};

function words(error: unknown): string {
  return WORDS[causeOf(error)] ?? (codeOf(error) || (error instanceof Error ? error.message : 'failed'));
}
