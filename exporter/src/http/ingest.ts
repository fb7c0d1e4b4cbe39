/**
 * POST /ingest/predictions, /ingest/actuals, /ingest/metrics, /ingest/feedback, /ingest/batches and /ingest/detections: events by HTTP. What
 * cannot be held in memory is refused before it is read, and one body at a time is taken apart, so that many senders cost
 * time and not memory.
 */
import { createGunzip } from 'node:zlib';
import {
  REFUSED_REQUEST_REASONS,
  type EventDefaults,
  type IngestReport,
  type IngestResult,
  type RefusedRequestReason,
} from '@modelwatch/contract';
import type { Express, Request, RequestHandler } from 'express';
import { createSlice } from '../exposition/slice';
import { FORWARD_PATH } from '../forwarding/items';
import { createMemory, overCapacity, readBody, tooLarge, type Lease, type Memory } from './body';
import { HttpError } from './errors';
import { addForwarded, type ForwardedDeps } from './forwarded';
import { createQueue, type Queue } from './queue';
import { createReplays } from './replays';
import { userOf } from './web/guard';

export interface IngestRequest {
  readonly headers: Request['headers'];
  readonly body: Buffer;
  readonly defaults: EventDefaults;
  readonly nowSeconds: number;
}

/** What can be posted. */
export interface IngestTarget {
  /** Types of content, for whoever sent another. */
  readonly types: string;
  readonly accepts: (headers: Request['headers']) => boolean;
  /**
   * Takes a body apart; the next one waits for that, and not for the answer.
   * @throws Error with `unreadable` when nothing of the body can be read; HttpError
   */
  readonly take: (
    request: IngestRequest,
    pause: () => Promise<void> | undefined
  ) => Promise<{ readonly answer: Promise<IngestReport> }>;
}

/** Of which prediction something is known. */
export interface PredictionName {
  readonly namespace: string;
  readonly model: string;
  readonly id: string;
}

export interface IngestDeps {
  readonly settings: () => {
    readonly enabled: boolean;
    /** Who may, of those who can log in; empty: all. */
    readonly users: readonly string[];
    /** The same for one of the routes; empty: as `users` says. */
    readonly routeUsers: Readonly<Record<IngestRoute, readonly string[]>>;
    readonly maxBodyBytes: number;
    readonly maxBufferedBytes: number;
  };
  readonly predictions: IngestTarget;
  readonly actuals: IngestTarget;
  /** Samples of custom metrics. */
  readonly metrics: IngestTarget;
  readonly feedback: IngestTarget;
  /** What detectors said that others run. */
  readonly detections: IngestTarget;
  /** That a batch begins, or has ended. */
  readonly batches: IngestTarget;
  /** Shows nothing of a batch any more. @returns whether it was known @throws HttpError */
  readonly forgetBatch: (name: { namespace: string; model: string; batch: string }) => Promise<boolean>;
  /** Forgets a prediction and its actual. @returns whether anything was known of them @throws HttpError */
  readonly forget: (name: PredictionName) => Promise<boolean>;
  /** Where there are other replicas: what they pass on. */
  readonly forwarded?: ForwardedDeps | undefined;
  /** Whether what must be kept on disk for other replicas has room there. */
  readonly hasRoom: () => boolean;
  /** Whether an error of `take` is a fault of the sender. */
  readonly isUnreadable: (error: unknown) => error is Error;
  readonly done: (result: IngestResult) => void;
  /** A request was turned away unread, whose address says what it may. */
  readonly turnedAway: (reason: RefusedRequestReason, whose: EventDefaults) => void;
  readonly nowSeconds: () => number;
}

/** What can be posted, each to a path of its name. */
export const INGEST_NAMES = ['predictions', 'actuals', 'metrics', 'feedback', 'batches', 'detections'] as const;
export type IngestName = (typeof INGEST_NAMES)[number];
/** What users may do one by one: what is posted, and deletion by id. */
type IngestRoute = IngestName | 'delete';
export const FORGET_PATH = '/ingest/predictions/{namespace}/{model}/{id}';
export const FORGET_BATCH_PATH = '/ingest/batches/{namespace}/{model}/{batch}';
/** Of what is unpacked, so much is asked for at a time. */
const PIECE_BYTES = 65_536;
/** Well below the time after which a silent connection is closed. */
const MOST_WAITING_MS = 20_000;
/** Deflate makes no more bytes of one. */
const MOST_PACKED = 1_032;

