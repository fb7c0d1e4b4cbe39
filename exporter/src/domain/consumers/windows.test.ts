import { Consumers } from './windows';

const HOUR = 3_600;
/** Noon, UTC. */
const NOON = 1_790_000_000 - (1_790_000_000 % 86_400) + 12 * HOUR;
let consumers: Consumers;
beforeEach(() => (consumers = new Consumers()));
const saw = (from: number, to: number, at: number) => {
  for (let index = from; index < to; index++) consumers.saw(`user ${index}`, at);
};
const at = (seconds: number) => {
  consumers.advance(seconds);
  return consumers.estimates;
};

test('a consumer is in each window as long as the window has its hour', () => {
  consumers.saw('anna', NOON);
  consumers.saw('anna', NOON + 60);
  consumers.saw('ben', NOON + HOUR);
  expect(at(NOON + HOUR)).toEqual({ '1h': 2, '1d': 2, '7d': 2 });
  expect(at(NOON + 2 * HOUR)).toEqual({ '1h': 1, '1d': 2, '7d': 2 });
  expect(at(NOON + 3 * HOUR)).toEqual({ '1h': 0, '1d': 2, '7d': 2 });
  expect(at(NOON + 24 * HOUR)).toEqual({ '1h': 0, '1d': 2, '7d': 2 });
  expect(at(NOON + 25 * HOUR)).toEqual({ '1h': 0, '1d': 1, '7d': 2 });
  expect(at(NOON + (12 + 7 * 24) * HOUR - 1)).toEqual({ '1h': 0, '1d': 0, '7d': 2 });
  expect(at(NOON + (12 + 7 * 24) * HOUR)).toEqual({ '1h': 0, '1d': 0, '7d': 0 });
});

test('nothing that is too old is kept, however long it goes on', () => {
  for (let hour = 0; hour < 24 * 30; hour++) consumers.saw(`user ${hour}`, NOON + hour * HOUR);
  expect(consumers.all().length).toBe(25 + 8);
});

test('two replicas that tell each other know the same, in any order and any number of times', () => {
  saw(0, 700, NOON);
  const other = new Consumers();
  for (let index = 500; index < 1_200; index++) other.saw(`user ${index}`, NOON + HOUR);
  const [ours, theirs] = [consumers.takeNews(), other.takeNews()];
  for (const part of [...theirs, ...theirs].reverse()) consumers.learn(part, NOON + HOUR);
  for (const part of ours) other.learn(part, NOON + HOUR);
  expect(at(NOON + HOUR)).toEqual(other.estimates);
  expect(consumers.estimates['1d'] / 1_200).toBeCloseTo(1, 1);
  // What was learnt is not told again, and what is told again is nothing new.
  expect(consumers.takeNews()).toEqual([]);
  expect(theirs.map((part) => consumers.learn(part, NOON + HOUR))).toEqual([false, false]);
});

test('what is told of another time is not taken', () => {
  const part = { period: 'hour', sketch: new Uint8Array(1_024).fill(1) } as const;
  const hour = Math.floor(NOON / HOUR);
  expect(consumers.learn({ ...part, number: hour - 25 }, NOON)).toBe(false);
  expect(consumers.learn({ ...part, number: hour + 2 }, NOON)).toBe(false);
  expect(consumers.learn({ ...part, number: hour - 24 }, NOON)).toBe(true);
});
