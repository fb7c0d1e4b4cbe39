import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { createServer as createRaw, type AddressInfo, type Server as RawServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { deflateSync, gzipSync } from 'node:zlib';
import { generate } from 'selfsigned';
import type { ProbeTarget } from '../../domain/probe-target';
import { createConnection, type ConnectionOptions } from './connection';
import { ProbeError, ProxyError, unexpectedStatus } from './probe';
import { createTransport, type Transport, type TransportOptions } from './transport';

const SECRET = 'hunter2';
const LIMIT = 1_000_000;

let folder: string;
const closers: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'transport-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function listen(server: Server | RawServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const serve = async (handler: RequestListener) => `http://127.0.0.1:${await listen(createServer(handler))}`;

function transport(connection: ConnectionOptions = {}, more: Partial<TransportOptions> = {}): Transport {
  const made = createTransport({ maxBodyBytes: LIMIT, connections: new Map([['box', connection]]), ...more });
  closers.push(() => made.close());
  return made;
}

function target(url: string, endpoint: Partial<ProbeTarget['endpoint']> = {}): ProbeTarget {
  return {
    endpoint: { namespace: 'standalone', server: 'box', replica: 'r', ...endpoint },
    url,
    models: [],
    versionSuffix: false,
  };
}

const get = (from: Transport, url: string, of = target(url)) => from.send(of, 'GET', url, new AbortController().signal);

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown
  );
  if (error instanceof ProbeError) return `${error.cause}: ${error.message}`;
  if (error instanceof ProxyError) return `${error.reason}: ${error.message}`;
  throw new Error('expected a failure with a cause', { cause: error });
}

describe('bodies', () => {
  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['identity', (body: string) => Buffer.from(body)],
  ])('in %s are unpacked', async (encoding, pack) => {
    const asked: IncomingHttpHeaders[] = [];
    const url = await serve(({ headers }, response) => {
      asked.push(headers);
      response.writeHead(200, { 'content-encoding': encoding }).end(pack('a 1\n'));
    });
    expect((await get(transport(), url)).body.toString()).toBe('a 1\n');
    expect(asked[0]?.['accept-encoding']).toContain('gzip');
  });

  it('that become too large when unpacked are refused, however small they came', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * LIMIT));
    expect(bomb.length).toBeLessThan(LIMIT / 10);
    const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    expect(await failure(get(transport(), url))).toBe(`too_large: GET ${url}: expected at most ${LIMIT} bytes`);
  });

  it.each([
    ['gzip', gzipSync('a 1\n'.repeat(100)).subarray(0, -10), 'expected a whole body in gzip, got Z_BUF_ERROR'],
    ['gzip', Buffer.from('a 1\n'), 'expected a whole body in gzip, got Z_DATA_ERROR'],
    ['br', Buffer.from('a 1\n'), 'expected a body in gzip, deflate or plain, got "br"'],
  ])('in %s that cannot be unpacked are told', async (encoding, body, words) => {
    const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body));
    expect(await failure(get(transport(), url))).toBe(`invalid_response: GET ${url}: ${words}`);
  });

  it('without announced length or end may have been cut', async () => {
    const raw = createRaw((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\na 1\na 1'));
    const unframed = `http://127.0.0.1:${await listen(raw)}/metrics`;
    expect(await get(transport(), unframed)).toMatchObject({ unframed: true, body: Buffer.from('a 1\na 1') });
    expect(await get(transport(), await serve((_, response) => response.end('a')))).not.toHaveProperty('unframed');
  });
});

