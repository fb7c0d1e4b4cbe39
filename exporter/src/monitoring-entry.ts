/** What was read of one reference last. */
import { misaimed, type ReferenceEntry } from './domain/events/monitoring-book';
import { readReference, ReferenceError } from './sources/references/document';

/** With the document, or with what is wrong with it beside the last good one. */
export function readEntry(entry: ReferenceEntry, text: string, atSeconds: number): ReferenceEntry {
  try {
    const reference = readReference(text);
    const problem = misaimed(reference, entry);
    return problem === undefined
      ? { ...withProblem(entry, undefined), loaded: { reference, atSeconds } }
      : withProblem(entry, problem);
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return withProblem(entry, error.message);
  }
}

export function withProblem(entry: ReferenceEntry, problem: string | undefined): ReferenceEntry {
  if (entry.problem === problem) return entry;
  const { problem: _before, ...rest } = entry;
  return problem === undefined ? rest : { ...rest, problem };
}
