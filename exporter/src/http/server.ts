/** The listening socket: limits against slow and many clients, words for a port that is taken, and a clean end. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WEB_LIMITS, type WebLimits } from './web/limits';
import type { TlsSettings } from './web/settings';
import type { Refusal, WebTelemetry } from './web/telemetry';
import { createTlsGate, type TlsGate } from './web/tls-gate';

export interface ServerOptions {
  readonly listenAddress: string;
  readonly port: number;
  readonly maxConnections: number;
  /** Absent: no TLS. */
  readonly tls?: TlsSettings | undefined;
  readonly telemetry: WebTelemetry;
  readonly limits?: WebLimits;
}

export interface RunningServer {
  /** `http://host:port`, with the port that was really taken. */
  readonly url: string;
  /** Connections that are open now. */
  connections(): number;
  /** In force for the next connection. */
  change(options: Pick<ServerOptions, 'maxConnections' | 'tls'>): void;
  /** Takes no new requests, lets running ones finish for `graceSeconds`, then cuts them. */
  stop(graceSeconds: number): Promise<void>;
}

/** @throws Error with what to do, when the address cannot be listened on. */
export function startServer(app: RequestListener, options: ServerOptions): Promise<RunningServer> {
  const { listenAddress, port, telemetry, limits = WEB_LIMITS } = options;
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      maxHeaderSize: limits.headerBytes,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    app
  );
  server.setTimeout(limits.silenceMs);
  answerBrokenRequests(server, telemetry);
  server.on('drop', () => telemetry.refused('connections'));
  const sockets = new Set<Socket>();
  const secureWith = acceptThroughGate(server, sockets, telemetry);
  const change: RunningServer['change'] = ({ maxConnections, tls }) => {
    server.maxConnections = maxConnections;
    secureWith(tls);
  };
  change(options);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, listenAddress, port)));
    server.listen(port, listenAddress, () => {
      const address = server.address() as AddressInfo;
      const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      resolve({
        url: `${options.tls ? 'https' : 'http'}://${host}:${address.port}`,
        connections: () => sockets.size,
        change,
        stop: (graceSeconds) =>
          new Promise((done) => {
            const cut = setTimeout(() => sockets.forEach((socket) => socket.destroy()), graceSeconds * 1000);
            server.close(() => {
              clearTimeout(cut);
              done();
            });
            server.closeIdleConnections();
          }),
      });
    });
  });
}

/** Puts the TLS gate before HTTP's own listener of connections. @returns what changes the gate */
function acceptThroughGate(
  server: Server,
  sockets: Set<Socket>,
  telemetry: WebTelemetry
): (tls: TlsSettings | undefined) => void {
  const [serve] = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  if (!serve) throw new Error('An HTTP server without a listener of connections');
  const pass = (socket: Socket) => serve.call(server, socket);
  let gate: TlsGate = pass;
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    gate(socket);
  });
  return (tls) => {
    gate = tls ? createTlsGate(tls, telemetry, pass) : pass;
  };
}

const BROKEN: Readonly<Record<string, { reason: Refusal; line: string }>> = {
  HPE_HEADER_OVERFLOW: { reason: 'header_size', line: '431 Request Header Fields Too Large' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { reason: 'body', line: '413 Payload Too Large' },
  ERR_HTTP_REQUEST_TIMEOUT: { reason: 'slow_request', line: '408 Request Timeout' },
};

/** Requests that never become one: cut off, malformed, too slow. */
function answerBrokenRequests(server: Server, telemetry: WebTelemetry): void {
  const answering = new WeakSet<Duplex>();
  server.on('request', (request, response) => {
    answering.add(request.socket);
    response.once('close', () => answering.delete(request.socket));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const broken = BROKEN[error.code ?? ''] ?? { reason: 'malformed', line: '400 Bad Request' };
    // A client that went away asked for nothing.
    const isRequest = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' || error.code?.startsWith('HPE_') === true;
    if (isRequest) telemetry.refused(broken.reason);
    if (!isRequest || !socket.writable || answering.has(socket)) socket.destroy();
    else socket.end(`HTTP/1.1 ${broken.line}\r\nConnection: close\r\n\r\n`, () => socket.destroy());
  });
}

function listenError(error: NodeJS.ErrnoException, listenAddress: string, port: number): Error {
  const place = `${listenAddress} port ${port}`;
  const other = 'choose another with --web.port or MODELWATCH_WEB_PORT';
  if (error.code === 'EADDRINUSE') return new Error(`${place} is in use: end the program that holds it, or ${other}`);
  if (error.code === 'EACCES') return new Error(`${place} needs more rights: ${other} (from 1024)`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new Error(`${place}: this machine has no such address; set --web.listen-address`);
  }
  return new Error(`Cannot listen on ${place}: ${error.message}`);
}
