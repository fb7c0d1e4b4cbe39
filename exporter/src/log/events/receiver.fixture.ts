/** A receiver of the bulk API, as much of it as Elasticsearch and OpenSearch have in common: `create` with ids, answers per item. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Answer =
  /** Takes what is new, and says 409 of what is there. */
  | { readonly kind: 'take' }
  | { readonly kind: 'status'; readonly status: number }
  /** Of items, by their place; the others are taken. */
  | { readonly kind: 'items'; readonly statusOf: (index: number) => number }
  /** Takes them, and goes away without an answer. */
  | { readonly kind: 'hang-up-after' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'text'; readonly body: string };

export interface Receiver {
  readonly url: string;
  readonly port: number;
  /** By `index id`. */
  readonly stored: Map<string, string>;
  readonly requests: { readonly ids: readonly string[]; readonly headers: IncomingMessage['headers'] }[];
  /** One for each request to come; then `take`. */
  readonly answers: Answer[];
  /** Resolves when so many are stored. */
  has(count: number): Promise<void>;
  /** Resolves when so many requests came. */
  asked(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** @param tls its certificate; without one it speaks HTTP */
export async function startReceiver(
  port = 0,
  tls?: { readonly cert: string; readonly key: string }
): Promise<Receiver> {
  const stored = new Map<string, string>();
  const requests: Receiver['requests'] = [];
  const answers: Answer[] = [];
  const waiting = new Set<() => void>();

  const answer: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const next = answers.shift() ?? { kind: 'take' };
      const text = Buffer.concat(chunks).toString('utf8');
      const lines = text.split('\n');
      // "The final line of data must end with a newline character."
      if (lines.pop() !== '' || !request.url?.startsWith('/_bulk')) return void response.writeHead(400).end();
      const items = lines.flatMap((line, index) => {
        if (index % 2 === 1) return [];
        const { create } = JSON.parse(line) as { create: { _index: string; _id: string } };
        return [{ key: `${create._index} ${create._id}`, id: create._id, document: lines[index + 1] ?? '' }];
      });
      requests.push({ ids: items.map(({ id }) => id), headers: request.headers });
      const results = items.map(({ key, document }, index) => {
        const status = next.kind === 'items' ? next.statusOf(index) : 201;
        if (stored.has(key)) return 409;
        if (next.kind !== 'status' && next.kind !== 'silent' && status === 201) stored.set(key, document);
        return status;
      });
      if (next.kind === 'hang-up-after') request.socket.destroy();
      else if (next.kind === 'status') response.writeHead(next.status).end('{}');
      else if (next.kind === 'text') response.end(next.body);
      else if (next.kind !== 'silent') response.end(JSON.stringify({ items: results.map(itemOf) }));
      for (const check of [...waiting]) check();
    });
  };
  const server = tls ? createSecure(tls, answer) : createServer(answer);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const taken = (server.address() as AddressInfo).port;
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!holds()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${taken}`,
    port: taken,
    ...{ stored, requests, answers },
    has: (count) => until(() => stored.size >= count),
    asked: (count) => until(() => requests.length >= count),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function itemOf(status: number) {
  if (status === 201) return { create: { status } };
  return { create: { status, error: { type: `status_${status}_exception`, reason: 'as the test wants it' } } };
}
