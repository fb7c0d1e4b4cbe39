import { Tally } from './tally';

const SCALES = [
  ['duration', 1e-3],
  ['execution', 1],
  ['routeDuration', 1e-6],
] as const;

describe('Tally', () => {
  it('tells bounds in base units, each label by the scale of its own measure', async () => {
    const tally = new Tally();
    for (const model of ['a', 'b']) {
      for (const [measure, scale] of SCALES) {
        const row = tally.row(model, '');
        for (const labels of [{ le: '35' }, { le: '+Inf' }, { le: 'none' }, {}]) row.bucket(measure, labels, 1, scale);
        row.sum(measure, 2);
        row.count(measure, 1);
      }
    }
    const bounded = (le: number) => ({ buckets: [{ le, count: 1 }], sum: 2, count: 1 });
    expect((await tally.samples()).map(({ histograms }) => histograms)).toEqual(
      // Not 0.000034999999999999995.
      ['a', 'b'].map(() => ({ duration: bounded(0.035), execution: bounded(35), routeDuration: bounded(0.000035) }))
    );
  });
});
