/** The web configuration file as its users meet it: real certificates, curl, and a Prometheus that scrapes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from 'bcryptjs';
import { stringify } from 'yaml';
import { configSchema } from '../../exporter/src/config/schema';
import { startExporter, type RunningExporter } from '../../exporter/src/exporter';
import { createLog } from '../../exporter/src/log/log';
import { createAuthority, issue, type Pair } from '../support/certificates';
import { freePort, getJson, startProgram, until } from '../support/processes';

const PASSWORD = 'correct horse: battery';
const HASH = hashSync(PASSWORD, 4);
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-web-'));
const place = (name: string) => join(folder, name);
const write = (name: string, text: string) => {
  writeFileSync(place(name), text);
  return place(name);
};

let authority: Pair;
let otherAuthority: Pair;
beforeAll(async () => {
  [authority, otherAuthority] = await Promise.all([createAuthority('ours'), createAuthority('others')]);
  write('ca.crt', authority.cert);
  const pairs = await Promise.all([
    issue(authority, 'exporter', { ip: '127.0.0.1' }),
    issue(authority, 'exporter', { ip: '127.0.0.1' }, 60),
    issue(authority, 'prometheus', { uri: 'spiffe://cluster/prometheus' }),
    issue(authority, 'somebody', { dns: 'somebody' }),
    issue(otherAuthority, 'prometheus', { uri: 'spiffe://cluster/prometheus' }),
    issue(authority, 'late', { uri: 'spiffe://cluster/prometheus' }, -1),
  ]);
  for (const [index, name] of ['server', 'server2', 'client', 'wrong-san', 'untrusted', 'expired'].entries()) {
    write(`${name}.crt`, pairs[index]?.cert ?? '');
    write(`${name}.key`, pairs[index]?.key ?? '');
  }
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const running: RunningExporter[] = [];
const logged: string[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((exporter) => exporter.stop()));
  logged.splice(0);
});

/** An exporter with this web configuration; its models are on a server that does not answer. */
async function begin(web: object, more: object = {}): Promise<RunningExporter> {
  const config = configSchema.parse({
    web: { listenAddress: '127.0.0.1', port: 0, configFile: write('web.yml', stringify(web)), ...more },
    kubernetes: { enabled: false },
    servers: { standalone: [{ name: 's', url: 'http://127.0.0.1:1', models: [{ name: 'm' }] }] },
  });
  const log = createLog({ level: 'debug', format: 'json', destination: { write: (line) => void logged.push(line) } });
  const exporter = await startExporter(config, { log, lookEveryMs: 50 });
  running.push(exporter);
  return exporter;
}

/** @returns status (0: no answer), headers and body */
function curl(...args: string[]): Promise<{ status: number; text: string; code: number }> {
  return new Promise((resolve) => {
    const child = spawn('curl', ['--silent', '--include', '--max-time', '20', ...args]);
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', (code) =>
      resolve({ status: Number(/^HTTP\/\S+ (\d+)/.exec(text)?.[1] ?? 0), text, code: code ?? -1 })
    );
  });
}

const CA = ['--cacert', place('ca.crt')];
const certificate = (name: string) => ['--cert', place(`${name}.crt`), '--key', place(`${name}.key`)];
const SERVER = { cert_file: 'server.crt', key_file: 'server.key' };
/** A counter or gauge in a text of metrics. */
const value = (text: string, series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')[1]
  );

