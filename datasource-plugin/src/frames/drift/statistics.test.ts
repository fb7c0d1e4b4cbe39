import { DRIFT_METHODS, type DriftMethod } from '@modelwatch/contract';
import { driftOf, sharesAsCounted } from './statistics';

/** Ten equal bins and 3,780 rows; the values were computed with scipy and numpy. */
const ROWS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 0].map((step) => step * 60);
const EXPECTED: Readonly<Record<DriftMethod, number>> = {
  psi: 0.8137187476562899,
  kl: 0.6384391220930931,
  js: 0.27631626902442363,
  hellinger: 0.2554810064046536,
  tvd: 0.21400264200792601,
  linf: 0.09986789960369882,
  chi2: 991.4285714285714,
};
const bins = ROWS.map((rows) => ({ rows, reference: 0.1 }));

describe('statistics', () => {
  it.each(DRIFT_METHODS)('%s is what scipy says', (method) => {
    expect(driftOf(method, bins)?.score).toBeCloseTo(EXPECTED[method], 9);
  });

  it.each(['psi', 'kl', 'tvd', 'chi2'] as const)('%s is the sum of what the bins add', (method) => {
    const found = driftOf(method, bins);
    expect(found?.adds.reduce<number>((total, part) => total + (part ?? NaN), 0)).toBeCloseTo(EXPECTED[method], 9);
  });

  it.each(['js', 'hellinger', 'linf'] as const)('%s has no parts', (method) => {
    expect(new Set(driftOf(method, bins)?.adds)).toEqual(new Set([null]));
  });

  it('of no rows is nothing, and not 0', () => {
    expect(
      driftOf(
        'psi',
        bins.map(({ reference }) => ({ rows: 0, reference }))
      )
    ).toBeUndefined();
    expect(driftOf('psi', [])).toBeUndefined();
  });

  it('gives the shares of the reference back as they were counted', () => {
    const counts = [600, 400, 0];
    const smoothed = counts.map((count) => (count + 0.5) / (1000 + 0.5 * 3));
    sharesAsCounted(smoothed, 1000).forEach((share, index) =>
      expect(share).toBeCloseTo((counts[index] ?? 0) / 1000, 12)
    );
  });
});
