/** Bounds of histograms of requests: where what took longer than a threshold can be counted. */
import type { InferenceHistogram } from '@modelwatch/contract';
import type { InferenceSample } from './observation';
import type { ModelView, PipelineView } from './views';

/**
 * Bounds that every replica with buckets has, ascending: a share below another bound than the one it is said to be would
 * be wrong. Empty where no replica has buckets.
 */
export function commonBounds(view: Pick<ModelView, 'endpoints' | 'routes'>, measure: InferenceHistogram): number[] {
  const all: Buckets[] = [];
  const collect = (samples: readonly InferenceSample[] = []) => {
    for (const { histograms } of samples) all.push(histograms[measure]?.buckets ?? []);
  };
  for (const { inference } of view.endpoints) collect(inference);
  for (const { samples } of view.routes ?? []) collect(samples);
  return common(all);
}

/** Of how long requests take. Of a model whose server has no buckets the proxies before it count, as they do for its quantiles. */
export function durationBounds(view: Pick<ModelView, 'endpoints' | 'routes'>): number[] {
  const ofServers = commonBounds(view, 'duration');
  return ofServers.length > 0 ? ofServers : commonBounds(view, 'routeDuration');
}

/** The same of a pipeline, at its gateways. */
export function pipelineBounds({ calls = [] }: Pick<PipelineView, 'calls'>): number[] {
  return common(calls.map(({ duration }) => duration?.buckets ?? []));
}

type Buckets = readonly { readonly le: number }[];

/** Replicas of one model have the same bounds nearly always: then nothing is looked up. */
function common(all: readonly Buckets[]): number[] {
  let bounds: number[] | undefined;
  for (const buckets of all) {
    if (buckets.length === 0) continue;
    if (!bounds) bounds = buckets.map(({ le }) => le);
    else if (!isSame(bounds, buckets)) bounds = bounds.filter((le) => buckets.some((bucket) => bucket.le === le));
  }
  return bounds ?? [];
}

function isSame(bounds: readonly number[], buckets: Buckets): boolean {
  return bounds.length === buckets.length && bounds.every((le, index) => le === buckets[index]?.le);
}
