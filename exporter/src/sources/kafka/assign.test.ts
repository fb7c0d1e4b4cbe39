import { assignPartitions, type Member } from './assign';

const TOPICS = [
  { topic: 'plain', partitions: 4 },
  { topic: 'iris.inputs', partitions: 3 },
  { topic: 'iris.outputs', partitions: 1 },
];
const member = (id: string, topics = TOPICS.map(({ topic }) => topic)): Member => ({ id, topics: new Set(topics) });
const together = (topic: string) => (topic.startsWith('iris') ? 'iris' : undefined);

function placesOf(members: readonly Member[]): Record<string, string[]> {
  const assigned = assignPartitions(members, TOPICS, together);
  return Object.fromEntries(
    [...assigned].map(([id, all]) => [id, all.map(({ topic, partition }) => `${topic}/${partition}`)])
  );
}

describe('assignPartitions', () => {
  it('gives what is joined to one member as a whole, and the rest evenly', () => {
    expect(placesOf([member('b'), member('a')])).toEqual({
      a: ['iris.inputs/0', 'iris.inputs/1', 'iris.inputs/2', 'iris.outputs/0'],
      b: ['plain/0', 'plain/1', 'plain/2', 'plain/3'],
    });
  });

  it('gives nobody what it did not ask for', () => {
    expect(placesOf([member('a', ['plain']), member('b')])['a']).toEqual(['plain/0', 'plain/1', 'plain/2', 'plain/3']);
  });

  it('gives each partition once', () => {
    const all = Object.values(placesOf(['a', 'b', 'c', 'd', 'e'].map((id) => member(id)))).flat();
    expect(all).toHaveLength(8);
    expect(new Set(all).size).toBe(8);
  });
});
