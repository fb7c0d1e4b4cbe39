import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binsOf, decodeReference, type ColumnReference, type NumericColumn } from '@modelwatch/contract';
import fc from 'fast-check';
import { binnerOf } from '../domain/binning';
import { MissingValues } from '../domain/values';
import { Categories } from './categories';
import { referenceText } from './document';
import { quantileEdges } from './edges';
import { importanceOf } from './importance';
import { MomentsOf } from './moments';
import { DEFAULT_OPTIONS, type ProfileOptions } from './options';
import { profileOf } from './profile';
import { rowHash, Sample, SAMPLE_SIZE } from './sample';
import type { Cell, Table } from './table';

/** A table in memory, in batches of `size` rows. */
function tableOf(columns: Record<string, readonly Cell[]>, size = 7): Table {
  const names = Object.keys(columns);
  const rows = Math.max(...Object.values(columns).map(({ length }) => length));
  return {
    hasFixedColumns: true,
    read: (take) => {
      for (let at = 0; at < rows; at += size) {
        const cut = names.map((name) => (columns[name] ?? []).slice(at, at + size));
        take({ firstRow: at + 1, rows: Math.min(size, rows - at), columns: cut, names });
      }
      return Promise.resolve();
    },
  };
}

const profile = (columns: Record<string, readonly Cell[]>, options: Partial<ProfileOptions> = {}, size = 7) =>
  profileOf(tableOf(columns, size), { ...DEFAULT_OPTIONS, name: 'test', ...options }, () => undefined);
const repeat = (times: number, ...cells: Cell[]) => Array.from({ length: times }, () => cells).flat();

async function columnOf(cells: readonly Cell[], options: Partial<ProfileOptions> = {}): Promise<ColumnReference> {
  const { reference } = await profile({ f: cells }, options);
  return reference.features[0] as ColumnReference;
}

const countsOf = (column: ColumnReference) => Object.fromEntries(binsOf(column).map(({ bin, count }) => [bin, count]));
const edgesOf = ({ bins }: NumericColumn) => [bins[0]?.from, ...bins.map(({ to }) => to)];

interface Vector {
  readonly values: number[];
  readonly edges: number[];
  readonly counts: number[];
  readonly mean: number;
  readonly standardDeviation: number;
  readonly current: number[];
  readonly currentCounts: number[];
  readonly below: number;
  readonly above: number;
}
const VECTORS = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'vectors.json'), 'utf8')) as {
  columns: Record<string, Vector>;
};

