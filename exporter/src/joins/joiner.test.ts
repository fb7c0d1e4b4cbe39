import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JoinEvent } from '../domain/accuracy/join';
import type { Effect } from './batch';
import { createJoiner, type Joiner, type JoinerOptions } from './joiner';
import { keyOf, type Totals } from './layout';
import { openStore, StoreError } from './store';

const HOUR = 3_600;
let directory: string;
let now: number;
let effects: Effect[];
let totals: Map<string, Totals>;
let states: ('up' | StoreError)[];
const open: Joiner[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'joins-'));
  now = 1_790_000_000;
  [effects, totals, states] = [[], new Map(), []];
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((joiner) => joiner.stop()));
  rmSync(directory, { recursive: true, force: true });
});

function start(overrides: Partial<JoinerOptions> = {}): Joiner {
  const joiner = createJoiner({
    open: () => openStore(directory),
    windowSeconds: 24 * HOUR,
    waitSeconds: HOUR,
    mostRecords: 1_000,
    mostBytes: 1_000_000,
    mostWaiting: 100,
    nowSeconds: () => now,
    retryMs: 20,
    onEffects: (told) => effects.push(...told),
    onTotals: (told) => told.forEach((value, key) => totals.set(key, value)),
    onState: (state) => states.push(state),
    ...overrides,
  });
  open.push(joiner);
  return joiner;
}

const key = (id: string) => keyOf({ namespace: 'shop', model: 'risk', id });
const predict = (joiner: Joiner, id: string, value: number, version = 'v1') =>
  submit(joiner, id, { kind: 'prediction', prediction: { version, timeSeconds: now, value } });
const tell = (joiner: Joiner, id: string, actual: number | boolean) => submit(joiner, id, { kind: 'actual', actual });
const submit = (joiner: Joiner, id: string, event: JoinEvent) => joiner.submit([{ key: key(id), event }]);
const told = () => effects.splice(0).map((effect) => (effect.kind === 'actual' ? effect.outcome : effect.kind));
const counts = () => [...totals.values()].map(({ open, waiting, pairs }) => [open, waiting, pairs]);

test('an actual meets its prediction, is repeated and corrected', async () => {
  const joiner = start();
  await predict(joiner, 'a', 0.7);
  expect(counts()).toEqual([[1, 0, 0]]);
  await tell(joiner, 'a', true);
  expect(effects).toEqual([
    {
      ...{ namespace: 'shop', model: 'risk', kind: 'pair', key: key('a') },
      pair: { prediction: { version: 'v1', timeSeconds: now, value: 0.7 }, actual: true, isCorrection: false },
    },
  ]);
  expect(counts()).toEqual([[0, 0, 1]]);
  effects = [];
  await tell(joiner, 'a', true);
  expect(told()).toEqual(['duplicate']);
  await tell(joiner, 'a', false);
  expect(effects).toMatchObject([{ kind: 'pair', pair: { actual: false, isCorrection: true } }]);
});

test('an actual that comes first waits, and is unknown when nobody predicted it', async () => {
  const joiner = start();
  await tell(joiner, 'first', 1);
  await tell(joiner, 'nobody', 1);
  expect([told(), counts()]).toEqual([[], [[0, 2, 0]]]);
  await predict(joiner, 'first', 1);
  expect(told()).toEqual(['pair']);
  now += HOUR;
  await joiner.sweep();
  expect(told()).toEqual(['unknown']);
  expect(counts()).toEqual([[0, 0, 1]]);
});

test('within one batch as between batches', async () => {
  const joiner = start();
  const prediction = { version: '', timeSeconds: now, value: 1 };
  await joiner.submit([
    { key: key('a'), event: { kind: 'prediction', prediction } },
    { key: key('a'), event: { kind: 'actual', actual: 1 } },
    { key: key('b'), event: { kind: 'actual', actual: 0 } },
    { key: key('b'), event: { kind: 'prediction', prediction } },
    { key: key('b'), event: { kind: 'prediction', prediction: { ...prediction, value: 5 } } },
    { key: key('a'), event: { kind: 'actual', actual: 1 } },
  ]);
  expect(told()).toEqual(['pair', 'pair', 'duplicate']);
});