describe('TLS', () => {
  it('is spoken with the files beside the web configuration, and nothing else is', async () => {
    const { url } = await begin({ tls_server_config: SERVER });
    expect(url).toMatch(/^https:/);
    const answer = await curl(...CA, `${url}/metrics`);
    expect(answer.status).toBe(200);
    const expiry = value(answer.text, 'modelwatch_exporter_web_certificate_expiry_timestamp_seconds');
    expect(Math.abs(expiry - Date.now() / 1000 - 30 * 86_400)).toBeLessThan(3_600);
    expect((await curl(`${url}/metrics`)).status).toBe(0);
    expect((await curl(`${url.replace('https', 'http')}/metrics`)).status).toBe(0);
    expect((await curl(...CA, '--tlsv1.1', '--tls-max', '1.1', `${url}/metrics`)).status).toBe(0);
    expect((await curl(...CA, '--tls-max', '1.2', `${url}/metrics`)).status).toBe(200);
  });

  it.each([
    ['RequireAndVerifyClientCert', { none: 0, client: 200, 'wrong-san': 200, untrusted: 0, expired: 0 }],
    ['VerifyClientCertIfGiven', { none: 200, client: 200, 'wrong-san': 200, untrusted: 0, expired: 0 }],
    ['RequireAnyClientCert', { none: 0, client: 200, 'wrong-san': 200, untrusted: 200, expired: 200 }],
    ['RequestClientCert', { none: 200, client: 200, 'wrong-san': 200, untrusted: 200, expired: 200 }],
    ['NoClientCert', { none: 200, client: 200, untrusted: 200 }],
  ])(
    'lets in by certificate as %s says',
    async (type, expected) => {
      const ca = type === 'NoClientCert' ? {} : { client_ca_file: 'ca.crt' };
      const { url } = await begin({ tls_server_config: { ...SERVER, ...ca, client_auth_type: type } });
      for (const [name, status] of Object.entries(expected)) {
        const shown = name === 'none' ? [] : certificate(name);
        expect([name, (await curl(...CA, ...shown, `${url}/livez`)).status]).toEqual([name, status]);
      }
    },
    60_000
  );

  it('asks for a name in the certificate, and counts who has none', async () => {
    const { url } = await begin({
      tls_server_config: {
        ...SERVER,
        client_ca_file: 'ca.crt',
        client_auth_type: 'RequireAndVerifyClientCert',
        client_allowed_sans: ['spiffe://cluster/prometheus'],
      },
    });
    expect((await curl(...CA, ...certificate('wrong-san'), `${url}/metrics`)).status).toBe(0);
    expect((await curl(...CA, ...certificate('untrusted'), `${url}/metrics`)).status).toBe(0);
    expect((await curl(...CA, `${url}/metrics`)).status).toBe(0);
    const { text } = await curl(...CA, ...certificate('client'), `${url}/metrics`);
    for (const reason of ['wrong_san', 'untrusted_certificate', 'no_certificate']) {
      expect(value(text, `modelwatch_exporter_web_auth_failures_total{reason="${reason}"}`)).toBe(1);
    }
    expect(value(text, 'modelwatch_exporter_web_connections')).toBe(1);
  });

  it('takes suites, curves and versions by the names that Go has for them', async () => {
    const { url } = await begin({
      tls_server_config: {
        ...SERVER,
        min_version: 'TLS11',
        max_version: 'TLS12',
        cipher_suites: ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
        curve_preferences: ['CurveP384'],
      },
    });
    const tls12 = [...CA, '--tls-max', '1.2'];
    expect((await curl(...tls12, '--ciphers', 'ECDHE-RSA-AES256-GCM-SHA384', `${url}/livez`)).status).toBe(200);
    expect((await curl(...tls12, '--ciphers', 'ECDHE-RSA-AES128-GCM-SHA256', `${url}/livez`)).status).toBe(0);
    expect((await curl(...tls12, '--curves', 'X25519', `${url}/livez`)).status).toBe(0);
    expect((await curl(...tls12, '--curves', 'P-384', `${url}/livez`)).status).toBe(200);
    expect((await curl(...CA, '--tlsv1.3', `${url}/livez`)).status).toBe(0);
    const { text } = await curl(...tls12, `${url}/metrics`);
    expect(value(text, 'modelwatch_exporter_web_refused_requests_total{reason="tls_handshake"}')).toBe(3);
  });

  it('shows a new certificate as soon as the link to it is turned, and keeps the old one while the new is broken', async () => {
    for (const [generation, name] of [
      ['one', 'server'],
      ['two', 'server2'],
    ] as const) {
      mkdirSync(place(generation));
      writeFileSync(join(place(generation), 'tls.crt'), readFileSync(place(`${name}.crt`)));
      writeFileSync(join(place(generation), 'tls.key'), readFileSync(place(`${name}.key`)));
    }
    mkdirSync(place('broken'));
    writeFileSync(join(place('broken'), 'tls.crt'), 'no certificate');
    writeFileSync(join(place('broken'), 'tls.key'), 'no key');
    const turn = (generation: string) => {
      symlinkSync(generation, place('..next'));
      renameSync(place('..next'), place('..data'));
    };
    turn('one');
    const { url } = await begin({ tls_server_config: { cert_file: '..data/tls.crt', key_file: '..data/tls.key' } });
    const metrics = async () => (await curl(...CA, `${url}/metrics`)).text;
    const days = (text: string) =>
      Math.round(
        (value(text, 'modelwatch_exporter_web_certificate_expiry_timestamp_seconds') - Date.now() / 1000) / 86_400
      );
    expect(days(await metrics())).toBe(30);
    turn('two');
    await until(
      'the new certificate',
      async () => days(await metrics()),
      (left) => left === 60
    );
    const failures = 'modelwatch_exporter_config_reload_failures_total{config="web"}';
    expect(value(await metrics(), failures)).toBe(0);
    turn('broken');
    const text = await until('the refusal', metrics, (now) => value(now, failures) === 1);
    expect(days(text)).toBe(60);
    expect(value(text, 'modelwatch_exporter_config_last_reload_successful{config="web"}')).toBe(0);
    expect(logged.join('')).toContain('tls_server_config.cert: expected certificates in PEM');
    turn('one');
    await until(
      'the first certificate',
      async () => days(await metrics()),
      (left) => left === 30
    );
  }, 60_000);
});

