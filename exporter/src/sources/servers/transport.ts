/** How one endpoint is reached: directly, or through the API server's pod proxy. */
import type { LookupFunction } from 'node:net';
import { isObject, STANDALONE_NAMESPACE, type ProbeErrorCause } from '@modelwatch/contract';
import { request as httpRequest } from 'undici';
import type { ProbeTarget } from '../../domain/probe-target';
import { isGrpc } from '../../mapping/server-url';
import { ACCEPT_ENCODING, decoded, readBody } from './body';
import {
  connect,
  createConnection,
  type Access,
  type Connection,
  type ConnectionOptions,
  type Tls,
} from './connection';
import { explained } from './failures';
import { createChannel, type Channel } from './grpc';
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
  /** Of a body without its encoding. */
  readonly maxBodyBytes: number;
  /** Present: pods are reached through it. */
  readonly proxy?: ProxyRequest;
  /** Declared servers, by name, that want more than an address. */
  readonly connections?: ReadonlyMap<string, ConnectionOptions>;
  /** In place of DNS. */
  readonly lookup?: LookupFunction;
}

export interface HttpTransport {
  /**
   * Redirects are not followed: a model server has no reason to send us elsewhere.
   * @throws ProbeError; also when the signal is aborted, with cause `timeout`. ProxyError when nothing reached the server.
   */
  send(
    target: ProbeTarget,
    method: 'GET' | 'POST',
    url: string,
    signal: AbortSignal,
    json?: string,
    extraHeaders?: Readonly<Record<string, string>>
  ): Promise<Answer>;
  close(): Promise<void>;
}

export interface Transport extends HttpTransport {
  /**
   * Calls to a server that listens on gRPC only (declared ones alone: pods are asked over HTTP), all of them within the
   * deadline of the signal. Whoever opens it closes it.
   */
  channel(target: ProbeTarget, signal: AbortSignal): Channel;
}

export function createTransport(options: TransportOptions): Transport {
  const { maxBodyBytes, proxy, lookup, connections = new Map<string, ConnectionOptions>() } = options;
  const plain: Access = { dispatcher: connect(lookup ? { lookup } : {}), headers: {}, tls: {} };
  // Pods are called by address, and sign their certificates themselves: nobody could say whether one is right. Nothing
  // that is secret is sent there, and what is read is what the same pod would say without encryption.
  const unverified: Tls = { rejectUnauthorized: false };
  const pods: Access = { dispatcher: connect(unverified), headers: {}, tls: unverified };
  const declared = new Map<string, Connection>();
  for (const [name, connection] of connections) declared.set(name, createConnection(connection));

  function accessOf({ endpoint: { namespace, server }, pod }: ProbeTarget): Access | Promise<Access> {
    if (pod) return pods;
    return (namespace === STANDALONE_NAMESPACE ? declared.get(server)?.access() : undefined) ?? plain;
  }

  return {
    async send(target, method, url, signal, json, extraHeaders = {}) {
      const place = `${method} ${shownUrl(url)}`;
      if (isGrpc(url)) throw new ProbeError('other', `${place}: expected an http:// or https:// URL, this is for gRPC`);
      const request = { method, url, signal, json, extraHeaders };
      try {
        return proxy && target.pod
          ? await throughProxy(proxy, maxBodyBytes, target.pod, request)
          : await directly(await accessOf(target), maxBodyBytes, request);
      } catch (error) {
        throw explained(error, signal, place);
      }
    },
    channel(target, signal) {
      return createChannel(target.url, { access: () => accessOf(target), maxBytes: maxBodyBytes, signal, lookup });
    },
    async close() {
      await Promise.all([
        plain.dispatcher.destroy(),
        pods.dispatcher.destroy(),
        ...[...declared.values()].map((one) => one.close()),
      ]);
    },
  };
}

interface Request {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly signal: AbortSignal;
  readonly json: string | undefined;
  readonly extraHeaders: Readonly<Record<string, string>>;
}

