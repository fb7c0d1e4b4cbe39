/**
 * The web configuration file: TLS, users, headers and a rate limit, in the format that Prometheus and its exporters
 * share (prometheus/exporter-toolkit, docs/web-configuration.md). What that format would take silently and that would
 * leave a door open is refused here; each such place says so.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { isObject } from '@modelwatch/contract';
import { CIPHER_SUITES, CURVES, TLS_VERSIONS } from './go-tls';
import { nodeAt, type SchemaNode } from './keys';
import { ConfigError, refusals } from './refusals';
import { tlsFrom } from './web-tls';
import { readYamlFile } from './yaml-file';

const text = z.string().min(1);
/** bcrypt in its three spellings, as htpasswd -B writes it. More than 2^16 rounds would take minutes. */
const BCRYPT = /^\$2[aby]?\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]{53}$/;
const DURATION_UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

const tlsSchema = z.strictObject({
  cert: text.optional(),
  cert_file: text.optional(),
  key: text.optional(),
  key_file: text.optional(),
  client_ca: text.optional(),
  client_ca_file: text.optional(),
  client_auth_type: z
    .enum([
      'NoClientCert',
      'RequestClientCert',
      'RequireAnyClientCert',
      // What the toolkit called it before.
      'RequireClientCert',
      'VerifyClientCertIfGiven',
      'RequireAndVerifyClientCert',
    ])
    .optional(),
  client_allowed_sans: z.array(text).optional(),
  min_version: z.enum(TLS_VERSIONS).default('TLS12'),
  max_version: z.enum(TLS_VERSIONS).default('TLS13'),
  cipher_suites: z.array(z.enum(Object.keys(CIPHER_SUITES) as [string, ...string[]])).default([]),
  curve_preferences: z.array(z.enum(Object.keys(CURVES) as [string, ...string[]])).default([]),
  prefer_server_cipher_suites: z.boolean().default(true),
});

const webFileSchema = z.strictObject({
  tls_server_config: tlsSchema.prefault({}),
  http_server_config: z
    .strictObject({
      /** Taken for the sake of files that serve other programs too; HTTP/1.1 is what we speak. */
      http2: z.boolean().default(true),
      headers: z
        .strictObject({
          'Content-Security-Policy': z.string().optional(),
          'X-Frame-Options': z.enum(['deny', 'sameorigin']).optional(),
          'X-Content-Type-Options': z.enum(['nosniff']).optional(),
          'X-XSS-Protection': z.string().optional(),
          'Strict-Transport-Security': z.string().optional(),
        })
        .prefault({}),
    })
    .prefault({}),
  basic_auth_users: z
    .record(
      z.string(),
      z
        .string()
        .refine((hash) => BCRYPT.test(hash), { error: 'a bcrypt hash of cost 4 to 16, such as htpasswd -B makes' })
    )
    .default({}),
  rate_limit: z
    .strictObject({
      interval: z.union([z.string(), z.number()]).optional(),
      burst: z.number().int().min(0).default(0),
    })
    .prefault({}),
});

export type TlsSection = z.infer<typeof tlsSchema>;
export type WebFile = ReturnType<typeof readWebFile>;
/** Says what is wrong with one key of the file. */
export type Refuse = (path: readonly PropertyKey[], wanted: string, got: string) => void;

const root = z.toJSONSchema(webFileSchema, { io: 'input' }) as SchemaNode;
const schemaAt = (path: readonly PropertyKey[]) => nodeAt(root, path);
/** Keys and hashes are never in a message, however wrong they are. */
const isSecret = ([section, key]: readonly PropertyKey[]) =>
  section === 'basic_auth_users' ||
  (section === 'tls_server_config' && ['key', 'cert', 'client_ca'].includes(String(key)));

/**
 * Reads the file and all that it names; paths in it are relative to it.
 * @throws ConfigError with all refusals
 */
export function readWebFile(file: string) {
  const problems: string[] = [];
  const yaml = readYamlFile(file, problems);
  const tree = withoutNulls(yaml?.value ?? {});
  const placeOf = (path: readonly PropertyKey[]) => yaml?.placeOf(path) ?? file;
  const parsed = webFileSchema.safeParse(tree);
  if (!yaml || problems.length > 0 || !parsed.success) {
    const issues = yaml && problems.length === 0 ? (parsed.error?.issues ?? []) : [];
    for (const issue of issues) problems.push(...refusals(issue, { tree, schemaAt, placeOf, isSecret }));
    throw new ConfigError([...new Set(problems)]);
  }
  const refuse: Refuse = (path, wanted, got) =>
    problems.push(`${path.join('.')}: expected ${wanted}, got ${got} (${placeOf(path)})`);
  const files = [file];
  const read = (key: string, name: string): string | undefined => {
    const path = resolve(dirname(file), name);
    files.push(path);
    return readText(path, (got) => refuse(['tls_server_config', key], 'a readable file', `${got}: ${path}`));
  };
  const { data } = parsed;
  const web = {
    tls: tlsFrom(data.tls_server_config, read, refuse),
    headers: definedOnly(data.http_server_config.headers),
    users: new Map(Object.entries(data.basic_auth_users)),
    rateLimit: rateLimitFrom(data.rate_limit, refuse),
    /** Whatever it was made of: when one of these changes, it is to be read again. */
    files: files as readonly string[],
  };
  if (problems.length > 0) throw new ConfigError(problems, files);
  return web;
}

function readText(path: string, refuse: (got: string) => void): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    refuse((error as NodeJS.ErrnoException).code ?? 'an error');
    return undefined;
  }
}

/** An empty value is how YAML leaves a key out; a user without a hash stays and is refused. */
function withoutNulls(value: unknown, depth = 0): unknown {
  if (!isObject(value) || depth > 2) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== null)
      .map(([key, entry]) => [key, key === 'basic_auth_users' ? entry : withoutNulls(entry, depth + 1)])
  );
}

function definedOnly(headers: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Interval in the spelling of Go's durations; 0: no limit. */
function rateLimitFrom(
  { interval = 0, burst }: { interval?: string | number | undefined; burst: number },
  refuse: Refuse
) {
  const seconds = durationSeconds(interval);
  if (seconds === undefined) {
    refuse(['rate_limit', 'interval'], 'a duration such as 100ms or 1s', JSON.stringify(interval));
    return undefined;
  }
  if (seconds === 0) return undefined;
  // The toolkit takes 0, and then nobody is ever answered.
  if (burst === 0)
    refuse(['rate_limit', 'burst'], 'at least 1 with an interval: with 0 no request would be answered', '0');
  return { intervalSeconds: seconds, burst };
}

/** A plain number is nanoseconds, as in Go. */
function durationSeconds(value: string | number): number | undefined {
  if (typeof value === 'number') return value >= 0 ? value * 1e-9 : undefined;
  if (value === '0') return 0;
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(value)) return undefined;
  return [...value.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (DURATION_UNITS[unit ?? ''] ?? 0),
    0
  );
}