describe('passwords', () => {
  const users = { basic_auth_users: { prometheus: HASH, cafe: HASH } };

  it('are asked for everywhere but at health, and right ones are let in', async () => {
    const { url } = await begin(users);
    const none = await curl(`${url}/metrics`);
    expect(none.status).toBe(401);
    expect(none.text).toMatch(/^www-authenticate: Basic realm="modelwatch"/im);
    expect(none.text).not.toContain('modelwatch_exporter');
    for (const wrong of [`prometheus:wrong`, `nobody:${PASSWORD}`, 'prometheus:', ':']) {
      expect([wrong, (await curl('--user', wrong, `${url}/metrics`)).status]).toEqual([wrong, 401]);
    }
    for (const path of [
      '/metrics/',
      '/METRICS',
      '/',
      '/api/v1/models',
      '/livez/',
      '/readyz/',
      '/livez/../metrics',
      '//livez',
    ]) {
      expect([path, (await curl('--path-as-is', `${url}${path}`)).status]).toEqual([path, 401]);
    }
    expect((await curl('--request', 'POST', `${url}/livez`)).status).toBe(401);
    const right = await curl('--user', `prometheus:${PASSWORD}`, `${url}/metrics`);
    expect(right.status).toBe(200);
    expect(value(right.text, 'modelwatch_exporter_web_auth_failures_total{reason="wrong_password"}')).toBe(4);
    expect((await curl('--user', `cafe:${PASSWORD}`, `${url}/api/v1/status`)).status).toBe(200);
  }, 60_000);

  it('are not needed for health, which then gives no detail', async () => {
    const { url } = await begin(users);
    expect((await curl(`${url}/livez`)).status).toBe(200);
    const open = await until(
      'ready',
      () => curl(`${url}/readyz`),
      ({ status }) => status === 200
    );
    expect(open.text).toMatch(/\r\n\r\nready\n$/);
    const asJson = ['--header', 'Accept: application/json'];
    expect((await curl(...asJson, `${url}/readyz`)).text).not.toContain('notSynced');
    const known = await curl(...asJson, '--user', `prometheus:${PASSWORD}`, `${url}/readyz`);
    expect(known.text).toContain('notSynced');
  });

  it('are needed for health, too, when it is not open', async () => {
    const { url } = await begin(users, { openHealth: false });
    expect((await curl(`${url}/livez`)).status).toBe(401);
    expect((await curl('--user', `prometheus:${PASSWORD}`, `${url}/livez`)).status).toBe(200);
  });

  it('come and go with the file, but the last does not', async () => {
    const { url } = await begin(users);
    const status = async (user: string) => (await curl('--user', `${user}:${PASSWORD}`, `${url}/livez`)).status;
    write('web.yml', stringify({ basic_auth_users: { grafana: HASH } }));
    await until(
      'the new user',
      () => status('grafana'),
      (code) => code === 200
    );
    expect(await status('prometheus')).toBe(401);
    write('web.yml', '');
    const metrics = async () => (await curl('--user', `grafana:${PASSWORD}`, `${url}/metrics`)).text;
    await until(
      'the refusal',
      metrics,
      (text) => value(text, 'modelwatch_exporter_config_reload_failures_total{config="web"}') === 1
    );
    expect((await curl(`${url}/metrics`)).status).toBe(401);
    expect(logged.join('')).toContain('the last user can be taken away by a restart only');
  }, 60_000);

  it('are nowhere to be read: not in the log, not on a page, not in a metric', async () => {
    const { url } = await begin(users);
    const login = ['--user', `prometheus:${PASSWORD}`];
    write(
      'web.yml',
      stringify({ basic_auth_users: { prometheus: HASH, broken: `${HASH}!` }, tls_server_config: { key: 'hunter2' } })
    );
    await until(
      'the refusal',
      async () => logged.join(''),
      (text) => text.includes('was refused')
    );
    const pages = await Promise.all(
      ['/', '/metrics', '/readyz', '/api/v1/status', '/api/v1/models', '/nothing'].map((path) =>
        curl(...login, `${url}${path}`)
      )
    );
    expect(pages.filter(({ status }) => status === 200)).toHaveLength(5);
    const everything = [...logged, ...pages.map(({ text }) => text)].join('\n');
    const encoded = Buffer.from(`prometheus:${PASSWORD}`).toString('base64');
    for (const secret of [PASSWORD, HASH, HASH.slice(7), encoded, 'hunter2']) expect(everything).not.toContain(secret);
  }, 60_000);
});

