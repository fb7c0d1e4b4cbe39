import { createSharding, fnv1a64 } from './shards';

describe('fnv1a64', () => {
  // The first three are the published ones; the others were computed with Go's hash/fnv.
  it.each([
    ['', 0xcbf29ce484222325n],
    ['a', 0xaf63dc4c8601ec8cn],
    ['foobar', 0x85944171f73967e8n],
    ['payments', 16247515657873382182n],
    ['日本', 1305338235904577169n],
  ])('of %j', (text, hash) => {
    expect(fnv1a64(text)).toBe(hash);
  });
});

describe('createSharding', () => {
  // Both functions together, computed in Go, for 1, 2, 3, 5 and 16 shards.
  it.each([
    ['payments', [0, 0, 0, 0, 10]],
    ['growth', [0, 1, 1, 1, 7]],
    ['support', [0, 0, 2, 2, 5]],
    ['standalone', [0, 1, 2, 2, 11]],
    ['default', [0, 0, 2, 4, 4]],
    ['日本', [0, 0, 0, 0, 14]],
  ])('gives %s to the shard that everybody else would', (namespace, owners) => {
    const found = [1, 2, 3, 5, 16].map((totalShards) => createSharding({ shard: 0, totalShards }).ownerOf(namespace));
    expect(found).toEqual(owners);
  });

  const names = Array.from({ length: 20_000 }, (_, index) => `team-${index}`);
  const ownersOf = (totalShards: number) => {
    const { ownerOf } = createSharding({ shard: 0, totalShards });
    return names.map(ownerOf);
  };

  it('spreads names that differ in their last letters', () => {
    const counts = new Map<number, number>();
    for (const owner of ownersOf(5)) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4]);
    for (const count of counts.values()) expect(Math.abs(count / 4_000 - 1)).toBeLessThan(0.1);
  });

  it('moves one name in n + 1 to a new shard, and nothing between the others', () => {
    const before = ownersOf(4);
    const after = ownersOf(5);
    const moved = after.filter((owner, index) => owner !== before[index]);
    expect(moved.every((owner) => owner === 4)).toBe(true);
    expect(Math.abs(moved.length / 4_000 - 1)).toBeLessThan(0.1);
  });

  it('owns everything alone, and each name once among several', () => {
    expect(createSharding({ shard: 0, totalShards: 1 }).owns('anything')).toBe(true);
    const shards = [0, 1, 2].map((shard) => createSharding({ shard, totalShards: 3 }));
    for (const name of names.slice(0, 100)) expect(shards.filter(({ owns }) => owns(name))).toHaveLength(1);
  });
});
