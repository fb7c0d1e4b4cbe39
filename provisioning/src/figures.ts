/** Panels made of the figures of the data source: one table says what a figure is, here and in the query editor. */
import {
  APPORTIONED,
  PATH_LABELS,
  figureOf,
  type Figure,
  type FigureKind,
  type Select,
} from '../../datasource-plugin/src/query/figures';
import { stat, timeseries, type PanelSpec, type Query } from './parts';
import type { GridPosition, Panel, Variant } from './types';

export interface FigureSpec extends Omit<PanelSpec, 'queries' | 'description'> {
  readonly kind: FigureKind;
  /** Of one unit. */
  readonly metrics: readonly string[];
  /** Matchers of every selector. */
  readonly selected: string;
  /** Those of what is of a part of a model, as a feature is. */
  readonly narrowed?: string;
  /** Labels of a line that its legend leaves out: the variables of the dashboard choose one value. */
  readonly without: readonly string[];
  /** Default: what the figures say of themselves. */
  readonly description?: string;
  /** Words of the legend for each figure, where there are several. */
  readonly names?: readonly string[];
  /** Whether the axis begins at 0; it does unless told otherwise. */
  readonly fromZero?: boolean;
  /** The same before, as long ago. */
  readonly before?: '1d' | '7d';
}

function selectWith({ selected, narrowed }: FigureSpec, offset: string): Select {
  return (name, { matchers = [], over, of } = {}) => {
    const window = over === 'time range' ? '$__range' : over;
    const narrow = narrowed === undefined || of === 'model' ? [] : [narrowed];
    return `${name}{${[...matchers, ...narrow, selected].join(', ')}}${window === undefined ? '' : `[${window}]`}${offset}`;
  };
}

/** Cluster, place, what is beside it, name: `{{cluster}} {{namespace}}/{{model}} version {{version}} p95`. */
function legendOf({ by, label }: Figure, without: readonly string[], name: string): string {
  const shown = by.filter((one) => one !== 'cluster' && one !== 'apportioned' && !without.includes(one));
  const place = shown.filter((one) => PATH_LABELS.includes(one)).map((one) => `{{${one}}}`);
  const beside = shown
    .filter((one) => !PATH_LABELS.includes(one))
    .map((one) => (one === 'version' ? `version {{${one}}}` : `{{${one}}}`));
  const words = [place.join('/'), ...beside, name].filter((one) => one !== '');
  // A legend of the cluster alone would be empty where there is none, and Grafana would print all labels.
  return ['{{cluster}}', ...(words.length > 0 ? words : [label])].join(' ');
}

/** A server that does not tell its version has lines of its own, whose legend says so. */
function versionInWords({ by }: Figure, expr: string): string {
  return by.includes('version') ? `label_replace(${expr}, "version", "not told", "version", "")` : expr;
}

/** What is divided among models is a line of its own, whose legend says so. */
function queriesOfFigure(figure: Figure, select: Select, without: readonly string[], name: string): Query[] {
  const legend = legendOf(figure, without, name);
  const unjudged = figure.thresholds === undefined ? { unjudged: true } : {};
  if (!figure.by.includes('apportioned')) {
    return [{ expr: versionInWords(figure, figure.expr(select)), legend, ...unjudged }];
  }
  const only =
    (value: boolean): Select =>
    (series, more = {}) =>
      select(series, { ...more, matchers: [...(more.matchers ?? []), `apportioned="${value}"`] });
  return [
    { expr: figure.expr(only(false)), legend },
    { expr: figure.expr(only(true)), legend: `${legend}, ${APPORTIONED}` },
  ];
}

function queriesOf(spec: FigureSpec): { figures: readonly Figure[]; queries: readonly Query[] } {
  const figures = spec.metrics.map((metric) => figureOf(spec.kind, metric));
  const of = (offset: string, when: string) =>
    figures.flatMap((figure, index) => {
      const name = [spec.names?.[index] ?? '', when].filter((word) => word !== '').join(' ');
      return queriesOfFigure(figure, selectWith(spec, offset), spec.without, name);
    });
  const { before } = spec;
  return { figures, queries: [...of('', ''), ...(before ? of(` offset ${before}`, `${before} ago`) : [])] };
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
  const min = spec.fromZero === false ? null : 0;
  return panelOf((which, panel, unit, thresholds) => timeseries(which, panel, unit, min, thresholds), variant, spec);
}

/** The same as numbers of now. */
function figureStat(variant: Variant, spec: FigureSpec): Panel {
  return panelOf(stat, variant, spec);
}

/** What all figures of a dashboard, or of a row of it, have in common. */
export type Common = Pick<FigureSpec, 'kind' | 'selected' | 'without'>;

/** A figure in its place; it may be of another kind than the others. */
export type FigureEntry = Omit<FigureSpec, keyof Common> & Partial<Pick<FigureSpec, 'kind'>>;

export function figurePanels(variant: Variant, common: Common, entries: readonly FigureEntry[]): Panel[] {
  return entries.map((entry) => figurePanel(variant, { ...common, ...entry }));
}

export function figureStats(variant: Variant, common: Common, entries: readonly FigureEntry[]): Panel[] {
  return entries.map((entry) => figureStat(variant, { ...common, ...entry }));
}

/** Puts panels of one size side by side from `y` on, and below each other where a line is full. */
export function tiled(
  { y, w, h }: Pick<GridPosition, 'y' | 'w' | 'h'>,
  entries: ReadonlyArray<Omit<FigureEntry, 'gridPos'>>
): FigureEntry[] {
  const perLine = 24 / w;
  return entries.map((entry, index) => {
    const line = Math.floor(index / perLine);
    return { ...entry, gridPos: { x: (index % perLine) * w, y: y + line * h, w, h } };
  });
}
