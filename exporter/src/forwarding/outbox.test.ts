import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../joins/store';
import { openOutbox, OutboxFull, type Outbox } from './outbox';
import { ownerOf } from './owner';

const folder = mkdtempSync(join(tmpdir(), 'outbox-'));
const entryOf = (id: string) => ({ key: JSON.stringify(['shop', 'risk', id]), text: `{"id":"${id}"}` });
const textsOf = (ids: readonly string[]) => ids.map((id) => entryOf(id).text);
let number = 0;
let directory: string;
let outbox: Outbox;
let unreadable: string[] = [];

async function open(replicas = 3, maxBytes = 100_000): Promise<void> {
  outbox = await openOutbox({
    open: () => openStore(directory, 'outbox'),
    replicas,
    maxBytes,
    onUnreadable,
  });
}
const onUnreadable = (detail: string) => void unreadable.push(detail);
beforeEach(async () => {
  directory = join(folder, String(number++));
  await open();
});
afterEach(() => outbox.close());
afterAll(() => rmSync(folder, { recursive: true }));

const oldest = (owner: number, atMost: number) => outbox.oldest(owner, atMost, 1_000_000);
/** Owned by a replica of so many. */
const idsOf = (owner: number, count: number, replicas = 3) =>
  Array.from({ length: 1_000 }, (_, index) => `order ${index}`)
    .filter((id) => ownerOf(entryOf(id).key, replicas) === owner)
    .slice(0, count);

test('keeps for each owner what came, in its order, until it is removed', async () => {
  const [one, two] = [idsOf(1, 5), idsOf(2, 3)];
  const writes = [...one.slice(0, 3).map((id) => outbox.add(1, [entryOf(id)])), outbox.add(2, two.map(entryOf))];
  expect([0, 1, 2].map(outbox.pending)).toEqual([0, 3, 3]);
  await Promise.all(writes);
  await outbox.add(1, one.slice(3).map(entryOf));
  expect(await oldest(1, 4)).toEqual(textsOf(one.slice(0, 4)));
  await outbox.remove(1, 4);
  expect(await oldest(1, 4)).toEqual(textsOf(one.slice(4)));
  expect(await oldest(2, 10)).toEqual(textsOf(two));
});

test('outlives the process, and finds the owners anew when their number is another', async () => {
  const ids = idsOf(1, 200);
  await outbox.add(1, ids.slice(0, 100).map(entryOf));
  await outbox.add(1, ids.slice(100).map(entryOf));
  await outbox.close();
  await open(4);
  const moved = ids.filter((id) => ownerOf(entryOf(id).key, 4) === 3);
  const stayed = ids.filter((id) => !moved.includes(id));
  expect(moved.length).toBeGreaterThan(20);
  expect(await oldest(1, 1_000)).toEqual(textsOf(stayed));
  expect(await oldest(3, 1_000)).toEqual(textsOf(moved));
  // What comes now is newer than what was there.
  await outbox.add(1, [entryOf('new')]);
  expect((await oldest(1, 1_000)).at(-1)).toBe(textsOf(['new'])[0]);
});

test('tells when there is no more room, takes what was let in before, and no more', async () => {
  await outbox.close();
  await open(3, 1_000);
  const ids = idsOf(1, 60);
  let taken = 0;
  for (; outbox.hasRoom; taken++) await outbox.add(1, [entryOf(ids[taken] ?? '')]);
  expect(taken).toBeGreaterThan(10);
  await outbox.add(1, ids.slice(taken, taken + 5).map(entryOf));
  await expect(outbox.add(1, ids.slice(taken).map(entryOf))).rejects.toThrow(OutboxFull);
  expect(outbox.pending(1)).toBe(taken + 5);
  await outbox.close();
  // The bytes of what an earlier process left count, too.
  await open(3, 1_000);
  expect(outbox.hasRoom).toBe(false);
  await outbox.remove(1, 10);
  expect(outbox.hasRoom).toBe(true);
});

test('gives what is within so many bytes, and one that is larger alone', async () => {
  const sized = (bytes: number, index: number) => ({ key: `["shop","risk","${index}"]`, text: 'x'.repeat(bytes) });
  await outbox.add(1, [400, 400, 5_000, 400].map(sized));
  const sizes = async () => (await outbox.oldest(1, 10, 1_000)).map(({ length }) => length);
  expect(await sizes()).toEqual([400, 400]);
  await outbox.remove(1, 2);
  expect(await sizes()).toEqual([5_000]);
  await outbox.remove(1, 1);
  expect(await sizes()).toEqual([400]);
});

test('takes out what cannot be read, once, and gives what is before and behind it', async () => {
  const [first = '', last = ''] = idsOf(1, 2);
  await outbox.add(1, [entryOf(first)]);
  await outbox.close();
  const store = await openStore(directory, 'outbox');
  const { key } = entryOf(first);
  const broken = ['["[\\"shop', '{}', '[7,"{}"]', JSON.stringify([key, 7]), JSON.stringify([key, '{"id":']), 'null'];
  const placeOf = (at: number) => `o${String(at).padStart(16, '0')}`;
  await store.write(broken.map((value, at) => ({ type: 'put', key: placeOf(at + 1), value })));
  await store.write([{ type: 'put', key: 'of a stranger', value: JSON.stringify([key, '{}']) }]);
  await store.close();
  unreadable = [];
  await open();
  expect(unreadable).toHaveLength(broken.length + 1);
  expect(unreadable[0]).toBe('outbox o0000000000000001: expected an item for another replica as JSON');
  await outbox.add(1, [entryOf(last)]);
  expect(outbox.pending(1)).toBe(2);
  expect(await oldest(1, 10)).toEqual(textsOf([first, last]));
  await outbox.close();
  await open();
  expect(unreadable).toHaveLength(broken.length + 1);
  expect(await oldest(1, 10)).toEqual(textsOf([first, last]));
});
