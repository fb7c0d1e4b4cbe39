/** Pieces of dashboards, the same in both variants but for where the data comes from. */
import { DATASOURCE_PLUGIN_ID, HEALTH_STATES, PANEL_PLUGIN_ID } from '@modelwatch/contract';
import { DASHBOARD_UIDS } from '../../exporter/src/rules';
import type { DatasourceRef, GridPosition, Panel, Target, Variant } from './types';

export const FACADE: DatasourceRef = { type: DATASOURCE_PLUGIN_ID, uid: 'modelwatch' };
export const MIXED: DatasourceRef = { type: 'datasource', uid: '-- Mixed --' };
/** What rules record is not denser than this. */
const MIN_INTERVAL = '30s';

export function prometheus(variant: Variant): DatasourceRef {
  return { type: 'prometheus', uid: variant === 'core' ? '${datasource}' : 'prometheus' };
}

export interface Query {
  readonly expr: string;
  readonly legend: string;
  /** The thresholds of the panel are not for this one. */
  readonly unjudged?: boolean;
}

export const refIdOf = (index: number): string => String.fromCharCode(65 + index);

/** What a panel shows and where; ids are fixed, because alerts and links hold them. */
export interface PanelSpec {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly gridPos: GridPosition;
  readonly queries: readonly Query[];
  /** Said in place of an empty chart, where absence has a meaning of its own. */
  readonly noValue?: string;
  /** Which end of the figure is the worse one: it leads the legend where there are many lines. Default: highest. */
  readonly worst?: 'highest' | 'lowest';
}

/** What stands beside a figure: limits, and a line for the quiet times. */
const COMPANION = /( from|needed|baseline|limit| none|rules are evaluated| 1d ago)$/;

/** Grafana makes the condition of a new rule of the last query of a panel: no rule is worth much that watches a limit. */
function companionsFirst(queries: readonly Query[]): Query[] {
  const isCompanion = ({ legend }: Query) => COMPANION.test(legend);
  return [...queries.filter(isCompanion), ...queries.filter((query) => !isCompanion(query))];
}

