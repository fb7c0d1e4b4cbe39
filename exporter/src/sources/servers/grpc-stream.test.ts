/** Streams of gRPC against servers that answer byte by byte, on real connections. */
import { connect, createServer as createRaw, type AddressInfo, type Socket } from 'node:net';
import type { ServerHttp2Stream } from 'node:http2';
import fc from 'fast-check';
import { messagesOf, openStreams, type StreamChannel } from './grpc-stream';
import { closeGrpcServers, framed, listenGrpc, type GrpcAnswer } from './testing/grpc-server';
import { closeServers, listen } from './testing/server';

const CALL = 'inference.GRPCInferenceService/Watch';
const LIMIT = 1_000;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await closeGrpcServers();
  await closeServers();
});

async function open(url: string, signal = new AbortController().signal, connectSeconds = 5): Promise<StreamChannel> {
  const channel = await openStreams(url, {
    access: { headers: { 'x-team': 'ml' }, tls: {} },
    maxBytes: LIMIT,
    connectSeconds,
    signal,
  });
  closers.push(() => channel.close());
  return channel;
}

const serve = async (answer: GrpcAnswer) => open((await listenGrpc({ Watch: answer })).url);

async function read(channel: StreamChannel, request = Buffer.from('all')) {
  const got: string[] = [];
  try {
    for await (const message of channel.stream(CALL, request)) got.push(message.toString());
  } catch (error) {
    const { cause, message } = error as { cause: string; message: string };
    return { got, cause, message: message.replace(/grpc:\S+?:\d+/, 'URL') };
  }
  return { got };
}

function begin(stream: ServerHttp2Stream, trailers: Record<string, string> = { 'grpc-status': '0' }): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
}

it('gives messages one by one, as they come, until the server ends the call', async () => {
  let asked = '';
  let answer: ServerHttp2Stream | undefined;
  const channel = await serve((stream, request, headers) => {
    asked = `${request.toString()} ${String(headers['x-team'])}`;
    answer = stream;
    begin(stream);
    stream.write(Buffer.concat([framed(Buffer.from('a')), framed(Buffer.alloc(0)), framed(Buffer.from('b'))]));
  });
  const messages = channel.stream(CALL, Buffer.from('all'));
  const first = async () => (await messages.next()).value?.toString();
  expect([await first(), await first(), await first()]).toEqual(['a', '', 'b']);
  answer?.end(framed(Buffer.from('c')));
  expect(await first()).toBe('c');
  expect((await messages.next()).done).toBe(true);
  expect(asked).toBe('all ml');
});

it('has several streams on one connection, and cancels the one that nobody reads any more', async () => {
  const closed: Promise<unknown>[] = [];
  const server = await listenGrpc({
    Watch: (stream) => {
      closed.push(new Promise((resolve) => stream.once('close', () => resolve(stream.rstCode))));
      begin(stream);
      stream.write(framed(Buffer.from('x')));
    },
  });
  const channel = await open(server.url);
  const [one, two] = [channel.stream(CALL, Buffer.alloc(0)), channel.stream(CALL, Buffer.alloc(0))];
  expect([(await one.next()).value?.toString(), (await two.next()).value?.toString()]).toEqual(['x', 'x']);
  await one.return();
  const CANCEL = 8;
  expect(await closed[0]).toBe(CANCEL);
  expect(server.connections()).toBe(1);
  await channel.ping(5);
});

