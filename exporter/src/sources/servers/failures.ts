/** Why there was no answer: what the runtime calls it, as a cause from our closed list and in words. */
import type { ProbeErrorCause } from '@modelwatch/contract';
import { ProbeError, ProxyError } from './probe';

const CAUSES: Readonly<Record<string, ProbeErrorCause>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  UND_ERR_SOCKET: 'closed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'closed',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  EPROTO: 'tls',
  // What is no HTTP/2 breaks its rules with the first byte.
  ERR_HTTP2_ERROR: 'invalid_response',
  // The reasons of the Kubernetes source, for pods behind the proxy.
  timeout: 'timeout',
  disconnected: 'closed',
  too_large: 'too_large',
};

/** Of certificates, as OpenSSL and Node name what is wrong with them. */
const CERTIFICATES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  CERT_REVOKED: 'was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'is of a CA that is not known',
  UNABLE_TO_GET_ISSUER_CERT: 'is of a CA that is not known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is of a CA that is not known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'is of a CA that is not known',
  INVALID_PURPOSE: 'is not for servers',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
};

const WORDS: Readonly<Partial<Record<ProbeErrorCause, string>>> = {
  refused: 'connection refused',
  closed: 'connection closed before the answer was whole',
  timeout: 'no answer in time',
  invalid_response: 'expected HTTP, got something else',
};

/** What a request threw, as an error of a probe. */
export function explained(error: unknown, signal: AbortSignal, place: string): ProbeError | ProxyError {
  if (error instanceof ProbeError || error instanceof ProxyError) return error;
  if (signal.aborted) return new ProbeError('timeout', `${place}: no whole answer within the deadline`);
  const { cause, words } = failureOf(error);
  return new ProbeError(cause, `${place}: ${words}`);
}

/** Cause and words of what a request threw. */
export function failureOf(error: unknown): { readonly cause: ProbeErrorCause; readonly words: string } {
  const code = codeOf(error);
  const certificate = CERTIFICATES[code];
  if (certificate !== undefined) return { cause: 'tls', words: `its certificate ${certificate} (${code})` };
  const cause = causeOf(code);
  if (cause === 'tls') return { cause, words: `expected TLS, got ${code}` };
  return { cause, words: WORDS[cause] ?? (code || (error instanceof Error ? error.message : 'failed')) };
}

function causeOf(code: string): ProbeErrorCause {
  if (code.startsWith('HPE_')) return 'invalid_response';
  if (code.startsWith('ERR_HTTP2_') && !(code in CAUSES)) return 'closed';
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) return 'tls';
  return CAUSES[code] ?? 'other';
}

function codeOf(error: unknown): string {
  const { code, reason } = error as { code?: unknown; reason?: unknown };
  return typeof code === 'string' ? code : typeof reason === 'string' ? reason : '';
}
