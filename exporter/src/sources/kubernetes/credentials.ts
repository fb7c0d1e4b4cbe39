/**
 * How the API server is reached and who we are there. Three ways, first that applies: an address from the configuration
 * (with optional token file and CA), the service account of a pod, the user's kubeconfig.
 */
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Access, AccessReader } from './access';
import { connect, fingerprint } from './connect';
import { readSecret } from './disk';
import { ApiError } from './errors';
import { kubeconfigReader } from './kubeconfig';
import type { KubernetesOptions } from './options';
import { proxyOf } from './proxy';

export interface Credentials {
  /** @throws ApiError with reason `credentials`, naming the file that is missing or wrong */
  access(): Promise<Access>;
  /** Forgets what was read, if it still is what was used: the server did not accept it. */
  forget(used: Access): void;
  close(): Promise<void>;
}

/** Service-account tokens live an hour or more and are rewritten long before; reading each half minute is enough. */
const KEEP_MS = 30_000;
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** @param monotonicMs replaced by tests */
export function createCredentials(
  options: KubernetesOptions,
  env: NodeJS.ProcessEnv = process.env,
  monotonicMs: () => number = () => performance.now()
): Credentials {
  let reader: Promise<AccessReader> | undefined;
  let current: { access: Access; trust: string; readMs: number } | undefined;
  let reading: Promise<Access> | undefined;

  async function read(): Promise<Access> {
    reader ??= chooseReader(options, env);
    // A reader that could not be chosen is chosen anew next time: the file may appear.
    const { server, headers, tls, proxy } = await (
      await reader.catch((error: unknown) => {
        reader = undefined;
        throw error;
      })
    )();
    const trust = fingerprint(tls, proxy);
    const kept = current?.trust === trust ? current.access.dispatcher : undefined;
    const dispatcher = kept ?? connect(tls, proxy);
    if (!kept) current?.access.dispatcher.close().catch(() => undefined);
    const access = { server, headers, dispatcher };
    current = { access, trust, readMs: monotonicMs() };
    return access;
  }

  return {
    access() {
      if (current && monotonicMs() - current.readMs < KEEP_MS) return Promise.resolve(current.access);
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    forget(used) {
      // Of many requests that were refused together the first has it read anew.
      if (current?.access !== used) return;
      // A credential plugin must be asked again.
      reader = undefined;
      current = { ...current, readMs: -Infinity };
    },
    async close() {
      await current?.access.dispatcher.destroy();
      current = undefined;
    },
  };
}

async function chooseReader(options: KubernetesOptions, env: NodeJS.ProcessEnv): Promise<AccessReader> {
  if (options.server !== undefined) return fileReader(options.server, env, options.tokenFile, options.caFile);
  const [host, port] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']];
  const inCluster = join(SERVICE_ACCOUNT, 'token');
  if (options.kubeconfig === undefined && host && port && (await exists(inCluster))) {
    const address = host.includes(':') ? `[${host}]` : host;
    return fileReader(`https://${address}:${port}`, env, inCluster, join(SERVICE_ACCOUNT, 'ca.crt'));
  }
  const files =
    options.kubeconfig === undefined
      ? (env['KUBECONFIG'] || join(homedir(), '.kube', 'config')).split(delimiter).filter(Boolean)
      : [options.kubeconfig];
  if (!(await Promise.all(files.map(exists))).includes(true)) {
    throw new ApiError(
      'credentials',
      `no credentials for Kubernetes: expected a service account, kubernetes.server or a kubeconfig, and ${files.join(delimiter)} is not there`
    );
  }
  return kubeconfigReader(files, options.context, env);
}

function fileReader(server: string, env: NodeJS.ProcessEnv, tokenFile?: string, caFile?: string): AccessReader {
  return async () => {
    const token = tokenFile === undefined ? undefined : await readSecret(tokenFile, 'token');
    const ca = caFile === undefined ? undefined : await readSecret(caFile, 'CA');
    return {
      server: server.replace(/\/+$/, ''),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      tls: ca === undefined ? {} : { ca },
      proxy: proxyOf(server, env),
    };
  };
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false
  );
}
