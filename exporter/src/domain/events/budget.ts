/** What a model costs in series of events, before anybody pays for it. */
import { binsOf, type Reference } from '@modelwatch/contract';
import type { MonitoringSettings } from './monitored';
import { isWatched } from './settings';

/** Series of events that one model may have. */
export const SERIES_BUDGET = 2_000;

/** Counters of one version of a model: one for each bin of each watched feature and of the prediction. */
export function seriesOf(
  { features, prediction }: Pick<Reference, 'features' | 'prediction'>,
  settings: Pick<MonitoringSettings, 'tracked' | 'excluded'>
): number {
  const watched = features.filter(({ name }) => isWatched(settings, name));
  const columns = prediction ? [...watched, prediction] : watched;
  return columns.reduce((sum, column) => sum + binsOf(column).length, 0);
}

/** In words, with what helps; nothing while it fits. */
export function overBudget(series: number): string | undefined {
  if (series <= SERIES_BUDGET) return undefined;
  const [cost, budget] = [series, SERIES_BUDGET].map((value) => value.toLocaleString('en-US'));
  return `expected at most ${budget} series, one for each bin, got ${cost}: watch fewer features, or make fewer bins or categories`;
}
