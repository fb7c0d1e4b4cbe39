/** Credentials against a real TLS server and a real proxy: who it says we are, and by which name we asked. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer, type Server } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { SYSTEM_CLOCK } from '../clock';
import { createApi, type KubernetesApi } from './api';
import { createBudget } from './budget';
import { createCredentials } from './credentials';

const OPTIONS = { namespaces: [], staleAfterSeconds: 150, pageSize: 500, requestsPerSecond: 1_000 };
const SECRET = 'hunter2';

interface Pair {
  readonly cert: string;
  readonly key: string;
}
interface Seen {
  readonly authorization?: string;
  /** Name in the client certificate, where the server trusts it. */
  readonly client?: string;
  readonly servername: string | false;
}

async function pair(name: string): Promise<Pair> {
  const altNames = [
    { type: 2 as const, value: 'api.test' },
    { type: 7 as const, ip: '127.0.0.1' },
  ];
  const made = await generate([{ name: 'commonName', value: name }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames }],
  });
  return { cert: made.cert, key: made.private };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('credentials', () => {
  let served: Pair;
  let alice: Pair;
  let bob: Pair;
  let folder: string;
  let server: Server;
  let port: number;
  let nowMs: number;
  /** Answers 401 to other tokens. */
  let accepted: string | undefined;
  const sockets = new Set<Socket>();
  const closers: (() => unknown)[] = [];

  beforeAll(async () => {
    [served, alice, bob] = await Promise.all([pair('kubernetes'), pair('alice'), pair('bob')]);
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'credentials-tls-'));
    nowMs = 0;
    accepted = undefined;
    const trust = { requestCert: true, rejectUnauthorized: false, ca: [alice.cert, bob.cert] };
    server = createServer({ ...served, ...trust }, (request, response) => {
      const socket = request.socket as TLSSocket;
      const { authorization } = request.headers;
      // Of a session that is taken up again there may be no certificate.
      const { subject } = socket.getPeerCertificate() as { subject?: { CN?: string } };
      const client = socket.authorized ? subject?.CN : undefined;
      const status = accepted === undefined || authorization === `Bearer ${accepted}` ? 200 : 401;
      const seen = {
        authorization,
        client,
        servername: (socket as { servername?: string | false }).servername ?? false,
      };
      response.writeHead(status).end(JSON.stringify(seen));
    });
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  function kubeconfig(user: object, cluster: object = {}, name = 'config'): string {
    const trusted = { 'certificate-authority-data': base64(served.cert) };
    const all = { server: `https://127.0.0.1:${port}`, ...('insecure-skip-tls-verify' in cluster ? {} : trusted) };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'one',
      clusters: [{ name: 'c', cluster: { ...all, ...cluster } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'one', context: { cluster: 'c', user: 'u' } }],
    };
    return file(name, JSON.stringify(config));
  }

  function apiOf(options: object, env: NodeJS.ProcessEnv = {}): KubernetesApi {
    const credentials = createCredentials(
      { ...OPTIONS, ...options },
      { PATH: process.env['PATH'], ...env },
      () => nowMs
    );
    const api = createApi(
      credentials,
      'test',
      createBudget(1_000, SYSTEM_CLOCK, () => undefined)
    );
    closers.push(() => api.close());
    return api;
  }

  async function ask(api: KubernetesApi): Promise<Seen> {
    const { status, body } = await api.request('/version');
    if (status !== 200) throw new Error(`status ${status}`);
    return JSON.parse(body.toString()) as Seen;
  }

  /** Why it fails; that no secret is in it is expected of every one. */
  async function failure(api: KubernetesApi): Promise<string> {
    const error = await ask(api).then(
      () => new Error('no failure'),
      (caught: unknown) => caught as Error
    );
    const told = `${error.message} ${JSON.stringify(error)}`;
    expect(told).not.toContain(SECRET);
    expect(told).not.toContain('PRIVATE KEY');
    return error.message;
  }

  /** Half a minute later: what is on disk is read again. */
  const later = () => (nowMs += 30_000);

  /** A credential plugin that prints the file `answer` and counts how often it was asked. */
  function plugin(more: object = {}) {
    const script = 'echo x >> "$COUNT"; printf %s "$KUBERNETES_EXEC_INFO" > "$INFO"; cat "$ANSWER"';
    const names = { COUNT: 'count', INFO: 'info', ANSWER: 'answer' };
    return {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'sh',
        args: ['-c', script],
        env: Object.entries(names).map(([name, value]) => ({ name, value: join(folder, value) })),
        interactiveMode: 'Never',
        ...more,
      },
    };
  }
  const asked = () => readFileSync(join(folder, 'count'), 'utf8').length / 2;
  const answer = (status: object) =>
    file('answer', JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }));

  /** A proxy that connects to the server under whatever name it is asked for. */
  async function proxy(status = 200, to = port) {
    const connects: string[] = [];
    const authorizations: (string | undefined)[] = [];
    const listener = createPlain().on('connect', (request, socket: Socket, head: Buffer) => {
      connects.push(request.url ?? '');
      authorizations.push(request.headers['proxy-authorization']);
      if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      const upstream = connect(to, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connected\r\n\r\n');
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [socket, upstream]) {
        sockets.add(end);
        end.on('error', () => undefined);
      }
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    closers.push(() => listener.close());
    return { connects, authorizations, address: `127.0.0.1:${(listener.address() as AddressInfo).port}` };
  }

  it('shows the client certificate of a kubeconfig, from its data or from files beside it', async () => {
    const data = { 'client-certificate-data': base64(alice.cert), 'client-key-data': base64(alice.key) };
    expect(await ask(apiOf({ kubeconfig: kubeconfig(data) }))).toMatchObject({ client: 'alice' });

    file('tls.crt', bob.cert);
    file('tls.key', bob.key);
    const files = { 'client-certificate': 'tls.crt', 'client-key': 'tls.key' };
    expect(await ask(apiOf({ kubeconfig: kubeconfig(files) }))).toMatchObject({ client: 'bob' });
  });

  it('takes up a certificate that was renewed on disk, over connections of its own', async () => {
    file('tls.crt', alice.cert);
    file('tls.key', alice.key);
    const api = apiOf({ kubeconfig: kubeconfig({ 'client-certificate': 'tls.crt', 'client-key': 'tls.key' }) });
    expect(await ask(api)).toMatchObject({ client: 'alice' });
    file('tls.crt', bob.cert);
    file('tls.key', bob.key);
    expect(await ask(api)).toMatchObject({ client: 'alice' });
    later();
    expect(await ask(api)).toMatchObject({ client: 'bob' });
  });

  it('takes up a CA that was renewed on disk, of a kubeconfig and of kubernetes.caFile', async () => {
    const caFile = file('ca.crt', alice.cert);
    const apis = [
      apiOf({ server: `https://127.0.0.1:${port}`, caFile }),
      apiOf({ kubeconfig: kubeconfig({}, { 'certificate-authority-data': null, 'certificate-authority': 'ca.crt' }) }),
    ];
    for (const api of apis) expect(await failure(api)).toMatch(/CERT/);
    file('ca.crt', served.cert);
    later();
    for (const api of apis) expect(await ask(api)).toMatchObject({ servername: false });
  });

  it('takes up a kubeconfig that was written anew, and waits for one that is broken', async () => {
    const path = kubeconfig({ token: 'one' });
    const api = apiOf({ kubeconfig: path });
    expect(await ask(api)).toMatchObject({ authorization: 'Bearer one' });
    writeFileSync(path, `users: [{name: u, user: {token: ${SECRET}`);
    later();
    expect(await failure(api)).toBe(`kubeconfig ${path}: expected YAML, got something else`);
    writeFileSync(path, `users: [{name: u, user: {token: [${SECRET}]}}]`);
    expect(await failure(api)).toMatch(/^kubeconfig .*: users.0.user.token: .*expected string/);
    kubeconfig({ token: 'two' });
    expect(await ask(api)).toMatchObject({ authorization: 'Bearer two' });
  });

  it('reads the tokenFile of a kubeconfig again, after half a minute and when the token is refused', async () => {
    const tokenFile = file('token', 'one\n');
    const api = apiOf({ kubeconfig: kubeconfig({ tokenFile: 'token', token: 'older' }) });
    expect(await ask(api)).toMatchObject({ authorization: 'Bearer one' });
    writeFileSync(tokenFile, 'two\n');
    later();
    expect(await ask(api)).toMatchObject({ authorization: 'Bearer two' });
    writeFileSync(tokenFile, 'three\n');
    accepted = 'three';
    expect(await ask(api)).toMatchObject({ authorization: 'Bearer three' });
    rmSync(tokenFile);
    later();
    expect(await failure(api)).toBe(`token file ${tokenFile}: expected a readable file, got ENOENT`);
  });

  it('sends user and password', async () => {
    const user = { username: 'me', password: SECRET };
    const { authorization } = await ask(apiOf({ kubeconfig: kubeconfig(user) }));
    expect(authorization).toBe(`Basic ${base64(`me:${SECRET}`)}`);
  });

  it('shows the certificate that a credential plugin gives, and tells it of the cluster', async () => {
    answer({ clientCertificateData: alice.cert, clientKeyData: alice.key });
    const api = apiOf({ kubeconfig: kubeconfig(plugin({ provideClusterInfo: true })) });
    expect(await ask(api)).toMatchObject({ client: 'alice' });
    later();
    await ask(api);
    expect(asked()).toBe(1);
    expect(JSON.parse(readFileSync(join(folder, 'info'), 'utf8'))).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      spec: {
        interactive: false,
        cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': base64(served.cert) },
      },
    });
  });

  it('asks a credential plugin again when what it gave has expired or is refused', async () => {
    answer({ token: 'one', expirationTimestamp: '2020-01-01T00:00:00Z' });
    const api = apiOf({ kubeconfig: kubeconfig(plugin()) });
    expect(await ask(api)).toMatchObject({ authorization: 'Bearer one' });
    answer({ token: 'two', expirationTimestamp: '2100-01-01T00:00:00Z' });
    later();
    expect(await ask(api)).toMatchObject({ authorization: 'Bearer two' });
    answer({ token: 'three' });
    later();
    expect(await ask(api)).toMatchObject({ authorization: 'Bearer two' });
    expect(asked()).toBe(2);
    accepted = 'three';
    expect(await Promise.all([ask(api), ask(api), ask(api)])).toHaveLength(3);
    expect(asked()).toBe(3);
  });

  it('says how a credential plugin failed, and nothing of what it printed', async () => {
    const failures: [exec: object, expected: string][] = [
      [
        { args: ['-c', `echo ${SECRET}; echo ${SECRET} >&2; exit 3`] },
        'plugin sh: expected a credential, got exit code 3',
      ],
      [{ args: ['-c', `echo ${SECRET}`] }, 'plugin sh: expected an ExecCredential as JSON, got something else'],
      [{ args: ['-c', `echo '{"status":"${SECRET}"}'`] }, 'plugin sh: expected an ExecCredential, apiVersion is not'],
      [{ command: './none' }, `plugin ${join(folder, 'none')}: expected a credential, got ENOENT`],
      [{ interactiveMode: 'Always' }, 'plugin sh: expected one that needs no terminal, got interactiveMode Always'],
    ];
    for (const [exec, expected] of failures) {
      expect(await failure(apiOf({ kubeconfig: kubeconfig(plugin(exec)) }))).toContain(expected);
    }
    answer({});
    const message = await failure(apiOf({ kubeconfig: kubeconfig(plugin()) }));
    expect(message).toContain('expected a token or a certificate with its key, got neither');
  });

  it('goes through the proxy-url of a kubeconfig, with its password', async () => {
    const { connects, authorizations, address } = await proxy();
    const cluster = { server: 'https://api.test:6443', 'proxy-url': `http://me:${SECRET}@${address}` };
    const api = apiOf({ kubeconfig: kubeconfig({ token: 'one' }, cluster) }, { HTTPS_PROXY: 'http://127.0.0.1:1' });
    expect(await ask(api)).toMatchObject({ authorization: 'Bearer one', servername: 'api.test' });
    expect(connects).toEqual(['api.test:6443']);
    expect(authorizations).toEqual([`Basic ${base64(`me:${SECRET}`)}`]);
  });

  it('shows the client certificate to the server behind a proxy, and checks its certificate', async () => {
    const { address } = await proxy();
    const user = { 'client-certificate-data': base64(alice.cert), 'client-key-data': base64(alice.key) };
    const cluster = { server: 'https://api.test:6443', 'proxy-url': `http://${address}` };
    expect(await ask(apiOf({ kubeconfig: kubeconfig(user, cluster) }))).toMatchObject({ client: 'alice' });
    const other = { ...cluster, 'certificate-authority-data': base64(bob.cert) };
    expect(await failure(apiOf({ kubeconfig: kubeconfig(user, other) }))).toMatch(/CERT/);
  });

  it('names a proxy that refuses, without its password', async () => {
    const { address } = await proxy(407);
    const env = { HTTPS_PROXY: `http://me:${SECRET}@${address}` };
    const api = apiOf({ kubeconfig: kubeconfig({}, { server: 'https://api.test:6443' }) }, env);
    expect(await failure(api)).toBe('GET /version: the proxy answered with status 407');
  });

  it('goes through HTTPS_PROXY, unless NO_PROXY has the server', async () => {
    const { connects, address } = await proxy();
    const caFile = file('ca.crt', served.cert);
    const inCluster = { server: 'https://api.test:6443', caFile };
    const config = { kubeconfig: kubeconfig({}, { server: 'https://api.test:6443' }) };
    for (const options of [inCluster, config]) {
      connects.splice(0);
      expect(await ask(apiOf(options, { HTTPS_PROXY: address }))).toMatchObject({ servername: 'api.test' });
      expect(connects).toEqual(['api.test:6443']);
      expect(await failure(apiOf(options, { HTTPS_PROXY: address, NO_PROXY: '.test' }))).toMatch(/ENOTFOUND|EAI_AGAIN/);
      expect(connects).toHaveLength(1);
    }
    expect(await ask(apiOf({ server: `https://127.0.0.1:${port}`, caFile }, { HTTPS_PROXY: address }))).toBeDefined();
    expect(connects).toHaveLength(1);
  });

  it('goes through HTTP_PROXY to a server without TLS, in a tunnel', async () => {
    const plain = createPlain((_, response) => response.end('{"servername":"plain"}'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    closers.push(() => plain.close());
    const { connects, address } = await proxy(200, (plain.address() as AddressInfo).port);
    const api = apiOf({ server: 'http://api.test:8001' }, { HTTP_PROXY: address, HTTPS_PROXY: 'http://127.0.0.1:1' });
    expect(await ask(api)).toEqual({ servername: 'plain' });
    expect(connects).toEqual(['api.test:8001']);
  });

  it.each([false, true])('checks the certificate unless told not to (through a proxy: %s)', async (proxied) => {
    const way = proxied ? { 'proxy-url': `http://${(await proxy()).address}` } : {};
    const ca = { 'certificate-authority-data': base64(bob.cert) };
    expect(await failure(apiOf({ kubeconfig: kubeconfig({}, { ...way, ...ca }) }))).toMatch(/CERT/);
    const skip = { ...way, 'insecure-skip-tls-verify': true };
    expect(await ask(apiOf({ kubeconfig: kubeconfig({ token: 'one' }, skip) }))).toMatchObject({
      authorization: 'Bearer one',
    });
  });

  it.each([false, true])('checks the name in tls-server-name (through a proxy: %s)', async (proxied) => {
    const way = proxied ? { 'proxy-url': `http://${(await proxy()).address}` } : {};
    const named = (name: string) => ({ ...way, server: `https://localhost:${port}`, 'tls-server-name': name });
    expect(await ask(apiOf({ kubeconfig: kubeconfig({}, named('api.test')) }))).toMatchObject({
      servername: 'api.test',
    });
    expect(await failure(apiOf({ kubeconfig: kubeconfig({}, named('other.test')) }))).toContain(
      'ERR_TLS_CERT_ALTNAME_INVALID'
    );
  });

  it('merges the files of KUBECONFIG: of two things with one name the first counts', async () => {
    const first = kubeconfig({ token: 'first' }, {}, 'first');
    const second = kubeconfig({ token: 'second' }, { server: 'https://127.0.0.1:1' }, 'second');
    const api = apiOf({}, { KUBECONFIG: [join(folder, 'none'), first, second].join(':') });
    expect(await ask(api)).toMatchObject({ authorization: 'Bearer first' });
  });

  // In a process of its own: the client library is an ES module, which jest does not load.
  it('sends the id-token of OIDC while it is valid, and says when it is not', () => {
    const token = (exp: number) => ['{}', JSON.stringify({ exp }), SECRET].map((part) => base64(part)).join('.');
    const config = (exp: number, name: string) => {
      const more = { 'client-id': 'x', 'refresh-token': SECRET, 'idp-issuer-url': 'https://127.0.0.1:1' };
      return kubeconfig({ 'auth-provider': { name: 'oidc', config: { 'id-token': token(exp), ...more } } }, {}, name);
    };
    const [valid, expired] = [config(4_000_000_000, 'valid'), config(1, 'expired')];
    const script = file(
      'read.ts',
      `import { createCredentials } from ${JSON.stringify(join(__dirname, 'credentials'))};
       const read = async (kubeconfig: string) => {
         const credentials = createCredentials({ ...${JSON.stringify(OPTIONS)}, kubeconfig }, {});
         try { return (await credentials.access()).headers; }
         catch (error) { return (error as Error).message; }
         finally { await credentials.close(); }
       };
       (async () => console.log(JSON.stringify([await read(${JSON.stringify(valid)}), await read(${JSON.stringify(expired)})])))();`
    );
    const output = execFileSync(process.execPath, [require.resolve('tsx/cli'), script], { encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual([
      { authorization: `Bearer ${token(4_000_000_000)}` },
      expect.stringMatching(/^kubeconfig user "u": auth-provider oidc: expected a token, got \w+$/),
    ]);
    expect(output).not.toContain(SECRET);
  });
});
