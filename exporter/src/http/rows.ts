/**
 * GET /api/v1/models/{namespace}/{name}/rows, .csv and .jsonl. Rows are data of persons: they are read with a token of
 * their own, which opens nothing else, and no other login opens them.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Express, RequestHandler, Response } from 'express';
import { readQuery } from './api/query';
import { csv, jsonLines } from './api/row-files';
import { ROW_FILTERS, ROW_PAGE, rowPage, rowsAsked, type RowsOf } from './api/rows';
import type { AppDeps } from './deps';
import { HttpError } from './errors';
import { ROWS_PATH } from './rows-path';

const RAW_PATH = /^\/api\/v1\/models\/[^/?]+\/[^/?]+\/rows(\.csv|\.jsonl)?(\?|$)/;
/** What can be guessed is no token. */
const LEAST_CHARACTERS = 16;

type Deps = Pick<AppDeps, 'events' | 'rowsTokenFile' | 'selfMetrics' | 'nowSeconds'>;

/** Whether a request needs no other login: this handler looks at its token itself. */
export function isForRows({ method, url, headers }: IncomingMessage): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && RAW_PATH.test(url ?? '') && /^Bearer +\S/i.test(headers.authorization ?? '');
}

/** @param get adds a handler for GET, and refuses other methods */
export function addRows(app: Express, deps: Deps, get: (app: Express, path: string, handler: RequestHandler) => void) {
  const path = ROWS_PATH.replace(/\{(\w+)\}/g, ':$1');
  get(app, path, async (request, response) => {
    const events = await admit(request, deps);
    const query = readQuery(request.originalUrl, [...ROW_FILTERS, ...ROW_PAGE]);
    response.json(await rowPage(events, query, deps.nowSeconds()));
  });
  get(app, `${path}.csv`, async (request, response) => {
    const events = await admit(request, deps);
    const query = readQuery(request.originalUrl, ROW_FILTERS);
    await send(
      response,
      'text/csv; charset=utf-8',
      events,
      'csv',
      csv(() => rowsAsked(events, query))
    );
  });
  get(app, `${path}.jsonl`, async (request, response) => {
    const events = await admit(request, deps);
    const query = readQuery(request.originalUrl, ROW_FILTERS);
    await send(response, 'application/x-ndjson; charset=utf-8', events, 'jsonl', jsonLines(rowsAsked(events, query)));
  });
}

/** @throws HttpError for whoever may not, before anything is said of the model */
async function admit(request: Parameters<RequestHandler>[0], deps: Deps): Promise<RowsOf> {
  const { namespace = '', name = '' } = request.params as Record<string, string>;
  const file = deps.rowsTokenFile();
  if (file === undefined) {
    const expected = 'expected a file with the token that rows are read with, got none';
    throw new HttpError(403, 'not_enabled', `events.exploration.tokenFile: ${expected}`);
  }
  const given = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
  if (given === undefined || !isSame(given, await tokenIn(file))) {
    deps.selfMetrics.web.authFailed(given === undefined ? 'no_password' : 'wrong_password');
    const challenge = { 'WWW-Authenticate': 'Bearer realm="modelwatch rows"' };
    throw new HttpError(401, 'unauthorized', 'expected the token of events.exploration.tokenFile', challenge);
  }
  const events = deps.events(namespace, name);
  if (events?.rows) return events as RowsOf;
  const reason = 'exploration.enabled is not true in its settings';
  throw new HttpError(404, 'not_found', `No rows of model ${name} in namespace ${namespace} are held: ${reason}.`);
}

/** Read for each request, so that a token that is replaced holds at once. @throws HttpError 503 */
async function tokenIn(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const token = text.trim();
  if (token.length >= LEAST_CHARACTERS && !/\s/.test(token)) return token;
  const expected = `expected a file with one token of at least ${LEAST_CHARACTERS} characters`;
  throw new HttpError(503, 'token', `events.exploration.tokenFile: ${expected}`);
}

function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}

async function send(
  response: Response,
  type: string,
  { namespace, model }: RowsOf,
  ending: string,
  text: AsyncIterable<string>
): Promise<void> {
  // Names have no quotes, which would end the name of the file.
  const file = `${namespace}-${model}-rows.${ending}`.replace(/[^\w.-]/g, '_');
  response.set({ 'Content-Type': type, 'Content-Disposition': `attachment; filename="${file}"` });
  if (response.req.method === 'HEAD') return void response.end();
  try {
    await pipeline(Readable.from(text), response);
  } catch (error) {
    // Whoever asked went away in the middle.
    if (!response.headersSent) throw error;
  }
}