export function addIngest(app: Express, deps: IngestDeps): void {
  // Memory and the turn are shared by all that is posted.
  const memory = createMemory(() => deps.settings().maxBufferedBytes);
  const shared: Shared = { memory, unpackInTurn: createQueue(), inTurn: createQueue() };
  for (const name of INGEST_NAMES) {
    const handler = ingestHandler(deps, name, shared);
    for (const path of ingestPathsOf(name).map(routeOf)) {
      app.post(path, handler);
      refuseOthers(app, path, 'POST');
    }
  }
  if (deps.forwarded) {
    addForwarded(app, deps.forwarded, (request) => admitUser(userOf(request), undefined, deps));
    refuseOthers(app, FORWARD_PATH, 'POST');
  }
  const forgetPath = routeOf(FORGET_PATH);
  app.delete(forgetPath, async (request, response) => {
    admitUser(userOf(request), 'delete', deps);
    const { namespace = '', model = '', id = '' } = request.params as Record<string, string>;
    response.json({ deleted: await deps.forget({ namespace, model, id }) });
  });
  refuseOthers(app, forgetPath, 'DELETE');
  const forgetBatchPath = routeOf(FORGET_BATCH_PATH);
  app.delete(forgetBatchPath, async (request, response) => {
    admitUser(userOf(request), 'delete', deps);
    const { namespace = '', model = '', batch = '' } = request.params as Record<string, string>;
    response.json({ deleted: await deps.forgetBatch({ namespace, model, batch }) });
  });
  refuseOthers(app, forgetBatchPath, 'DELETE');
}

/** The body of a detector that others run tells neither which model it watches nor, often, its name. */
export function ingestPathsOf(name: IngestName): string[] {
  const ofModel = `/ingest/${name}/{namespace}/{model}`;
  return [`/ingest/${name}`, ofModel, ...(name === 'detections' ? [`${ofModel}/{detector}`] : [])];
}