/** Without the query: tokens stand there. */
function shownUrl(url: string): string {
  return url.replace(/\?.*/s, '');
}

function headersFor({ json, extraHeaders }: Request): Record<string, string> {
  return {
    'user-agent': 'modelwatch',
    'accept-encoding': ACCEPT_ENCODING,
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...Object.fromEntries(Object.entries(extraHeaders).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

async function directly(access: Access, maxBytes: number, request: Request): Promise<Answer> {
  const { method, url, signal, json } = request;
  const { statusCode, headers, body } = await httpRequest(url, {
    dispatcher: access.dispatcher,
    method,
    signal,
    headers: { ...headersFor(request), ...access.headers },
    ...(json === undefined ? {} : { body: json }),
  });
  const place = `${method} ${shownUrl(url)}`;
  const packed = await readBody(body, headers['content-length'], maxBytes, place);
  const unframed = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
  return answer({ status: statusCode, headers, packed, url, place, maxBytes, unframed });
}

async function answer(raw: {
  readonly status: number;
  readonly headers: Headers;
  readonly packed: Buffer;
  readonly url: string;
  readonly place: string;
  readonly maxBytes: number;
  readonly unframed?: boolean;
}): Promise<Answer> {
  const { status, headers, packed, url, place, maxBytes, unframed } = raw;
  const { location, etag } = headers;
  return {
    status,
    contentType: String(headers['content-type'] ?? ''),
    body: await decoded(packed, String(headers['content-encoding'] ?? ''), maxBytes, place),
    place,
    ...(location === undefined ? {} : { location: placeOf(String(location), url) }),
    ...(etag === undefined ? {} : { etag: String(etag) }),
    ...(unframed ? { unframed } : {}),
  };
}

/** A place that may be shown: the path on the same server, or another server without path and query. */
function placeOf(location: string, url: string): string {
  if (!URL.canParse(location, url)) return 'no address';
  const [to, from] = [new URL(location, url), new URL(url)];
  return to.origin === from.origin ? to.pathname.slice(0, 200) : `another server, ${to.protocol}//${to.host}`;
}

/**
 * An API server gives every answer an `Audit-Id`, also those of pods; a gateway or a page to log in before it does not.
 * A pod that answers in HTML is told from them by that.
 */
async function throughProxy(
  proxy: ProxyRequest,
  maxBytes: number,
  pod: NonNullable<ProbeTarget['pod']>,
  request: Request
): Promise<Answer> {
  const { method, url, signal, json } = request;
  const { port, protocol, pathname, search } = new URL(url);
  const scheme = protocol === 'https:' ? 'https:' : '';
  const name = `${scheme}${encodeURIComponent(pod.name)}:${port || (scheme ? '443' : '80')}`;
  const { status, headers, body } = await proxy(
    `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${name}/proxy${pathname}${search}`,
    {
      method,
      headers: headersFor(request),
      signal,
      maxBodyBytes: maxBytes,
      ...(json === undefined ? {} : { body: json }),
    }
  );
  const place = `${method} ${shownUrl(url)} through the API server`;
  const found = await answer({ status, headers, packed: body, url, place, maxBytes });
  if (found.contentType.includes('text/html') && headers['audit-id'] === undefined) {
    throw new ProxyError(
      'proxy_not_kubernetes',
      `${place}: expected an answer of Kubernetes, got HTML with status ${status} from something before it`
    );
  }
  if (status >= 400 && found.contentType.includes('json') && isStatusOfApiServer(found.body)) {
    if (NOT_PASSED_ON.includes(status)) {
      throw new ProxyError('proxy_refused', `${place}: expected the pod, got status ${status}`);
    }
    throw new ProbeError(PROXY_CAUSES[status] ?? 'http_status', `${place}: expected the pod, got status ${status}`);
  }
  return found;
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
