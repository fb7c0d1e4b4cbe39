/** What a model costs in series of events, before anybody pays for it: its bins, for each version that it is called with. */
import type { Reference } from '@modelwatch/contract';
import type { MonitoringSettings } from './monitored';
import { isWatched } from './settings';

/** Counters of one version of a model: one for each bin of each watched feature and of the prediction. */
export function seriesOf(
  { features, prediction }: Pick<Reference, 'features' | 'prediction'>,
  settings: Pick<MonitoringSettings, 'tracked' | 'excluded'>
): number {
  const watched = features.filter(({ name }) => isWatched(settings, name));
  const columns = prediction ? [...watched, prediction] : watched;
  return columns.reduce((sum, { bins, special }) => sum + bins.length + Object.keys(special).length, 0);
}

/** In words, with what helps; nothing while it fits. */
export function overBudget(series: number, budget: number): string | undefined {
  if (series <= budget) return undefined;
  const [cost, most] = [series, budget].map((value) => value.toLocaleString('en-US'));
  return `expected at most ${most} series, one for each bin, got ${cost}: the last features are not counted; watch fewer, make fewer bins or categories, or raise events.maxSeriesPerModel`;
}
