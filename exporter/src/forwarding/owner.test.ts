import { jumpHash, ownerOf } from './owner';

/** From the tests of other implementations: ClickHouse 00580_consistent_hashing_functions, the Rust crate jump-consistent-hash. */
test.each([
  [1n, 1, 0],
  [42n, 57, 43],
  [0xdead10ccn, 1, 0],
  [0xdead10ccn, 666, 361],
  [256n, 1_024, 520],
  [0n, 60, 0],
  [1n, 60, 55],
  [2n, 60, 46],
  // Python, with whole numbers of any size cut to 64 bits: 2^64 - 1.
  [0xffff_ffff_ffff_ffffn, 1_000, 313],
])('%d of %d is %d', (key, buckets, bucket) => {
  expect(jumpHash(key, buckets)).toBe(bucket);
});

const KEYS = Array.from({ length: 9_000 }, (_, index) => JSON.stringify(['shop', 'risk', `order ${index}`]));

test('each replica owns its share of the ids', () => {
  const owners = KEYS.map((key) => ownerOf(key, 3));
  for (const replica of [0, 1, 2]) {
    // Five standard deviations of a binomial of a third.
    expect(Math.abs(owners.filter((owner) => owner === replica).length - 3_000)).toBeLessThan(225);
  }
});

test('a replica more takes its share of the others, and nothing else moves', () => {
  const moved = KEYS.filter((key) => ownerOf(key, 3) !== ownerOf(key, 4));
  expect(moved.every((key) => ownerOf(key, 4) === 3)).toBe(true);
  expect(Math.abs(moved.length - 2_250)).toBeLessThan(206);
});
