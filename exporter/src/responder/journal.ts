/**
 * What was done lately: the memory of cooldowns, rates, attempts and repetitions. It is kept in an annotation of the
 * Lease, so that neither a restart nor a second responder forgets it. The most actions per hour bound what is done on a day;
 * failures go first where there is no room, and what still holds something back never does.
 */
import { decode } from '@modelwatch/contract';

/** `begun` is written before anything is done: whoever finds it does not know how it ended. */
const ENTRY_STATES = ['begun', 'acted', 'failed'] as const;

export interface Entry {
  readonly key: string;
  readonly policy: string;
  /** `kind/namespace/name`. */
  readonly target: string;
  readonly atSeconds: number;
  readonly state: (typeof ENTRY_STATES)[number];
}

export type Journal = readonly Entry[];

/** The longest cooldown. */
const KEPT_SECONDS = 86_400;
/** Of its text. All annotations of an object have 262,144 bytes together; the rest is for how what was begun ended. */
const MOST_BYTES = 245_760;
/** Failures one after the other that the breaker may be set to. */
export const MOST_BREAKER_FAILURES = 20;
const HOUR_SECONDS = 3_600;

/** With the entry in place of an earlier one of the same key that was only begun. */
export function noted(journal: Journal, entry: Entry): Journal {
  const kept = journal.filter(
    ({ key, state, atSeconds }) =>
      entry.atSeconds - atSeconds <= KEPT_SECONDS && !(key === entry.key && state === 'begun')
  );
  return fitted([...kept, entry], entry.atSeconds);
}

/** Whether one entry more could not be remembered: nothing is to be begun then. */
export function isFull(journal: Journal): boolean {
  return bytesOf(journal) > MOST_BYTES;
}

/** A failure of more than an hour ago counts but for the attempts of its alert, and for the breaker while it is of the last. */
function fitted(journal: Journal, nowSeconds: number): Journal {
  let excess = bytesOf(journal) - MOST_BYTES;
  if (excess <= 0) return journal;
  const latest = journal.length - MOST_BREAKER_FAILURES;
  return journal.filter((entry, index) => {
    const isLesser = entry.state === 'failed' && index < latest && nowSeconds - entry.atSeconds > HOUR_SECONDS;
    if (excess <= 0 || !isLesser) return true;
    excess -= bytesOf(entry);
    return false;
  });
}

function bytesOf(kept: Journal | Entry): number {
  return Buffer.byteLength(JSON.stringify(kept));
}

const decodeEntry = decode.object({
  key: decode.string,
  policy: decode.string,
  target: decode.string,
  atSeconds: decode.number,
  state: decode.oneOf(ENTRY_STATES),
});

/** @throws DecodeError for what is no journal */
export function parseJournal(text: string | undefined): Journal {
  if (text === undefined) return [];
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    document = text;
  }
  return decode.array(decodeEntry)(document);
}
