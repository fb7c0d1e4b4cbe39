/**
 * Credential plugins of a kubeconfig (`exec`), protocol `client.authentication.k8s.io`: a command prints an ExecCredential.
 * It is asked again when what it gave has expired, or was not accepted.
 */
import { execFile } from 'node:child_process';
import { z } from 'zod';
import { ApiError } from './errors';
import type { Chosen, Exec } from './kubeconfig-file';

const CREDENTIAL = z.object({
  apiVersion: z.string(),
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().min(1).nullish(),
    clientCertificateData: z.string().min(1).nullish(),
    clientKeyData: z.string().min(1).nullish(),
    expirationTimestamp: z.string().nullish(),
  }),
});
export type ExecCredential = z.output<typeof CREDENTIAL>['status'];

/** A plugin that waits for somebody at a screen would wait for ever. */
const PLUGIN_TIMEOUT_MS = 60_000;

/**
 * Gives the credential of the plugin, asking it only when it must.
 * @param nowMs time of day: expiry is one
 * @returns throws ApiError with reason `credentials`; nothing that the plugin printed is in it
 */
export function createExecPlugin(
  exec: Exec,
  { userName, cluster, server }: Pick<Chosen, 'userName' | 'cluster' | 'server'>,
  env: NodeJS.ProcessEnv,
  nowMs: () => number = Date.now
): () => Promise<ExecCredential> {
  const place = `kubeconfig user "${userName}": credential plugin ${exec.command}`;
  let kept: { readonly credential: ExecCredential; readonly untilMs: number } | undefined;
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(exec.provideClusterInfo
        ? {
            cluster: {
              server,
              'tls-server-name': cluster['tls-server-name'],
              'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'] ?? undefined,
              'certificate-authority-data': cluster['certificate-authority-data'],
              'proxy-url': cluster['proxy-url'],
            },
          }
        : {}),
    },
  };
  const given = Object.fromEntries(exec.env.map(({ name, value }) => [name, value]));
  const environment = { ...env, ...given, KUBERNETES_EXEC_INFO: JSON.stringify(info) };

  return async () => {
    if (kept && nowMs() < kept.untilMs) return kept.credential;
    if (exec.interactiveMode === 'Always') {
      throw new ApiError('credentials', `${place}: expected one that needs no terminal, got interactiveMode Always`);
    }
    const credential = decode(await run(exec, environment, place), place);
    const expires = Date.parse(credential.expirationTimestamp ?? '');
    kept = { credential, untilMs: Number.isNaN(expires) ? Infinity : expires };
    return credential;
  };
}

function run(exec: Exec, env: NodeJS.ProcessEnv, place: string): Promise<string> {
  const options = { env, timeout: PLUGIN_TIMEOUT_MS, maxBuffer: 1024 * 1024, encoding: 'utf8' } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(exec.command, exec.args, options, (error, stdout) => {
      if (!error) return resolve(stdout);
      const how = error.killed
        ? 'no answer in time'
        : `got ${typeof error.code === 'number' ? 'exit code ' : ''}${error.code}`;
      reject(new ApiError('credentials', `${place}: expected a credential, ${how}`));
    });
    child.stdin?.on('error', () => undefined).end();
  });
}

function decode(printed: string, place: string): ExecCredential {
  let document: unknown;
  try {
    document = JSON.parse(printed);
  } catch {
    throw new ApiError('credentials', `${place}: expected an ExecCredential as JSON, got something else`);
  }
  const result = CREDENTIAL.safeParse(document);
  if (!result.success) {
    const where = result.error.issues[0]?.path.join('.') || 'document';
    throw new ApiError('credentials', `${place}: expected an ExecCredential, ${where} is not as it should be`);
  }
  const { token, clientCertificateData, clientKeyData } = result.data.status;
  if (!token && !(clientCertificateData && clientKeyData)) {
    throw new ApiError('credentials', `${place}: expected a token or a certificate with its key, got neither`);
  }
  return result.data.status;
}
