/**
 * Which replica has what belongs together. Jump consistent hash: each replica has its share, and when one is added only
 * what it gets moves. Source: Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm", arXiv 1406.2294.
 */
import { createHash } from 'node:crypto';

const MULTIPLIER = 2_862_933_555_777_941_757n;
const TWO_TO_31 = 2 ** 31;

/** @param key of 64 bits @returns a bucket from 0 */
export function jumpHash(key: bigint, buckets: number): number {
  let state = key;
  let bucket = 0;
  for (let next = 0; next < buckets;) {
    bucket = next;
    state = BigInt.asUintN(64, state * MULTIPLIER + 1n);
    next = Math.floor((bucket + 1) * (TWO_TO_31 / (Number(state >> 33n) + 1)));
  }
  return bucket;
}

/** @param key of joins/layout.ts: all that belongs together has the same one */
export function ownerOf(key: string, replicas: number): number {
  return jumpHash(createHash('sha256').update(key).digest().readBigUInt64BE(), replicas);
}
