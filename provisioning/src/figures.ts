/** Panels made of the figures of the data source: one table says what a figure is, here and in the query editor. */
import { figureOf, type Figure, type FigureKind, type Select } from '../../datasource-plugin/src/query/figures';
import { stat, timeseries, type PanelSpec, type Query } from './parts';
import type { Panel, Variant } from './types';

export interface FigureSpec extends Omit<PanelSpec, 'queries' | 'description'> {
  readonly kind: FigureKind;
  /** Of one unit. */
  readonly metrics: readonly string[];
  /** Matchers of every selector. */
  readonly selected: string;
  /** Labels of a line that its legend leaves out: the variables of the dashboard choose one value. */
  readonly without: readonly string[];
  /** Default: what the figures say of themselves. */
  readonly description?: string;
  /** Words of the legend for each figure, where there are several. */
  readonly names?: readonly string[];
  /** The same before, as long ago. */
  readonly before?: '1d' | '7d';
}

function selectWith(selected: string, offset: string): Select {
  return (name, { matchers = [], over } = {}) => {
    const window = over === 'time range' ? '$__range' : over;
    return `${name}{${[...matchers, selected].join(', ')}}${window === undefined ? '' : `[${window}]`}${offset}`;
  };
}

function legendOf(figure: Figure, { without }: FigureSpec, name: string): string {
  const labels = figure.by.filter((label) => !without.includes(label)).map((label) => `{{${label}}}`);
  return [...labels, ...(name ? [name] : [])].join(' ') || figure.label;
}

function queriesOf(spec: FigureSpec): { figures: readonly Figure[]; queries: readonly Query[] } {
  const figures = spec.metrics.map((metric) => figureOf(spec.kind, metric));
  const now = figures.map((figure, index) => ({
    expr: figure.expr(selectWith(spec.selected, '')),
    legend: legendOf(figure, spec, spec.names?.[index] ?? ''),
  }));
  const { before } = spec;
  const earlier = before
    ? figures.map((figure, index) => ({
        expr: figure.expr(selectWith(spec.selected, ` offset ${before}`)),
        legend: legendOf(figure, spec, `${spec.names?.[index] ?? ''} ${before} ago`.trim()),
      }))
    : [];
  return { figures, queries: [...now, ...earlier] };
}

function panelOf(
  draw: (variant: Variant, spec: PanelSpec, unit: string, thresholds?: Figure['thresholds']) => Panel,
  variant: Variant,
  spec: FigureSpec
): Panel {
  const { id, title, gridPos, noValue } = spec;
  const { figures, queries } = queriesOf(spec);
  const [first] = figures;
  if (!first || figures.some(({ unit }) => unit !== first.unit)) {
    throw new RangeError(`panel ${id}: expected figures of one unit, got ${spec.metrics.join(', ')}`);
  }
  const description = spec.description ?? [...new Set(figures.map((figure) => figure.description))].join(' ');
  const panel = { id, title, gridPos, description, queries, ...(noValue === undefined ? {} : { noValue }) };
  return draw(variant, panel, first.unit, first.thresholds);
}

export function figurePanel(variant: Variant, spec: FigureSpec): Panel {
  return panelOf((which, panel, unit, thresholds) => timeseries(which, panel, unit, 0, thresholds), variant, spec);
}

/** The same as numbers of now. */
export function figureStat(variant: Variant, spec: FigureSpec): Panel {
  return panelOf(stat, variant, spec);
}
