/**
 * Calls of gRPC that the server answers with a stream of messages, over one connection that is kept (why:
 * docs/decisions/016-scheduler-streams.md).
 */
import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import type { LookupFunction } from 'node:net';
import { preview } from '@modelwatch/contract';
import { tooLarge } from './body';
import type { Access } from './connection';
import { failureOf } from './failures';
import {
  checkHead,
  compressed,
  cut,
  destroySoon,
  framed,
  placeOf,
  PREFIX_BYTES,
  requestHeaders,
  statusOf,
  unexpectedGrpcStatus,
  type Head,
} from './grpc-wire';
import { ProbeError, ProxyError } from './probe';

/** Once closed, or once the other end is gone, every call on it throws. */
export interface StreamChannel {
  /**
   * The messages of the answer as they come; ends when the server ends the call with OK. Who leaves the loop cancels it.
   * @param method `package.Service/Method`
   * @throws ProbeError when it ends otherwise
   */
  stream(method: string, request: Buffer): AsyncGenerator<Buffer, void, undefined>;
  /** Whether the other end is still there, by a PING of HTTP/2. @throws ProbeError when it does not answer in time */
  ping(withinSeconds: number): Promise<void>;
  close(): void;
}

export interface StreamChannelOptions {
  readonly access: Pick<Access, 'headers' | 'tls'>;
  /** Of one message. */
  readonly maxBytes: number;
  readonly connectSeconds: number;
  /** Closes the channel, also while it is being opened. */
  readonly signal: AbortSignal;
  readonly lookup?: LookupFunction | undefined;
}

/** @param url `grpc://host:port`, or `grpcs://` for TLS @throws ProbeError, ProxyError when there is no connection in time */
export async function openStreams(url: string, options: StreamChannelOptions): Promise<StreamChannel> {
  const link = new Link(url, options);
  await link.opened(options.connectSeconds);
  return link;
}

class Link implements StreamChannel {
  private readonly session: ClientHttp2Session;
  /** Why the other end hung up, if it said so. */
  private farewell: string | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly options: StreamChannelOptions
  ) {
    const { access, lookup, signal } = options;
    signal.throwIfAborted();
    this.session = connect(url.replace(/^grpc/i, 'http'), { ...access.tls, ...(lookup ? { lookup } : {}) });
    const end = () => this.close();
    signal.addEventListener('abort', end, { once: true });
    this.session.once('close', () => signal.removeEventListener('abort', end));
    // The calls that are under way end with it, and say so.
    this.session.on('error', () => undefined);
    this.session.on('goaway', (code: number, _last: number, data?: Buffer) => {
      const words = data?.length ? ` (${preview(data.toString('latin1'))})` : '';
      this.farewell = `the server hung up${code === 0 ? '' : ` with code ${code}`}${words}`;
      // What it says after that it only says to calls that are over: a new connection gets the rest.
      this.close();
    });
  }

  async opened(withinSeconds: number): Promise<void> {
    const { session } = this;
    await this.within(withinSeconds, 'no connection', (resolve, reject) => {
      session.once('connect', () => resolve());
      session.once('error', reject);
      session.once('close', () => reject(new Error('closed')));
    }).catch((error: unknown) => {
      this.close();
      throw this.explained(error, this.url);
    });
  }

  async ping(withinSeconds: number): Promise<void> {
    const { session } = this;
    try {
      await this.within(withinSeconds, 'no answer to a ping', (resolve, reject) => {
        if (this.closed || session.destroyed || session.closed) throw new ProbeError('closed', `${this.url}: closed`);
        const sent = session.ping((error) => (error ? reject(error) : resolve()));
        if (!sent) reject(new ProbeError('timeout', `${this.url}: no answer to the pings before`));
      });
    } catch (error) {
      throw this.explained(error, this.url);
    }
  }

  async *stream(method: string, request: Buffer): AsyncGenerator<Buffer, void, undefined> {
    const place = placeOf(this.url, method);
    let call: ClientHttp2Stream | undefined;
    try {
      if (this.closed) throw cut(place);
      call = this.session.request(requestHeaders(method, this.options.access.headers));
      const answer = call;
      let head: Head = {};
      let trailers: IncomingHttpHeaders = {};
      let wrong: unknown;
      answer.on('response', (got) => {
        head = got;
        // A page of an error can be long, and is none of ours.
        if (head[':status'] !== 200 || !String(head['content-type']).startsWith('application/grpc')) {
          wrong = errorOf(() => checkHead(head, Buffer.alloc(0), place));
          answer.close(constants.NGHTTP2_CANCEL);
        }
      });
      answer.on('trailers', (got) => (trailers = got));
      answer.end(framed(request));
      try {
        yield* messagesOf(answer as AsyncIterable<Buffer>, this.options.maxBytes, place);
      } catch (error) {
        throw wrong ?? error;
      }
      if (wrong !== undefined) throw wrong;
      const status = statusOf(head, trailers, place);
      if (status !== 'OK') throw unexpectedGrpcStatus(status, place);
    } catch (error) {
      throw this.explained(error, place);
    } finally {
      call?.close(constants.NGHTTP2_CANCEL);
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    destroySoon(this.session);
  }

  private async within(
    seconds: number,
    what: string,
    executor: (resolve: () => void, reject: (error: unknown) => void) => void
  ): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const give = () => reject(new ProbeError('timeout', `${this.url}: ${what} within ${seconds} s`));
      timer = setTimeout(give, seconds * 1_000);
      timer.unref();
    });
    await Promise.race([new Promise<void>(executor), late]).finally(() => clearTimeout(timer));
  }

  private explained(error: unknown, place: string): ProbeError | ProxyError {
    if (error instanceof ProxyError) return error;
    if (this.farewell !== undefined) return new ProbeError('closed', `${place}: ${this.farewell}`);
    if (error instanceof ProbeError) return error;
    const { cause, words } = failureOf(error);
    // A stream whose connection went has no code of its own.
    return cause === 'other' && (this.closed || this.session.destroyed)
      ? cut(place)
      : new ProbeError(cause, `${place}: ${words}`);
  }
}

function errorOf(act: () => void): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * The messages in the bytes of an answer, however these are cut into chunks.
 * @throws ProbeError for one that is compressed or longer than `maxBytes`, or when the bytes end within one
 */
export async function* messagesOf(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
  place: string
): AsyncGenerator<Buffer, void, undefined> {
  let held: Buffer[] = [];
  let length = 0;
  let wanted = PREFIX_BYTES;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.length;
    if (length < wanted) continue;
    let rest = Buffer.concat(held, length);
    for (;;) {
      wanted = PREFIX_BYTES;
      if (rest.length < wanted) break;
      if (rest[0] !== 0) throw compressed(place);
      const size = rest.readUInt32BE(1);
      if (size > maxBytes) throw tooLarge(maxBytes, place);
      wanted += size;
      if (rest.length < wanted) break;
      yield rest.subarray(PREFIX_BYTES, wanted);
      rest = rest.subarray(wanted);
    }
    held = [rest];
    length = rest.length;
  }
  if (length > 0) throw cut(place);
}
