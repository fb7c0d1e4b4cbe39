import { ownerOf } from './owner';

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
