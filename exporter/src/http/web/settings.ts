/** What the web configuration file asks for, ready to use; it is read in config/web-file.ts. */
import type { SecureVersion } from 'node:tls';

export interface TlsSettings {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** PEM of those who sign the certificates of clients. */
  readonly clientCa?: string;
  readonly clientAuth: 'none' | 'request' | 'require-any' | 'verify-if-given' | 'require-and-verify';
  /** A certificate of a client must have one of these names. */
  readonly allowedSans?: readonly string[];
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  readonly ciphers?: string;
  readonly curves?: string;
  readonly preferServerOrder: boolean;
  readonly expiresAtSeconds: number;
}

export interface WebSettings {
  readonly tls?: TlsSettings | undefined;
  /** Added to each answer; they win over our own. */
  readonly headers: Readonly<Record<string, string>>;
  /** Name -> bcrypt hash; empty: nobody has to log in. */
  readonly users: ReadonlyMap<string, string>;
  readonly rateLimit?: { readonly intervalSeconds: number; readonly burst: number } | undefined;
}

export const OPEN_WEB: WebSettings = { headers: {}, users: new Map() };
