/** Which columns of a reference are watched, where their counts stand, and how a value finds its bin. */
import type { ColumnReference, DriftSubject, Reference } from '@modelwatch/contract';
import { binnerOf, type Binner } from '../binning';
import { MissingValues } from '../values';
import type { MonitoredReference, MonitoringSettings } from './monitored';
import { isWatched } from './settings';

export interface WatchedColumn extends Binner {
  readonly subject: DriftSubject;
  /** Empty for the prediction. */
  readonly feature: string;
  readonly column: ColumnReference;
  /** Where the counts of its bins begin. */
  readonly offset: number;
}

/** A reference as a model is compared with it. */
export interface WatchPlan extends MonitoredReference {
  /** The prediction first, then starred features, then by importance: if there is no room for all, the last are left out. */
  readonly columns: readonly WatchedColumn[];
  /** Bins of all columns together. */
  readonly series: number;
  /** Of all features of the reference, watched or not, and of columns of segments. */
  readonly names: ReadonlySet<string>;
}

export function planOf({ reference, version }: MonitoredReference, settings: MonitoringSettings): WatchPlan {
  const missing = new MissingValues(reference.missingValues);
  const columns: WatchedColumn[] = [];
  let offset = 0;
  const add = (subject: DriftSubject, column: ColumnReference) => {
    const binner = binnerOf(column, missing);
    columns.push({ ...binner, subject, feature: subject === 'feature' ? column.name : '', column, offset });
    offset += binner.bins;
  };
  if (reference.prediction) add('prediction', reference.prediction);
  for (const column of watchedFeatures(reference, settings)) add('feature', column);
  return {
    reference,
    ...(version === undefined ? {} : { version }),
    columns,
    series: offset,
    names: namesOf(reference, settings),
  };
}

function namesOf({ features, segments = [] }: Reference, settings: MonitoringSettings): Set<string> {
  const columns = [...segments, ...(settings.segments ?? [])].map(({ column }) => column);
  return new Set([...features.map(({ name }) => name), ...columns]);
}

/** The columns that fit into so many series, from the first on. */
export function cutPlan(plan: WatchPlan, series: number): WatchPlan {
  if (plan.series <= series) return plan;
  const columns: WatchedColumn[] = [];
  for (const column of plan.columns) {
    if (column.offset + column.bins > series) break;
    columns.push(column);
  }
  return { ...plan, columns, series: columns.reduce((sum, { bins }) => sum + bins, 0) };
}

function watchedFeatures({ features }: Reference, settings: MonitoringSettings) {
  const rank = ({ name, importance = 0 }: ColumnReference) => (settings.starred.includes(name) ? 2 : importance);
  return features.filter(({ name }) => isWatched(settings, name)).toSorted((a, b) => rank(b) - rank(a));
}