describe('redirects', () => {
  it.each([
    ['/metrics/?token=hunter2', 'a redirect to /metrics/, which is not followed'],
    [
      'http://169.254.169.254/hunter2?a=hunter2',
      'a redirect to another server, http://169.254.169.254, which is not followed',
    ],
    ['http://u:hunter2@example.test/', 'a redirect to another server, http://example.test, which is not followed'],
    ['http://[', 'a redirect to no address, which is not followed'],
  ])('to %s are not followed', async (location, words) => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.writeHead(307, { location }).end();
    });
    const answer = await get(transport(), `${url}/metrics`);
    expect(asked).toBe(1);
    const { cause, message } = unexpectedStatus(answer);
    expect(cause).toBe('redirect');
    expect(message).toBe(`GET ${url}/metrics: expected status 200, got ${words}`);
    expect(JSON.stringify({ ...answer, body: '' })).not.toContain(SECRET);
  });
});

describe('who we are', () => {
  const seen: IncomingHttpHeaders[] = [];
  let url: string;
  beforeEach(async () => {
    seen.length = 0;
    url = await serve(({ headers }, response) => {
      seen.push(headers);
      response.end();
    });
  });

  it('is said with a token of a file, a password of a file or headers of files', async () => {
    const token = file('token', `${SECRET}\n`);
    await get(transport({ authorization: { type: 'Bearer', credentialsFile: token } }), url);
    await get(transport({ basicAuth: { username: 'ann', passwordFile: token } }), url);
    await get(transport({ httpHeaders: { 'X-Tenant': { files: [token, file('other', 'b')] } } }), url);
    expect(seen.map(({ authorization }) => authorization)).toEqual([
      `Bearer ${SECRET}`,
      `Basic ${Buffer.from(`ann:${SECRET}`).toString('base64')}`,
      undefined,
    ]);
    expect(seen[2]?.['x-tenant']).toBe(`${SECRET}, b`);
  });

  it('is said to the declared server only, not to a pod or another server of that name', async () => {
    const from = transport({ authorization: { type: 'Bearer', credentialsFile: file('token', SECRET) } });
    await get(from, url, target(url, { namespace: 'ns' }));
    await get(from, url, target(url, { server: 'other' }));
    await get(from, url);
    expect(seen.map(({ authorization }) => authorization)).toEqual([undefined, undefined, `Bearer ${SECRET}`]);
  });

  it('is read again when the file changes', async () => {
    const token = file('token', 'first');
    let nowMs = 0;
    const connection = createConnection({ authorization: { type: 'Bearer', credentialsFile: token } }, () => nowMs);
    closers.push(() => connection.close());
    const first = await connection.access();
    file('token', 'second');
    nowMs += 1_001;
    const second = await connection.access();
    expect([first.headers, second.headers]).toEqual([
      { authorization: 'Bearer first' },
      { authorization: 'Bearer second' },
    ]);
    expect(second.dispatcher).toBe(first.dispatcher);
  });

  it('cannot be said when a file is missing, empty or no header; the server is not asked, the secret not told', async () => {
    const missing = join(folder, 'nowhere');
    const bearer = (credentialsFile: string) => ({ authorization: { type: 'Bearer', credentialsFile } });
    expect(await failure(get(transport(bearer(missing)), url))).toBe(
      `credentials: credentials file ${missing}: expected a readable file, got ENOENT`
    );
    const empty = file('empty', ' \n');
    expect(await failure(get(transport(bearer(empty)), url))).toContain('the file is empty');
    const lines = file('lines', `${SECRET}\r\nX-Other: ${SECRET}`);
    const told = await failure(get(transport(bearer(lines)), url));
    expect(told).toBe(`credentials: credentials file ${lines}: expected one line of ASCII`);
    const key = file('key', SECRET);
    expect(
      await failure(get(transport({ tlsConfig: { certFile: key, keyFile: key, insecureSkipVerify: false } }), url))
    ).toMatch(/^credentials: .*: expected certificates and a key that fits, in PEM, got ERR_OSSL_/);
    expect(seen).toEqual([]);
  });
});

