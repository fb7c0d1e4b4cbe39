import { ORDERED_METHODS } from '@modelwatch/contract';
import CASES from './fixtures/ordered_distances.json';
import { orderedDistance, type PlacedBin } from './ordered';

/** As a distribution has them: special bins last, and half a row added to each bin of the reference. */
function binsOf({ edges, rows, reference, above }: (typeof CASES)[number]): PlacedBin[] {
  const total = reference.reduce((sum, count) => sum + count, 0) + 40;
  const names = [...edges.map((_, index) => String(index)), ...(above ? ['above'] : [])];
  const smoothed = (count: number) => (count + 0.5) / (total + 0.5 * (names.length + 2));
  return [
    ...names.map((bin, index): PlacedBin => {
      const [from = null, to = null] = edges[index] ?? [];
      return { bin, from, to, share: smoothed(reference[index] ?? 0), rows: rows[index] };
    }),
    { bin: 'missing', from: null, to: null, share: smoothed(40), rows: 500 },
    { bin: 'invalid', from: null, to: null, share: smoothed(0), rows: 3 },
  ];
}
const referenceRows = ({ reference }: (typeof CASES)[number]) => reference.reduce((sum, count) => sum + count, 40);

describe('a distance of ordered bins', () => {
  it.each(CASES.flatMap((one) => ORDERED_METHODS.map((method) => [method, one.name, one] as const)))(
    '%s of %s is what scipy says of rows spread over the bins, without those that have no number',
    (method, _name, one) => {
      const found = orderedDistance(method, binsOf(one), referenceRows(one));
      expect(Math.abs((found ?? NaN) - one[method])).toBeLessThanOrEqual(1e-6 * Math.max(1, one[method]));
    }
  );

  it('moves what lies below and above to the ends, whatever the order of the bins', () => {
    const bins = [
      { bin: 'above', from: null, to: null, share: 0, rows: 0 },
      { bin: 'below', from: null, to: null, share: 0, rows: 100 },
      { bin: '1', from: 10, to: 20, share: 1, rows: 0 },
      { bin: '0', from: 0, to: 10, share: 0, rows: 0 },
    ];
    // From the middle of the upper bin, 15, to the lower end, 0.
    expect(orderedDistance('wasserstein', bins, undefined)).toBeCloseTo(15, 12);
    expect(orderedDistance('ks', bins, undefined)).toBe(1);
  });

  it('is none of names, of rows that all lack a number, and by a spread of 0', () => {
    const one = (from: number | null, to: number | null, rows: number) => [{ bin: '0', from, to, share: 1, rows }];
    expect(orderedDistance('ks', one(null, null, 9), undefined)).toBeUndefined();
    expect(orderedDistance('ks', one(0, 1, 0), undefined)).toBeUndefined();
    expect(orderedDistance('wasserstein_normed', one(3, 3, 9), undefined)).toBeUndefined();
    expect(orderedDistance('wasserstein', one(3, 3, 9), undefined)).toBe(0);
  });
});
