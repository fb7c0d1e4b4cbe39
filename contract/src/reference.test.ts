import { binsOf, decodeReference, REFERENCE_SCHEMA } from './reference';

const amount = {
  name: 'amount',
  type: 'numeric',
  rule: 'quantile',
  bins: [
    { from: 0, to: 10, count: 3, share: 0.33 },
    { from: 10, to: 50, count: 4, share: 0.44 },
  ],
  special: { below: { count: 0 }, above: { count: 0 }, missing: { count: 2 }, invalid: { count: 0 } },
  importance: 0.5,
};
const country = {
  name: 'country',
  type: 'categorical',
  bins: [{ category: 'DE', count: 5 }],
  special: { other: { count: 3 }, new: { count: 0 }, missing: { count: 1 }, invalid: { count: 0 } },
  otherCategories: { complete: true, categories: ['FR'] },
};
const document = {
  schema: REFERENCE_SCHEMA,
  id: '0123456789ab',
  name: 'train',
  rows: 9,
  missingValues: ['', 'NA'],
  features: [amount, country],
};

/** The document with the value at a path in another state. */
function changed(path: string, value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(document));
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const holder = keys.reduce((at, key) => (at as Record<string, unknown>)[key], copy) as Record<string, unknown>;
  holder[last] = value;
  return copy;
}

describe('decodeReference', () => {
  it('reads a document, and computes shares from counts', () => {
    const reference = decodeReference(document);
    expect(reference.features.map(({ name }) => name)).toEqual(['amount', 'country']);
    expect(reference.features[0] && binsOf(reference.features[0])).toEqual([
      { bin: '0', count: 3, share: 3 / 9 },
      { bin: '1', count: 4, share: 4 / 9 },
      { bin: 'below', count: 0, share: 0 },
      { bin: 'above', count: 0, share: 0 },
      { bin: 'missing', count: 2, share: 2 / 9 },
      { bin: 'invalid', count: 0, share: 0 },
    ]);
  });

  it.each([
    ['schema', 'modelwatch-reference/2', 'schema: expected modelwatch-reference/1, got "modelwatch-reference/2"'],
    ['id', 'ABC', 'id: expected 12 hexadecimal digits'],
    ['rows', 8.5, 'rows: expected a whole number from 0, got 8.5'],
    ['rows', 8, 'features[0].bins: expected counts that add up to the 8 rows, got 9'],
    ['features', [], 'features: expected at least one feature'],
    ['features.1.name', 'amount', 'features[1].name: expected each name once, got "amount"'],
    ['features.0.type', 'text', 'features[0].type: expected one of numeric, categorical, boolean, got "text"'],
    ['features.0.importance', 2, 'features[0].importance: expected a number from 0 to 1, got 2'],
    ['features.0.bins.1.from', 11, 'features[0].bins[1].from: expected the end of the bin before, 10, got 11'],
    ['features.0.bins.1.to', 10, 'features[0].bins[1].to: expected a number above 10, got 10'],
    ['features.0.bins.0.to', null, 'features[0].bins[0].to: expected a finite number, got null'],
    ['features.0.bins.0.count', -1, 'features[0].bins[0].count: expected a whole number from 0, got -1'],
    ['features.0.special.missing', undefined, 'features[0].special.missing: expected an object'],
    ['features.0.segments', { region: { EU: [1, 2] } }, 'features[0].segments.region: expected a column of segments'],
    [
      'features.1.otherCategories.categories',
      ['DE'],
      'otherCategories.categories[0]: expected each name once, got "DE"',
    ],
    ['baseline', { acuracy: 1 }, 'baseline.acuracy: expected one of accuracy,'],
    ['target', { name: 'y' }, 'target.type: expected one of numeric'],
  ])('refuses another %s', (path, value, message) => {
    expect(() => decodeReference(changed(path, value))).toThrow(message);
  });

  it.each([[null], ['text'], [[]], [{}]])('refuses %j', (value) => {
    expect(() => decodeReference(value)).toThrow(/expected/);
  });

  it('takes a first bin of one value alone', () => {
    expect(() => decodeReference(changed('features.0.bins.0.to', 0))).toThrow('bins[1].from');
    const spiky = changed('features.0.bins', [
      { from: 0, to: 0, count: 3 },
      { from: 0, to: 50, count: 4 },
    ]);
    expect(decodeReference(spiky).rows).toBe(9);
  });
});

describe('segments of a reference', () => {
  const ofAmount = { EU: [2, 3, 0, 0, 1, 0], other: [1, 1, 0, 0, 0, 0], missing: [0, 0, 0, 0, 1, 0] };
  const segmented = (segment: object, counts: object = ofAmount) => ({
    ...document,
    features: [{ ...amount, segments: { region: counts } }, country],
    segments: [{ column: 'region', values: [{ value: 'EU', rows: 6 }], otherRows: 2, missingRows: 1, ...segment }],
  });

  it('reads rows by value and bin', () => {
    const { segments, features } = decodeReference(segmented({}));
    expect(segments).toEqual([{ column: 'region', values: [{ value: 'EU', rows: 6 }], otherRows: 2, missingRows: 1 }]);
    expect(features[0]?.segments).toEqual({ region: ofAmount });
  });

  it.each([
    [segmented({ otherRows: 3 }), 'segments[0]: expected rows that add up to 9, got 10'],
    [segmented({ values: [] }), 'segments[0].values: expected 1 to 10 values'],
    [
      segmented({ values: [{ value: 'other', rows: 6 }] }),
      'segments[0].values[0].value: expected each value once, and',
    ],
    [{ ...document, segments: [1, 2, 3].map(() => segmented({}).segments[0]) }, 'segments: expected at most 2 columns'],
    [segmented({}, { ...ofAmount, EU: [2, 3] }), 'features[0].segments.region.EU: expected 6 counts, one a bin, got 2'],
    [segmented({}, { ...ofAmount, EU: [2, 2, 0, 0, 1, 0] }), 'region.EU: expected counts that add up to its 6 rows'],
    [segmented({}, { ...ofAmount, EU: [3, 2, 0, 0, 1, 0] }), 'region: expected 3 rows in bin 0, as the column, got 4'],
    [segmented({}, { ...ofAmount, US: [] }), 'region.US: expected a value of the segment region'],
  ])('refuses what does not add up (%#)', (value, message) => {
    expect(() => decodeReference(value)).toThrow(message);
  });
});
