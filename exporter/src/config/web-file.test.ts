import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, getCiphers } from 'node:tls';
import { CIPHER_SUITES, cipherList, CURVES, curveList } from './go-tls';
import { ConfigError } from './refusals';
import { readWebFile } from './web-file';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-web-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const HASH = `$2y$10$${'a'.repeat(53)}`;

function read(text: string) {
  const file = join(folder, 'web.yml');
  writeFileSync(file, text);
  return readWebFile(file);
}

function problemsOf(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.replaceAll(`${folder}/`, ''));
    throw error;
  }
  return [];
}

it('asks for nothing where the file says nothing', () => {
  for (const text of ['', 'basic_auth_users:\ntls_server_config:\n', 'tls_server_config: { min_version: TLS13 }']) {
    expect(read(text)).toMatchObject({ tls: undefined, headers: {}, users: new Map(), rateLimit: undefined });
  }
});

it('reads users, headers and a rate', () => {
  const text = `basic_auth_users: { a: '${HASH}' }\nhttp_server_config: { http2: false, headers: { X-Frame-Options: deny } }\nrate_limit: { interval: 1m30s, burst: 3 }\n`;
  expect(read(text)).toMatchObject({
    users: new Map([['a', HASH]]),
    headers: { 'X-Frame-Options': 'deny' },
    rateLimit: { intervalSeconds: 90, burst: 3 },
  });
});

it.each([
  [
    'an unknown key',
    'tls_server_confg: {}',
    ['tls_server_confg: expected a known key, did you mean tls_server_config? (web.yml line 1)'],
  ],
  [
    'a password that is not hashed, without showing it',
    'basic_auth_users:\n  a: hunter2\n',
    [
      'basic_auth_users.a: expected a bcrypt hash of cost 4 to 16, such as htpasswd -B makes, got another (not shown) (web.yml line 2)',
    ],
  ],
  [
    'a user without a hash',
    'basic_auth_users:\n  a:\n',
    ['basic_auth_users.a: expected a text that is not empty, got another (not shown) (web.yml line 2)'],
  ],
  [
    'half a certificate, and a client CA that is not there',
    'tls_server_config:\n  cert: x\n  client_ca_file: none.pem\n',
    [
      'tls_server_config.key_file: expected key or key_file, got neither (web.yml line 1)',
      'tls_server_config.client_ca_file: expected a readable file, got ENOENT: none.pem (web.yml line 3)',
      'tls_server_config.cert: expected certificates in PEM, got none that can be read (web.yml line 2)',
      'tls_server_config.client_auth_type: expected one that uses the client CA, such as RequireAndVerifyClientCert, got NoClientCert (web.yml line 1)',
    ],
  ],
  [
    'a cipher suite of another name',
    'tls_server_config: { cipher_suites: [ECDHE-RSA-AES128-GCM-SHA256] }',
    [
      expect.stringMatching(
        /^tls_server_config\.cipher_suites\[0\]: expected one of TLS_AES_128_GCM_SHA256, .*got "ECDHE-RSA-AES128-GCM-SHA256"/
      ),
    ],
  ],
  [
    'names of clients that nobody would look at',
    'tls_server_config: { client_allowed_sans: [a] }',
    ['tls_server_config.client_allowed_sans: expected cert_file and key_file with it, got neither (web.yml line 1)'],
  ],
  [
    'a rate that answers nobody',
    'rate_limit: { interval: 1s }',
    [expect.stringMatching(/^rate_limit\.burst: expected at least 1/)],
  ],
  [
    'a time that is none',
    'rate_limit: { interval: soon, burst: 1 }',
    ['rate_limit.interval: expected a duration such as 100ms or 1s, got "soon" (web.yml line 1)'],
  ],
  [
    'a header that is not ours to set',
    'http_server_config: { headers: { Server: x } }',
    [expect.stringMatching(/^http_server_config\.headers\.Server: expected a known key/)],
  ],
])('refuses %s', (_, text, expected) => {
  expect(problemsOf(text)).toEqual(expected);
});

it('knows a suite of OpenSSL for each that Go has, and a curve', () => {
  const known = getCiphers().map((name) => name.toUpperCase());
  for (const name of Object.values(CIPHER_SUITES)) expect(known).toContain(name);
  for (const name of Object.keys(CIPHER_SUITES)) {
    expect(() => createSecureContext({ ciphers: cipherList([name], 'TLS12') })).not.toThrow();
  }
  for (const curve of Object.keys(CURVES))
    expect(() => createSecureContext({ ecdhCurve: curveList([curve]) })).not.toThrow();
});
