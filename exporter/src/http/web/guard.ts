/** Everything that a request must pass before it reaches the application: rate, size, who it is. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ApiError } from '@modelwatch/contract';
import type { Log } from '../../log/log';
import { HttpError } from '../errors';
import { isForRows } from '../rows';
import type { WebLimits } from './limits';
import type { Passwords } from './passwords';
import type { RateLimit } from './rate-limit';
import type { WebSettings } from './settings';
import type { AuthFailure, Refusal, WebTelemetry } from './telemetry';

export interface GuardDeps {
  readonly limits: WebLimits;
  readonly settings: () => WebSettings;
  readonly rateLimit: () => RateLimit | undefined;
  /** Whether /livez and /readyz answer without a login. */
  readonly openHealth: () => boolean;
  readonly passwords: Passwords;
  readonly telemetry: WebTelemetry;
  /** Default: as the exporter has them. */
  readonly routes?: GuardRoutes;
  readonly nowSeconds: () => number;
  readonly log: Pick<Log, 'error'>;
}

export interface GuardRoutes {
  /** Where something is posted; the handler has limits of its own. */
  readonly takesBody: (request: IncomingMessage) => boolean;
  /** Where the handler sees for itself who it is, and no login is asked for. */
  readonly hasOwnLogin: (request: IncomingMessage) => boolean;
}

/** The only paths that may be open while the others are not, letter by letter: any other spelling has to log in. */
const HEALTH_PATHS = new Set(['/livez', '/readyz']);
const anonymous = new WeakSet<IncomingMessage>();
const users = new WeakMap<IncomingMessage, string>();

/** Who logged in; undefined where nobody has to. */
export function userOf(request: IncomingMessage): string | undefined {
  return users.get(request);
}

/** True for a request that came in without a login where others need one: it gets an answer, but no detail. */
export function isAnonymous(request: IncomingMessage): boolean {
  return anonymous.has(request);
}

export function guard(app: RequestListener, deps: GuardDeps): RequestListener {
  return (request, response) => {
    const cut = setTimeout(() => {
      deps.telemetry.refused('slow_reader');
      response.destroy();
    }, deps.limits.answerMs).unref();
    response.once('close', () => clearTimeout(cut));
    addHeaders(response, deps.settings().headers);
    const excess = excessOf(request, deps);
    if (excess) return refuse(response, deps.telemetry, excess.reason, excess.error);
    if (deps.settings().users.size === 0 || routesOf(deps).hasOwnLogin(request)) return app(request, response);
    logIn(request, response, app, deps).catch((error: unknown) => {
      deps.log.error({ err: error }, 'A password could not be compared');
      answer(response, new HttpError(500, 'internal', 'The exporter could not answer; its log has the cause.'));
    });
  };
}

/** Set last, when the answer begins: the configured headers win over those of the page. */
function addHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  const entries = Object.entries(headers);
  if (entries.length === 0) return;
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    for (const [name, value] of entries) response.setHeader(name, value);
    return writeHead(...args);
  };
}

function excessOf(
  request: IncomingMessage,
  { rateLimit, limits, nowSeconds, openHealth, routes = EXPORTER_ROUTES }: GuardDeps
): { reason: Refusal; error: HttpError } | undefined {
  // A kubelet that is told to wait ends the pod.
  const isFree = openHealth() && isHealth(request);
  if (!isFree && rateLimit()?.allow(nowSeconds()) === false) {
    return { reason: 'rate', error: new HttpError(429, 'too_many_requests', 'Too many requests: wait a moment.') };
  }
  const { urlCharacters, headers } = limits;
  if ((request.url ?? '').length > urlCharacters) {
    const message = `expected a URL of at most ${urlCharacters} characters`;
    return { reason: 'url_length', error: new HttpError(414, 'url_too_long', message) };
  }
  if (request.rawHeaders.length / 2 > headers) {
    const message = `expected at most ${headers} headers`;
    return { reason: 'header_count', error: new HttpError(431, 'too_many_headers', message) };
  }
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) !== 0;
  if (hasBody && !routes.takesBody(request)) {
    // The body is not read, so the connection cannot be used again.
    const error = new HttpError(413, 'body', 'expected a request without a body', { Connection: 'close' });
    return { reason: 'body', error };
  }
  return undefined;
}

async function logIn(
  request: IncomingMessage,
  response: ServerResponse,
  app: RequestListener,
  deps: GuardDeps
): Promise<void> {
  const login = basicLogin(request.headers.authorization);
  if (!login) {
    if (deps.openHealth() && isHealth(request)) {
      anonymous.add(request);
      return app(request, response);
    }
    return unauthorized(response, deps, 'no_password');
  }
  const verdict = await deps.passwords.check(login.user, login.password, deps.settings().users);
  if (verdict === 'right') {
    users.set(request, login.user);
    return app(request, response);
  }
  if (verdict === 'wrong') return unauthorized(response, deps, 'wrong_password');
  const error = new HttpError(503, 'busy', 'Too many logins at once: wait a moment.', { 'Retry-After': '1' });
  return refuse(response, deps.telemetry, 'logins', error);
}

const EXPORTER_ROUTES: GuardRoutes = {
  takesBody: ({ method, url }) => method === 'POST' && url?.startsWith('/ingest/') === true,
  hasOwnLogin: isForRows,
};

const routesOf = ({ routes = EXPORTER_ROUTES }: GuardDeps): GuardRoutes => routes;

function isHealth({ method, url }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && HEALTH_PATHS.has(url ?? '');
}

function basicLogin(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^Basic +(.+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function unauthorized(response: ServerResponse, { telemetry }: GuardDeps, reason: AuthFailure): void {
  telemetry.authFailed(reason);
  const challenge = { 'WWW-Authenticate': 'Basic realm="modelwatch", charset="UTF-8"' };
  answer(response, new HttpError(401, 'unauthorized', 'expected a user and a password (basic auth)', challenge));
}

function refuse(response: ServerResponse, telemetry: WebTelemetry, reason: Refusal, error: HttpError): void {
  telemetry.refused(reason);
  answer(response, error);
}

function answer(response: ServerResponse, error: HttpError): void {
  const body: ApiError = { error: { code: error.code, message: error.message } };
  response.writeHead(error.status, {
    ...error.headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(JSON.stringify(body));
}