test('a prediction that ended joins no more, whether it was swept or not', async () => {
  const joiner = start();
  await predict(joiner, 'late', 1);
  await predict(joiner, 'later', 1);
  now += 24 * HOUR;
  await tell(joiner, 'late', 1);
  expect(told()).toEqual(['expired']);
  await joiner.sweep();
  expect(told()).toEqual(['expired']);
  expect(counts()).toEqual([[0, 1, 0]]);
  // The next sweep begins where this one ended, and finds what is new before it.
  await joiner.sweep();
  now += HOUR;
  await joiner.sweep();
  expect([told(), counts()]).toEqual([['unknown'], [[0, 0, 0]]]);
});

test('a clock that is set back or forward ends what is over by it, and no more', async () => {
  const joiner = start();
  await predict(joiner, 'a', 1);
  now -= 2 * HOUR;
  await tell(joiner, 'a', 1);
  expect(told()).toEqual(['pair']);
  await predict(joiner, 'b', 1);
  // Ten days too far: what is open ends before its time.
  now += 240 * HOUR;
  await joiner.sweep();
  expect(told()).toEqual(['expired']);
  // Set right again, all goes on as before, and what comes now ends in its time.
  now -= 240 * HOUR;
  await predict(joiner, 'c', 1);
  await predict(joiner, 'd', 1);
  await tell(joiner, 'c', 1);
  expect(told()).toEqual(['pair']);
  now += 25 * HOUR;
  await joiner.sweep();
  expect(told()).toEqual(['expired']);
});

test('an end stays where the pair ends, and nothing is left of it', async () => {
  const joiner = start();
  for (let index = 0; index < 2_500; index++) void predict(joiner, `id ${index}`, 1).catch(() => undefined);
  await predict(joiner, 'last', 1);
  now += 25 * HOUR;
  await joiner.sweep();
  await joiner.stop();
  const store = await openStore(directory);
  expect(await store.keys({ from: '', before: '~' }, 10)).toEqual([]);
  await store.close();
});

test('with no room the oldest go, and are counted', async () => {
  const joiner = start({ mostRecords: 10 });
  for (let index = 0; index < 15; index++) {
    now += 1;
    await predict(joiner, `id ${index}`, index);
  }
  expect(told()).toEqual(Array(5).fill('expired'));
  expect(counts()).toEqual([[10, 0, 0]]);
  await tell(joiner, 'id 5', 1);
  expect(told()).toEqual(['pair']);
  await tell(joiner, 'id 4', 1);
  expect(told()).not.toContain('pair');
});

test('bytes are bounded like numbers', async () => {
  const joiner = start({ mostBytes: 2_000 });
  for (let index = 0; index < 40; index++) await predict(joiner, `an id of some length ${index}`, index);
  const [kept] = totals.values();
  expect(kept?.bytes).toBeLessThanOrEqual(2_000);
  expect(kept?.open).toBeGreaterThan(5);
  expect(told().length).toBe(40 - (kept?.open ?? 0));
});

test('so many actuals wait, the others are unknown at once', async () => {
  const joiner = start({ mostWaiting: 2 });
  for (const id of ['a', 'b', 'c', 'a']) await tell(joiner, id, 1);
  expect([told(), counts()]).toEqual([['unknown', 'duplicate'], [[0, 2, 0]]]);
});

test('what was told is there after a restart', async () => {
  const before = start();
  await predict(before, 'a', 0.7, 'v2');
  await before.stop();
  totals.clear();
  const after = start();
  await after.sweep();
  expect(counts()).toEqual([[1, 0, 0]]);
  await tell(after, 'a', true);
  expect(effects).toMatchObject([{ kind: 'pair', pair: { prediction: { version: 'v2', value: 0.7 } } }]);
});

test('what is forgotten joins no more, and ids are never on the disk', async () => {
  const joiner = start();
  await predict(joiner, 'jane.doe@example.com', 1, 'version-of-hers');
  await predict(joiner, 'another', 1);
  const files = readdirSync(join(directory, 'open-predictions'));
  const onDisk = files.map((file) => readFileSync(join(directory, 'open-predictions', file), 'latin1')).join('');
  expect(onDisk).toContain('version-of-hers');
  expect(onDisk).not.toContain('jane.doe');
  expect(await joiner.forget(key('jane.doe@example.com'))).toBe(true);
  expect(await joiner.forget(key('jane.doe@example.com'))).toBe(false);
  expect(counts()).toEqual([[1, 0, 0]]);
  await tell(joiner, 'jane.doe@example.com', 1);
  expect(told()).toEqual([]);
  await tell(joiner, 'another', 1);
  expect(told()).toEqual(['pair']);
});

