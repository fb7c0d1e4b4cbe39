/**
 * The TLS stage before the HTTP server. Each configuration has a gate of its own, so that a change is in force for the
 * next connection, whatever it changes; connections that stand go on.
 */
import type { Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { isAllowed } from './sans';
import type { TlsSettings } from './settings';
import type { AuthFailure, WebTelemetry } from './telemetry';

/** Takes a connection as it was accepted. */
export type TlsGate = (raw: Socket) => void;

const HANDSHAKE_MS = 10_000;

/** @param pass gets each connection whose client may come in */
export function createTlsGate(
  settings: TlsSettings,
  telemetry: WebTelemetry,
  pass: (secure: TLSSocket) => void
): TlsGate {
  const server = createServer({
    cert: settings.cert,
    key: settings.key,
    ca: settings.clientCa,
    minVersion: settings.minVersion,
    maxVersion: settings.maxVersion,
    ciphers: settings.ciphers,
    ...(settings.curves === undefined ? {} : { ecdhCurve: settings.curves }),
    honorCipherOrder: settings.preferServerOrder,
    requestCert: settings.clientAuth !== 'none',
    // What is wrong with a certificate is decided, and counted, below.
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: HANDSHAKE_MS,
  });
  server.on('secureConnection', (secure) => {
    const failure = clientFailure(secure, settings);
    if (failure === undefined) return pass(secure);
    telemetry.authFailed(failure);
    secure.destroy();
  });
  server.on('tlsClientError', (_error, secure) => {
    telemetry.refused('tls_handshake');
    secure.destroy();
  });
  return (raw) => void server.emit('connection', raw);
}

function clientFailure(secure: TLSSocket, { clientAuth, allowedSans }: TlsSettings): AuthFailure | undefined {
  if (clientAuth === 'none') return undefined;
  const certificate = secure.getPeerX509Certificate();
  if (!certificate) return clientAuth.startsWith('require') ? 'no_certificate' : undefined;
  const mustVerify = clientAuth === 'verify-if-given' || clientAuth === 'require-and-verify';
  if (mustVerify && !secure.authorized) return 'untrusted_certificate';
  return !allowedSans || isAllowed(certificate.subjectAltName, allowedSans) ? undefined : 'wrong_san';
}
