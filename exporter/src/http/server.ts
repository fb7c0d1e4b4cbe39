/** The listening socket: limits against slow and many clients, words for a port that is taken, and a clean end. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RunningServer {
  /** `http://host:port`, with the port that was really taken. */
  readonly url: string;
  /** Takes no new requests, lets running ones finish for `graceSeconds`, then cuts them. */
  stop(graceSeconds: number): Promise<void>;
}

/** @throws Error with what to do, when the address cannot be listened on. */
export function startServer(app: RequestListener, listenAddress: string, port: number): Promise<RunningServer> {
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      maxHeaderSize: 16_384,
      // Longer than a scrape interval, so that a scraper can keep its connection.
      keepAliveTimeout: 90_000,
    },
    app
  );
  // A client that takes nothing for a minute is gone.
  server.setTimeout(60_000);
  server.maxConnections = 512;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, listenAddress, port)));
    server.listen(port, listenAddress, () => {
      const address = server.address() as AddressInfo;
      const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      resolve({
        url: `http://${host}:${address.port}`,
        stop: (graceSeconds) =>
          new Promise((done) => {
            const cut = setTimeout(() => server.closeAllConnections(), graceSeconds * 1000);
            server.close(() => {
              clearTimeout(cut);
              done();
            });
            server.closeIdleConnections();
          }),
      });
    });
  });
}

function listenError(error: NodeJS.ErrnoException, listenAddress: string, port: number): Error {
  const place = `${listenAddress} port ${port}`;
  const other = 'choose another with --web.port or MODELWATCH_WEB_PORT';
  if (error.code === 'EADDRINUSE') return new Error(`${place} is in use: end the program that holds it, or ${other}`);
  if (error.code === 'EACCES') return new Error(`${place} needs more rights: ${other} (from 1024)`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new Error(`${place}: this machine has no such address; set --web.listen-address`);
  }
  return new Error(`Cannot listen on ${place}: ${error.message}`);
}