/** As express has it. */
function routeOf(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

function refuseOthers(app: Express, path: string, method: string): void {
  app.all(path, (request) => {
    const message = `${request.method} is not possible here: use ${method}.`;
    throw new HttpError(405, 'method_not_allowed', message, { Allow: method });
  });
}

interface Shared {
  readonly memory: Memory;
  /** Many at once would share the room until none of them has enough. */
  readonly unpackInTurn: Queue;
  readonly inTurn: Queue;
}

function ingestHandler(deps: IngestDeps, name: IngestName, shared: Shared): RequestHandler {
  const target = deps[name];
  const replays = createReplays();

  return async (request, response) => {
    const settings = deps.settings();
    const lease = shared.memory.lease();
    const user = userOf(request);
    try {
      admit(request, user, name, deps);
      const sent = await readBody(request, settings.maxBodyBytes, lease);
      const isPacked = encodingOf(request) === 'gzip';
      const body = isPacked
        ? await unpackedInTurn(sent, settings.maxBodyBytes, lease, inTime(request, shared.unpackInTurn))
        : sent;
      const defaults = request.params as EventDefaults;
      const work = () => {
        const slice = createSlice();
        const pause = () => (slice.isOver() ? slice.next() : undefined);
        return target.take({ headers: request.headers, body, defaults, nowSeconds: deps.nowSeconds() }, pause);
      };
      const key = request.get('idempotency-key');
      const whose = [user, defaults.namespace, defaults.model, request.params['detector'] as string | undefined];
      const taken = async () => (await inTime(request, shared.inTurn)(work)).answer;
      const { report, isReplay } = await replays.once(whose, key, body, deps.nowSeconds(), taken);
      const result = resultOf(report);
      deps.done(isReplay ? 'replayed' : result);
      // Nothing of it was of use: a sender that looks at the status only must see that.
      response.statusCode = result === 'refused' ? 422 : 200;
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      response.end(JSON.stringify(report));
    } catch (error) {
      const refusal = deps.isUnreadable(error) ? new HttpError(400, 'unreadable', error.message) : error;
      const result = (refusal instanceof HttpError && RESULT_OF[refusal.status]) || 'malformed';
      deps.done(result);
      const reason = REFUSED_REQUEST_REASONS.find((one) => one === result);
      if (reason && target === deps.predictions) deps.turnedAway(reason, request.params);
      // Whoever sent it went away: there is nobody to answer.
      if (request.complete || refusal instanceof HttpError) throw refusal;
    } finally {
      lease.end();
    }
  };
}

/** @throws HttpError when the body is not wanted, whatever is in it. */
function admit(request: Request, user: string | undefined, name: IngestName, deps: IngestDeps): void {
  const { accepts, types } = deps[name];
  admitUser(user, name, deps);
  const encoding = encodingOf(request);
  if (encoding !== 'identity' && encoding !== 'gzip') {
    const message = `Content-Encoding: expected gzip or none, got ${encoding.slice(0, 40)}`;
    throw new HttpError(415, 'unsupported_encoding', message);
  }
  if (!deps.hasRoom()) {
    const message = 'Another replica is away, and there is no more room for what waits for it: come back.';
    throw new HttpError(503, 'outbox_full', message, { 'Retry-After': '30' });
  }
  if (!accepts(request.headers)) throw new HttpError(415, 'unsupported_type', `Content-Type: expected ${types}`);
}

/** @param route undefined: of a request that says nothing of it, as replicas send each other */
function admitUser(user: string | undefined, route: IngestRoute | undefined, { settings }: IngestDeps): void {
  const { enabled, users: all, routeUsers } = settings();
  if (!enabled) throw new HttpError(403, 'not_enabled', 'events.enabled: expected true, got false');
  const own = route === undefined ? [] : routeUsers[route];
  const users = own.length > 0 ? own : all;
  if (users.length > 0 && !users.includes(user ?? '')) {
    const key = own.length > 0 ? `events.routeUsers.${route}` : 'events.users';
    throw new HttpError(403, 'forbidden', `expected one of the users in ${key}`);
  }
}

function encodingOf(request: Request): string {
  return (request.get('content-encoding') ?? 'identity').toLowerCase();
}

const RESULT_OF: Readonly<Record<number, IngestResult>> = {
  403: 'denied',
  413: 'too_large',
  429: 'over_capacity',
  503: 'failed',
};

function resultOf({ accepted, duplicates, waiting, refused }: IngestReport): IngestResult {
  if (refused === 0) return 'accepted';
  return accepted + duplicates + waiting > 0 ? 'partial' : 'refused';
}

/**
 * What a body says of its size when unpacked (RFC 1952, its last four bytes) is taken before it waits for its turn: those
 * for which there will be no room are told so at once, and do not pile up. It may be wrong, or a lie.
 */
function unpackedInTurn(bytes: Buffer, maxBytes: number, lease: Lease, inTurn: Queue): Promise<Buffer> {
  const said = bytes.length < 4 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  const told = Math.min(said, bytes.length * MOST_PACKED, maxBytes);
  lease.take(told);
  return inTurn(() => unpacked(bytes, maxBytes, lease, told));
}

/**
 * @param taken bytes that there is room for already
 * @throws HttpError 400, 413 or 429, before more is held than may be
 */
async function unpacked(bytes: Buffer, maxBytes: number, lease: Lease, taken: number): Promise<Buffer> {
  const stream = createGunzip({ chunkSize: PIECE_BYTES });
  stream.end(bytes);
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      const covered = Math.max(taken, length);
      length += piece.length;
      if (length > maxBytes) throw tooLarge(maxBytes);
      if (length > covered) lease.take(length - covered);
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(400, 'unreadable', 'body: expected gzip, as Content-Encoding says');
  }
  return Buffer.concat(pieces, length);
}

/**
 * The turn of a request that nobody waits for any more, or not much longer, does nothing: what was counted of it would be
 * counted again when it is sent again.
 */
function inTime(request: Request, queue: Queue): Queue {
  const since = performance.now();
  return (work) =>
    queue(() => {
      const isLate = request.socket.destroyed || performance.now() - since > MOST_WAITING_MS;
      return isLate ? Promise.reject(overCapacity()) : work();
    });
}
