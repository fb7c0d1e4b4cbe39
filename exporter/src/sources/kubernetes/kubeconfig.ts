/**
 * Credentials of a kubeconfig: tokens, client certificates, credential plugins, basic authentication. The client library
 * does only what is left, the old `auth-provider`s; it is loaded only then, because it costs 80 MB and half a second.
 */
import type { RequestOptions } from 'node:https';
import type { AccessReader } from './access';
import type { Tls } from './connect';
import { readSecret } from './disk';
import { ApiError } from './errors';
import { createExecPlugin, type ExecCredential } from './exec-plugin';
import { choose, readFiles, type Chosen } from './kubeconfig-file';
import { checkedProxy, proxyOf } from './proxy';

/** Reads the credentials of one context, which stays the same until a file is written anew. */
type Reader = ReturnType<typeof readerOf>;

/** @param files as in `KUBECONFIG`; the reader reads them each time, and what they name */
export function kubeconfigReader(
  files: readonly string[],
  context: string | undefined,
  env: NodeJS.ProcessEnv
): AccessReader {
  let kept: { readonly written: string; readonly reader: Reader } | undefined;
  return async () => {
    const texts = await readFiles(files);
    const written = texts.join('\0');
    // A plugin and a provider remember what they gave: they are kept as long as the files say the same.
    if (kept?.written !== written) kept = { written, reader: readerOf(choose(files, texts, context), env) };
    return kept.reader();
  };
}

function readerOf(chosen: Chosen, env: NodeJS.ProcessEnv): AccessReader {
  const { cluster, server, user, userName } = chosen;
  if (user.as) {
    throw new ApiError('credentials', `kubeconfig user "${userName}": expected no impersonation (as), got some`);
  }
  const given = cluster['proxy-url'];
  const proxy = given === undefined ? proxyOf(server, env) : checkedProxy(given, 'kubeconfig proxy-url');
  const plugin = user.exec ? createExecPlugin(user.exec, chosen, env) : undefined;
  const provider = user['auth-provider'] ? authProvider(chosen) : undefined;
  return async () => {
    const own = await ownAuthorization(user);
    const credential = own === undefined ? await plugin?.() : undefined;
    const authorization = own ?? bearer(credential?.token) ?? (await provider?.());
    return {
      server: server.replace(/\/+$/, ''),
      headers: authorization === undefined ? {} : { authorization },
      tls: await tlsOf(chosen, credential),
      proxy,
    };
  };
}

async function ownAuthorization({ tokenFile, token, username, password }: Chosen['user']): Promise<string | undefined> {
  // The file wins, as in kubectl: it is the one that is renewed.
  if (tokenFile !== undefined) return bearer(await readSecret(tokenFile, 'token'));
  if (token !== undefined) return bearer(token.trim());
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
}

function bearer(token: string | null | undefined): string | undefined {
  return token ? `Bearer ${token}` : undefined;
}

async function tlsOf({ cluster, user }: Chosen, credential: ExecCredential | undefined): Promise<Tls> {
  const insecure = cluster['insecure-skip-tls-verify'] ?? false;
  const ca = insecure
    ? undefined
    : await dataOrFile(cluster['certificate-authority-data'], cluster['certificate-authority'], 'CA');
  const cert =
    credential?.clientCertificateData ??
    (await dataOrFile(user['client-certificate-data'], user['client-certificate'], 'client certificate'));
  const key =
    credential?.clientKeyData ?? (await dataOrFile(user['client-key-data'], user['client-key'], 'client key'));
  const servername = cluster['tls-server-name'];
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined ? {} : { servername }),
    ...(insecure ? { rejectUnauthorized: false } : {}),
  };
}

function dataOrFile(data: string | undefined, file: string | undefined, what: string): Promise<string | undefined> {
  if (data !== undefined) return Promise.resolve(Buffer.from(data, 'base64').toString('utf8'));
  return file === undefined ? Promise.resolve(undefined) : readSecret(file, what);
}

/** OIDC and what else the client library knows. It keeps what it renewed in memory and asks over connections of its own. */
function authProvider({ user, userName }: Chosen): () => Promise<string | undefined> {
  const options = {
    clusters: [{ name: 'cluster', server: 'https://cluster', skipTLSVerify: false }],
    users: [{ name: userName, authProvider: user['auth-provider'] }],
    contexts: [{ name: 'context', cluster: 'cluster', user: userName }],
    currentContext: 'context',
  };
  let loading: Promise<{ applyToHTTPSOptions(options: RequestOptions): Promise<void> }> | undefined;
  const load = async () => {
    const { KubeConfig } = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    config.loadFromOptions(options);
    return config;
  };
  return async () => {
    const request: RequestOptions = {};
    const place = `kubeconfig user "${userName}": auth-provider ${user['auth-provider']?.name ?? ''}`;
    try {
      await (await (loading ??= load())).applyToHTTPSOptions(request);
    } catch (error) {
      // What a provider says may hold secrets: only how it failed is told.
      const how = (error as NodeJS.ErrnoException).code ?? (error as Error).name;
      throw new ApiError('credentials', `${place}: expected a token, got ${how}`);
    }
    const value = Object.entries(request.headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
    if (typeof value === 'string') return value;
    throw new ApiError('credentials', `${place}: expected a token that has not expired, got none`);
  };
}