it('adds the headers of the file, over its own', async () => {
  const { url } = await begin({
    http_server_config: {
      http2: true,
      headers: { 'X-Frame-Options': 'sameorigin', 'Strict-Transport-Security': 'max-age=60' },
    },
  });
  const { text } = await curl(`${url}/`);
  expect(text.match(/^x-frame-options: .*$/gim)).toEqual(['X-Frame-Options: sameorigin']);
  expect(text).toMatch(/^strict-transport-security: max-age=60/im);
  expect(text).toMatch(/^x-content-type-options: nosniff/im);
});

it('answers so many requests at once, then one for each interval; health is not counted', async () => {
  const { url } = await begin({ rate_limit: { interval: '1h', burst: 2 } });
  const statuses = [];
  for (let count = 0; count < 3; count++) statuses.push((await curl(`${url}/api/v1/status`)).status);
  expect(statuses).toEqual([200, 200, 429]);
  expect((await curl(`${url}/livez`)).status).toBe(200);
});

it('is scraped by Prometheus with a client certificate and a password', async () => {
  const { url } = await begin({
    tls_server_config: { ...SERVER, client_ca_file: 'ca.crt', client_auth_type: 'RequireAndVerifyClientCert' },
    basic_auth_users: { prometheus: HASH },
  });
  const tls = { ca_file: place('ca.crt'), cert_file: place('client.crt'), key_file: place('client.key') };
  const job = { scheme: 'https', tls_config: tls, static_configs: [{ targets: [new URL(url).host] }] };
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [
      { ...job, job_name: 'right', basic_auth: { username: 'prometheus', password: PASSWORD } },
      { ...job, job_name: 'wrong', basic_auth: { username: 'prometheus', password: 'guess' } },
    ],
  };
  const port = await freePort();
  const prometheus = startProgram('prometheus', [
    `--config.file=${write('prometheus.yml', stringify(config))}`,
    `--storage.tsdb.path=${place('tsdb')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  try {
    const up = async () => {
      const { data } = await getJson<{ data: { result: { metric: { job: string }; value: [number, string] }[] } }>(
        `http://127.0.0.1:${port}/api/v1/query?query=up`
      );
      return Object.fromEntries(data.result.map(({ metric, value: [, sample] }) => [metric.job, sample]));
    };
    await until('both jobs', up, ({ right, wrong }) => right === '1' && wrong === '0');
  } finally {
    await prometheus.stop();
  }
}, 60_000);
