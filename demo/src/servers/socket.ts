/** Gives a simulated model server to the network: a listener of its own, or the answer of the API's pod proxy. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { replyOf, type Reply } from './answer';
import type { ModelServer, ServerAnswer } from './model-server';

/** Longest request body that is read. */
const MAX_BODY_BYTES = 8 * 1_024 * 1_024;

/** @returns the body, or `undefined` when it is too long or breaks off. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function sendAnswer(response: ServerResponse, answer: ServerAnswer): void {
  const { status, contentType, body } = answer;
  response.writeHead(status, {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Listens on a free port of 127.0.0.1 as one port of the model server. */
export async function listenAs(
  server: ModelServer,
  port: number,
  nowMs: () => number
): Promise<{ readonly url: string; readonly http: Server }> {
  const http = createServer((request, response) => {
    void answer(server, port, request, response, nowMs);
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, http };
}

async function answer(
  server: ModelServer,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
  nowMs: () => number
): Promise<void> {
  const body = await readBody(request);
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const reply: Reply =
    body === undefined
      ? { status: 413, body: '' }
      : replyOf(server, port, { method: request.method ?? 'GET', path, body }, nowMs());
  if (reply === 'hanging') return;
  if (reply === 'refused') request.socket.destroy();
  else sendAnswer(response, reply);
}