describe('a numeric column', () => {
  it.each(Object.entries(VECTORS.columns))(
    '%s has the edges, counts and moments that numpy computes',
    async (_, vector) => {
      const column = (await columnOf(vector.values.map(String))) as NumericColumn;
      expect(edgesOf(column)).toEqual(vector.edges);
      expect(column.bins.map(({ count }) => count)).toEqual(vector.counts);
      const { mean = NaN, standardDeviation = NaN } = column.moments ?? {};
      expect(Math.abs(mean / vector.mean - 1)).toBeLessThan(1e-6);
      expect(Math.abs(standardDeviation / vector.standardDeviation - 1)).toBeLessThan(1e-6);
      // What comes later is counted in the same bins.
      const { binOf, bins } = binnerOf(column, new MissingValues([]));
      const current = new Array<number>(bins).fill(0);
      for (const value of vector.current) current[binOf(value)] = (current[binOf(value)] ?? 0) + 1;
      expect(current).toEqual([...vector.currentCounts, vector.below, vector.above, 0, 0]);
    }
  );

  it('has one bin for each of few values', async () => {
    const column = (await columnOf([3, 1, 1, 2, 3, 3])) as NumericColumn;
    expect(column).toMatchObject({ type: 'numeric', rule: 'values' });
    expect(column.bins.map(({ to, count }) => [to, count])).toEqual([
      [1, 2],
      [2, 1],
      [3, 3],
    ]);
  });

  it('gives a value that many rows share a bin of its own, at either end and between', async () => {
    const spread = Array.from({ length: 60 }, (_, index) => index + 1);
    const zeros = (await columnOf([...repeat(40, 0), ...spread])) as NumericColumn;
    expect(zeros.bins[0]).toMatchObject({ from: 0, to: 0, count: 40 });
    const middle = (await columnOf([...repeat(40, 30.5), ...spread])) as NumericColumn;
    expect(middle.bins.find(({ to }) => to === 30.5)).toMatchObject({ from: 30, count: 40 });
    const cap = (await columnOf([...repeat(40, 99), ...spread])) as NumericColumn;
    expect(cap.bins.at(-1)).toMatchObject({ from: 60, to: 99, count: 40 });
  });

  it('counts missing, infinite and, where told that it is numeric, other values apart', async () => {
    const column = await columnOf([1, '2', null, '', 'NA', NaN, Infinity, '-inf', 'x', true, undefined, 3n], {
      numeric: ['f'],
    });
    expect(countsOf(column)).toEqual({ 0: 1, 1: 1, 2: 1, below: 1, above: 1, missing: 5, invalid: 2 });
    expect(column).toMatchObject({ moments: { mean: 2, min: 1, max: 3 } });
  });

  it('takes given edges', async () => {
    const column = (await columnOf([1, 5, 12, 40], { edges: new Map([['f', [0, 10, 20]]]) })) as NumericColumn;
    expect(column).toMatchObject({ rule: 'fixed' });
    expect(countsOf(column)).toMatchObject({ 0: 2, 1: 1, below: 0, above: 1 });
  });

  it('never has an empty or an overlapping bin, and never more than asked for', () => {
    const values = fc.array(
      fc.oneof(
        fc.integer({ min: -5, max: 5 }),
        // -0 and 0 are one value, of which either may be the edge.
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
      ),
      {
        minLength: 1,
      }
    );
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 20 }), (numbers, bins) => {
        const sorted = Float64Array.from(numbers).sort();
        const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
        const edges = quantileEdges(sorted, { min, max }, bins);
        expect(edges[0]).toBe(min);
        expect(edges.at(-1)).toBe(max);
        expect(edges.length - 1).toBeLessThanOrEqual(bins + 1);
        for (let index = 1; index < edges.length; index++) {
          const [from = NaN, to = NaN] = [edges[index - 1], edges[index]];
          expect(index === 1 ? to >= from : to > from).toBe(true);
          const count = numbers.filter((value) => (value > from || (index === 1 && value >= from)) && value <= to);
          expect(count.length).toBeGreaterThan(0);
        }
      })
    );
  });
});

describe('a categorical column', () => {
  it('names the most frequent categories, and knows the others by name', async () => {
    const cells = [...repeat(3, 'b'), ...repeat(3, 'a'), ...repeat(2, 'c'), 'd', null];
    const column = await columnOf(cells, { categories: 2 });
    expect(column).toMatchObject({
      type: 'categorical',
      bins: [{ category: 'a', count: 3 }, { category: 'b' }],
      otherCategories: { complete: true, categories: ['c', 'd'] },
    });
    expect(countsOf(column)).toEqual({ 0: 3, 1: 3, other: 3, new: 0, missing: 1, invalid: 0 });
  });

  it('takes numbers as names where told so, and spellings of one name together', async () => {
    const column = await columnOf(['5411', 5411, '5411.0', '05411', 'cafe\u0301', 'caf\u00e9'], { categorical: ['f'] });
    expect(column.bins).toMatchObject([
      { category: '5411', count: 3 },
      { category: 'caf\u00e9', count: 2 },
      { category: '05411', count: 1 },
    ]);
  });

  it('is boolean when all values are true and false, however written', async () => {
    const column = await columnOf(['True', 'False', 'true', true, '']);
    expect(column).toMatchObject({
      type: 'boolean',
      bins: [
        { category: 'false', count: 1 },
        { category: 'true', count: 3 },
      ],
    });
  });

  it('keeps every frequent category in bounded memory, and says that it lost others', () => {
    const categories = new Categories(100);
    for (let row = 0; row < 20_000; row++) categories.add(row % 50 === 0 ? 'frequent' : `id-${row}`);
    expect(categories.isComplete).toBe(false);
    expect(categories.size).toBeLessThanOrEqual(100);
    expect(categories.ranked()[0]).toBe('frequent');
    const prose = new Categories();
    prose.add('x'.repeat(1000));
    expect([prose.size, prose.isComplete]).toEqual([0, false]);
  });

  it('calls nothing new when there are too many to name', async () => {
    const cells = Array.from({ length: 1_200 }, (_, index) => `c${index}`);
    const column = await columnOf(cells, { categorical: ['f'] });
    expect(column).toMatchObject({ otherCategories: { complete: false, categories: [] } });
    expect(countsOf(column)).toMatchObject({ other: 1_175, new: 0 });
  });
});

