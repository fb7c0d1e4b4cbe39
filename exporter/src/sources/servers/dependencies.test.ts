import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type IncomingHttpHeaders } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTls } from 'node:tls';
import { generate } from 'selfsigned';
import type { Observation } from '../../domain/observation';
import { NO_TELEMETRY, type Telemetry } from '../../domain/telemetry';
import type { DependencyProbe } from './dependencies';
import { createServersSource, type ServersSource } from './index';

const NAMES = { namespace: 'data', name: 'orders', intervalSeconds: 60, timeoutSeconds: 0.3 };

let folder: string;
let source: ServersSource | undefined;
const closers: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dependencies-'));
});
afterEach(async () => {
  await source?.stop();
  for (const close of closers.splice(0)) close();
  rmSync(folder, { recursive: true });
});

/** @returns host:port */
async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const accepting = () => listen(createServer());

async function nobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

async function answering(status: number, body: string, seen: IncomingHttpHeaders[] = []): Promise<string> {
  const server = createHttp(({ headers }, response) => {
    seen.push(headers);
    response.writeHead(status, status === 302 ? { location: '/login' } : {}).end(body);
  });
  return `http://${await listen(server)}/health`;
}

const OPTIONS = { probeIntervalSeconds: 60, probeTimeoutSeconds: 1, maxBodyBytes: 1_000, concurrency: 1 };

function start(dependencies: readonly DependencyProbe[], tell: (told: Observation) => void, telemetry = NO_TELEMETRY) {
  source = createServersSource({ ...OPTIONS, access: 'direct', dependencies }, tell, telemetry);
}

/** What the first probe found: a cause and words, or that all is well. */
function found(how: Pick<DependencyProbe, 'http' | 'tcp'>, more: Partial<DependencyProbe> = {}): Promise<string> {
  return new Promise((resolve) => {
    start([{ ...NAMES, ...more, ...how }], (told) => {
      if (told.kind !== 'dependency-probed') return;
      const { error } = told.result;
      resolve(error ? `${error.cause}: ${error.text}` : 'well');
    });
  });
}

const http = (url: string, more: Partial<NonNullable<DependencyProbe['http']>> = {}) => ({
  http: { url, status: [200], expect: [], ...more },
});

describe('a dependency that is asked over HTTP', () => {
  it('is well with the status and the body that were expected, in JSON or as text', async () => {
    const url = await answering(200, '{"status":"UP","checks":[{"state":"green"},{"state":"green"}]}');
    const expected = [
      { path: 'status', equals: 'UP' },
      { path: 'checks.*.state', in: ['green', 'yellow'] },
      { matches: '"status" ?: ?"UP"' },
    ];
    expect(await found(http(url, { expect: expected }))).toBe('well');
  });

  it('takes another status for well when it is told so', async () => {
    const url = await answering(204, '');
    expect(await found(http(url, { status: [200, 204] }))).toBe('well');
  });

  it('sends its own credentials, and nobody else', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const url = await answering(200, '', seen);
    writeFileSync(join(folder, 'token'), 'hunter2\n');
    const authorization = { type: 'Bearer', credentialsFile: join(folder, 'token') };
    expect(await found(http(url, { authorization }))).toBe('well');
    await source?.stop();
    expect(await found(http(url))).toBe('well');
    expect(seen.map((headers) => headers.authorization)).toEqual(['Bearer hunter2', undefined]);
  });

  it.each([
    [200, '{"status":"DOWN hunter2"}', 'invalid_response', 'expected "UP" at status, got something else'],
    [200, 'hunter2', 'invalid_response', 'expected "UP" at status, got something else'],
    [503, '', 'http_status', 'expected status 200, got 503'],
    [401, '', 'unauthorized', 'expected status 200, got 401'],
    [302, '', 'redirect', 'expected status 200, got a redirect to /login, which is not followed'],
  ])('fails by status %d with %j, in words without its body', async (status, body, cause, words) => {
    const url = await answering(status, body);
    expect(await found(http(url, { expect: [{ path: 'status', equals: 'UP' }] }))).toBe(
      `${cause}: GET ${url}: ${words}`
    );
  });

  it('fails when nobody is there, when it hangs, and when its answer is too long', async () => {
    const free = `http://${await nobody()}/`;
    expect(await found(http(free))).toBe(`refused: GET ${free}: connection refused`);
    await source?.stop();
    const hanging = `http://${await accepting()}/`;
    expect(await found(http(hanging))).toBe(`timeout: GET ${hanging}: no whole answer within the deadline`);
    await source?.stop();
    expect(await found(http(await answering(200, 'x'.repeat(2_000))))).toMatch(/^too_large: /);
  });
});

