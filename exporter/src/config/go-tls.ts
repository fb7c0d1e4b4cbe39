/** Names of TLS settings as Go's crypto/tls has them, which the web configuration file uses -> those of OpenSSL. */
import type { SecureVersion } from 'node:tls';

/**
 * The suites of Go's tls.CipherSuites(). Those of TLS 1.3 may be named, but neither there nor here can they be chosen:
 * all three are always on.
 */
export const CIPHER_SUITES: Readonly<Record<string, string>> = {
  TLS_AES_128_GCM_SHA256: 'TLS_AES_128_GCM_SHA256',
  TLS_AES_256_GCM_SHA384: 'TLS_AES_256_GCM_SHA384',
  TLS_CHACHA20_POLY1305_SHA256: 'TLS_CHACHA20_POLY1305_SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: 'ECDHE-ECDSA-AES128-SHA',
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: 'ECDHE-ECDSA-AES256-SHA',
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: 'ECDHE-RSA-AES128-SHA',
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: 'ECDHE-RSA-AES256-SHA',
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
};
const TLS13_SUITES = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

export const CURVES: Readonly<Record<string, string>> = {
  CurveP256: 'P-256',
  CurveP384: 'P-384',
  CurveP521: 'P-521',
  X25519: 'X25519',
};

/** Oldest first. */
export const TLS_VERSIONS = ['TLS10', 'TLS11', 'TLS12', 'TLS13'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

const SECURE_VERSIONS: Readonly<Record<TlsVersion, SecureVersion>> = {
  TLS10: 'TLSv1',
  TLS11: 'TLSv1.1',
  TLS12: 'TLSv1.2',
  TLS13: 'TLSv1.3',
};

export function secureVersion(version: TlsVersion): SecureVersion {
  return SECURE_VERSIONS[version];
}

/** @returns OpenSSL's list; undefined: its default. OpenSSL 3 lets the versions before 1.2 go only below its level 1. */
export function cipherList(suites: readonly string[], minVersion: TlsVersion): string | undefined {
  const old = minVersion === 'TLS10' || minVersion === 'TLS11';
  const level = old ? ['@SECLEVEL=0'] : [];
  const chosen = suites.map((suite) => CIPHER_SUITES[suite] ?? suite).filter((suite) => !TLS13_SUITES.includes(suite));
  if (chosen.length === 0) return old ? [...TLS13_SUITES, 'DEFAULT', ...level].join(':') : undefined;
  return [...TLS13_SUITES, ...chosen, ...level].join(':');
}

export function curveList(curves: readonly string[]): string | undefined {
  return curves.length === 0 ? undefined : curves.map((curve) => CURVES[curve] ?? curve).join(':');
}
