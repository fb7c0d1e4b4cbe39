import { binnerOf, type BinLayout } from './binning';
import { DEFAULT_MISSING_VALUES, MissingValues, categoryOf, numberOf } from './values';

const MISSING = new MissingValues(DEFAULT_MISSING_VALUES);
const numeric = (...edges: number[]): BinLayout => ({
  type: 'numeric',
  bins: edges.slice(1).map((to, index) => ({ from: edges[index] ?? NaN, to })),
});
const categorical = (names: string[], others: string[] = [], complete = true): BinLayout => ({
  type: 'categorical',
  bins: names.map((category) => ({ category })),
  otherCategories: { complete, categories: others },
});
/** The label of a value's bin. */
function labelOf(layout: BinLayout, missing = MISSING): (value: unknown) => string | undefined {
  const { binOf, labels } = binnerOf(layout, missing);
  return (value) => labels[binOf(value)];
}

describe('a numeric feature', () => {
  const label = labelOf(numeric(0, 10, 20, 50));

  it.each([
    [0, '0'],
    [10, '0'],
    [10.0001, '1'],
    [20, '1'],
    [50, '2'],
    [-0.1, 'below'],
    [50.1, 'above'],
    [-Infinity, 'below'],
    [Infinity, 'above'],
    [NaN, 'missing'],
    [null, 'missing'],
    [undefined, 'missing'],
    ['', 'missing'],
    ['NA', 'missing'],
    ['12.5', '1'],
    [' 1e1 ', '0'],
    ['-inf', 'below'],
    ['٣', 'invalid'],
    ['0x1F', 'invalid'],
    ['1,000', 'invalid'],
    ['twelve', 'invalid'],
    [12n, '1'],
    [true, 'invalid'],
    [{}, 'invalid'],
    [[1], 'invalid'],
    [Symbol('x'), 'invalid'],
  ])('puts %p into bin %s', (value, bin) => expect(label(value)).toBe(bin));

  it('keeps a bin of the smallest value alone', () => {
    const spiky = labelOf(numeric(0, 0, 5));
    expect([-1, 0, 1e-9, 5].map(spiky)).toEqual(['below', '0', '1', '1']);
    expect([7, 8].map(labelOf(numeric(7, 7)))).toEqual(['0', 'above']);
  });

  it('takes a number for missing when told so, in each of its spellings', () => {
    const coded = labelOf(numeric(-2000, 0), new MissingValues(['-999']));
    expect([-999, '-999', '-999.0', -998, 'NA'].map(coded)).toEqual(['missing', 'missing', 'missing', '0', 'invalid']);
  });

  it('finds the same bin as a search from the front', () => {
    const edges = Array.from({ length: 38 }, (_, index) => index * index);
    const search = labelOf(numeric(...edges));
    for (let value = -2; value < 1400; value += 0.5) {
      const slow = edges.findIndex((edge) => value <= edge) - 1;
      const expected = value < 0 ? 'below' : slow === -2 ? 'above' : String(Math.max(0, slow));
      expect(search(value)).toBe(expected);
    }
  });
});

describe('a categorical feature', () => {
  const label = labelOf(categorical(['DE', '5411', 'caf\u00e9', 'true'], ['FR']));

  it.each([
    ['DE', '0'],
    ['de', 'new'],
    [5411, '1'],
    ['5411.0', '1'],
    ['05411', 'new'],
    [5411n, '1'],
    ['cafe\u0301', '2'],
    [true, '3'],
    ['FR', 'other'],
    ['XX', 'new'],
    [5412, 'new'],
    ['', 'missing'],
    ['NA', 'missing'],
    [null, 'missing'],
    [NaN, 'missing'],
    ['__proto__', 'new'],
    [{ a: 1 }, 'invalid'],
  ])('puts %p into bin %s', (value, bin) => expect(label(value)).toBe(bin));

  it('calls nothing new when it does not know all categories', () => {
    expect(labelOf(categorical(['a'], [], false))('b')).toBe('other');
  });

  it('names a category that spells like a missing value, when it is one of the bins', () => {
    expect(labelOf(categorical(['NA']))('NA')).toBe('0');
  });

  it('knows the spellings of a boolean', () => {
    const flag = labelOf({ ...categorical(['false', 'true']), type: 'boolean' } as BinLayout);
    expect([true, 'True', 'TRUE', 1, '1', 'false', 0, 'yes', null].map(flag)).toEqual([
      '1',
      '1',
      '1',
      '1',
      '1',
      '0',
      '0',
      'new',
      'missing',
    ]);
  });
});

it('reads numbers and names of categories as files have them', () => {
  expect(['1', '-1.5', '+2', '.5', '1e5', 'Infinity', '-inf'].map(numberOf)).toEqual([
    1,
    -1.5,
    2,
    0.5,
    1e5,
    Infinity,
    -Infinity,
  ]);
  expect(['', ' ', 'NaN', '1_000', '0b1', '1 2', '--1', 'info', '2024-01-01'].map(numberOf)).toEqual(
    Array(9).fill(NaN)
  );
  expect(['7.0', '7.00', '-7.0', '07.0', '7.10', '0.0'].map(categoryOf)).toEqual(['7', '7', '-7', '07.0', '7.10', '0']);
});
