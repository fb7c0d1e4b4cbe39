/** How channels end, with a server of gRPC that does not do what it should. What they read: oip-grpc.test.ts. */
import { constants } from 'node:http2';
import { createChannel } from './grpc';
import { ProbeError } from './probe';
import { closeGrpcServers, framed, listenGrpc, reply, type GrpcAnswer } from './testing/grpc-server';

const MAX_BYTES = 1_000;
const MESSAGE = Buffer.alloc(0);

afterEach(closeGrpcServers);

const ANSWERS: Readonly<Record<string, GrpcAnswer>> = {
  Good: MESSAGE,
  Unavailable: 14,
  Long: (stream) => reply(stream, framed(Buffer.alloc(64 * MAX_BYTES))),
  Silent: () => undefined,
  Reset: (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
  Goodbye: (stream) => stream.session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM),
  Broken: (stream) => stream.session?.destroy(),
};

/** What became of one call; its channel is closed in the same turn. */
async function callOnce(url: string, method: string, deadline: AbortController): Promise<string> {
  const channel = createChannel(url, {
    access: () => ({ headers: {}, tls: {} }),
    maxBytes: MAX_BYTES,
    signal: deadline.signal,
  });
  try {
    return (await channel.call(`inference.Test/${method}`, MESSAGE)).status;
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    return error.cause;
  } finally {
    channel.close();
  }
}

it('says how each of many calls at once ended, and leaves no connection', async () => {
  const deadlines: AbortController[] = [];
  const rounds = 40;
  let silent = 0;
  const server = await listenGrpc({
    ...ANSWERS,
    // All others have their answers by then, or get none.
    Silent: () => {
      silent += 1;
      if (silent === rounds) for (const deadline of deadlines) deadline.abort();
    },
  });
  const methods = Object.keys(ANSWERS);
  const all = await Promise.all(
    Array.from({ length: rounds }, () =>
      Promise.all(
        methods.map((method) => {
          const deadline = new AbortController();
          if (method === 'Silent') deadlines.push(deadline);
          return callOnce(server.url, method, deadline);
        })
      )
    )
  );
  for (const ended of all) {
    expect(Object.fromEntries(methods.map((method, index) => [method, ended[index]]))).toEqual({
      Good: 'OK',
      Unavailable: 'UNAVAILABLE',
      Long: 'too_large',
      Silent: 'timeout',
      Reset: 'closed',
      Goodbye: 'closed',
      Broken: 'closed',
    });
  }
  expect(server.connections()).toBe(rounds * methods.length);
  await server.allClosed();
});
