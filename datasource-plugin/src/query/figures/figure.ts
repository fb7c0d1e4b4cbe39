/** A figure: something that can be asked for over time, with all that a panel needs to show it. */
import type { FilterField } from '../types';

/**
 * Writes a selector with the matchers of the query, and with the shift of an earlier period where that is asked for.
 * `over`: a window of it, in PromQL's words or as long as the time range. `of`: the series is of a whole model, where
 * the query may be of one feature or one score.
 */
export type Select = (
  name: string,
  more?: {
    readonly matchers?: readonly string[];
    readonly over?: 'time range' | '5m' | '1h' | '1d';
    readonly of?: 'model';
  }
) => string;

export interface Figure {
  /** As in the editor and in Grafana's legend where there is one line. */
  readonly label: string;
  readonly description: string;
  /** Grafana's id of the unit. */
  readonly unit: string;
  /** Labels that tell one line from another, the most general first. */
  readonly by: readonly string[];
  readonly expr: (select: Select) => string;
  /** From where on it is worth a look, and from where on somebody should act. Absent: that is the user's to say. */
  readonly thresholds?: { readonly warning: number; readonly critical: number };
}

/** All figures of one kind of query. */
export interface FigureKindTable<Metric extends string = string> {
  readonly label: string;
  readonly description: string;
  readonly figures: Readonly<Record<Metric, Figure>>;
  readonly fallback: Metric;
  /** Filters that mean something for them. */
  readonly filters: readonly FilterField[];
  /** They are about models, which platform and health can choose. */
  readonly ofModels: boolean;
}

/** Labels that say where something is, the most general first: in names they are joined as a path. */
export const PATH_LABELS: readonly string[] = [
  'cluster',
  'namespace',
  'model',
  'server',
  'pipeline',
  'experiment',
  'replica',
];

/** Said of a part of what pods use that several models share. What is the model's alone needs no word. */
export const APPORTIONED = 'share of shared pods';

export const MODEL_BY = ['cluster', 'namespace', 'model'] as const;

/** One value per line however many Prometheus servers or exporters hold the series. */
export function highest(by: readonly string[], expr: string): string {
  return `max by (${by.join(', ')}) (${expr})`;
}

/** A figure that is recorded as it is shown. */
export function recordedFigure(
  series: { readonly name: string; readonly help: string },
  by: readonly string[],
  label: string,
  unit: string,
  thresholds?: Figure['thresholds']
): Figure {
  return {
    label,
    unit,
    by,
    description: series.help,
    expr: (select) => highest(by, select(series.name)),
    ...(thresholds && { thresholds }),
  };
}
