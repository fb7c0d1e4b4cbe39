/** Connections to the API server, straight or through a proxy. */
import { createHash } from 'node:crypto';
import { Agent, ProxyAgent, Socks5ProxyAgent, type Dispatcher } from 'undici';

/** Whom we trust and who we are, in the words of Node's TLS. */
export interface Tls {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** Name that the certificate must hold, where it is not the one in the address. */
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** Connection set-up and response headers; bodies have limits of their own. */
const TIMEOUTS = { headersTimeout: 30_000, bodyTimeout: 0 };
const CONNECT_TIMEOUT = { timeout: 10_000 };

export function connect(tls: Tls, proxy: string | undefined): Dispatcher {
  const connection = { ...CONNECT_TIMEOUT, ...tls };
  if (proxy === undefined) return new Agent({ ...TIMEOUTS, connect: connection });
  // Its types do not know `requestTls`, which it uses for the server behind the proxy.
  const options = { ...TIMEOUTS, requestTls: connection };
  if (proxy.startsWith('socks')) return new Socks5ProxyAgent(proxy, options);
  return new ProxyAgent({ ...options, uri: proxy });
}

/** Changes when a certificate was renewed or the way is another: then connections are made anew. */
export function fingerprint(tls: Tls, proxy: string | undefined): string {
  const hash = createHash('sha256');
  for (const [name, value] of [...Object.entries(tls), ['proxy', proxy ?? '']]) {
    hash.update(`${name}:`);
    hash.update(Buffer.isBuffer(value) ? value : JSON.stringify(value));
  }
  return hash.digest('hex');
}