describe('a dependency that is asked over TCP', () => {
  it('is well when it takes a connection; nothing is sent to it', async () => {
    const sent: Buffer[] = [];
    let ended: () => void;
    const end = new Promise<void>((resolve) => (ended = resolve));
    const server = createServer((socket) => {
      socket.on('data', (chunk) => sent.push(chunk));
      socket.on('close', () => ended());
    });
    expect(await found({ tcp: { address: await listen(server) } })).toBe('well');
    await end;
    expect(sent).toEqual([]);
  });

  it('fails when nobody is there', async () => {
    const address = await nobody();
    expect(await found({ tcp: { address } })).toBe(`refused: TCP ${address}: connection refused`);
  });

  it('fails by a name that nobody knows', async () => {
    const tcp = { address: 'no-such-host.invalid:5432' };
    expect(await found({ tcp }, { timeoutSeconds: 5 })).toMatch(/^other: TCP no-such-host\.invalid:5432: E/);
  });

  describe('with TLS', () => {
    let cert: string;
    let key: string;
    beforeAll(async () => {
      const extensions = [{ name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: 'db.test' }] }];
      const made = await generate([{ name: 'commonName', value: 'db' }], { keySize: 2048, extensions });
      [cert, key] = [made.cert, made.private];
    });
    const trusting = (serverName: string) => {
      writeFileSync(join(folder, 'ca'), cert);
      return { caFile: join(folder, 'ca'), serverName, insecureSkipVerify: false };
    };
    const secure = () => listen(createTls({ cert, key }));

    it('is well when its certificate is believed', async () => {
      expect(await found({ tcp: { address: await secure(), tlsConfig: trusting('db.test') } })).toBe('well');
    });

    it('fails by a certificate that is not', async () => {
      const address = await secure();
      expect(await found({ tcp: { address, tlsConfig: { insecureSkipVerify: false } } })).toBe(
        `tls: TLS ${address}: its certificate is signed by itself (DEPTH_ZERO_SELF_SIGNED_CERT)`
      );
      await source?.stop();
      expect(await found({ tcp: { address, tlsConfig: trusting('other.test') } })).toBe(
        `tls: TLS ${address}: its certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID)`
      );
    });

    it('fails when the other side says nothing, talks otherwise, or hangs up', async () => {
      const tlsConfig = trusting('db.test');
      const silent = await accepting();
      expect(await found({ tcp: { address: silent, tlsConfig } })).toBe(
        `timeout: TLS ${silent}: no connection within the deadline`
      );
      await source?.stop();
      const plain = await listen(createServer((socket) => socket.write('220 mail ready\r\n')));
      expect(await found({ tcp: { address: plain, tlsConfig } })).toMatch(/^tls: TLS .*: expected TLS, got \w+$/);
      await source?.stop();
      const closing = await listen(createServer((socket) => socket.end()));
      expect(await found({ tcp: { address: closing, tlsConfig } })).toBe(`closed: TLS ${closing}: connection closed`);
    });

    it('is not asked while a file of ours is missing: that says nothing of it', async () => {
      const errors: string[] = [];
      const told: Observation[] = [];
      const tcp = { address: await secure(), tlsConfig: { caFile: join(folder, 'gone'), insecureSkipVerify: false } };
      const telemetry: Telemetry = { ...NO_TELEMETRY, error: (...error) => void errors.push(error.join()) };
      const message = await new Promise<string>((resolve) => {
        const tell = (one: Observation) => {
          told.push(one);
          if (one.kind === 'source-status' && one.source === 'dependencies' && one.message) resolve(one.message);
        };
        start([{ ...NAMES, tcp }], tell, telemetry);
      });
      expect(message).toContain(`1 of 1 cannot be asked: data/orders (CA file ${join(folder, 'gone')}`);
      expect(errors).toEqual(['dependencies,credentials']);
      expect(told.filter(({ kind }) => kind === 'dependency-probed')).toEqual([]);
    });
  });
});

describe('dependencies together', () => {
  it('are not delayed by those that hang, though one is asked at a time', async () => {
    const hanging = `http://${await accepting()}/`;
    const address = await accepting();
    const dependencies = [
      ...[1, 2, 3].map((number) => ({ ...NAMES, name: `hangs-${number}`, timeoutSeconds: 30, ...http(hanging) })),
      { ...NAMES, tcp: { address } },
    ];
    const startedMs = performance.now();
    const told = await new Promise<Observation>((resolve) =>
      start(dependencies, (one) => one.kind === 'dependency-probed' && resolve(one))
    );
    expect(told).toMatchObject({ name: 'orders', result: {} });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  it('are one source, which names those that fail', async () => {
    const address = await accepting();
    const free = await nobody();
    const states: string[] = [];
    await new Promise<void>((resolve) =>
      start(
        [
          { ...NAMES, name: 'cache', tcp: { address: free } },
          { ...NAMES, tcp: { address } },
        ],
        (one) => {
          if (one.kind !== 'source-status' || one.source !== 'dependencies') return;
          states.push(`${one.state} ${one.message ?? ''}`);
          if (one.state === 'synced') resolve();
        }
      )
    );
    expect(states[0]).toBe('syncing ');
    expect(states.at(-1)).toBe('synced 1 of 2 fail: data/cache (refused)');
  });

  it('are asked again in their interval, and not after the end', async () => {
    const address = await accepting();
    let probes = 0;
    await new Promise<void>((resolve) =>
      start([{ ...NAMES, intervalSeconds: 0.05, tcp: { address } }], ({ kind }) => {
        if (kind === 'dependency-probed' && (probes += 1) === 3) resolve();
      })
    );
    await source?.stop();
    const atEnd = probes;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(probes).toBe(atEnd);
  });
});
