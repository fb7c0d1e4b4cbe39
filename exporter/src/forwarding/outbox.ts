/**
 * What waits on disk for an owner that is away, in the order in which it came. What an owner has taken is gone from here;
 * a process that ends in between sends it again, which the owner notices.
 */
import { StoreError, type Change, type Store } from '../joins/store';
import { ownerOf } from './owner';

/** Under which number an item stands. Sixteen digits are more than there ever will be. */
const DIGITS = 16;
const PLACE = /^o\d{16}$/;
/** What was let in before the room was gone is taken: it was promised. */
const WITH_UNDER_WAY = 2;
const ALL = { from: 'o', before: 'p' };

/** As much waits as may; the store is in order. */
export class OutboxFull extends StoreError {
  constructor() {
    super('disk_full', 'expected room for what waits for other replicas (events.peers.maxOutboxBytes), got none');
  }
}

export interface OutboxEntry {
  /** Of joins/layout.ts. */
  readonly key: string;
  /** The item as JSON. */
  readonly text: string;
}

export interface Outbox {
  /** Resolves when they are on disk. From the call on they count as pending. @throws StoreError */
  add(owner: number, entries: readonly OutboxEntry[]): Promise<void>;
  /** The oldest that wait for an owner, as JSON: the first, and more within both bounds. @throws StoreError */
  oldest(owner: number, atMost: number, mostBytes: number): Promise<readonly string[]>;
  /** The oldest so many are with their owner. @throws StoreError */
  remove(owner: number, count: number): Promise<void>;
  pending(owner: number): number;
  /** Whether more may be let in. */
  readonly hasRoom: boolean;
  close(): Promise<void>;
}

export interface OutboxOptions {
  /** @throws StoreError */
  readonly open: () => Promise<Store>;
  readonly replicas: number;
  /** From so many on nothing is let in. */
  readonly maxBytes: number;
  /** Told of each record of an earlier process that nobody can read; it is taken out, or all behind it would wait for ever. */
  readonly onUnreadable: (detail: string) => void;
}

/** Looks through what an earlier process left: the owner of some may be another, if there are more or fewer replicas. @throws StoreError */
export async function openOutbox({ open, replicas, maxBytes, onUnreadable }: OutboxOptions): Promise<Outbox> {
  const store = await open();
  const lanes = Array.from({ length: replicas }, (): Lane => ({ numbers: [], sizes: [], writing: 0 }));
  const laneOf = (owner: number): Lane => lanes[owner] as Lane;
  let bytes = 0;
  let next = 0;
  /** One after the other: writes that are under way together may end in any order. */
  let written: Promise<unknown> = Promise.resolve();

  function enter(owner: number, number: number, size: number): void {
    const { numbers, sizes } = laneOf(owner);
    numbers.push(number);
    sizes.push(size);
  }
  const unreadable: Change[] = [];
  for await (const [place, text] of store.entries(ALL)) {
    const key = PLACE.test(place) ? keyIn(text) : undefined;
    if (key === undefined) {
      unreadable.push({ type: 'del', key: place });
      onUnreadable(`outbox ${place}: expected an item for another replica as JSON`);
      continue;
    }
    const number = Number(place.slice(1));
    next = number + 1;
    bytes += text.length;
    enter(ownerOf(key, replicas), number, text.length);
  }
  await store.write(unreadable);

  return {
    async add(owner, entries) {
      const texts = entries.map(({ key, text }) => JSON.stringify([key, text]));
      const size = texts.reduce((sum, { length }) => sum + length, 0);
      if (bytes + size > maxBytes * WITH_UNDER_WAY) throw new OutboxFull();
      bytes += size;
      const first = next;
      next += texts.length;
      const lane = laneOf(owner);
      lane.writing += texts.length;
      const write = () =>
        store.write(texts.map((value, index): Change => ({ type: 'put', key: placeOf(first + index), value })));
      const own = written.then(write);
      written = own.catch(() => undefined);
      try {
        await own;
        texts.forEach(({ length }, index) => enter(owner, first + index, length));
      } catch (error) {
        bytes -= size;
        throw error;
      } finally {
        lane.writing -= texts.length;
      }
    },
    async oldest(owner, atMost, mostBytes) {
      const { numbers, sizes } = laneOf(owner);
      const found = await store.read(numbers.slice(0, countWithin(sizes, atMost, mostBytes)).map(placeOf));
      // What is not there any more is for the owner to refuse, or all behind it would wait.
      return found.map((text) => (JSON.parse(text ?? '[]') as string[])[1] ?? 'null');
    },
    async remove(owner, count) {
      const lane = laneOf(owner);
      const gone = lane.numbers.slice(0, count);
      await store.write(gone.map((number): Change => ({ type: 'del', key: placeOf(number) })));
      lane.numbers = lane.numbers.slice(count);
      for (const size of lane.sizes.splice(0, count)) bytes -= size;
    },
    pending: (owner) => laneOf(owner).numbers.length + laneOf(owner).writing,
    get hasRoom() {
      return bytes < maxBytes;
    },
    close: () => store.close(),
  };
}

/** @returns one at least */
function countWithin(sizes: readonly number[], atMost: number, mostBytes: number): number {
  let bytes = sizes[0] ?? 0;
  let count = 1;
  for (; count < atMost && count < sizes.length; count++) {
    bytes += sizes[count] ?? 0;
    if (bytes > mostBytes) break;
  }
  return count;
}

/** Of one owner, the oldest first. */
interface Lane {
  numbers: number[];
  readonly sizes: number[];
  /** On their way to the disk. */
  writing: number;
}

/** Undefined for what is no entry: a record is the key, and the item as JSON. */
function keyIn(record: string): string | undefined {
  try {
    const entry: unknown = JSON.parse(record);
    if (!Array.isArray(entry)) return undefined;
    const [key, text] = entry as unknown[];
    if (typeof key !== 'string' || typeof text !== 'string') return undefined;
    JSON.parse(text);
    return key;
  } catch {
    return undefined;
  }
}

function placeOf(number: number): string {
  return `o${String(number).padStart(DIGITS, '0')}`;
}
