/**
 * POST /ingest/forwarded: what other replicas pass on, since the ids are this one's. It is taken in and never passed on.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Express, Request } from 'express';
import { createSlice } from '../exposition/slice';
import {
  decodeForwardBatch,
  FORWARD_PATH,
  MOST_FORWARDED_BYTES,
  PEER_TOKEN_HEADER,
  type ForwardAnswer,
  type ForwardBatch,
} from '../forwarding/items';
import { createMemory, readBody } from './body';
import { HttpError } from './errors';
import { createQueue } from './queue';

export interface ForwardedDeps {
  readonly replica: number;
  readonly replicas: number;
  /** That replicas must know; undefined: none. @throws HttpError when its file cannot be read */
  readonly token: () => Promise<string | undefined>;
  /** One answer for each item, when it is on disk. @throws HttpError */
  readonly take: (
    items: readonly unknown[],
    pause: () => Promise<void> | undefined
  ) => Promise<readonly ForwardAnswer[]>;
}

/** Of all replicas together, beside what users post: these must not be in each other's way. */
const MOST_BUFFERED_BYTES = 4 * MOST_FORWARDED_BYTES;

/** @param admit throws HttpError where whoever sends may not post at all */
export function addForwarded(app: Express, deps: ForwardedDeps, admit: (request: Request) => void): void {
  const memory = createMemory(() => MOST_BUFFERED_BYTES);
  const inTurn = createQueue();
  app.post(FORWARD_PATH, async (request, response) => {
    admit(request);
    await admitReplica(request, deps);
    const lease = memory.lease();
    try {
      const body = await readBody(request, MOST_FORWARDED_BYTES, lease);
      // Batches that came at once are parsed one by one, and others have their turn between them.
      const batch = await inTurn(() => nextTurn().then(() => batchOf(body)));
      refuseStray(batch, deps);
      const slice = createSlice();
      const pause = () => (slice.isOver() ? slice.next() : undefined);
      response.json({ answers: await deps.take(batch.items, pause) });
    } finally {
      lease.end();
    }
  });
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
