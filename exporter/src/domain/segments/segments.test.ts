import type { ColumnReference, Reference } from '@modelwatch/contract';
import { accuracyPlan } from '../accuracy/settings';
import { DEFAULT_SETTINGS } from '../events/monitored';
import { planOf } from '../events/plan';
import { numericFeature, referenceOf } from '../testing/references';
import { CLASS_SUMS, PAIR_SUMS, SegmentCounts, type SegmentBasis, type SegmentTable } from './counts';
import { referenceCounts, referenceRows, segmentsKept, segmentsOf, type SegmentSettings } from './plan';

const byRegion = (column: ColumnReference, region: Record<string, readonly number[]>): ColumnReference => ({
  ...column,
  segments: { region },
});
/** Two bins and four special ones. */
const amount = byRegion(numericFeature('amount', [40, 60], 0.7), {
  EU: [30, 20, 0, 0, 0, 0],
  US: [10, 30, 0, 0, 0, 0],
  other: [0, 8, 0, 0, 0, 0],
  missing: [0, 2, 0, 0, 0, 0],
});
const age = byRegion(numericFeature('age', [100], 0.3), {
  EU: [50, 0, 0, 0, 0],
  US: [40, 0, 0, 0, 0],
  other: [8, 0, 0, 0, 0],
  missing: [2, 0, 0, 0, 0],
});
const REGION = {
  column: 'region',
  values: [
    { value: 'EU', rows: 50 },
    { value: 'US', rows: 40 },
  ],
  otherRows: 8,
  missingRows: 2,
};
const REFERENCE = referenceOf({ features: [age, amount], segments: [REGION] });
const HIDDEN: SegmentSettings = { showCategories: false };

describe('the segments of a model', () => {
  it('are those of its reference, whose values are labels only where categories may be', () => {
    const labels = (settings: SegmentSettings) => segmentsOf([REFERENCE], settings).map((segment) => segment.labels);
    expect(labels(HIDDEN)).toEqual([['0', '1', 'other', 'missing']]);
    expect(labels({ showCategories: ['region'] })).toEqual([['EU', 'US', 'other', 'missing']]);
    expect(labels({ showCategories: ['amount'] })).toEqual([['0', '1', 'other', 'missing']]);
    expect(labels({ ...HIDDEN, segments: [{ column: 'region', values: ['US', 'BR'] }] })).toEqual([
      ['US', 'BR', 'other', 'missing'],
    ]);
    expect(labels({ ...HIDDEN, segments: [] })).toEqual([]);
    // Neither the reference nor the owner says values of it.
    expect(labels({ ...HIDDEN, segments: [{ column: 'channel' }] })).toEqual([]);
    expect(segmentsOf([], { ...HIDDEN, segments: [{ column: 'vip', values: ['true'] }] })).toHaveLength(1);
  });

  it('are compared with what the reference says of the value, and of no other', () => {
    const [own] = segmentsOf([REFERENCE], HIDDEN);
    const [narrow] = segmentsOf([REFERENCE], { ...HIDDEN, segments: [{ column: 'region', values: ['US'] }] });
    const [wide] = segmentsOf([REFERENCE], { ...HIDDEN, segments: [{ column: 'region', values: ['US', 'BR'] }] });
    if (!own || !narrow || !wide) throw new Error('expected segments');
    expect(referenceRows(REFERENCE, own)).toEqual([50, 40, 8, 2]);
    expect(referenceRows(REFERENCE, narrow)).toEqual([40, 58, 2]);
    expect(referenceCounts(amount, narrow)[1]).toEqual([30, 28, 0, 0, 0, 0]);
    // Some of the others are of BR, and nobody knows which.
    expect(referenceRows(REFERENCE, wide)).toEqual([40, undefined, undefined, 2]);
    expect(referenceCounts(amount, wide).map((counts) => counts?.[0])).toEqual([10, undefined, undefined, 0]);
    expect(referenceCounts(numericFeature('amount', [40, 60]), own)).toEqual(own.places.map(() => undefined));
  });

  it('keep a value that has a name, and no other', () => {
    const segments = segmentsOf([REFERENCE], HIDDEN);
    expect(segmentsKept(segments, { region: 'EU' })).toEqual(['region', 'EU']);
    expect(segmentsKept(segments, { region: 'somebody' })).toEqual(['region', 'other']);
    expect(segmentsKept(segments, {})).toEqual(['region', 'missing']);
  });
});

const ACCURACY = accuracyPlan({
  references: [{ task: 'classification', classes: ['no', 'yes'] }],
  settings: {},
  window: '1d',
});

function basisOf(reference: Reference, change: Partial<SegmentBasis> = {}): SegmentBasis {
  return {
    segments: segmentsOf([reference], HIDDEN),
    plans: [planOf({ reference }, DEFAULT_SETTINGS)],
    accuracy: undefined,
    reserve: 0,
    ...change,
  };
}

