/**
 * How the API server is reached and who we are there. Three ways, first that applies: an address from the configuration
 * (with optional token file and CA), the service account of a pod, the user's kubeconfig (through the client library,
 * which is loaded only then: it costs 80 MB and half a second).
 */
import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { AGENT_TIMEOUTS, type Access, type AccessReader } from './access';
import { ApiError } from './errors';
import { kubeconfigAccess } from './kubeconfig';
import type { KubernetesOptions } from './options';

export interface Credentials {
  /** @throws ApiError with reason `credentials`, naming the file that is missing or wrong */
  access(): Promise<Access>;
  /** Forgets what was read: the server did not accept it. */
  forget(): void;
  close(): Promise<void>;
}

/** Service-account tokens live an hour or more and are rewritten long before; reading each half minute is enough. */
const KEEP_MS = 30_000;
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
export function createCredentials(options: KubernetesOptions, env: NodeJS.ProcessEnv = process.env): Credentials {
  let reader: Promise<AccessReader> | undefined;
  let current: { access: Access; trust: string; readMs: number } | undefined;
  let reading: Promise<Access> | undefined;

  async function read(): Promise<Access> {
    reader ??= chooseReader(options, env);
    // A reader that could not be chosen is chosen anew next time: the file may appear.
    const found = await (
      await reader.catch((error: unknown) => {
        reader = undefined;
        throw error;
      })
    )();
    const kept = current?.trust === found.trust ? current.access.dispatcher : undefined;
    if (!kept) current?.access.dispatcher.close().catch(() => undefined);
    const access = { server: found.server, headers: found.headers, dispatcher: kept ?? found.connect() };
    current = { access, trust: found.trust, readMs: performance.now() };
    return access;
  }

  return {
    access() {
      if (current && performance.now() - current.readMs < KEEP_MS) return Promise.resolve(current.access);
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    forget() {
      // The kubeconfig, too, may have been written anew, and a credential plugin must be asked again.
      reader = undefined;
      if (current) current = { ...current, readMs: -Infinity };
    },
    async close() {
      await current?.access.dispatcher.destroy();
      current = undefined;
    },
  };
}

async function chooseReader(options: KubernetesOptions, env: NodeJS.ProcessEnv): Promise<AccessReader> {
  if (options.server !== undefined) return fileReader(options.server, options.tokenFile, options.caFile);
  const [host, port] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']];
  const inCluster = join(SERVICE_ACCOUNT, 'token');
  if (options.kubeconfig === undefined && host && port && (await exists(inCluster))) {
    const address = host.includes(':') ? `[${host}]` : host;
    return fileReader(`https://${address}:${port}`, inCluster, join(SERVICE_ACCOUNT, 'ca.crt'));
  }
  const files = options.kubeconfig ?? env['KUBECONFIG'] ?? join(homedir(), '.kube', 'config');
  if (!(await exists(files.split(':')[0] ?? files))) {
    throw new ApiError(
      'credentials',
      `no credentials for Kubernetes: expected a service account, kubernetes.server or a kubeconfig, and ${files} is not there`
    );
  }
  return kubeconfigAccess(options.kubeconfig, options.context);
}

function fileReader(server: string, tokenFile?: string, caFile?: string): AccessReader {
  return async () => {
    const token = tokenFile === undefined ? undefined : (await readText(tokenFile, 'token')).trim();
    if (token === '') throw new ApiError('credentials', `token file ${tokenFile}: expected a token, the file is empty`);
    const ca = caFile === undefined ? undefined : await readText(caFile, 'CA');
    return {
      server: server.replace(/\/+$/, ''),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      trust: ca ?? '',
      connect: () =>
        new Agent({ ...AGENT_TIMEOUTS, connect: { ...AGENT_TIMEOUTS.connect, ...(ca === undefined ? {} : { ca }) } }),
    };
  };
}

async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new ApiError('credentials', `${what} file ${file}: expected a readable file, got ${code}`);
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false
  );
}
