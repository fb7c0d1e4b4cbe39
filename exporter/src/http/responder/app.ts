/** The responder over HTTP: webhooks in, what became of them out. */
import type { IncomingMessage } from 'node:http';
import {
  DecodeError,
  RESPONSES_PATH,
  type ResponderMode,
  type ResponderSender,
  type ResponseList,
  type ResponseRecord,
  type WebhookResult,
} from '@modelwatch/contract';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { bearerOf, isSame, isSigned } from '../../responder/credentials';
import type { Intake } from '../../responder/intake';
import { decodeWebhook } from '../../responder/webhook';
import type { Log } from '../../log/log';
import { createMemory, readBody } from '../body';
import { errorHandler, HttpError } from '../errors';
import type { ResponderMetrics, ResponderState } from './metrics';
import { responderOpenApi, RESPONDER_PATHS } from './openapi';

export interface ResponderAppDeps {
  readonly settings: () => {
    readonly maxBodyBytes: number;
    readonly alertmanager: { readonly tokenFile?: string | undefined };
    readonly grafana: {
      readonly tokenFile?: string | undefined;
      readonly hmacSecretFile?: string | undefined;
      readonly signatureHeader: string;
      readonly timestampHeader: string;
      readonly maxAgeSeconds: number;
    };
  };
  readonly intake: Pick<Intake, 'offer'>;
  readonly metrics: ResponderMetrics;
  readonly state: () => ResponderState & { readonly mode: ResponderMode };
  /** Newest first. */
  readonly responses: () => readonly ResponseRecord[];
  /** The secret that a file holds. Rejects with words. */
  readonly readSecret: (file: string) => Promise<string>;
  readonly version: string;
  readonly nowSeconds: () => number;
  readonly log: Log;
}

/** To tell who sends: the sender comes again, as after `busy`, but more room would not help. */
const NO_SECRET = 'no_secret' satisfies WebhookResult;
/** What can be guessed is no secret. */
const LEAST_CHARACTERS = 16;
/** Bodies that are read at the same time, in terms of the largest. */
const BODIES_AT_ONCE = 4;

/** For the guard: webhooks bring a token of their own in place of a login, and a body. */
export const RESPONDER_ROUTES = {
  takesBody: ({ method, url }: IncomingMessage) => method === 'POST' && url?.startsWith('/webhooks/') === true,
  hasOwnLogin: ({ method, url }: IncomingMessage) =>
    method === 'POST' && (url === RESPONDER_PATHS.alertmanager || url === RESPONDER_PATHS.grafana),
};

export function createResponderApp(deps: ResponderAppDeps): Express {
  const app = express();
  app.disable('etag');
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    next();
  });
  const memory = createMemory(() => BODIES_AT_ONCE * deps.settings().maxBodyBytes);
  for (const sender of ['alertmanager', 'grafana'] as const) {
    only(app, 'POST', RESPONDER_PATHS[sender], webhook(sender, deps, memory));
  }
  only(app, 'GET', '/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4; charset=utf-8').send(await deps.metrics.render(deps.state()));
  });
  for (const path of ['/livez', '/readyz']) only(app, 'GET', path, (_request, response) => void response.send('ok\n'));
  only(app, 'GET', RESPONSES_PATH, (_request, response) => {
    const { mode, paused } = deps.state();
    response.json({ mode, paused, items: [...deps.responses()] } satisfies ResponseList);
  });
  only(app, 'GET', RESPONDER_PATHS.openapi, (_request, response) => {
    response.json(responderOpenApi(deps.version));
  });
  app.use((request) => {
    throw new HttpError(404, 'not_found', `There is nothing at ${request.path.slice(0, 200)}.`);
  });
  app.use(errorHandler(deps.log));
  return app;
}

function only(app: Express, method: 'GET' | 'POST', path: string, handler: RequestHandler): void {
  if (method === 'GET') app.get(path, handler);
  else app.post(path, handler);
  app.all(path, (request) => {
    throw new HttpError(405, 'method_not_allowed', `${request.method} is not possible here: use ${method}.`, {
      Allow: method,
    });
  });
}

