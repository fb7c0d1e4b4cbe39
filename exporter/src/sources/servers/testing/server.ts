/** Real HTTP servers that answer as a model server did, for tests. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export const recorded = (path: string): string => readFileSync(join(__dirname, '..', 'fixtures', path), 'utf8');

const servers: Server[] = [];

/** @returns the URL without path */
export async function listen(handler: Handler): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** For afterEach. */
export async function closeServers(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A server that answers by `METHOD path`; anything else is 404 with `missing`. */
export function routes(table: Readonly<Record<string, string | Handler | [number, string]>>, missing = ''): Handler {
  return (request, response) => {
    const route = table[`${request.method} ${request.url}`];
    if (typeof route === 'function') return route(request, response);
    const [status, body] = route === undefined ? [404, missing] : typeof route === 'string' ? [200, route] : route;
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
}
