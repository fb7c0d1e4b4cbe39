/**
 * Credentials of a kubeconfig, as the client library gives them: tokens, client certificates, exec plugins, OIDC, basic
 * authentication, proxies. Only its public `applyToHTTPSOptions` is used; connections are our own, because the library
 * opens a new one for every call when a CA is set.
 */
import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import { Agent, ProxyAgent, Socks5ProxyAgent, type Dispatcher } from 'undici';
import { AGENT_TIMEOUTS, type AccessReader } from './access';
import { ApiError } from './errors';

/** @throws ApiError with reason `credentials` when the file or the context cannot be used */
export async function kubeconfigAccess(file: string | undefined, context: string | undefined): Promise<AccessReader> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (error) {
    throw new ApiError('credentials', `kubeconfig ${file ?? ''}: expected a readable file, got ${short(error)}`);
  }
  if (context !== undefined) {
    if (!config.getContextObject(context)) {
      const known = config.getContexts().map(({ name }) => name);
      throw new ApiError('credentials', `kubernetes.context: expected one of ${known.join(', ')}, got "${context}"`);
    }
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  if (!cluster?.server) {
    throw new ApiError('credentials', `kubeconfig: context "${config.getCurrentContext()}" names no cluster`);
  }
  const user = config.getCurrentUser();
  if (user?.impersonateUser) {
    throw new ApiError('credentials', `kubeconfig user "${user.name}": expected no impersonation (as), got some`);
  }
  const { server, proxyUrl } = cluster;

  return async () => {
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      // What a credential plugin prints may hold secrets: only how it failed is told.
      const how = (error as NodeJS.ErrnoException).code ?? (error as Error).name;
      const user = config.getCurrentUser()?.name ?? '';
      throw new ApiError('credentials', `kubeconfig: the credentials of user "${user}" could not be had (${how})`);
    }
    const tls = tlsOf(options);
    return {
      server: server.replace(/\/+$/, ''),
      headers: headersOf(options),
      trust: fingerprint(tls),
      connect: () => connect(tls, proxyUrl),
    };
  };
}

type SocksOptions = NonNullable<ConstructorParameters<typeof Socks5ProxyAgent>[1]>;

type Tls = Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'servername' | 'rejectUnauthorized'>;

function tlsOf(options: RequestOptions): Tls {
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = options;
  const tls = { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized };
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined)) as Tls;
}

function headersOf(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (typeof value === 'string') headers[name.toLowerCase()] = value;
  }
  if (typeof options.auth === 'string') {
    headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  }
  return headers;
}

/** Changes when a certificate was renewed: then connections are made anew. */
function fingerprint(tls: Tls): string {
  const hash = createHash('sha256');
  for (const [name, value] of Object.entries(tls)) {
    hash.update(`${name}:`);
    hash.update(Buffer.isBuffer(value) ? value : JSON.stringify(value));
  }
  return hash.digest('hex');
}

function connect(tls: Tls, proxyUrl: string | undefined): Dispatcher {
  const connection = { ...AGENT_TIMEOUTS.connect, ...tls } as Agent.Options['connect'];
  if (!proxyUrl) return new Agent({ ...AGENT_TIMEOUTS, ...(connection ? { connect: connection } : {}) });
  if (proxyUrl.startsWith('socks')) {
    return new Socks5ProxyAgent(proxyUrl, { headersTimeout: 30_000, bodyTimeout: 0, requestTls: tls } as SocksOptions);
  }
  return new ProxyAgent({
    headersTimeout: 30_000,
    bodyTimeout: 0,
    uri: proxyUrl,
    requestTls: tls,
  } as ProxyAgent.Options);
}

/** First line of an error of the library: what follows may quote the file. */
function short(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 200);
}