function webhook(
  sender: ResponderSender,
  deps: ResponderAppDeps,
  memory: ReturnType<typeof createMemory>
): RequestHandler {
  const { metrics } = deps;
  const count = (result: WebhookResult) => metrics.webhook(sender, result);
  return async (request, response) => {
    const lease = memory.lease();
    try {
      const body = await admitted(sender, request, deps, () => readBody(request, deps.settings().maxBodyBytes, lease));
      const { alerts, truncated } = read(sender, body);
      const offered = deps.intake.offer(alerts);
      if (offered === 'busy') throw busy();
      if (offered === 'too_large') {
        const message = `alerts: expected at most responder.maxQueuedAlerts of ours in one request, got ${alerts.length}: set max_alerts`;
        throw new HttpError(413, 'too_large', message);
      }
      count('accepted');
      for (const { status } of alerts) metrics.alerts(sender, status);
      if (truncated > 0) metrics.truncated(sender, truncated);
      response.json({ accepted: alerts.length });
    } catch (error) {
      const told = error instanceof HttpError && error.status === 429 ? busy() : error;
      if (told instanceof HttpError) count(resultOf(told));
      throw told;
    } finally {
      lease.end();
    }
  };
}

const RESULTS: Readonly<Record<number, WebhookResult>> = {
  401: 'unauthorized',
  403: 'unauthorized',
  413: 'too_large',
  503: 'busy',
};

function resultOf({ status, code }: HttpError): WebhookResult {
  return code === NO_SECRET ? NO_SECRET : (RESULTS[status] ?? 'malformed');
}

/** Alertmanager comes again after a 5xx, and after nothing else. */
function busy(): HttpError {
  return new HttpError(503, 'busy', 'There are more alerts than may wait: come back.', { 'Retry-After': '30' });
}

/** @returns the body. @throws HttpError for whoever may not; where a token says who it is, before anything is read */
async function admitted(
  sender: ResponderSender,
  request: Request,
  deps: ResponderAppDeps,
  readAll: () => Promise<Buffer>
): Promise<Buffer> {
  const settings = deps.settings();
  const { hmacSecretFile, signatureHeader, timestampHeader, maxAgeSeconds } = settings.grafana;
  const signature = sender === 'grafana' ? request.get(signatureHeader) : undefined;
  if (hmacSecretFile !== undefined && signature !== undefined) {
    const secret = await secretIn(hmacSecretFile, 'responder.grafana.hmacSecretFile', deps);
    const body = await readAll();
    const timestamp = request.get(timestampHeader);
    const now = { nowSeconds: deps.nowSeconds(), maxAgeSeconds };
    if (isSigned({ body, signature, timestamp }, secret, now)) return body;
    throw unauthorized(deps, 'wrong_password', `a signature of at most ${maxAgeSeconds} s ago, with its timestamp`);
  }
  const key = `responder.${sender}.tokenFile`;
  const file = settings[sender].tokenFile;
  if (file === undefined) {
    if (sender === 'grafana' && hmacSecretFile)
      throw unauthorized(deps, 'no_password', `the header ${signatureHeader}`);
    throw new HttpError(403, 'not_enabled', `${key}: expected a file with the token of the sender, got none`);
  }
  const given = bearerOf(request.get('authorization'));
  if (given !== undefined && isSame(given, await secretIn(file, key, deps))) return readAll();
  throw unauthorized(deps, given === undefined ? 'no_password' : 'wrong_password', `the token of ${key}`);
}

function unauthorized(deps: ResponderAppDeps, reason: 'no_password' | 'wrong_password', expected: string): HttpError {
  deps.metrics.web.authFailed(reason);
  // What was sent is not read, so the connection cannot be used again.
  const headers = { 'WWW-Authenticate': 'Bearer realm="modelwatch responder"', Connection: 'close' };
  return new HttpError(401, 'unauthorized', `expected ${expected}`, headers);
}

/** Read for each request, so that one that is replaced holds at once. */
async function secretIn(file: string, key: string, deps: ResponderAppDeps): Promise<string> {
  const secret = await deps.readSecret(file).catch(() => '');
  if (secret.length >= LEAST_CHARACTERS && !/\s/.test(secret)) return secret;
  deps.log.error({ file }, `${key}: expected a file with one secret of at least ${LEAST_CHARACTERS} characters`);
  throw new HttpError(
    503,
    NO_SECRET,
    `${key}: expected a file with one secret of at least ${LEAST_CHARACTERS} characters`
  );
}

function read(sender: ResponderSender, body: Buffer) {
  let document: unknown;
  try {
    document = JSON.parse(body.toString('utf8'));
  } catch {
    throw new HttpError(400, 'malformed', 'body: expected JSON');
  }
  try {
    return decodeWebhook(sender, document);
  } catch (error) {
    if (error instanceof DecodeError) throw new HttpError(400, 'malformed', error.message);
    throw error;
  }
}
