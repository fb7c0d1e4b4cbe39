/** Whether anything takes a connection at an address: nothing is sent on it, and it is closed at once. */
import { once } from 'node:events';
import { connect as connectPlain, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { tlsOptions, type ConnectionOptions } from './connection';
import { failureOf } from './failures';
import { ProbeError } from './probe';

export interface TcpAddress {
  /** `host:port`, as the configuration allows it. */
  readonly address: string;
  /** Present: the connection is one of TLS. */
  readonly tlsConfig?: ConnectionOptions['tlsConfig'];
}

/**
 * Resolves when the connection stands, over TLS when its certificate is believed.
 * @throws ProbeError; ProxyError when a file of ours is missing or wrong
 */
export async function connectOnce({ address, tlsConfig }: TcpAddress, signal: AbortSignal): Promise<void> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[|\]$/g, '');
  const to = { host, port: Number(address.slice(at + 1)) };
  const place = `${tlsConfig ? 'TLS' : 'TCP'} ${address}`;
  const tls = tlsConfig && (await tlsOptions({ tlsConfig }));
  const socket = tls ? connectTls({ ...to, ...(isIP(host) ? {} : { servername: host }), ...tls }) : connectPlain(to);
  try {
    await once(socket, tls ? 'secureConnect' : 'connect', { signal });
  } catch (error) {
    if (signal.aborted) throw new ProbeError('timeout', `${place}: no connection within the deadline`);
    const { cause, words } = failureOf(error);
    throw new ProbeError(cause, `${place}: ${cause === 'closed' ? 'connection closed' : words}`);
  } finally {
    // What comes after the verdict is nobody's failure.
    socket.on('error', () => undefined);
    socket.destroy();
  }
}
