/**
 * What kubeconfig files say. Several are merged as kubectl does: of two things with one name the first counts. Format:
 * https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ApiError } from './errors';

const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);
const many = <T extends z.ZodType>(one: T) =>
  z
    .array(one)
    .nullish()
    .transform((list) => list ?? []);

const CLUSTER = z.object({
  server: text,
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': z.boolean().nullish(),
  'tls-server-name': text,
  'proxy-url': text,
});
const EXEC = z.object({
  apiVersion: z.string(),
  command: z.string().min(1),
  args: many(z.string()),
  env: many(z.object({ name: z.string(), value: z.string() })),
  interactiveMode: text,
  provideClusterInfo: z.boolean().nullish(),
});
const USER = z.object({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  exec: EXEC.nullish(),
  'auth-provider': z.object({ name: z.string(), config: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});
const FILE = z.object({
  'current-context': text,
  clusters: many(z.object({ name: z.string(), cluster: CLUSTER.nullish() })),
  users: many(z.object({ name: z.string(), user: USER.nullish() })),
  contexts: many(z.object({ name: z.string(), context: z.object({ cluster: text, user: text }).nullish() })),
});

export type Cluster = z.output<typeof CLUSTER>;
export type User = z.output<typeof USER>;
export type Exec = z.output<typeof EXEC>;

/** A context may name no user. */
const NOBODY: User = USER.parse({});

/** What one context stands for. Paths are absolute. */
export interface Chosen {
  readonly server: string;
  readonly cluster: Cluster;
  readonly userName: string;
  readonly user: User;
}

/** @throws ApiError with reason `credentials`, when a file cannot be read; of several, those that are missing are left out */
export async function readFiles(files: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(
    files.map((file) =>
      readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' && files.length > 1) return '';
        throw wrong(file, `expected a readable file, got ${error.code ?? 'unreadable'}`);
      })
    )
  );
  return texts;
}

/** @throws ApiError with reason `credentials`; it names the place, never the value */
export function choose(files: readonly string[], texts: readonly string[], wanted: string | undefined): Chosen {
  const parsed = texts.map((content, index) => decode(content, files[index] ?? ''));
  const all = files.join(':');
  const contexts = parsed.flatMap((file) => file.contexts);
  const name = wanted ?? parsed.map((file) => file['current-context']).find(Boolean);
  const context = contexts.find((one) => one.name === name)?.context;
  if (!context) {
    const known = contexts.map((one) => one.name).join(', ');
    if (wanted !== undefined) throw wrong(undefined, `kubernetes.context: expected one of ${known}, got "${wanted}"`);
    throw wrong(
      all,
      `expected current-context to be one of ${known}, got ${name === undefined ? 'none' : `"${name}"`}`
    );
  }
  const place = `context "${name}"`;
  const cluster = parsed.flatMap((file) => file.clusters).find((one) => one.name === context.cluster)?.cluster;
  if (!cluster || !isAddress(cluster.server)) {
    throw wrong(all, `${place}: expected a cluster with an http:// or https:// server, got none`);
  }
  const users = parsed.flatMap((file) => file.users);
  const user = context.user === undefined ? NOBODY : users.find((one) => one.name === context.user)?.user;
  if (!user) throw wrong(all, `${place}: expected user "${context.user}", got none of that name`);
  return { server: cluster.server ?? '', cluster, userName: context.user ?? '', user };
}

function isAddress(server: string | undefined): boolean {
  return server !== undefined && /^https?:/.test(server) && URL.canParse(server);
}

function decode(content: string, file: string): z.output<typeof FILE> {
  let document: unknown;
  try {
    document = parse(content) ?? {};
  } catch {
    // What a parser says quotes the file.
    throw wrong(file, 'expected YAML, got something else');
  }
  const result = FILE.safeParse(document);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw wrong(file, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`);
  }
  return absolute(result.data, dirname(file));
}

/** Paths are relative to the file that holds them; so is a plugin's, if it is a path. */
function absolute(file: z.output<typeof FILE>, folder: string): z.output<typeof FILE> {
  const at = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path));
  for (const { cluster } of file.clusters) {
    if (cluster) cluster['certificate-authority'] = at(cluster['certificate-authority']);
  }
  for (const { user } of file.users) {
    if (!user) continue;
    user['client-certificate'] = at(user['client-certificate']);
    user['client-key'] = at(user['client-key']);
    user.tokenFile = at(user.tokenFile);
    if (user.exec?.command.includes('/')) user.exec.command = resolve(folder, user.exec.command);
  }
  return file;
}

function wrong(file: string | undefined, message: string): ApiError {
  return new ApiError('credentials', file === undefined ? message : `kubeconfig ${file}: ${message}`);
}
