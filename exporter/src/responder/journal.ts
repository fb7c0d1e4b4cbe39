/**
 * What was done lately: the memory of cooldowns, rates, attempts and repetitions. It is kept in an annotation of the
 * Lease, so that neither a restart nor a second responder forgets it; its size is bounded by the most actions per hour.
 */
import { decode } from '@modelwatch/contract';

/** `begun` is written before anything is done: whoever finds it does not know how it ended. */
export const ENTRY_STATES = ['begun', 'acted', 'failed'] as const;

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
export const KEPT_SECONDS = 86_400;
/** What an annotation has room for, with a margin. */
export const MOST_ENTRIES = 400;

/** With the entry in place of an earlier one of the same key that was only begun. */
export function noted(journal: Journal, entry: Entry): Journal {
  const kept = journal.filter(
    ({ key, state, atSeconds }) =>
      entry.atSeconds - atSeconds <= KEPT_SECONDS && !(key === entry.key && state === 'begun')
  );
  return [...kept, entry].slice(-MOST_ENTRIES);
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
