/**
 * Calls of gRPC with one message each way, over HTTP/2 of Node (why: docs/decisions/014-grpc-by-hand.md). Framing and
 * headers: grpc/grpc doc/PROTOCOL-HTTP2.md; statuses: doc/statuscodes.md.
 */
import {
  connect,
  constants,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import type { LookupFunction } from 'node:net';
import { preview, type ProbeErrorCause } from '@modelwatch/contract';
import { tooLarge } from './body';
import type { Access } from './connection';
import { explained } from './failures';
import { ProbeError, unexpectedStatus } from './probe';

/** By number. */
const STATUSES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;
export type GrpcStatus = (typeof STATUSES)[number];

/** Causes of the statuses that say more than that the server answered otherwise than expected. */
const CAUSES: Readonly<Partial<Record<GrpcStatus, ProbeErrorCause>>> = {
  UNAVAILABLE: 'refused',
  DEADLINE_EXCEEDED: 'timeout',
  CANCELLED: 'closed',
  UNIMPLEMENTED: 'invalid_response',
  UNAUTHENTICATED: 'unauthorized',
  PERMISSION_DENIED: 'unauthorized',
};

/** Before each message: whether it is compressed (1 byte), and its length (4 bytes). */
const PREFIX_BYTES = 5;

export interface Reply {
  readonly status: GrpcStatus;
  /** Empty unless the status is OK. */
  readonly message: Buffer;
}

/** One connection, for the calls of one probe. */
export interface Channel {
  /** @param method `package.Service/Method` @throws ProbeError when there is no whole answer before the deadline; ProxyError */
  call(method: string, message: Buffer): Promise<Reply>;
  close(): void;
}

export interface ChannelOptions {
  /** Asked once, before the connection is made. */
  readonly access: () => Access | Promise<Access>;
  readonly maxBytes: number;
  /** Deadline of all calls together. */
  readonly signal: AbortSignal;
  readonly lookup?: LookupFunction | undefined;
}

/** @param url `grpc://host:port`, or `grpcs://` for TLS. The connection is made with the first call. */
export function createChannel(url: string, options: ChannelOptions): Channel {
  let opening: Promise<Open> | undefined;
  return {
    async call(method, message) {
      const place = placeOf(url, method);
      try {
        opening ??= open(url, options);
        const raw = await exchange(await opening, method, message, options.maxBytes, place);
        return replyOf(raw, place);
      } catch (error) {
        throw explained(error, options.signal, place);
      }
    },
    close() {
      opening?.then(({ session }) => session.destroy()).catch(() => undefined);
    },
  };
}

/** `ServerLive grpc://10.0.0.7:8081`, for messages. */
export function placeOf(url: string, method: string): string {
  return `${method.slice(method.indexOf('/') + 1)} ${url}`;
}

/** The error that a status other than the expected one is. */
export function unexpectedGrpcStatus(status: GrpcStatus, place: string): ProbeError {
  return new ProbeError(CAUSES[status] ?? 'http_status', `${place}: expected status OK, got ${status}`);
}

interface Open {
  readonly session: ClientHttp2Session;
  readonly headers: Access['headers'];
}

async function open(url: string, { access, signal, lookup }: ChannelOptions): Promise<Open> {
  const { headers, tls } = await access();
  signal.throwIfAborted();
  const session = connect(url.replace(/^grpc/i, 'http'), { ...tls, ...(lookup ? { lookup } : {}) });
  const end = () => session.destroy(new Error('deadline'));
  signal.addEventListener('abort', end, { once: true });
  session.once('close', () => signal.removeEventListener('abort', end));
  await new Promise<void>((resolve, reject) => {
    session.once('connect', () => resolve());
    // Later ones end the calls that are under way, and these say so.
    session.on('error', reject);
    session.once('close', () => reject(new Error('closed')));
  });
  return { session, headers };
}

interface Raw {
  readonly head: IncomingHttpHeaders & IncomingHttpStatusHeader;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function exchange(
  { session, headers }: Open,
  method: string,
  message: Buffer,
  maxBytes: number,
  place: string
): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ...headers,
      ':method': 'POST',
      ':path': `/${method}`,
      'content-type': 'application/grpc',
      'user-agent': 'modelwatch',
      te: 'trailers',
    });
    let head: Raw['head'] = {};
    let trailers: Raw['trailers'] = {};
    const chunks: Buffer[] = [];
    let length = 0;
    stream.on('response', (got) => (head = got));
    stream.on('trailers', (got) => (trailers = got));
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes + PREFIX_BYTES) return void chunks.push(chunk);
      stream.close(constants.NGHTTP2_CANCEL);
      reject(tooLarge(maxBytes, place));
    });
    stream.on('error', reject);
    stream.on('close', () => resolve({ head, trailers, body: Buffer.concat(chunks) }));
    stream.end(framed(message));
  });
}

function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A status may come with the headers when there is no message. @throws ProbeError */
function replyOf({ head, trailers, body }: Raw, place: string): Reply {
  const http = head[':status'];
  const contentType = String(head['content-type'] ?? '');
  if (http === undefined) throw cut(place);
  if (http !== 200) throw unexpectedStatus({ status: http, contentType, body, place }, 'gRPC');
  if (!contentType.startsWith('application/grpc')) {
    throw new ProbeError('invalid_response', `${place}: expected gRPC, got content of type ${preview(contentType)}`);
  }
  const code = trailers['grpc-status'] ?? head['grpc-status'];
  if (code === undefined) throw cut(place);
  const status = /^\d{1,2}$/.test(String(code)) ? STATUSES[Number(code)] : undefined;
  if (status === undefined) {
    throw new ProbeError('invalid_response', `${place}: expected a status of gRPC, got ${preview(code)}`);
  }
  return { status, message: status === 'OK' ? unframed(body, place) : Buffer.alloc(0) };
}

function cut(place: string): ProbeError {
  return new ProbeError('closed', `${place}: connection closed before the answer was whole`);
}

function unframed(body: Buffer, place: string): Buffer {
  const whole = body.length >= PREFIX_BYTES && body.readUInt32BE(1) === body.length - PREFIX_BYTES;
  // We name no compression that we take, so there may be none.
  if (whole && body[0] === 0) return body.subarray(PREFIX_BYTES);
  throw new ProbeError('invalid_response', `${place}: expected one message of gRPC that is not compressed`);
}
