/** Stands between a client and an HTTP server, and lets a test have its say about single requests. */
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Intercepted {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
}

/**
 * @returns a status to answer with in place of the server; `lost`: the server gets it and the client no answer;
 *   undefined: it goes through
 */
export type Say = (request: Intercepted) => Promise<number | 'lost' | undefined>;

export async function startInterceptor(to: string) {
  let say: Say = () => Promise.resolve(undefined);
  const seen: Intercepted[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const asked = { method: request.method ?? '', path: request.url ?? '', body: body.toString('utf8') };
    seen.push(asked);
    const verdict = await say(asked);
    if (typeof verdict === 'number') {
      response.writeHead(verdict, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ kind: 'Status', message: 'as the test says' }));
      return;
    }
    const { method, headers } = request;
    const forwarded = send(`${to}${asked.path}`, { method, headers }, (reply) => {
      if (verdict === 'lost') {
        reply.resume().on('end', () => response.destroy());
        return;
      }
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    forwarded.end(body);
  }

  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** All that came by. */
    seen,
    intercept: (next: Say) => {
      say = next;
    },
    through: () => {
      say = () => Promise.resolve(undefined);
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
