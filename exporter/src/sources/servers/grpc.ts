/**
 * Calls of gRPC with one message each way, over HTTP/2 of Node (why: docs/decisions/014-grpc-by-hand.md).
 */
import { connect, constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import type { LookupFunction } from 'node:net';
import { tooLarge } from './body';
import type { Access } from './connection';
import { explained } from './failures';
import {
  checkHead,
  compressed,
  destroySoon,
  framed,
  placeOf,
  PREFIX_BYTES,
  requestHeaders,
  statusOf,
  type GrpcStatus,
  type Head,
} from './grpc-wire';

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

type Identity = Pick<Access, 'headers' | 'tls'>;

export interface ChannelOptions {
  /** Asked once, before the connection is made. */
  readonly access: () => Identity | Promise<Identity>;
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
      opening?.then(({ session }) => destroySoon(session)).catch(() => undefined);
    },
  };
}

interface Open {
  readonly session: ClientHttp2Session;
  readonly headers: Identity['headers'];
}

async function open(url: string, { access, signal, lookup }: ChannelOptions): Promise<Open> {
  const { headers, tls } = await access();
  signal.throwIfAborted();
  const session = connect(url.replace(/^grpc/i, 'http'), { ...tls, ...(lookup ? { lookup } : {}) });
  const end = () => destroySoon(session, new Error('deadline'));
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
  readonly head: Head;
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
    const stream = session.request(requestHeaders(method, headers));
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

/** @throws ProbeError */
function replyOf({ head, trailers, body }: Raw, place: string): Reply {
  checkHead(head, body, place);
  const status = statusOf(head, trailers, place);
  return { status, message: status === 'OK' ? unframed(body, place) : Buffer.alloc(0) };
}

function unframed(body: Buffer, place: string): Buffer {
  const whole = body.length >= PREFIX_BYTES && body.readUInt32BE(1) === body.length - PREFIX_BYTES;
  if (whole && body[0] === 0) return body.subarray(PREFIX_BYTES);
  throw compressed(place);
}