test('a directory that another has open is refused, and taken when it is free', async () => {
  const other = await openStore(directory);
  const joiner = start();
  await expect(predict(joiner, 'a', 1)).rejects.toMatchObject({ reason: 'locked' });
  await other.close();
  while (states.at(-1) !== 'up') await new Promise((resolve) => setTimeout(resolve, 5));
  await predict(joiner, 'a', 1);
  expect(counts()).toEqual([[1, 0, 0]]);
});

test('a store that fails is opened anew, with what was acknowledged and nothing of what was not', async () => {
  let isFull = false;
  const full = () => Promise.reject(new StoreError('disk_full', 'expected room on the disk'));
  const joiner = start({
    open: async () => {
      const store = await openStore(directory);
      return { ...store, write: (changes) => (isFull ? full() : store.write(changes)) };
    },
  });
  await predict(joiner, 'a', 1);
  isFull = true;
  await expect(tell(joiner, 'a', 1)).rejects.toMatchObject({ reason: 'disk_full' });
  expect(told()).toEqual([]);
  isFull = false;
  while (states.at(-1) !== 'up') await new Promise((resolve) => setTimeout(resolve, 5));
  expect(counts()).toEqual([[1, 0, 0]]);
  await tell(joiner, 'a', 1);
  expect(told()).toEqual(['pair']);
});

test('a directory that is none is refused in words', async () => {
  writeFileSync(join(directory, 'file'), '');
  const joiner = start({ open: () => openStore(join(directory, 'file')) });
  await expect(predict(joiner, 'a', 1)).rejects.toMatchObject({
    reason: 'no_access',
    message: expect.stringMatching(/expected a directory that can be read and written, got: ENOTDIR/) as string,
  });
});

test('a damaged store is refused, and not begun anew', async () => {
  const before = start();
  await predict(before, 'a', 1);
  await before.stop();
  writeFileSync(join(directory, 'open-predictions', 'CURRENT'), 'nonsense');
  await expect(predict(start(), 'b', 1)).rejects.toMatchObject({ reason: 'corrupt' });
});

test('answers of challengers wait for their champion, and meet its answer and the actual once', async () => {
  const joiner = start();
  const challenge = (id: string, value: number) =>
    submit(joiner, id, { kind: 'challenger', name: 'next', answer: { value } });
  await challenge('first', 0.1);
  await tell(joiner, 'first', true);
  await predict(joiner, 'first', 0.7);
  const meeting = { challenger: 'next', answer: { value: 0.1 }, actual: true, isNew: true };
  expect(effects).toMatchObject([{ kind: 'pair' }, { kind: 'meeting', meeting }]);
  effects = [];
  await challenge('first', 0.2);
  expect(effects).toMatchObject([{ kind: 'challenger', challenger: 'next', outcome: 'duplicate' }]);
  effects = [];
  await predict(joiner, 'second', 0.7);
  await challenge('second', 0.3);
  await tell(joiner, 'second', false);
  expect(effects).toMatchObject([
    { kind: 'meeting', meeting: { isNew: true } },
    { kind: 'pair' },
    { kind: 'meeting', meeting: { isNew: false, actual: false, champion: { value: 0.7 }, answer: { value: 0.3 } } },
  ]);
});

test('an answer of a challenger without its champion is told of when it has waited, and takes no more room than may be', async () => {
  const joiner = start({ mostWaiting: 2 });
  const challenge = (id: string) => submit(joiner, id, { kind: 'challenger', name: 'next', answer: { value: 1 } });
  await challenge('a');
  await tell(joiner, 'b', 1);
  await challenge('c');
  const alone = { kind: 'challenger', challenger: 'next', outcome: 'alone' };
  expect(effects).toMatchObject([alone]);
  effects = [];
  now += HOUR;
  await joiner.sweep();
  expect(told().sort()).toEqual(['challenger', 'unknown']);
  expect(counts()).toEqual([[0, 0, 0]]);
});

test('what was written before there were challengers is read', async () => {
  const store = await openStore(directory);
  await store.write([
    { type: 'put', key: `r${key('old')}`, value: JSON.stringify([now + HOUR, null, 'v1', now, 0.7, null]) },
  ]);
  await store.close();
  const joiner = start();
  await tell(joiner, 'old', 1);
  expect(told()).toEqual(['pair']);
});