function targetsOf(variant: Variant, queries: readonly Query[], instant = false): Target[] {
  return queries.map(({ expr, legend }, index) => ({
    refId: refIdOf(index),
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

/** The same from a line of a table, whose labels are columns. */
const ROW_LINK = MODEL_LINK.replaceAll('__field.labels', '__data.fields');

/** Where a click on a model of our panel leads; the names in it are fields of the row. */
export const PANEL_MODEL_LINK =
  `/d/${DASHBOARD_UIDS.model}?var-cluster=\${cluster}&var-namespace=\${namespace}&var-model=\${model}` +
  '&${__url_time_range}';

/** Where a click on a feature of our panel leads; the names in it are fields of the row. */
export const FEATURE_LINK =
  `/d/${DASHBOARD_UIDS.drift}?var-cluster=\${cluster}&var-namespace=\${namespace}&var-model=\${model}` +
  '&var-feature=${feature}&${__url_time_range}';

const OF_MODEL = '${cluster:queryparam}&${namespace:queryparam}&${model:queryparam}&${__url_time_range}';
/** From a dashboard of one model to its accuracy. Core dashboards have no fixed uid that a link could name. */
export const ACCURACY_LINK = { title: 'Accuracy dashboard', url: `/d/${DASHBOARD_UIDS.accuracy}?${OF_MODEL}` };
export const FAIRNESS_LINK = { title: 'Fairness dashboard', url: `/d/${DASHBOARD_UIDS.fairness}?${OF_MODEL}` };
export const CUSTOM_LINK = { title: 'Custom metrics dashboard', url: `/d/${DASHBOARD_UIDS.customMetrics}?${OF_MODEL}` };

const NAMESPACE_LINK =
  `/d/${DASHBOARD_UIDS.fleet}?var-cluster=\${__field.labels.cluster}&var-namespace=\${__field.labels.namespace}` +
  '&${__url_time_range}';

/** Where a click on a line leads. Core dashboards have no fixed uid that a link could name. */
function dataLinksOf(variant: Variant, { queries }: PanelSpec): object[] {
  const says = (label: string) => queries.some(({ legend }) => legend.includes(`{{${label}}}`));
  if (variant === 'core') return [];
  if (says('model')) return [{ title: 'Model dashboard', url: MODEL_LINK, targetBlank: false }];
  return says('namespace') ? [{ title: 'Models of this namespace', url: NAMESPACE_LINK, targetBlank: false }] : [];
}

/** What a panel says that has nothing at all, `noValue`, is no text for one empty cell, nor for a gap. */
const EMPTY_CELL = { matcher: { id: 'byRegexp', options: '/.*/' }, properties: [{ id: 'noValue', value: '–' }] };
const OF_TABLES = { unit: 'none', custom: { wrapHeaderText: true } };
/** A cell without a state is of no colour: the one that the core table would take is that of what is well. */
const OF_STATES = [
  { id: 'custom.cellOptions', value: { type: 'color-text' } },
  { id: 'color', value: { mode: 'fixed', fixedColor: 'text' } },
];

function panel(
  variant: Variant,
  type: string,
  spec: PanelSpec,
  defaults: object,
  options: object,
  overrides: readonly object[] = []
): Panel {
  return {
    id: spec.id,
    type,
    title: spec.title,
    description: spec.description,
    gridPos: spec.gridPos,
    datasource: prometheus(variant),
    interval: MIN_INTERVAL,
    targets: targetsOf(variant, companionsFirst(spec.queries)),
    fieldConfig: {
      defaults: { links: dataLinksOf(variant, spec), noValue: spec.noValue ?? 'no data', ...defaults },
      overrides,
    },
    options,
  };
}

/** From where on a figure is worth a look, and from where on somebody should act. */
export interface Thresholds {
  readonly warning: number;
  readonly critical?: number;
}

function stepsOf({ warning, critical }: Thresholds): object {
  const steps = [
    { value: null, color: 'transparent' },
    { value: warning, color: 'orange' },
    ...(critical === undefined ? [] : [{ value: critical, color: 'dark-red' }]),
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

/** The least that an axis shows, by unit: a flat zero would otherwise stand on one that ends at 100, or at 10,000 %. */
const LEAST_AXIS: Readonly<Record<string, number>> = { percentunit: 0.01, short: 1, reqps: 0.1, cps: 0.1 };

/** Lines that are good or bad by their name. The name says it as well. */
const COLOR_OF_NAME: ReadonlyArray<readonly [name: string, color: string]> = [
  ['success', 'blue'],
  ['server_error|system errors.*', 'dark-red'],
  ['client_error|data errors.*', 'orange'],
  ['unknown|cause unknown', 'text'],
];
/** Limits beside what they are limits of. */
const COLOR_OF_LIMIT: typeof COLOR_OF_NAME = [
  ['warning( from)?', 'orange'],
  ['critical( from)?', 'dark-red'],
  ['((rows|samples) )?needed', 'text'],
  ['baseline', 'text'],
];

/** Before the name stands the cluster, or where there is none the blank after it. */
function override(name: string, properties: readonly object[]): object {
  return { matcher: { id: 'byRegexp', options: `/^(\\S* )?(${name})$/` }, properties };
}

function colorsByName({ queries }: PanelSpec): object[] {
  const fixed = (color: string) => ({ id: 'color', value: { mode: 'fixed', fixedColor: color } });
  const hasLimits = queries.some(({ legend }) => / from$|needed$|\{\{state\}\}/.test(legend));
  const dashed = { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } };
  return [
    ...COLOR_OF_NAME.map(([name, color]) => override(name, [fixed(color)])),
    ...(hasLimits ? COLOR_OF_LIMIT.map(([name, color]) => override(name, [fixed(color)])) : []),
    ...(hasLimits ? [override('.* from|((rows|samples) )?needed|baseline', [dashed])] : []),
    ...(queries.some(({ legend }) => legend.endsWith(' estimated')) ? [override('.* estimated', [dashed])] : []),
  ];
}

/** Lines of many things, and not of one model. */
function isMany({ queries }: PanelSpec): boolean {
  return queries.some(({ legend }) => /\{\{(namespace|platform)\}\}/.test(legend));
}

/** Many lines are a table, the worst first; a few are words in a line. */
function legendOf(spec: PanelSpec): object {
  return isMany(spec)
    ? {
        displayMode: 'table',
        placement: spec.gridPos.w === 24 ? 'right' : 'bottom',
        showLegend: true,
        calcs: ['lastNotNull'],
        sortBy: 'Last *',
        sortDesc: spec.worst !== 'lowest',
      }
    : { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] };
}

/**
 * Lines over time. `unit` is one of Grafana's unit ids. Gaps stay gaps: a missing sample is never drawn as a value.
 * @param min where the axis begins; null: where the lines do
 */
export function timeseries(
  variant: Variant,
  spec: PanelSpec,
  unit: string,
  min: number | null = 0,
  thresholds?: Thresholds
): Panel {
  const least = LEAST_AXIS[unit];
  const defaults = {
    unit,
    ...(min === null ? {} : { min }),
    color: { mode: 'palette-classic' },
    ...(thresholds ? { thresholds: stepsOf(thresholds) } : {}),
    custom: {
      drawStyle: 'line',
      lineWidth: 1,
      fillOpacity: 0,
      showPoints: 'auto',
      spanNulls: false,
      ...(thresholds ? { thresholdsStyle: { mode: 'dashed' } } : {}),
      ...(least === undefined ? {} : { axisSoftMax: least }),
    },
  };
  const options = { legend: legendOf(spec), tooltip: { mode: 'multi', sort: 'desc' } };
  return panel(variant, 'timeseries', spec, defaults, options, isMany(spec) ? [] : colorsByName(spec));
}

export interface State {
  readonly value: number;
  readonly text: string;
  readonly color: string;
}

/** States over time, worst with the highest number. */
export function timeline(variant: Variant, spec: PanelSpec, states: readonly State[]): Panel {
  const defaults = {
    unit: 'none',
    // Not by thresholds: the core panel would then merge values to ranges and print these in place of our words.
    color: { mode: 'fixed', fixedColor: 'text' },
    mappings: mappingsOf(states),
    custom: { fillOpacity: 80, lineWidth: 0, spanNulls: false },
  };
  const options = {
    showValue: 'auto',
    mergeValues: true,
    rowHeight: 0.8,
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'single', sort: 'none' },
  };
  return panel(variant, 'state-timeline', spec, defaults, options, [EMPTY_CELL]);
}

/**
 * One line per thing, a column for each query, as of now. `states`: columns that are states, as numbers.
 * @param linked column that leads to the model of its line. Core dashboards have no fixed uid that a link could name.
 */
export function table(
  variant: Variant,
  spec: PanelSpec,
  states: Readonly<Record<string, readonly State[]>>,
  linked?: 'model'
): Panel {
  const ofStates = Object.entries(states).map(([name, all]) => {
    const properties = [{ id: 'mappings', value: mappingsOf(all) }, ...OF_STATES];
    return { matcher: { id: 'byName', options: name }, properties };
  });
  const link = { id: 'links', value: [{ title: 'Model dashboard', url: ROW_LINK, targetBlank: false }] };
  const overrides =
    variant === 'plugins' && linked
      ? [EMPTY_CELL, ...ofStates, { matcher: { id: 'byName', options: linked }, properties: [link] }]
      : [EMPTY_CELL, ...ofStates];
  const built = panel(variant, 'table', spec, OF_TABLES, { showHeader: true, cellHeight: 'sm' }, overrides);
  // Prometheus' data source numbers the columns only where there are several.
  const isOne = spec.queries.length === 1;
  const renamed = spec.queries.map(({ legend }, index) => [isOne ? 'Value' : `Value #${refIdOf(index)}`, legend]);
  return {
    ...built,
    targets: targetsOf(variant, spec.queries, true).map((target) => ({ ...target, format: 'table' })),
    transformations: [
      { id: 'merge', options: {} },
      { id: 'organize', options: { excludeByName: { Time: true }, renameByName: Object.fromEntries(renamed) } },
    ],
  };
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

/** Our drift view of queries of our data source. `options` are those of the panel. */
export function driftPanel(
  spec: Omit<PanelSpec, 'queries'>,
  queries: ReadonlyArray<{ readonly kind: 'drift' | 'distribution'; readonly [field: string]: unknown }>,
  options: { readonly driftMode: string; readonly featureDashboard: string }
): Panel {
  return {
    ...panel('plugins', PANEL_PLUGIN_ID, { ...spec, queries: [] }, {}, { view: 'drift', ...options }),
    datasource: FACADE,
    targets: queries.map((query, index) => ({ refId: refIdOf(index), datasource: FACADE, version: 2, ...query })),
  };
}

/** Our view of alerts: what fires, since when, and who is told. */
export function alertsPanel(
  spec: Omit<PanelSpec, 'queries'>,
  filters: Readonly<Record<string, readonly string[]>>,
  links: { readonly objectiveDashboard: string; readonly modelDashboard: string }
): Panel {
  return {
    ...panel('plugins', PANEL_PLUGIN_ID, { ...spec, queries: [] }, {}, { view: 'alerts', ...links }),
    datasource: FACADE,
    targets: [{ refId: refIdOf(0), datasource: FACADE, version: 2, kind: 'alerts', filters }],
  };
}

/** Our view of objectives. @param links where a click on one leads, its names fields of the row; empty: nowhere */
export function sloPanel(
  spec: Omit<PanelSpec, 'queries'>,
  queries: ReadonlyArray<{
    readonly kind: 'slo-status' | 'slo-budget' | 'slo-burn';
    readonly [field: string]: unknown;
  }>,
  links: { readonly objectiveDashboard: string; readonly modelDashboard: string }
): Panel {
  return {
    ...panel('plugins', PANEL_PLUGIN_ID, { ...spec, queries: [] }, {}, { view: 'slo', ...links }),
    datasource: FACADE,
    targets: queries.map((query, index) => ({ refId: refIdOf(index), datasource: FACADE, version: 2, ...query })),
  };
}

/** A row for each thing that our data source tells of, with its states in colour. */
export function facadeTable(
  spec: Omit<PanelSpec, 'queries'>,
  query: { readonly kind: string; readonly [field: string]: unknown },
  looks: {
    /** Fields that are states. */
    readonly states: readonly string[];
    readonly link?: { readonly field: string; readonly url: string };
    /** Of the frames of the answer, from 0. */
    readonly frameIndex?: number;
    /** Fields that the dashboard says already. */
    readonly hidden?: readonly string[];
  }
): Panel {
  const ofField = (name: string, properties: readonly object[]) => ({
    matcher: { id: 'byName', options: name },
    properties,
  });
  const overrides = [
    EMPTY_CELL,
    ...looks.states.map((name) => ofField(name, OF_STATES)),
    // Grafana 12 knows the second, those before it the first.
    ...(looks.hidden ?? []).map((name) =>
      ofField(name, [
        { id: 'custom.hidden', value: true },
        { id: 'custom.hideFrom', value: { legend: true, tooltip: true, viz: true } },
      ])
    ),
    ...(looks.link
      ? [
          ofField(looks.link.field, [
            { id: 'links', value: [{ title: 'Choose it', url: looks.link.url, targetBlank: false }] },
          ]),
        ]
      : []),
  ];
  const options = { cellHeight: 'sm', ...(looks.frameIndex === undefined ? {} : { frameIndex: looks.frameIndex }) };
  return {
    // The fields of our data source bring their units; this is of those that have none.
    ...panel('plugins', 'table', { ...spec, queries: [] }, OF_TABLES, options, overrides),
    datasource: FACADE,
    targets: [{ refId: refIdOf(0), datasource: FACADE, version: 2, ...query }],
  };
}

/** Bars side by side for each thing that our data source tells of, with that thing as x axis. @param xField its name @param colorByField text whose mappings colour the bars */
export function facadeBars(
  spec: Omit<PanelSpec, 'queries'>,
  query: { readonly kind: string; readonly [field: string]: unknown },
  xField: string,
  colorByField: string
): Panel {
  const options = {
    ...{
      xField,
      colorByField,
      orientation: 'auto',
      showValue: 'never',
      stacking: 'none',
      groupWidth: 0.7,
      barWidth: 0.9,
    },
    xTickLabelRotation: -45,
    legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
    tooltip: { mode: 'multi', sort: 'none' },
  };
  // A palette would make some bar green, however bad it is.
  const drawn = {
    unit: 'none',
    color: { mode: 'fixed', fixedColor: 'text' },
    custom: { fillOpacity: 80, axisSoftMin: 0 },
  };
  return {
    ...panel('plugins', 'barchart', { ...spec, queries: [] }, drawn, options),
    datasource: FACADE,
    targets: [{ refId: refIdOf(0), datasource: FACADE, version: 2, ...query }],
  };
}

/** Lines of a query of our data source, which brings units and names with them. */
export function facadeLines(
  spec: Omit<PanelSpec, 'queries'>,
  query: { readonly kind: string; readonly [field: string]: unknown },
  overrides: readonly object[] = []
): Panel {
  const lines = timeseries('plugins', { ...spec, queries: [] }, 'none', null);
  return {
    ...lines,
    fieldConfig: { ...(lines['fieldConfig'] as object), overrides },
    datasource: FACADE,
    targets: [{ refId: refIdOf(0), datasource: FACADE, version: 2, ...query }],
  };
}

/** Our accuracy view of a query of our data source. */
export function accuracyPanel(
  spec: Omit<PanelSpec, 'queries'>,
  query: { readonly kind: 'accuracy' | 'accuracy-detail'; readonly [field: string]: unknown },
  accuracyMode: string
): Panel {
  return {
    ...panel('plugins', PANEL_PLUGIN_ID, { ...spec, queries: [] }, {}, { view: 'accuracy', accuracyMode }),
    datasource: FACADE,
    targets: [{ refId: refIdOf(0), datasource: FACADE, version: 2, ...query }],
  };
}

function mappingsOf(states: readonly State[]): object[] {
  const mapped = states.map(({ value, text, color }, index) => [String(value), { text, color, index }]);
  return [{ type: 'value', options: Object.fromEntries(mapped) }];
}

/** States as of now, a tile for each. */
export function stateTiles(variant: Variant, spec: PanelSpec, states: readonly State[]): Panel {
  // Thresholds of the core panel would print their own words: the colour is that of the mapping.
  const defaults = { unit: 'none', color: { mode: 'fixed', fixedColor: 'text' }, mappings: mappingsOf(states) };
  const options = {
    colorMode: 'background_solid',
    graphMode: 'none',
    textMode: 'value_and_name',
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
  };
  return { ...panel(variant, 'stat', spec, defaults, options), targets: targetsOf(variant, spec.queries, true) };
}

export interface MatrixSpec {
  /** Label whose values are rows, and the one whose values are columns. */
  readonly rows: string;
  readonly columns: string;
  /** Rows are numbers, and come in their order. */
  readonly isNumbered?: boolean;
  readonly states?: { readonly column: string; readonly states: readonly State[] };
}

/** One instant query as a table with a row per value of one label and a column per value of another. */
export function matrix(variant: Variant, spec: PanelSpec, { rows, columns, isNumbered, states }: MatrixSpec): Panel {
  const corner = `${rows}\\${columns}`;
  const numbered = [
    { id: 'convertFieldType', options: { conversions: [{ targetField: corner, destinationType: 'number' }] } },
    { id: 'sortBy', options: { sort: [{ field: corner, desc: false }] } },
  ];
  const overrides = states
    ? [
        {
          matcher: { id: 'byName', options: states.column },
          properties: [
            { id: 'mappings', value: mappingsOf(states.states) },
            { id: 'custom.cellOptions', value: { type: 'color-text' } },
          ],
        },
      ]
    : [];
  const targets = targetsOf(variant, spec.queries, true).map((target) => ({ ...target, format: 'table' }));
  return {
    ...panel(variant, 'table', spec, { unit: 'short' }, { showHeader: true, cellHeight: 'sm' }, overrides),
    targets,
    transformations: [
      {
        id: 'groupingToMatrix',
        options: { rowField: rows, columnField: columns, valueField: 'Value', emptyValue: 'null' },
      },
      ...(isNumbered ? numbered : []),
    ],
  };
}

/** Numbers side by side, one per series, as of now. What is over a threshold has an area of its colour behind it. */
export function stat(variant: Variant, spec: PanelSpec, unit: string, thresholds?: Thresholds): Panel {
  const color = thresholds
    ? { color: { mode: 'thresholds' }, thresholds: stepsOf(thresholds) }
    : { color: { mode: 'fixed', fixedColor: 'text' } };
  const options = {
    colorMode: thresholds ? 'background_solid' : 'value',
    graphMode: 'none',
    textMode: 'value_and_name',
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
  };
  const unjudged = spec.queries.flatMap((query, index) => (query.unjudged ? [refIdOf(index)] : []));
  const overrides = unjudged.map((refId) => ({
    matcher: { id: 'byFrameRefID', options: refId },
    properties: [{ id: 'thresholds', value: { mode: 'absolute', steps: [{ value: null, color: 'transparent' }] } }],
  }));
  const built = panel(variant, 'stat', spec, { unit, ...color }, options, thresholds ? overrides : []);
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
