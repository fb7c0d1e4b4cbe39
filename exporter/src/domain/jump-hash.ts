const MULTIPLIER = 2_862_933_555_777_941_757n;
const TWO_TO_31 = 2 ** 31;

/**
 * Jump consistent hash: each bucket has its share of the keys, and when one is added only what it gets moves. Source: Lamping
 * and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm", arXiv 1406.2294.
 *
 * @param key of 64 bits
 * @param buckets from 1 on
 * @returns a bucket from 0 to below `buckets`
 */
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
