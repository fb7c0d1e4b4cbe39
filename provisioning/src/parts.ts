/** Pieces of dashboards, the same in both variants but for where the data comes from. */
import { DATASOURCE_PLUGIN_ID, HEALTH_STATES, PANEL_PLUGIN_ID } from '@modelwatch/contract';
import { DASHBOARD_UIDS } from '../../exporter/src/rules';
import type { DatasourceRef, GridPosition, Panel, Target, Variant } from './types';

export const FACADE: DatasourceRef = { type: DATASOURCE_PLUGIN_ID, uid: 'modelwatch' };
const MIXED: DatasourceRef = { type: 'datasource', uid: '-- Mixed --' };
/** What rules record is not denser than this. */
const MIN_INTERVAL = '30s';

export function prometheus(variant: Variant): DatasourceRef {
  return { type: 'prometheus', uid: variant === 'core' ? '${datasource}' : 'prometheus' };
}

export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** What a panel shows and where; ids are fixed, because alerts and links hold them. */
export interface PanelSpec {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly gridPos: GridPosition;
  readonly queries: readonly Query[];
  /** Said in place of an empty chart, where absence has a meaning of its own. */
  readonly noValue?: string;
}

function targetsOf(variant: Variant, queries: readonly Query[], instant = false): Target[] {
  return queries.map(({ expr, legend }, index) => ({
    refId: String.fromCharCode(65 + index),
    datasource: prometheus(variant),
    expr,
    legendFormat: legend,
    instant,
    range: !instant,
    editorMode: 'code',
  }));
}

const MODEL_LINK =
  `/d/${DASHBOARD_UIDS.model}?var-cluster=\${__field.labels.cluster}&var-namespace=\${__field.labels.namespace}` +
  '&var-model=${__field.labels.model}&${__url_time_range}';

/** Core dashboards have no fixed uid that a link could name; their tag links do that work. */
function linksOf(variant: Variant, spec: PanelSpec): { links: unknown[]; dataLinks: unknown[] } {
  if (variant === 'core') return { links: [], dataLinks: [] };
  const perModel = spec.queries.some(({ legend }) => legend.includes('{{model}}'));
  return {
    links: [{ title: 'Fleet', url: `/d/${DASHBOARD_UIDS.fleet}?\${__url_time_range}`, targetBlank: false }],
    dataLinks: perModel ? [{ title: 'Model dashboard', url: MODEL_LINK, targetBlank: false }] : [],
  };
}

function panel(variant: Variant, type: string, spec: PanelSpec, defaults: object, options: object): Panel {
  const { links, dataLinks } = linksOf(variant, spec);
  return {
    id: spec.id,
    type,
    title: spec.title,
    description: spec.description,
    gridPos: spec.gridPos,
    datasource: prometheus(variant),
    interval: MIN_INTERVAL,
    links,
    targets: targetsOf(variant, spec.queries),
    fieldConfig: { defaults: { links: dataLinks, noValue: spec.noValue ?? 'no data', ...defaults }, overrides: [] },
    options,
  };
}

/** From where on a figure is worth a look, and from where on somebody should act. */
export interface Thresholds {
  readonly warning: number;
  readonly critical: number;
}

function stepsOf({ warning, critical }: Thresholds): object {
  const steps = [
    { value: null, color: 'transparent' },
    { value: warning, color: 'orange' },
    { value: critical, color: 'dark-red' },
  ];
  return { mode: 'absolute', steps };
}

/** A heading over the panels that follow it. */
export function row(variant: Variant, id: number, title: string, y: number): Panel {
  return {
    id,
    type: 'row',
    title,
    description: '',
    gridPos: { x: 0, y, w: 24, h: 1 },
    datasource: prometheus(variant),
    targets: [],
    collapsed: false,
    panels: [],
  };
}

/** Lines over time. `unit` is one of Grafana's unit ids. Gaps stay gaps: a missing sample is never drawn as a value. */
export function timeseries(
  variant: Variant,
  spec: PanelSpec,
  unit: string,
  min: number | undefined = 0,
  thresholds?: Thresholds
): Panel {
  const defaults = {
    unit,
    ...(min === undefined ? {} : { min }),
    color: { mode: 'palette-classic' },
    ...(thresholds ? { thresholds: stepsOf(thresholds) } : {}),
    custom: {
      drawStyle: 'line',
      lineWidth: 1,
      fillOpacity: 0,
      showPoints: 'auto',
      spanNulls: false,
      ...(thresholds ? { thresholdsStyle: { mode: 'dashed' } } : {}),
      // A flat zero would otherwise stand on an axis that ends at 10,000 %.
      ...(unit === 'percentunit' ? { axisSoftMax: 0.01 } : {}),
    },
  };
  return panel(variant, 'timeseries', spec, defaults, {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
    tooltip: { mode: 'multi', sort: 'desc' },
  });
}

export interface State {
  readonly value: number;
  readonly text: string;
  readonly color: string;
}

/** States over time, worst with the highest number. */
export function timeline(variant: Variant, spec: PanelSpec, states: readonly State[]): Panel {
  const mapped = states.map(({ value, text, color }, index) => [String(value), { text, color, index }]);
  const defaults = {
    unit: 'none',
    // Not by thresholds: the core panel would then merge values to ranges and print these in place of our words.
    color: { mode: 'fixed', fixedColor: 'text' },
    mappings: [{ type: 'value', options: Object.fromEntries(mapped) }],
    custom: { fillOpacity: 80, lineWidth: 0, spanNulls: false },
  };
  return panel(variant, 'state-timeline', spec, defaults, {
    showValue: 'auto',
    mergeValues: true,
    rowHeight: 0.8,
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'single', sort: 'none' },
  });
}

/** Our health view: rows from the data source, and last the query that an alert rule can be made of. */
export function healthPanel(
  spec: PanelSpec,
  filters: Readonly<Record<string, readonly string[]>>,
  modelDashboard: string
): Panel {
  const alertable = targetsOf('plugins', spec.queries, true).map((target) => ({ ...target, refId: 'B', hide: true }));
  return {
    ...panel('plugins', PANEL_PLUGIN_ID, spec, {}, { mode: 'auto', modelDashboard }),
    datasource: MIXED,
    targets: [
      { refId: 'A', datasource: FACADE, version: 2, kind: 'inventory', sparklines: true, filters },
      ...alertable,
    ],
  };
}

/** Numbers side by side, one per series, as of now. */
export function stat(variant: Variant, spec: PanelSpec, unit: string): Panel {
  const built = panel(
    variant,
    'stat',
    spec,
    { unit, color: { mode: 'fixed', fixedColor: 'text' } },
    {
      colorMode: 'value',
      graphMode: 'none',
      textMode: 'value_and_name',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    }
  );
  return { ...built, targets: targetsOf(variant, spec.queries, true) };
}

/** Colours that stay apart for every kind of colour vision, named as Grafana names them. */
const HEALTH_COLORS = ['dark-red', 'orange', 'text', 'text', 'text', 'text', 'blue'];

/** Health as a number for core panels, which know no words: 0 is healthy, the highest failed. */
export const HEALTH_NUMBERS: readonly State[] = HEALTH_STATES.map((health, index) => ({
  value: HEALTH_STATES.length - 1 - index,
  text: health,
  color: HEALTH_COLORS[index] ?? 'text',
}));
