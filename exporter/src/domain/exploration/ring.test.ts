import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RowRing } from './ring';
import { shownRow, type ExploredEvent } from './row';
import { explorationPlan, type ExplorationPlan } from './settings';

const PLAN: ExplorationPlan = explorationPlan(
  { enabled: true, rows: 3 },
  { maxBytes: 1_000_000, maxRowsPerModel: 100_000 },
  1
);
const event = (change: Partial<ExploredEvent> = {}): ExploredEvent => ({
  ...{ id: 'a', version: 'v1', timeSeconds: 10, prediction: 'yes', features: { amount: 5, mail: 'a@example.com' } },
  ...change,
});
const features = (ring: RowRing) => [...ring.newest()].map((row) => shownRow(row, () => ({})).features);
const numbers = (ring: RowRing, before?: number) => [...ring.newest(before)].map(({ number }) => number);

function filled(plan: ExplorationPlan, count: number, random = () => 0): RowRing {
  const ring = new RowRing(plan, random);
  for (let index = 0; index < count; index += 1) ring.put(event({ id: `e${index}` }), `e${index}`, [], index);
  return ring;
}

it('keeps the last rows and counts those that went', () => {
  const ring = filled(PLAN, 5_000);
  expect(numbers(ring)).toEqual([5_000, 4_999, 4_998]);
  expect(numbers(ring, 5_000)).toEqual([4_999, 4_998]);
  expect(ring.removed.rows).toBe(4_997);
  expect(ring.joined('e4996', 'no', 1)).toBe(false);
  expect(ring.joined('e4998', 'no', 1)).toBe(true);
});

it('never takes more than its bytes, however large rows and actuals are', () => {
  const ring = new RowRing({ ...PLAN, mostRows: 1_000, mostBytes: 10_000 }, () => 0);
  for (let index = 0; index < 200; index += 1) {
    ring.put(event({ features: { text: 'ß'.repeat(index * 3) } }), `e${index}`, [], index);
    ring.joined(`e${index}`, 'ü'.repeat(200), index);
    expect(ring.bytes).toBeLessThanOrEqual(10_000);
  }
  const { rows } = ring;
  expect(rows).toBeGreaterThan(5);
  expect(ring.removed.bytes).toBe(200 - rows);
  ring.put(
    event({ features: Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`f${at}`, 'x'.repeat(50)])) }),
    'large',
    [],
    1
  );
  expect([ring.rows, ring.removed.bytes]).toEqual([rows, 201 - rows]);
});

it('lets go of what is old, and of what is to be forgotten', () => {
  const ring = filled({ ...PLAN, retentionSeconds: 10 }, 3);
  expect(ring.expire(9)).toBe(false);
  expect(ring.expire(11)).toBe(true);
  expect([numbers(ring), ring.removed.retention]).toEqual([[3], 2]);
  expect([ring.forget('e0'), ring.forget('e2'), ring.forget('e2')]).toEqual([false, true, false]);
  expect([ring.rows, ring.bytes, ring.removed.deleted]).toEqual([0, 0, 1]);
  ring.put(event(), 'again', [], 12);
  expect(numbers(ring)).toEqual([4]);
});

it('holds no value that is redacted, and says where one is missing', () => {
  const redaction = { masked: ['mail', 'phone'], dropped: ['amount'], columns: undefined };
  const ring = new RowRing({ ...PLAN, redaction }, () => 0);
  const given = { amount: 5, mail: 'a@example.com', phone: null, list: [1], country: 'DE' };
  ring.put(event({ features: given }), 'a', [], 0);
  expect(features(ring)).toEqual([{ mail: '***', phone: null, country: 'DE' }]);
  ring.change({ ...PLAN, redaction: { columns: ['country'], dropped: undefined, masked: undefined } });
  expect([ring.rows, ring.removed.settings]).toEqual([0, 1]);
  ring.put(event({ features: given }), 'b', [], 0);
  expect(features(ring)).toEqual([{ country: 'DE' }]);
});

it('stays within less memory as soon as there is less', () => {
  const ring = filled(PLAN, 3);
  const one = ring.bytes / 3;
  ring.change({ ...PLAN, mostBytes: one * 2 });
  expect(numbers(ring)).toEqual([3, 2]);
  ring.change({ ...PLAN, mostRows: 1 });
  expect(numbers(ring)).toEqual([3]);
});

it('holds a share of the rows', () => {
  let draw = 0;
  const ring = filled({ ...PLAN, mostRows: 100, sampleRatio: 0.25 }, 8, () => (draw++ % 4) / 4);
  expect(numbers(ring)).toHaveLength(2);
});

it('shares its memory in equal parts', () => {
  const limits = { maxBytes: 100, maxRowsPerModel: 10 };
  expect(explorationPlan({ enabled: true }, limits, 3)).toMatchObject({ mostRows: 10, mostBytes: 33 });
});

function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

it('does not grow with rows that are replaced or deleted behind an old one', () => {
  const ring = filled({ ...PLAN, mostRows: 10 }, 1);
  const replace = (count: number) => {
    for (let index = 0; index < count; index += 1) {
      ring.put(event({ features: {} }), 'again', [], index);
      ring.put(event({ features: {} }), 'deleted', [], index);
      ring.forget('deleted');
    }
  };
  replace(5_000);
  const before = heap();
  replace(100_000);
  expect(heap() - before).toBeLessThan(500_000);
  expect(numbers(ring)).toEqual([1 + 2 * 105_000 - 1, 1]);
});

it('goes on where it was when places are given back meanwhile', () => {
  const ring = filled({ ...PLAN, mostRows: 10_000, mostBytes: 1e9 }, 6_000);
  const seen: number[] = [];
  for (const { number } of ring.newest()) {
    seen.push(number);
    if (number === 5_000) for (let index = 1_000; index < 4_990; index += 1) ring.forget(`e${index}`);
    if (number === 5_000) ring.put(event(), 'new', [], 0);
  }
  const expected = (number: number) => number > 4_990 || number <= 1_000;
  expect(seen).toEqual(Array.from({ length: 6_000 }, (_, at) => 6_000 - at).filter(expected));
});

it('takes no more of the heap than it says', () => {
  const names = Array.from({ length: 20 }, (_, index) => `feature_${index}`);
  let ring: RowRing | undefined = new RowRing({ ...PLAN, mostRows: 20_000, mostBytes: 1e9 }, () => 0);
  for (let index = 0; index < 20_000; index += 1) {
    const row = event({ id: `id-${index}`, features: Object.fromEntries(names.map((name) => [name, index / 7])) });
    ring.put(row, `["shop","risk","${index.toString().padStart(22, '0')}"]`, [], index);
    ring.joined(`["shop","risk","${index.toString().padStart(22, '0')}"]`, 'x'.repeat(10_000).slice(0, 256), index);
  }
  const { bytes } = ring;
  // By what it gives back: before it there may be more on the heap that nobody needs any more.
  const held = heap();
  ring = undefined;
  const taken = held - heap();
  // Enough to be a bound, and near enough to be of use; the collector moves the heap by some percent.
  expect(taken).toBeLessThan(bytes);
  expect(taken).toBeGreaterThan(bytes * 0.5);
});
