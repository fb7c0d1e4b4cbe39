/** The section tls_server_config -> what a TLS server needs, with every certificate read and tried. */
import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureVersion } from 'node:tls';
import { cipherList, curveList, secureVersion, TLS_VERSIONS } from './go-tls';
import type { Refuse, TlsSection } from './web-file';

/** What is asked of clients, in the order of Go's ClientAuthType. */
type ClientAuth = 'none' | 'request' | 'require-any' | 'verify-if-given' | 'require-and-verify';

const CLIENT_AUTH: Readonly<Record<NonNullable<TlsSection['client_auth_type']>, ClientAuth>> = {
  NoClientCert: 'none',
  RequestClientCert: 'request',
  RequireAnyClientCert: 'require-any',
  RequireClientCert: 'require-any',
  VerifyClientCertIfGiven: 'verify-if-given',
  RequireAndVerifyClientCert: 'require-and-verify',
};

export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  readonly clientCa?: string;
  readonly clientAuth: ClientAuth;
  readonly allowedSans?: readonly string[];
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  readonly ciphers?: string;
  readonly curves?: string;
  readonly preferServerOrder: boolean;
  /** When the first certificate of the chain that we show ends. */
  readonly expiresAtSeconds: number;
}

const at = (key: string) => ['tls_server_config', key];

/** @returns undefined: no TLS. TLS is on as soon as one of the keys for certificates is there, as in the toolkit. */
export function tlsFrom(
  section: TlsSection,
  readFile: (key: string, name: string) => string | undefined,
  refuse: Refuse
): TlsMaterial | undefined {
  const { cert, key, client_ca: ca, client_auth_type: auth } = section;
  const named = [cert, section.cert_file, key, section.key_file, ca, section.client_ca_file, auth];
  if (named.every((value) => value === undefined)) {
    if (section.client_allowed_sans) refuse(at('client_allowed_sans'), 'cert_file and key_file with it', 'neither');
    return undefined;
  }
  const pem = (name: 'cert' | 'key' | 'client_ca', required: boolean): string | undefined => {
    const path = section[`${name}_file`];
    if (path !== undefined) return readFile(`${name}_file`, path);
    if (section[name] === undefined && required) refuse(at(`${name}_file`), `${name} or ${name}_file`, 'neither');
    return section[name];
  };
  const certPem = pem('cert', true);
  const keyPem = pem('key', true);
  const clientCa = pem('client_ca', false);
  const expiresAtSeconds = certPem === undefined ? 0 : expiryOf(certPem, at('cert'), refuse);
  if (clientCa !== undefined) expiryOf(clientCa, at('client_ca'), refuse);
  const clientAuth = CLIENT_AUTH[auth ?? 'NoClientCert'];
  refuseOpenDoors(section, clientAuth, refuse);
  if (certPem === undefined || keyPem === undefined || Number.isNaN(expiresAtSeconds)) return undefined;
  const ciphers = cipherList(section.cipher_suites, section.min_version);
  const curves = curveList(section.curve_preferences);
  const material: TlsMaterial = {
    cert: certPem,
    key: keyPem,
    ...(clientCa === undefined ? {} : { clientCa }),
    clientAuth,
    ...(section.client_allowed_sans ? { allowedSans: section.client_allowed_sans } : {}),
    minVersion: secureVersion(section.min_version),
    maxVersion: secureVersion(section.max_version),
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(curves === undefined ? {} : { curves }),
    preferServerOrder: section.prefer_server_cipher_suites,
    expiresAtSeconds,
  };
  return usable(material, refuse) ? material : undefined;
}

function refuseOpenDoors(section: TlsSection, clientAuth: ClientAuth, refuse: Refuse): void {
  const {
    client_ca: ca,
    client_ca_file: caFile,
    client_allowed_sans: sans,
    min_version: min,
    max_version: max,
  } = section;
  const hasCa = ca !== undefined || caFile !== undefined;
  if (hasCa && clientAuth === 'none') {
    refuse(at('client_auth_type'), 'one that uses the client CA, such as RequireAndVerifyClientCert', 'NoClientCert');
  }
  // The toolkit would not look at them and let everybody in.
  if (sans && clientAuth === 'none') {
    refuse(at('client_auth_type'), 'RequireAndVerifyClientCert with client_allowed_sans', 'NoClientCert');
  }
  // The toolkit would trust every public CA to say who our clients are.
  if (!hasCa && !sans && (clientAuth === 'verify-if-given' || clientAuth === 'require-and-verify')) {
    refuse(at('client_ca_file'), 'the CA of the clients, or client_allowed_sans', 'neither');
  }
  if (TLS_VERSIONS.indexOf(min) > TLS_VERSIONS.indexOf(max)) {
    refuse(at('max_version'), `at least min_version, ${min}`, max);
  }
}

/** End of the certificate of a PEM text that ends first, in seconds; NaN after a refusal. */
function expiryOf(pem: string, path: readonly string[], refuse: Refuse): number {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    const ends = blocks.map((block) => Date.parse(new X509Certificate(block).validTo) / 1000);
    if (ends.length > 0) return Math.min(...ends);
  } catch {
    // Told below: a certificate that cannot be read is as none.
  }
  refuse(path, 'certificates in PEM', 'none that can be read');
  return NaN;
}

function usable(material: TlsMaterial, refuse: Refuse): boolean {
  try {
    createSecureContext({
      cert: material.cert,
      key: material.key,
      minVersion: material.minVersion,
      maxVersion: material.maxVersion,
      ciphers: material.ciphers,
      ecdhCurve: material.curves,
    });
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const mismatch = code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' || /key values mismatch/i.test(message);
    const got = mismatch ? 'the key of another certificate' : (code ?? 'an error of OpenSSL');
    refuse(at('key'), 'a private key in PEM that belongs to the certificate', got);
    return false;
  }
}
