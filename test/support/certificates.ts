/** Certificates for tests of TLS: authorities, and what they sign. */
import { generate } from 'selfsigned';

export interface Pair {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

type AltName = { type: 1 | 2 | 6; value: string } | { type: 7; ip: string };
const SANS = {
  dns: (value: string): AltName => ({ type: 2, value }),
  uri: (value: string): AltName => ({ type: 6, value }),
  email: (value: string): AltName => ({ type: 1, value }),
  ip: (ip: string): AltName => ({ type: 7, ip }),
};

export async function createAuthority(name: string): Promise<Pair> {
  return pair(
    await generate([{ name: 'commonName', value: name }], {
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    })
  );
}

/** @param names SANs by kind, e.g. `{ dns: 'prometheus', uri: 'spiffe://cluster/prometheus' }` */
export async function issue(
  authority: Pair,
  name: string,
  names: Partial<Record<keyof typeof SANS, string>>,
  days = 30
): Promise<Pair> {
  const altNames = Object.entries(names).map(([kind, value]) => SANS[kind as keyof typeof SANS](value));
  return pair(
    await generate([{ name: 'commonName', value: name }], {
      algorithm: 'sha256',
      ca: authority,
      notAfterDate: new Date(Date.now() + days * 86_400_000),
      ...(days < 0 ? { notBeforeDate: new Date(Date.now() + (days - 1) * 86_400_000) } : {}),
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
        { name: 'subjectAltName', altNames },
      ],
    })
  );
}

function pair(made: { cert: string; private: string }): Pair {
  return { cert: made.cert, key: made.private };
}
