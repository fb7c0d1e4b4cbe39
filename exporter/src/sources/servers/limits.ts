/**
 * What one server may become in metrics. Labels come from its page, and a page can be hostile or broken: clients name
 * versions in requests to some servers, and a histogram can have any number of bounds.
 */
import type { InferenceHistogram } from '@modelwatch/contract';
import type { HistogramSample, InferenceSample } from '../../domain/observation';
import type { Drop } from './probe';

const MAX_VERSIONS = 50;
const MAX_BOUNDS = 200;
// eslint-disable-next-line no-control-regex -- refusing control characters is the point
const VERSION = /^[^\u0000-\u001f\u007f]{0,253}$/;

/** The first versions of each model, and histograms without buckets where they have too many; the rest is dropped. */
export function withinLimits(samples: readonly InferenceSample[], place: string, drop: Drop): InferenceSample[] {
  const versions = new Map<string, number>();
  const kept: InferenceSample[] = [];
  for (const sample of samples) {
    const { model, version } = sample;
    const known = versions.get(model) ?? 0;
    if (!VERSION.test(version)) {
      drop(
        'wrong_type',
        `${place}: expected a version of at most 253 characters, none of control, got ${JSON.stringify(version.slice(0, 80))}`
      );
    } else if (known >= MAX_VERSIONS) {
      drop('over_limit', `${place}: expected at most ${MAX_VERSIONS} versions of ${model}`);
    } else {
      versions.set(model, known + 1);
      kept.push(withFewBounds(sample, place, drop));
    }
  }
  return kept;
}

function withFewBounds(sample: InferenceSample, place: string, drop: Drop): InferenceSample {
  const entries = Object.entries(sample.histograms) as [InferenceHistogram, HistogramSample][];
  if (entries.every(([, { buckets }]) => buckets.length <= MAX_BOUNDS)) return sample;
  const histograms = entries.map(([measure, histogram]) => {
    if (histogram.buckets.length <= MAX_BOUNDS) return [measure, histogram] as const;
    drop(
      'over_limit',
      `${place}: expected at most ${MAX_BOUNDS} bounds of ${measure}, got ${histogram.buckets.length}`
    );
    return [measure, { ...histogram, buckets: [] }] as const;
  });
  return { ...sample, histograms: Object.fromEntries(histograms) };
}
