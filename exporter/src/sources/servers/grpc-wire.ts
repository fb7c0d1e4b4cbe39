/**
 * What calls of gRPC with one message and with many have in common. Framing and headers: grpc/grpc
 * doc/PROTOCOL-HTTP2.md; statuses: doc/statuscodes.md.
 */
import type {
  ClientHttp2Session,
  IncomingHttpHeaders,
  IncomingHttpStatusHeader,
  OutgoingHttpHeaders,
} from 'node:http2';
import { preview, type ProbeErrorCause } from '@modelwatch/contract';
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
export const PREFIX_BYTES = 5;

/** `ServerLive grpc://10.0.0.7:8081`, for messages. */
export function placeOf(url: string, method: string): string {
  return `${method.slice(method.indexOf('/') + 1)} ${url}`;
}

/** The error that a status other than the expected one is. */
export function unexpectedGrpcStatus(status: GrpcStatus, place: string): ProbeError {
  return new ProbeError(CAUSES[status] ?? 'http_status', `${place}: expected status OK, got ${status}`);
}

export type Head = IncomingHttpHeaders & IncomingHttpStatusHeader;

export function requestHeaders(method: string, headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return {
    ...headers,
    ':method': 'POST',
    ':path': `/${method}`,
    'content-type': 'application/grpc',
    'user-agent': 'modelwatch',
    te: 'trailers',
  };
}

/** Not at once: whoever ends a session may run while Node is in the middle of a frame of it, and then its memory is not safe. */
export function destroySoon(session: ClientHttp2Session, error?: Error): void {
  setImmediate(() => session.destroy(error));
}

export function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Whether it is gRPC that answers. @throws ProbeError */
export function checkHead(head: Head, body: Buffer, place: string): void {
  const http = head[':status'];
  const contentType = String(head['content-type'] ?? '');
  if (http === undefined) throw cut(place);
  if (http !== 200) throw unexpectedStatus({ status: http, contentType, body, place }, 'gRPC');
  if (contentType.startsWith('application/grpc')) return;
  throw new ProbeError('invalid_response', `${place}: expected gRPC, got content of type ${preview(contentType)}`);
}

/** A status may come with the headers when there is no message. @throws ProbeError */
export function statusOf(head: Head, trailers: IncomingHttpHeaders, place: string): GrpcStatus {
  const code = trailers['grpc-status'] ?? head['grpc-status'];
  if (code === undefined) throw cut(place);
  const status = /^\d{1,2}$/.test(String(code)) ? STATUSES[Number(code)] : undefined;
  if (status !== undefined) return status;
  throw new ProbeError('invalid_response', `${place}: expected a status of gRPC, got ${preview(code)}`);
}

export function cut(place: string): ProbeError {
  return new ProbeError('closed', `${place}: connection closed before the answer was whole`);
}

/** We name no compression that we take, so there may be none. */
export function compressed(place: string): ProbeError {
  return new ProbeError('invalid_response', `${place}: expected one message of gRPC that is not compressed`);
}
