/** What was read of one reference last. */
import { createHash } from 'node:crypto';
import { misaimed, type ReferenceEntry } from './domain/events/monitoring-book';
import { readReference, ReferenceError } from './sources/references/document';

/** With the document, or with what is wrong with it beside the last good one; the same entry for the same text. */
export function readEntry(entry: ReferenceEntry, text: string, atSeconds: number): ReferenceEntry {
  const digest = createHash('sha256').update(text).digest('base64');
  if (digest === entry.content?.digest) return unchanged(entry);
  try {
    const reference = readReference(text);
    const problem = misaimed(reference, entry);
    if (problem !== undefined) return refused(entry, digest, problem);
    return { ...withProblem(entry, undefined), content: { digest }, loaded: { reference, atSeconds } };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return refused(entry, digest, error.message);
  }
}

/** The place answers again with what was read of it last, which is as good or as wrong as it was. */
export function unchanged(entry: ReferenceEntry): ReferenceEntry {
  return withProblem(entry, entry.content?.problem);
}

export function withProblem(entry: ReferenceEntry, problem: string | undefined): ReferenceEntry {
  if (entry.problem === problem) return entry;
  const { problem: _before, ...rest } = entry;
  return problem === undefined ? rest : { ...rest, problem };
}

function refused(entry: ReferenceEntry, digest: string, problem: string): ReferenceEntry {
  return { ...withProblem(entry, problem), content: { digest, problem } };
}
