/**
 * How one server is reached that wants more than an address: whom we trust, and who we are there. Secrets come from files
 * only, are read again when these change, and never leave here but for the server.
 */
import type { LookupFunction } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { Agent, buildConnector, type Client, type Dispatcher } from 'undici';
import { readSecret } from '../kubernetes/disk';
import { ApiError } from '../kubernetes/errors';
import { ServerClients } from './clients';
import { ProxyError } from './probe';

/** As `http_client_config` of Prometheus has it. */
export interface ConnectionOptions {
  readonly tlsConfig?:
    | {
        readonly caFile?: string | undefined;
        readonly certFile?: string | undefined;
        readonly keyFile?: string | undefined;
        /** Name that the certificate must hold, where it is not the one in the address. */
        readonly serverName?: string | undefined;
        readonly insecureSkipVerify: boolean;
      }
    | undefined;
  readonly basicAuth?: { readonly username: string; readonly passwordFile: string } | undefined;
  readonly authorization?: { readonly type: string; readonly credentialsFile: string } | undefined;
  readonly httpHeaders?: Readonly<Record<string, { readonly files: readonly string[] }>> | undefined;
}

export interface Access {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** The same for what does not speak HTTP/1: see grpc.ts. */
  readonly tls: Tls;
}

export interface Connection {
  /** @throws ProxyError with reason `credentials`, naming the file that is missing or wrong */
  access(): Promise<Access>;
  close(): Promise<void>;
}

/**
 * A connection is for the requests of one probe, which follow one another within milliseconds, and the poll after it. It is
 * not worth keeping until the next probe: servers in Python close what was idle for 5 seconds, and thousands of idle
 * connections would outlive the young generation of the heap.
 */
const KEEP_ALIVE_MS = 500;
/** Files are looked at this often at most. */
const LOOK_EVERY_MS = 1_000;

export function connect(how: Tls & { readonly lookup?: LookupFunction } = {}): Agent {
  // One for all servers: each would keep TLS sessions of its own.
  const connector = buildConnector({ timeout: 60_000, ...how });
  return new Agent({
    connect: connector,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    factory: (origin, options) => new ServerClients(origin, options as Client.Options),
  });
}

export interface Tls {
  readonly secureContext?: SecureContext;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** @param monotonicMs replaced by tests */
export function createConnection(
  options: ConnectionOptions,
  monotonicMs: () => number = () => performance.now()
): Connection {
  let current: { access: Access; certificates: string; readMs: number } | undefined;
  let reading: Promise<Access> | undefined;
  let old: Promise<unknown> = Promise.resolve();

  async function read(): Promise<Access> {
    const [headers, certificates] = [await readHeaders(options), await readCertificates(options)];
    const print = JSON.stringify(certificates);
    const kept = current?.certificates === print ? current.access : undefined;
    const tls = kept?.tls ?? tlsOf(options, certificates);
    const dispatcher = kept?.dispatcher ?? connect(tls);
    // What is under way with the old certificates may end.
    if (!kept && current) old = Promise.all([old, current.access.dispatcher.close().catch(() => undefined)]);
    current = { access: { dispatcher, headers, tls }, certificates: print, readMs: monotonicMs() };
    return current.access;
  }

  return {
    access() {
      if (current && monotonicMs() - current.readMs < LOOK_EVERY_MS) return Promise.resolve(current.access);
      reading ??= read()
        .catch(asCredentials)
        .finally(() => {
          reading = undefined;
        });
      return reading;
    },
    async close() {
      await current?.access.dispatcher.destroy();
      await old;
    },
  };
}

/**
 * For a connection without HTTP; the files are read each time.
 * @throws ProxyError as `access` does
 */
export async function tlsOptions(options: Pick<ConnectionOptions, 'tlsConfig'>): Promise<Tls> {
  return tlsOf(options, await readCertificates(options).catch(asCredentials));
}

function asCredentials(error: unknown): never {
  throw error instanceof ApiError ? new ProxyError('credentials', error.message) : error;
}

type Certificates = Readonly<Partial<Record<'ca' | 'cert' | 'key', string>>>;

async function readCertificates({ tlsConfig }: ConnectionOptions): Promise<Certificates> {
  const { caFile, certFile, keyFile } = tlsConfig ?? {};
  return {
    ...(caFile === undefined ? {} : { ca: await readSecret(caFile, 'CA') }),
    ...(certFile === undefined ? {} : { cert: await readSecret(certFile, 'certificate') }),
    ...(keyFile === undefined ? {} : { key: await readSecret(keyFile, 'key') }),
  };
}

function tlsOf({ tlsConfig }: ConnectionOptions, certificates: Certificates): Tls {
  if (!tlsConfig) return {};
  const { serverName, insecureSkipVerify } = tlsConfig;
  return {
    secureContext: contextOf(certificates, tlsConfig),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(insecureSkipVerify ? { rejectUnauthorized: false } : {}),
  };
}

function contextOf(
  certificates: Certificates,
  { caFile, certFile, keyFile }: NonNullable<ConnectionOptions['tlsConfig']>
): SecureContext {
  try {
    return createSecureContext(certificates);
  } catch (error) {
    const files = [caFile, certFile, keyFile].filter((file) => file !== undefined).join(', ');
    const code = String((error as NodeJS.ErrnoException).code ?? 'refused by OpenSSL');
    throw new ProxyError('credentials', `${files}: expected certificates and a key that fits, in PEM, got ${code}`);
  }
}

async function readHeaders({
  basicAuth,
  authorization,
  httpHeaders = {},
}: ConnectionOptions): Promise<Record<string, string | string[]>> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, { files }] of Object.entries(httpHeaders)) {
    headers[name.toLowerCase()] = await Promise.all(files.map((file) => readHeader(file, `header ${name}`)));
  }
  if (authorization) {
    const credentials = await readHeader(authorization.credentialsFile, 'credentials');
    headers['authorization'] = `${authorization.type} ${credentials}`;
  }
  if (basicAuth) {
    const password = await readSecret(basicAuth.passwordFile, 'password');
    headers['authorization'] = `Basic ${Buffer.from(`${basicAuth.username}:${password}`).toString('base64')}`;
  }
  return headers;
}

/** What a header may not hold would be refused with the value in the message. */
async function readHeader(file: string, what: string): Promise<string> {
  const value = await readSecret(file, what);
  if (/^[\t\x20-\x7e]*$/.test(value)) return value;
  throw new ProxyError('credentials', `${what} file ${file}: expected one line of ASCII`);
}