describe('TLS', () => {
  interface Pair {
    readonly cert: string;
    readonly key: string;
  }
  let served: Pair;
  let client: Pair;
  let expired: Pair;

  async function pair(name: string, days: { notBeforeDate?: Date; notAfterDate?: Date } = {}): Promise<Pair> {
    const altNames = [{ type: 2 as const, value: 'box.test' }];
    const made = await generate([{ name: 'commonName', value: name }], {
      keySize: 2048,
      ...days,
      extensions: [{ name: 'subjectAltName', altNames }],
    });
    return { cert: made.cert, key: made.private };
  }
  beforeAll(async () => {
    const long = new Date('2020-01-01');
    [served, client, expired] = await Promise.all([
      pair('box'),
      pair('modelwatch'),
      pair('old', { notBeforeDate: long, notAfterDate: new Date('2020-02-01') }),
    ]);
  });

  async function secure(one: Pair, more: { requestCert?: boolean; ca?: string } = {}): Promise<string> {
    const server = createSecure(
      { ...one, ...more, rejectUnauthorized: more.requestCert ?? false },
      (request, response) => {
        const { subject } = (request.socket as TLSSocket).getPeerCertificate() as { subject?: { CN?: string } };
        response.end(subject?.CN ?? 'nobody');
      }
    );
    return `https://127.0.0.1:${await listen(server)}`;
  }

  const trusting = (one: Pair, more: Partial<NonNullable<ConnectionOptions['tlsConfig']>> = {}): ConnectionOptions => ({
    tlsConfig: { caFile: file('ca', one.cert), serverName: 'box.test', insecureSkipVerify: false, ...more },
  });

  it('is trusted by its CA and name, or without looking', async () => {
    const url = await secure(served);
    expect((await get(transport(trusting(served)), url)).status).toBe(200);
    expect((await get(transport({ tlsConfig: { insecureSkipVerify: true } }), url)).status).toBe(200);
  });

  it('tells what is wrong with a certificate', async () => {
    const url = await secure(served);
    expect(await failure(get(transport(), url))).toBe(
      `tls: GET ${url}: its certificate is signed by itself (DEPTH_ZERO_SELF_SIGNED_CERT)`
    );
    expect(await failure(get(transport(trusting(served, { serverName: 'other.test' })), url))).toBe(
      `tls: GET ${url}: its certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID)`
    );
    const old = await secure(expired);
    expect(await failure(get(transport(trusting(expired)), old))).toBe(
      `tls: GET ${old}: its certificate has expired (CERT_HAS_EXPIRED)`
    );
  });

  it('takes whatever certificate a pod shows, and whatever name: it is called by address', async () => {
    const url = await secure(served);
    const of = { ...target(url, { namespace: 'shop' }), pod: { namespace: 'shop', name: 'chat-0' } };
    expect((await get(transport(), url, of)).status).toBe(200);
    // Not so a declared server that has the name of such a pod's.
    expect(await failure(get(transport(), url, target(url, { namespace: 'shop' })))).toMatch(/^tls: /);
  });

  it('tells a server without TLS', async () => {
    const plain = (await serve((_, response) => response.end())).replace('http:', 'https:');
    expect(await failure(get(transport(), plain))).toMatch(/^tls: GET .*: expected TLS, got (EPROTO|ERR_SSL_\w+)$/);
  });

  it('shows our certificate, also a renewed one, to a server that asks for it', async () => {
    const url = await secure(served, { requestCert: true, ca: client.cert });
    expect(await failure(get(transport(trusting(served)), url))).toMatch(/^(tls|closed): /);
    const files = { certFile: file('cert', served.cert), keyFile: file('key', served.key) };
    let nowMs = 0;
    const connection = createConnection(trusting(served, files), () => nowMs);
    closers.push(() => connection.close());
    const before = await connection.access();
    file('cert', client.cert);
    file('key', client.key);
    nowMs += 1_001;
    const after = await connection.access();
    expect(after.dispatcher).not.toBe(before.dispatcher);
    expect((await get(transport(trusting(served, files)), url)).body.toString()).toBe('modelwatch');
  });
});
