/** Real gRPC servers for tests, on HTTP/2 of Node: what they answer is written byte by byte, so that it can be wrong. */
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

/** Of one call: the bytes of the message, a status other than OK by its number, or what is done with the stream. */
export type GrpcAnswer =
  Buffer | number | ((stream: ServerHttp2Stream, request: Buffer, headers: IncomingHttpHeaders) => void);

export interface GrpcServer {
  /** `grpc://127.0.0.1:port`, or grpcs. */
  readonly url: string;
  /** What was called, as the table names it, in its order. */
  readonly calls: string[];
  /** Connections that were made. */
  readonly connections: () => number;
  /** Until none of them stands any more. */
  allClosed(): Promise<void>;
  /** As a process that is killed: connections break, the port is free. */
  close(): Promise<void>;
}

const closers: (() => Promise<void>)[] = [];
const UNIMPLEMENTED = 12;

/** Answers by the path, `/service/method`, or by the method alone, of any service; any other is UNIMPLEMENTED. @param port default: a free one */
export async function listenGrpc(
  table: Readonly<Record<string, GrpcAnswer>>,
  tls?: SecureServerOptions,
  port = 0
): Promise<GrpcServer> {
  const server: Http2Server = tls ? createSecureServer(tls) : createServer();
  const calls: string[] = [];
  const sessions = new Set<Http2Session>();
  let connections = 0;
  server.on('session', (session) => {
    connections += 1;
    sessions.add(session);
    session.on('error', () => undefined).once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    const path = String(headers[':path']);
    const method = path in table ? path : path.replace(/^.*\//, '');
    calls.push(method);
    const chunks: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const answer = table[method] ?? UNIMPLEMENTED;
      if (typeof answer === 'function') answer(stream, Buffer.concat(chunks).subarray(5), headers);
      else if (typeof answer === 'number') fail(stream, answer);
      else reply(stream, framed(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = async () => {
    for (const session of sessions) session.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  const allClosed = async () => {
    await Promise.all([...sessions].map((session) => new Promise((resolve) => session.once('close', resolve))));
  };
  closers.push(close);
  const taken = (server.address() as AddressInfo).port;
  return { url: `grpc${tls ? 's' : ''}://127.0.0.1:${taken}`, calls, connections: () => connections, allClosed, close };
}

/** For afterEach. */
export async function closeGrpcServers(): Promise<void> {
  for (const close of closers.splice(0)) await close();
}

export function framed(message: Buffer, compressed = 0): Buffer {
  const prefix = Buffer.alloc(5, compressed);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A whole answer of status OK, with these bytes as its body. */
export function reply(
  stream: ServerHttp2Stream,
  body: Buffer,
  trailers: Record<string, string> = { 'grpc-status': '0' }
): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(body);
}

/** Without a message the status comes with the headers. */
export function fail(stream: ServerHttp2Stream, status: number): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(status) });
  stream.end();
}