it.each<[string, GrpcAnswer, string, string]>([
  ['a status with the headers', 7, 'unauthorized', 'Watch URL: expected status OK, got PERMISSION_DENIED'],
  [
    'a status after messages',
    (stream) => {
      begin(stream, { 'grpc-status': '14' });
      stream.end(framed(Buffer.from('a')));
    },
    'refused',
    'Watch URL: expected status OK, got UNAVAILABLE',
  ],
  [
    'the end without a status',
    (stream) => {
      begin(stream, {});
      stream.end(framed(Buffer.from('a')));
    },
    'closed',
    'Watch URL: connection closed before the answer was whole',
  ],
  [
    'a message that ends early',
    (stream) => {
      begin(stream);
      stream.end(framed(Buffer.from('abc')).subarray(0, 6));
    },
    'closed',
    'Watch URL: connection closed before the answer was whole',
  ],
  [
    'a message that is too long, before it is read',
    (stream) => {
      begin(stream);
      stream.write(framed(Buffer.alloc(LIMIT + 1)).subarray(0, 6));
    },
    'too_large',
    'Watch URL: expected at most 1000 bytes',
  ],
  [
    'a message that is compressed',
    (stream) => {
      begin(stream);
      stream.write(framed(Buffer.from('a'), 1));
    },
    'invalid_response',
    'Watch URL: expected one message of gRPC that is not compressed',
  ],
  [
    'a page',
    (stream) => {
      stream.respond({ ':status': 503, 'content-type': 'text/html' });
      stream.write('<p>down');
    },
    'http_status',
    'Watch URL: expected gRPC, got 503',
  ],
  [
    'another content type',
    (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/html' });
      stream.end('<p>hello');
    },
    'invalid_response',
    'Watch URL: expected gRPC, got content of type "text/html"',
  ],
  [
    'a reset',
    (stream) => {
      begin(stream);
      stream.write(framed(Buffer.from('a')));
      stream.close(2);
    },
    'closed',
    'Watch URL: connection closed before the answer was whole',
  ],
  [
    'a server that hangs up',
    (stream) => {
      begin(stream);
      stream.write(framed(Buffer.from('a')), () => stream.session?.destroy());
    },
    'closed',
    'Watch URL: the server hung up',
  ],
  [
    'a server that says why it hangs up',
    (stream) => {
      begin(stream);
      const ENHANCE_YOUR_CALM = 11;
      stream.session?.goaway(ENHANCE_YOUR_CALM, 0, Buffer.from('too_many_pings'));
    },
    'closed',
    'Watch URL: the server hung up with code 11 ("too_many_pings")',
  ],
])('says that there was %s', async (_what, answer, cause, message) => {
  expect(await read(await serve(answer))).toMatchObject({ cause, message });
});

it('gives what came before the stream broke', async () => {
  const channel = await serve((stream) => {
    begin(stream, { 'grpc-status': '13' });
    stream.end(Buffer.concat([framed(Buffer.from('a')), framed(Buffer.from('b'))]));
  });
  expect(await read(channel)).toMatchObject({ got: ['a', 'b'], cause: 'http_status' });
});

it('notices by a ping that nobody is there any more, though the connection stands', async () => {
  const sockets: Socket[] = [];
  const server = await listenGrpc({ Watch: (stream) => begin(stream) });
  // Between the two: it takes what it gets and, when it is told to, passes nothing on.
  let deaf = false;
  const between = createRaw((socket) => {
    sockets.push(socket);
    const { port } = new URL(server.url.replace('grpc', 'http'));
    const onward = connect(Number(port), '127.0.0.1');
    sockets.push(onward);
    socket.on('data', (data) => void (deaf || onward.write(data))).on('error', () => undefined);
    onward.on('data', (data: Buffer) => void (deaf || socket.write(data))).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    between.close();
  });
  const channel = await open(`grpc://127.0.0.1:${(between.address() as AddressInfo).port}`);
  await channel.ping(5);
  deaf = true;
  const silent = { cause: 'timeout', message: expect.stringContaining('no answer to a ping within 0.2 s') as string };
  await expect(channel.ping(0.2)).rejects.toMatchObject(silent);
  const reading = read(channel);
  for (const socket of sockets) socket.destroy();
  expect(await reading).toMatchObject({ message: 'Watch URL: connection closed before the answer was whole' });
});

it('ends what is under way when it is closed, and whoever comes later', async () => {
  const ended = new AbortController();
  const server = await listenGrpc({ Watch: (stream) => begin(stream) });
  const channel = await open(server.url, ended.signal);
  const reading = read(channel);
  ended.abort();
  expect(await reading).toMatchObject({ cause: 'closed' });
  expect(await read(channel)).toMatchObject({ cause: 'closed' });
  await expect(channel.ping(5)).rejects.toMatchObject({ cause: 'closed' });
});

it('says why there is no connection', async () => {
  const free = createRaw();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  await expect(open(`grpc://127.0.0.1:${port}`)).rejects.toMatchObject({ cause: 'refused' });
  const web = await listen((_request, response) => response.end('hello'));
  const channel = await open(web.replace('http', 'grpc'));
  expect(await read(channel)).toMatchObject({ cause: 'invalid_response' });
});

it('finds the same messages wherever the bytes are cut', async () => {
  async function* cutAt(bytes: Buffer, at: readonly number[]) {
    let from = 0;
    for (const to of [...at.map((each) => each % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
      yield bytes.subarray(from, to);
      from = to;
    }
  }
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }),
      fc.array(fc.nat()),
      async (all, at) => {
        const bytes = Buffer.concat(all.map((each) => framed(Buffer.from(each))));
        const got: Buffer[] = [];
        for await (const message of messagesOf(cutAt(bytes, at), LIMIT, 'here')) got.push(message);
        expect(got.map((each) => each.toString('hex'))).toEqual(all.map((each) => Buffer.from(each).toString('hex')));
      }
    )
  );
});
