import { jumpHash } from './jump-hash';

// From the published implementation in Go (dgryski/go-jump), and from the tests of other ones: ClickHouse
// 00580_consistent_hashing_functions, the Rust crate jump-consistent-hash.
it.each([
  [1n, 6, 0],
  [1n, 7, 6],
  [1n, 18, 17],
  [42n, 3, 2],
  [256n, 17, 16],
  [256n, 1024, 520],
  [0xdead10ccn, 1, 0],
  [0xdead10ccn, 666, 361],
  [1n, 1, 0],
  [42n, 57, 43],
  [0n, 60, 0],
  [1n, 60, 55],
  [2n, 60, 46],
  // Python, with whole numbers of any size cut to 64 bits: 2^64 - 1.
  [0xffff_ffff_ffff_ffffn, 1_000, 313],
])('of %d in %d buckets is %d', (key, buckets, bucket) => {
  expect(jumpHash(key, buckets)).toBe(bucket);
});
