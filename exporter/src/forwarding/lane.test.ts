import { createLane, ForwardError, type Lane } from './lane';
import { MOST_ITEM_BYTES, type ForwardAnswer } from './items';
import type { OutboxEntry } from './outbox';

let lane: Lane;
let now: number;
let isAway: boolean;
let sent: string[][];
let disk: string[];
let diskIsFull: boolean;
let states: string[];
/** Characters in one request from which on the other replica says 413. */
let tooMuch: number;
let dropped: string[];
/** What the lane waits for, and what runs then. */
let timers: { readonly seconds: number; readonly run: () => void }[];
/** Holds requests up while it is there. */
let hold: Promise<void> | undefined;

beforeEach(() => {
  [now, isAway, sent, disk, diskIsFull, states, timers, hold] = [0, false, [], [], false, [], [], undefined];
  [tooMuch, dropped] = [Infinity, []];
  lane = createLane({
    async post(texts): Promise<ForwardAnswer[]> {
      await hold;
      if (isAway) throw new ForwardError('unreachable', 'nobody is there');
      if (texts.join('').length >= tooMuch) throw new ForwardError('too_large', 'got 413');
      sent.push([...texts]);
      return texts.map(() => 'kept');
    },
    async store(entries) {
      if (diskIsFull) throw new Error('the disk is full');
      disk.push(...entries.map(({ text }) => text));
      await Promise.resolve();
    },
    stored: {
      pending: () => disk.length,
      oldest: async (atMost) => disk.slice(0, atMost),
      remove: async (count) => void disk.splice(0, count),
    },
    onAnswers: () => undefined,
    onStored: () => undefined,
    onTooLarge: (detail) => dropped.push(detail),
    onState: (problem) => states.push(problem?.reason ?? 'up'),
    after: (seconds, run) => {
      const timer = { seconds, run };
      timers.push(timer);
      return () => void (timers = timers.filter((each) => each !== timer));
    },
    nowSeconds: () => now,
  });
});
afterEach(() => lane.stop());

const entry = (text: string): OutboxEntry => ({ key: '["shop","risk","x"]', text });
const send = (...texts: string[]) => lane.send(texts.map(entry), true);
/** Lets everything run that waits for nothing. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
async function wait(): Promise<void> {
  const timer = timers.shift();
  now += timer?.seconds ?? 0;
  timer?.run();
  await settle();
}

test('whoever waits for the batch before is in the next one', async () => {
  let go: () => void = () => undefined;
  hold = new Promise((resolve) => (go = resolve));
  const answers = [send('a', 'b'), send('c'), send('d')];
  await settle();
  go();
  expect(await Promise.all(answers)).toEqual([['kept', 'kept'], ['kept'], ['kept']]);
  expect(sent).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('what a replica does not take is on disk when its sender hears of it, and goes first when it is back', async () => {
  isAway = true;
  expect(await send('first')).toEqual(['stored']);
  expect(await send('correction')).toEqual(['stored']);
  expect(disk).toEqual(['first', 'correction']);
  await wait();
  isAway = false;
  const behind = send('last');
  await wait();
  await wait();
  expect(await behind).toEqual(['stored']);
  expect(sent.flat()).toEqual(['first', 'correction', 'last']);
  expect(disk).toEqual([]);
  expect(await send('direct')).toEqual(['kept']);
  expect(states.at(-1)).toBe('up');
});

test('a replica that is away is asked less and less often', async () => {
  isAway = true;
  await send('a');
  const waits: number[] = [];
  for (let round = 0; round < 7; round++) {
    waits.push(timers[0]?.seconds ?? NaN);
    await wait();
  }
  expect(waits).toEqual([0.1, 0.2, 0.4, 0.8, 1.6, 2, 2]);
});

test('what may not be written to disk waits for some seconds, and is refused then', async () => {
  isAway = true;
  const outcome = lane.send([entry('a request with its data')], false).catch((error: Error) => error.message);
  await settle();
  for (let round = 0; round < 8; round++) await wait();
  expect(await outcome).toBe('nobody is there');
  expect(disk).toEqual([]);
  isAway = false;
  const answer = lane.send([entry('another')], false);
  await settle();
  await wait();
  expect(await answer).toEqual(['kept']);
});

test('where there is no room on disk either, the sender is told', async () => {
  [isAway, diskIsFull] = [true, true];
  await expect(send('a')).rejects.toThrow('the disk is full');
});

test('memory is bounded: more goes to the disk, or is refused', async () => {
  hold = new Promise(() => undefined);
  const many = (count: number) => Array.from({ length: count }, (_, index) => String(index));
  for (let round = 0; round < 10; round++) void send(...many(2_000));
  await settle();
  expect(lane.queued).toBe(20_000);
  expect(await send(...many(10))).toEqual(Array.from({ length: 10 }, () => 'stored'));
  await expect(lane.send([entry('half')], false)).rejects.toThrow(/more waits/);
  // Nothing can end what never answers.
  hold = undefined;
  lane = createIdle();
});

test('what is too much for a request goes in parts, and what is so alone is dropped and keeps nobody waiting', async () => {
  tooMuch = 5;
  expect(await send('aa', 'bb', 'cc', 'larger', 'dd')).toEqual(['kept', 'kept', 'kept', 'too_large', 'kept']);
  expect(sent).toEqual([['aa', 'bb'], ['cc'], ['dd']]);
  expect(dropped).toEqual(['got 413']);
  // The other replica is there.
  expect(states).toEqual(['up']);
  disk = ['ee', 'larger', 'ff'];
  lane.look();
  await settle();
  expect(sent.slice(3).flat()).toEqual(['ee', 'ff']);
  expect(disk).toEqual([]);
  expect(dropped).toHaveLength(2);
  expect(new Set(states)).toEqual(new Set(['up']));
});

test('what no replica takes is not sent at all, and a request holds about a megabyte', async () => {
  const most = 'x'.repeat(MOST_ITEM_BYTES);
  const answer = await lane.send([most, `${most}x`, 'é'.repeat(MOST_ITEM_BYTES / 2 + 1)].map(entry), false);
  expect(answer).toEqual(['kept', 'too_large', 'too_large']);
  expect(sent.map((texts) => texts.map(({ length }) => length))).toEqual([[MOST_ITEM_BYTES]]);
  expect(dropped[0]).toBe(`expected at most ${MOST_ITEM_BYTES} bytes for another replica`);
  sent = [];
  await send(...Array.from({ length: 50 }, () => 'x'.repeat(100_000)));
  expect(sent.map(({ length }) => length)).toEqual([10, 10, 10, 10, 10]);
});

test('at the end what waits goes to the disk', async () => {
  let go: () => void = () => undefined;
  hold = new Promise((resolve) => (go = resolve));
  const answers = [send('a'), send('b')];
  await settle();
  isAway = true;
  const stopped = lane.stop();
  go();
  await stopped;
  expect(await Promise.all(answers)).toEqual([['stored'], ['stored']]);
  expect(disk).toEqual(['a', 'b']);
});

function createIdle(): Lane {
  return { send: async () => [], look: () => undefined, queued: 0, stop: async () => undefined };
}