describe('a reference', () => {
  const columns = { a: [1, 2, 3, 4], b: ['x', 'y', 'x', 'x'], t: [0, 1, 0, 1] };

  it('reads back as it was written, with exact shares', async () => {
    const { reference } = await profile(columns, { target: 't', namespace: 'shop', model: 'risk', version: 'v1' });
    const read = decodeReference(JSON.parse(referenceText(reference)));
    expect(read).toEqual(reference);
    expect(read).toMatchObject({ task: 'classification', classes: ['0', '1'], rows: 4 });
  });

  it('has the same identity for the same data, whatever the batches, the order of columns, the name', async () => {
    const { a, b, t } = columns;
    const ids = await Promise.all([
      profile(columns),
      profile({ t, b, a }, { name: 'other', version: 'v2' }),
      profile(columns, {}, 1),
    ]);
    expect(new Set(ids.map(({ reference }) => reference.id)).size).toBe(1);
  });

  it.each([
    ['a value', { a: [1, 2, 3, 5] }, {}],
    ['a count', { a: [1, 2, 3, 3] }, {}],
    ['a name', { a: undefined, c: [1, 2, 3, 4] }, {}],
    ['a category', { b: ['x', 'y', 'x', 'z'] }, {}],
    ['what is missing', {}, { missingValues: ['none'] }],
    ['the target', {}, { target: 't' }],
  ])('has another identity after a change of %s', async (_, change, options) => {
    const changed = Object.fromEntries(Object.entries({ ...columns, ...change }).filter(([, cells]) => cells));
    const [{ reference: one }, { reference: two }] = await Promise.all([
      profile(columns),
      profile(changed as Record<string, Cell[]>, options),
    ]);
    expect(two.id).not.toBe(one.id);
  });

  it('counts a column that comes late as missing before', async () => {
    const late: Table = {
      hasFixedColumns: false,
      read: (take) => {
        take({ firstRow: 1, rows: 2, names: ['a'], columns: [[1, 2]] });
        take({ firstRow: 3, rows: 1, names: ['a', 'b'], columns: [[3], ['x']] });
        return Promise.resolve();
      },
    };
    const { reference } = await profileOf(late, { ...DEFAULT_OPTIONS, name: 'late' }, () => undefined);
    expect(reference.features.map(countsOf)[1]).toMatchObject({ 0: 1, missing: 2 });
  });

  it('leaves out what cannot be a feature, and says why', async () => {
    const { reference, warnings } = await profile({
      ...columns,
      when: ['2026-01-01', '2026-01-02T10:00:00Z', '', '2026-01-03 10:00'],
      day: [new Date(0), null, null, null],
      empty: ['', null, 'NA', undefined],
      '': [1, 2, 3, 4],
    });
    expect(reference.features.map(({ name }) => name)).toEqual(['a', 'b', 't']);
    expect(reference.excluded?.map(({ column }) => column)).toEqual(['when', 'day', 'empty', '']);
    expect(warnings).toContainEqual(expect.stringMatching(/^column when is left out: times/));
  });

  it.each([
    ['few ids', 101],
    ['ids beyond count', 30_000],
  ])('leaves out %s unless told that they are categories', async (_, rows) => {
    const data = { n: repeat(rows, 1), id: Array.from({ length: rows }, (_, index) => `id-${index}`) };
    const { reference } = await profile(data, {}, 5_000);
    expect(reference.excluded).toEqual([{ column: 'id', reason: expect.stringContaining('almost every value') }]);
    const told = await profile(data, { categorical: ['id'] }, 5_000);
    expect(told.reference.features[1]).toMatchObject({ name: 'id', type: 'categorical' });
  });

  it('shares importance among the features, and refuses a name that is none', async () => {
    const { reference } = await profile(columns);
    const { features } = importanceOf(
      reference,
      new Map([
        ['a', 3],
        ['b', 1],
        ['t', -2],
      ])
    );
    expect(features.map(({ importance }) => importance)).toEqual([0.75, 0.25, 0]);
    expect(() => importanceOf(reference, new Map([['c', 1]]))).toThrow('importance: expected a feature, got "c"');
    expect(() => importanceOf(reference, new Map([['a', 0]]))).toThrow('above 0');
  });
});

