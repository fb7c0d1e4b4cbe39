/**
 * POST /ingest/forwarded: what other replicas pass on, since the ids are this one's. It is taken in and never passed on.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Express, Request, RequestHandler } from 'express';
import { createSlice } from '../exposition/slice';
import {
  decodeForwardBatch,
  FORWARD_PATH,
  PEER_TOKEN_HEADER,
  type ForwardAnswer,
  type ForwardBatch,
} from '../forwarding/items';
import { HttpError } from './errors';

export interface ForwardedDeps {
  readonly replica: number;
  readonly replicas: number;
  /** That replicas must know; undefined: none. @throws HttpError when its file cannot be read */
  readonly token: () => Promise<string | undefined>;
  /** One answer for each item, when it is on disk. @throws HttpError */
  readonly take: (
    items: readonly unknown[],
    bytes: number,
    pause: () => Promise<void> | undefined
  ) => Promise<readonly ForwardAnswer[]>;
}

/** What all of /ingest shares. */
interface Shared {
  /** @throws HttpError */
  readonly admit: (request: Request) => void;
  /** Reads the body, and gives it up when the work is done. @throws HttpError */
  readonly withBody: <T>(request: Request, work: (body: Buffer) => Promise<T>) => Promise<T>;
}

export function addForwarded(app: Express, deps: ForwardedDeps, shared: Shared): void {
  app.post(FORWARD_PATH, forwardedHandler(deps, shared));
}

function forwardedHandler(deps: ForwardedDeps, { admit, withBody }: Shared): RequestHandler {
  return async (request, response) => {
    admit(request);
    await admitReplica(request, deps);
    const answers = await withBody(request, (body) => {
      const batch = batchOf(body);
      refuseStray(batch, deps);
      const slice = createSlice();
      return deps.take(batch.items, body.length, () => (slice.isOver() ? slice.next() : undefined));
    });
    response.json({ answers });
  };
}

/** @throws HttpError */
async function admitReplica(request: Request, { token }: ForwardedDeps): Promise<void> {
  const expected = await token();
  if (expected === undefined) return;
  const hash = (text: string) => createHash('sha256').update(text).digest();
  if (timingSafeEqual(hash(request.get(PEER_TOKEN_HEADER) ?? ''), hash(expected))) return;
  throw new HttpError(403, 'forbidden', `${PEER_TOKEN_HEADER}: expected the token in events.peers.tokenFile`);
}

/** @throws HttpError */
function batchOf(body: Buffer): ForwardBatch {
  try {
    return decodeForwardBatch(JSON.parse(body.toString('utf8')));
  } catch {
    throw new HttpError(400, 'unreadable', 'body: expected what a replica of the same version sends');
  }
}

/** An address that leads elsewhere, or replicas that do not agree on their number, would take ids apart. @throws HttpError */
function refuseStray({ from, to, replicas }: ForwardBatch, own: ForwardedDeps): void {
  if (to === own.replica && replicas === own.replicas) return;
  const message = `expected what is for replica ${own.replica} of ${own.replicas}, got replica ${to} of ${replicas} from ${from}`;
  throw new HttpError(409, 'replica_mismatch', message);
}
