/** A reference as somebody wrote it. */
import { DecodeError, decodeReference, preview, type Reference } from '@modelwatch/contract';
import { referenceId } from '../../profile/identity';

/** A document that is no reference. The message names place in it, value and expectation. */
export class ReferenceError extends Error {}

/** A reference of 1,000 features with 100 bins each has about 8 MB. */
export const MAX_REFERENCE_BYTES = 33_554_432;

/** @throws ReferenceError */
export function readReference(text: string): Reference {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new ReferenceError(`expected JSON as modelwatch profile writes it, got ${preview(text.slice(0, 40))}`);
  }
  const reference = decoded(document);
  const id = referenceId(reference);
  if (id === reference.id) return reference;
  throw new ReferenceError(
    `id: expected ${id}, the hash of its columns, bins and counts, got ${reference.id}: what was changed by hand needs another modelwatch profile`
  );
}

function decoded(document: unknown): Reference {
  try {
    return decodeReference(document);
  } catch (error) {
    if (error instanceof DecodeError) throw new ReferenceError(error.message);
    throw error;
  }
}
