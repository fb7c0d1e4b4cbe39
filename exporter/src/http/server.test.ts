import { modelView, serve, snapshotOf } from './fleet.fixture';
import type { RequestListener } from 'node:http';
import { startServer } from './server';

const serveAt = (port: number, app: RequestListener) =>
  startServer(app, {
    listenAddress: '127.0.0.1',
    port,
    maxConnections: 8,
    telemetry: { authFailed: () => undefined, refused: () => undefined },
  });

describe('server', () => {
  it('says what to do when its port is taken', async () => {
    const first = await serveAt(0, () => undefined);
    const port = Number(new URL(first.url).port);
    await expect(serveAt(port, () => undefined)).rejects.toThrow(
      `127.0.0.1 port ${port} is in use: end the program that holds it, or choose another with --web.port or MODELWATCH_WEB_PORT`
    );
    await first.stop(0);
  });

  it('lets a running answer finish, takes no new one, and is then done', async () => {
    let answer: () => void = () => undefined;
    let began: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (began = resolve));
    const server = await serveAt(0, (_request, response) => {
      answer = () => response.end('done');
      began();
    });
    const first = fetch(server.url, { headers: { connection: 'close' } });
    await running;
    const stopped = server.stop(5);
    await expect(fetch(server.url)).rejects.toThrow();
    answer();
    expect(await (await first).text()).toBe('done');
    await stopped;
  });

  it('cuts what does not finish within the grace time', async () => {
    let began: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (began = resolve));
    const server = await serveAt(0, () => began());
    const hanging = fetch(server.url);
    const failed = expect(hanging).rejects.toThrow();
    await running;
    await server.stop(0.05);
    await failed;
  });

  it('goes on when a scraper leaves in the middle', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) => modelView('payments', `m-${index}`));
    const server = await serve(snapshotOf(many));
    const leaving = new AbortController();
    const response = await fetch(`${server.url}/metrics`, { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    const whole = await (await fetch(`${server.url}/metrics`)).text();
    expect(whole).toContain('model="m-2999"');
    expect(server.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
    await server.stop(0);
  }, 30_000);
});