describe('refusals', () => {
  it.each<[string, Record<string, readonly Cell[]>, Partial<ProfileOptions>]>([
    [
      'column f: expected numbers alone, got 3 numbers and 1 value that is none, the first in row 3 ("n.a."); say --missing-value n.a., --categorical f, --numeric f to count them as invalid',
      { f: [1, 2, 'n.a.', 4] },
      {},
    ],
    ['column f: expected numbers, got none (row 1: "x")', { f: ['x'] }, { numeric: ['f'] }],
    ['--target: expected a column of the table, got "y"; it has f', { f: [1] }, { target: 'y' }],
    ['--target f: no value in any row', { f: [null], g: [1] }, { target: 'f' }],
    ['expected at least one feature', { f: [1] }, { target: 'f' }],
    [
      '--task classification: expected a target of at most 10 values',
      { f: Array.from({ length: 20 }, (_, i) => i), g: repeat(20, 1) },
      { target: 'f', task: 'classification' },
    ],
    [
      '--task regression: expected a numeric target, got f, which is categorical',
      { f: ['a'], g: [1] },
      { target: 'f', task: 'regression' },
    ],
  ])('%s', async (message, columns, options) => {
    await expect(profile(columns, options)).rejects.toThrow(message);
  });

  it('says when the file changed between the two readings', async () => {
    let readings = 0;
    const changing: Table = {
      hasFixedColumns: true,
      read: (take) => {
        const rows = 3 - readings++;
        take({ firstRow: 1, rows, names: ['a'], columns: [[1, 2, 3].slice(0, rows)] });
        return Promise.resolve();
      },
    };
    const done = profileOf(changing, { ...DEFAULT_OPTIONS, name: 'x' }, () => undefined);
    await expect(done).rejects.toThrow('expected 3 rows again, got 2: the file changed');
  });

  it('refuses a table without rows', async () => {
    await expect(profile({ a: [] })).rejects.toThrow('expected at least one row, got none');
  });

  it('warns of many others, of few rows and of values that are no numbers', async () => {
    const { warnings } = await profile(
      { id: Array.from({ length: 101 }, (_, index) => `a${index % 90}`), n: [...repeat(100, 1), 'x'] },
      { numeric: ['n'] }
    );
    expect(warnings.join('\n')).toMatch(
      /column id: 64 % of the rows are other categories than the 25 named[^]*column n: 1 value is no number, the first in row 101 \("x"\)[^]*rows are few/
    );
  });

  it('warns of more bins than a model may have series', async () => {
    const cells = Array.from({ length: 300 }, (_, row) => row / 7);
    const columns = Object.fromEntries(Array.from({ length: 143 }, (_, index) => [`f${index}`, cells]));
    expect((await profile(columns)).warnings.join('\n')).toMatch(
      /^2,002 series for 143 features, one for each bin, are more/
    );
    const { f0: _one, ...fewer } = columns;
    expect((await profile(fewer)).warnings).toEqual([]);
  });
});

describe('a long stream', () => {
  it('is sampled so that every edge is within 0.8 points of its quantile, sorted or not', () => {
    const rows = 400_000;
    for (const order of [(row: number) => row, (row: number) => (row * 7919) % rows]) {
      const sample = new Sample();
      for (let row = 0; row < rows; row++) sample.add(order(row) / rows, rowHash(row + 1));
      const sorted = sample.sorted();
      expect(sample.isComplete).toBe(false);
      expect(sorted.length).toBeGreaterThan(SAMPLE_SIZE / 2 - 1_000);
      expect(sorted.length).toBeLessThanOrEqual(SAMPLE_SIZE);
      const edges = quantileEdges(sorted, { min: 0, max: 1 }, 10);
      edges.forEach((edge, index) => expect(Math.abs(edge - index / 10)).toBeLessThan(0.008));
    }
  });

  it('keeps the digits of moments far from zero, and refuses those it cannot hold', () => {
    const moments = new MomentsOf();
    for (let batch = 0; batch < 100; batch++) {
      moments.addAll(
        Float64Array.from({ length: 50 }, (_, index) => 1e12 + ((batch * 50 + index) % 2)),
        50
      );
    }
    expect(moments.value()).toEqual({ mean: 1e12, standardDeviation: 0.5, min: 1e12, max: 1e12 + 1 });
    const huge = new MomentsOf();
    huge.addAll(Float64Array.of(-1e308, 1e308), 2);
    expect(huge.value()).toBeUndefined();
  });
});