function countsWith(limit: number) {
  let taken = 0;
  const counts = new SegmentCounts({
    limit,
    free: () => limit - taken,
    take: (series) => void (taken += series),
  });
  return { counts, taken: () => taken };
}

const shown = ({ content }: SegmentTable) => (content.kind === 'bins' ? content.column.feature : content.kind);
const rowsOf = ({ segment, width, counts }: SegmentTable) =>
  Object.fromEntries(segment.places.map((place, at) => [place, [...counts.slice(at * width, (at + 1) * width)]]));
const tableOf = (counts: SegmentCounts, name: string) => {
  const found = counts.tables.find((table) => shown(table) === name);
  if (!found) throw new Error(`expected a table ${name}`);
  return rowsOf(found);
};

describe('counts by segment', () => {
  it('add up to the whole, whatever the values are', () => {
    const { counts } = countsWith(1_000);
    counts.declare(basisOf(REFERENCE));
    for (const region of ['EU', 'EU', 'US', 'BR', null, 7, ['EU'], undefined]) {
      counts.count({ features: { region, amount: 5, age: 5 }, prediction: undefined }, REFERENCE.id);
    }
    counts.count({ features: { amount: 5 }, prediction: undefined }, 'of another reference');
    expect(tableOf(counts, 'predictions')).toEqual({ EU: [2], US: [1], other: [3], missing: [3] });
    expect(tableOf(counts, 'amount')).toMatchObject({ EU: [2, 0, 0, 0, 0, 0], missing: [2, 0, 0, 0, 0, 0] });
  });

  it('have half of the series of a model at most, the important features first; what is over is counted', () => {
    const { counts, taken } = countsWith(60);
    counts.declare(basisOf(REFERENCE));
    // 4 places: 4 of predictions, 24 of amount, 20 of age.
    expect(counts.tables.map(shown)).toEqual(['predictions', 'amount']);
    expect([taken(), counts.refused]).toEqual([28, 20]);
    counts.declare(basisOf(REFERENCE, { reserve: 40 }));
    expect([taken(), counts.refused, counts.tables.map(shown)]).toEqual([4, 44, ['predictions']]);
    counts.declare(basisOf(REFERENCE, { segments: [] }));
    expect([taken(), counts.refused]).toEqual([0, 0]);
  });

  it('go on where the segment is as before, and start anew where it is not', () => {
    const { counts } = countsWith(1_000);
    counts.declare(basisOf(REFERENCE));
    counts.count({ features: { region: 'EU', amount: 5 }, prediction: undefined }, REFERENCE.id);
    counts.declare(basisOf(REFERENCE));
    expect(tableOf(counts, 'predictions')).toMatchObject({ EU: [1] });
    const segments = segmentsOf([REFERENCE], { ...HIDDEN, segments: [{ column: 'region', values: ['US', 'EU'] }] });
    counts.declare(basisOf(REFERENCE, { segments }));
    expect(tableOf(counts, 'predictions')).toMatchObject({ EU: [0] });
  });

  it('tell by value how right a classifier is', () => {
    const { counts } = countsWith(1_000);
    counts.declare(basisOf(REFERENCE, { accuracy: ACCURACY }));
    const pair = (predicted: number, actual: number, ...kept: string[]) =>
      counts.pair({ task: 'classification', predicted, actual, isPositive: actual === 1 }, kept);
    pair(1, 1, 'region', 'EU');
    pair(1, 0, 'region', 'EU');
    pair(0, 1, 'channel', 'web', 'region', 'US');
    // Kept while it had a name, and before the segment was watched.
    pair(1, 1, 'region', 'BR');
    pair(1, 1);
    const { EU = [], US = [], other = [] } = tableOf(counts, 'pairs');
    const sums = (row: readonly number[], at: number) => Object.values(CLASS_SUMS).map((sum) => row[3 * at + sum]);
    expect([EU[PAIR_SUMS.pairs], sums(EU, 0), sums(EU, 1)]).toEqual([2, [0, 1, 0], [2, 1, 1]]);
    expect([US[PAIR_SUMS.pairs], sums(US, 0), sums(US, 1)]).toEqual([1, [1, 0, 0], [0, 1, 0]]);
    expect(sums(other, 1)).toEqual([1, 1, 1]);
  });

  it('tell by value how far a regression is off', () => {
    const { counts } = countsWith(1_000);
    counts.declare(basisOf(REFERENCE, { accuracy: { ...ACCURACY, task: 'regression' } }));
    counts.pair({ task: 'regression', predicted: 5, actual: 3 }, ['region', 'EU']);
    counts.pair({ task: 'regression', predicted: 1, actual: 4 }, ['region', 'EU']);
    expect(tableOf(counts, 'pairs')['EU']).toEqual([2, 13, 2, 3]);
  });
});
