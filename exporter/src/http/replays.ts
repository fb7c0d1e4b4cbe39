/**
 * A request that is sent again, since its answer was lost, is not counted twice: by its Idempotency-Key it gets the
 * answer of then. Source: draft-ietf-httpapi-idempotency-key-header.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { IngestReport } from '@modelwatch/contract';
import { HttpError } from './errors';

const KEEP_SECONDS = 600;
const MOST_KEYS = 10_000;
const MOST_CHARACTERS = 255;
/** Of the problems of a report, so much is kept: what was counted must be told again, each fault need not be. */
const KEPT_PROBLEM_CHARACTERS = 1_024;

interface Known {
  readonly crc: number;
  readonly length: number;
  readonly atSeconds: number;
  /** Absent while it is under way. */
  report?: IngestReport;
}

export interface Replays {
  /**
   * A report that is told again has the counts of then, and the first of its problems.
   * @param whose what tells requests apart that have the same key: who sent it, and of which model
   * @throws HttpError 409 while the first is under way, 422 for another body under the same key.
   */
  once(
    whose: readonly (string | undefined)[],
    key: string | undefined,
    body: Buffer,
    nowSeconds: number,
    work: () => Promise<IngestReport>
  ): Promise<{ readonly report: IngestReport; readonly isReplay: boolean }>;
}

export function createReplays(): Replays {
  const known = new Map<string, Known>();
  return {
    async once(whose, key, body, nowSeconds, work) {
      if (key === undefined) return { report: await work(), isReplay: false };
      if (key === '' || key.length > MOST_CHARACTERS) {
        throw new HttpError(400, 'bad_key', `Idempotency-Key: expected 1 to ${MOST_CHARACTERS} characters`);
      }
      forgetOld(known, nowSeconds);
      // Addresses may be long: of each there is but a hash.
      const name = createHash('sha256')
        .update(JSON.stringify([...whose, key]))
        .digest('base64');
      const before = known.get(name);
      const own: Known = { crc: crc32(body), length: body.length, atSeconds: nowSeconds };
      if (before) return { report: replayed(before, own), isReplay: true };
      known.set(name, own);
      try {
        const report = await work();
        own.report = briefOf(report);
        return { report, isReplay: false };
      } catch (error) {
        known.delete(name);
        throw error;
      }
    },
  };
}

/** With the first of its problems only. */
function briefOf(report: IngestReport): IngestReport {
  let room = KEPT_PROBLEM_CHARACTERS;
  const end = report.problems.findIndex(({ message }) => (room -= message.length) < 0);
  return end < 0 ? report : { ...report, problems: report.problems.slice(0, end) };
}

function replayed(before: Known, own: Known): IngestReport {
  if (before.crc !== own.crc || before.length !== own.length) {
    throw new HttpError(422, 'key_reused', 'Idempotency-Key: expected another one for another body');
  }
  if (before.report) return before.report;
  throw new HttpError(409, 'in_progress', 'A request with this Idempotency-Key is under way.', { 'Retry-After': '1' });
}

/** The oldest come first. */
function forgetOld(known: Map<string, Known>, nowSeconds: number): void {
  for (const [name, { atSeconds }] of known) {
    if (nowSeconds - atSeconds <= KEEP_SECONDS && known.size < MOST_KEYS) return;
    known.delete(name);
  }
}