describe('segments', () => {
  const region = [...repeat(6, 'EU'), ...repeat(4, 'US'), null, 'NA'];
  const amount = Array.from({ length: 12 }, (_, index) => index % 3);

  it('tell the rows of every column apart, by columns that need not be features', async () => {
    const { reference } = await profile({ amount, region }, { segments: ['region'], exclude: ['region'] }, 5);
    expect(reference.segments).toEqual([
      {
        column: 'region',
        values: [
          { value: 'EU', rows: 6 },
          { value: 'US', rows: 4 },
        ],
        otherRows: 0,
        missingRows: 2,
      },
    ]);
    expect(reference.features.map(({ name }) => name)).toEqual(['amount']);
    expect(reference.features[0]?.segments).toEqual({
      region: {
        EU: [2, 2, 2, 0, 0, 0, 0],
        US: [2, 1, 1, 0, 0, 0, 0],
        other: [0, 0, 0, 0, 0, 0, 0],
        missing: [0, 1, 1, 0, 0, 0, 0],
      },
    });
    expect(decodeReference(JSON.parse(referenceText(reference)))).toMatchObject({ segments: reference.segments });
  });

  it('do not change the identity', async () => {
    const whole = await profile({ amount, region });
    const parts = await profile({ amount, region }, { segments: ['region'] });
    expect(parts.reference.id).toBe(whole.reference.id);
    expect(parts.reference.features[1]).toMatchObject({
      name: 'region',
      bins: [{ category: 'EU' }, { category: 'US' }],
    });
  });

  it('have the ten most frequent values; the rest are other, whatever is called so', async () => {
    const shops = Array.from({ length: 12 }, (_, index) => repeat(20 - index, `shop ${index}`)).flat();
    const cells = [...shops, ...repeat(30, 'other')];
    const { reference } = await profile({ f: cells.map((_, row) => row % 2), shop: cells }, { segments: ['shop'] });
    const [segment] = reference.segments ?? [];
    expect(segment?.values.map(({ value }) => value)).toEqual(Array.from({ length: 9 }, (_, index) => `shop ${index}`));
    expect(segment?.otherRows).toBe(30 + 11 + 10 + 9);
  });

  it('find truth values however they are written', async () => {
    const member = ['True', 'False', 'True', '1', 'True', 'False'];
    const { reference } = await profile(
      { f: [1, 2, 1, 2, 1, 2], member },
      { segments: ['member'], exclude: ['member'] }
    );
    const counts = reference.segments?.[0]?.values.map(({ value, rows }) => [value, rows]);
    expect(counts).toEqual([
      ['false', 2],
      ['true', 4],
    ]);
  });

  it('count a column that comes late in the segments of the rows before', async () => {
    const rows = [...repeat(5, 'EU'), ...repeat(3, 'US')];
    const late: Table = {
      hasFixedColumns: false,
      read: (take) => {
        take({ firstRow: 1, rows: 6, names: ['f', 'region'], columns: [repeat(6, 1), rows.slice(0, 6)] });
        take({ firstRow: 7, rows: 2, names: ['f', 'region', 'g'], columns: [[1, 1], rows.slice(6), [4, 5]] });
        return Promise.resolve();
      },
    };
    const options = { ...DEFAULT_OPTIONS, name: 'late', segments: ['region'] };
    const { reference } = await profileOf(late, options, () => undefined);
    const g = reference.features.find(({ name }) => name === 'g');
    expect(g?.segments).toMatchObject({ region: { EU: [0, 0, 0, 0, 5, 0], US: [1, 1, 0, 0, 1, 0] } });
    expect(() => decodeReference(JSON.parse(referenceText(reference)))).not.toThrow();
  });

  it.each([
    [{ segments: ['nowhere'] }, '--segment: expected a column of the table, got "nowhere"'],
    [{ segments: ['id'] }, '--segment id: expected few values, got another in almost every row'],
    [{ segments: ['empty'] }, '--segment empty: expected values, got none in any row'],
  ])('are refused where they tell nothing apart: %j', async (options, message) => {
    const ids = Array.from({ length: 200 }, (_, index) => `c${index}`);
    const columns = { f: ids.map((_, index) => index % 2), id: ids, empty: ids.map(() => '') };
    await expect(profile(columns, options)).rejects.toThrow(message);
  });
});
