/** Which replica has what belongs together. */
import { createHash } from 'node:crypto';
import { jumpHash } from '../domain/jump-hash';

/** @param key of joins/layout.ts: all that belongs together has the same one */
export function ownerOf(key: string, replicas: number): number {
  return jumpHash(createHash('sha256').update(key).digest().readBigUInt64BE(), replicas);
}
