import { inferenceSample } from '../../domain/testing/builders';
import { withinLimits } from './limits';

function limited(samples: Parameters<typeof withinLimits>[0]) {
  const drops: string[] = [];
  const kept = withinLimits(samples, 'GET /metrics', (reason, detail) => drops.push(`${reason} ${detail}`));
  return { kept, drops };
}

describe('what one server may become', () => {
  it('is fifty versions of a model, the others dropped and counted', () => {
    const many = Array.from({ length: 60 }, (_, index) => inferenceSample('fraud', `v${index}`));
    const { kept, drops } = limited([...many, inferenceSample('other', '1')]);
    expect(kept).toHaveLength(51);
    expect(drops).toHaveLength(10);
    expect(drops[0]).toBe('over_limit GET /metrics: expected at most 50 versions of fraud');
  });

  it.each([['a'.repeat(254)], ['a\nb']])('is no version such as %j', (version) => {
    const { kept, drops } = limited([inferenceSample('fraud', version), inferenceSample('fraud', 'release/7')]);
    expect(kept.map((sample) => sample.version)).toEqual(['release/7']);
    expect(drops[0]).toContain('wrong_type GET /metrics: expected a version');
  });

  it('is a histogram without buckets where it has too many', () => {
    const buckets = Array.from({ length: 201 }, (_, index) => ({ le: index, count: index }));
    const few = { buckets: buckets.slice(0, 200), sum: 3, count: 500 };
    const histograms = { duration: { buckets, sum: 1, count: 300 }, queue: few };
    const { kept, drops } = limited([inferenceSample('fraud', '', { histograms })]);
    expect(kept[0]?.histograms).toEqual({ duration: { buckets: [], sum: 1, count: 300 }, queue: few });
    expect(drops).toEqual(['over_limit GET /metrics: expected at most 200 bounds of duration, got 201']);
  });
});
