/** Dashboard *Custom metrics*: the numbers that the owner of a model declared, against their limits. */
import { CUSTOM_STATES, METRICS, RECORDED } from '@modelwatch/contract';
import { CUSTOM_VARIABLES, dashboard } from './frame';
import { facadeLines, row, table, timeline, timeseries, type PanelSpec, type State } from './parts';
import type { Dashboard, Panel, Variant } from './types';

const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model"';
const METRIC = `${ONE}, metric="$metric"`;
const BY = 'max by (cluster, metric)';
const NOTHING_DECLARED = 'No custom metric is declared for this model, or none has a limit';
const NO_VALUE = 'No value: too few samples, or none for too long';

const COLORS = ['dark-red', 'orange', 'text', 'text', 'blue'];
/** States as numbers for core panels, which know no words: the worst is the highest. */
const STATES: readonly State[] = CUSTOM_STATES.map((state, index) => ({
  value: CUSTOM_STATES.length - 1 - index,
  text: state.replaceAll('_', ' '),
  color: COLORS[index] ?? 'text',
}));

function stateNumber(): string {
  const states = CUSTOM_STATES.map(
    (state, index) =>
      `${RECORDED.customMetricState.name}{state="${state}", ${ONE}} * ${CUSTOM_STATES.length - 1 - index}`
  );
  return `${BY} (${states.join(' or ')})`;
}

const value = (of: string) => `${BY} (${RECORDED.customMetricValue.name}{${of}})`;
const baseline = (of: string) => `${BY} (${RECORDED.customMetricBaseline.name}{${of}})`;
/** Of the window that the value is of. */
const samples = (of: string) =>
  `${BY} (${RECORDED.customMetricSamples.name}{${of}} and on (cluster, namespace, model, metric, window) ${RECORDED.customMetricInfo.name}{${ONE}})`;

const limit = (level: string, of: string) => `${BY} (${RECORDED.customMetricLimit.name}{level="${level}", ${of}})`;

type TableSpec = Pick<PanelSpec, 'id' | 'title' | 'gridPos'>;

/** A row for each metric of the model, as of now. */
export function customTable(variant: Variant, spec: TableSpec): Panel {
  return table(
    variant,
    {
      ...spec,
      description: 'Value of each metric over its window, its baseline, and the samples that it is made of.',
      queries: [
        { expr: stateNumber(), legend: 'State' },
        { expr: value(ONE), legend: 'Value' },
        { expr: baseline(ONE), legend: 'Baseline' },
        { expr: samples(ONE), legend: 'Samples' },
      ],
      noValue: NOTHING_DECLARED,
    },
    { State: STATES }
  );
}

/** A row for each metric of the model that has a limit. */
export function customLimits(variant: Variant, spec: TableSpec): Panel {
  const column = (level: string, side: string, legend: string) => ({
    expr: limit(level, `side="${side}", ${ONE}`),
    legend,
  });
  return table(
    variant,
    {
      ...spec,
      description: 'Values beyond which each metric is a warning, and critical, as its owner declared them.',
      queries: [
        column('warning', 'below', 'Warning below'),
        column('critical', 'below', 'Critical below'),
        column('warning', 'above', 'Warning above'),
        column('critical', 'above', 'Critical above'),
      ],
      noValue: 'No custom metric of this model has a limit',
    },
    {}
  );
}

function all(variant: Variant): Panel[] {
  return [
    timeline(
      variant,
      {
        id: 1,
        title: 'Verdict on each metric',
        description: 'State of each custom metric that has a limit. What has too few samples, or none, is no verdict.',
        gridPos: { x: 0, y: 0, w: 24, h: 8 },
        queries: [{ expr: stateNumber(), legend: '{{cluster}} {{metric}}' }],
        noValue: NOTHING_DECLARED,
      },
      STATES
    ),
    customTable(variant, { id: 2, title: 'All metrics of $model', gridPos: { x: 0, y: 8, w: 12, h: 9 } }),
    timeseries(
      variant,
      {
        id: 3,
        title: 'Change against the baseline',
        description:
          'Value of each metric by its declared baseline, less 1. Metrics without a baseline, or with one of 0, are not here.',
        gridPos: { x: 12, y: 8, w: 12, h: 9 },
        queries: [
          {
            expr: `${value(ONE)} / on (cluster, metric) (${baseline(ONE)} != 0) - 1`,
            legend: '{{cluster}} {{metric}}',
          },
        ],
        noValue: 'No metric with a baseline has a value',
      },
      'percentunit',
      undefined
    ),
  ];
}

/** Our data source knows the unit that is declared, and which side a limit is of. */
function valueOverTime(variant: Variant): Panel {
  const spec = {
    id: 11,
    title: 'Value of $metric',
    description: 'Value over time, with what it normally is and the values beyond which it is a warning, and critical.',
    gridPos: { x: 0, y: 18, w: 12, h: 9 },
    noValue: NO_VALUE,
  };
  if (variant === 'plugins') {
    const model = { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] };
    return facadeLines(spec, {
      ...{ kind: 'custom-metric', show: 'values', filters: { ...model, custom_metric: ['$metric'] } },
    });
  }
  const queries = [
    { expr: value(METRIC), legend: '{{cluster}} {{metric}}' },
    { expr: baseline(METRIC), legend: '{{cluster}} baseline' },
    { expr: limit('warning', METRIC), legend: '{{cluster}} warning from' },
    { expr: limit('critical', METRIC), legend: '{{cluster}} critical from' },
  ];
  return timeseries(variant, { ...spec, queries }, 'none', undefined);
}

function chosen(variant: Variant): Panel[] {
  return [
    row(variant, 10, 'Metric $metric', 17),
    valueOverTime(variant),
    timeseries(
      variant,
      {
        id: 12,
        title: 'Samples of $metric',
        description: 'Samples in the window of the metric, and how many are needed. Gauges and queries have none.',
        gridPos: { x: 12, y: 18, w: 12, h: 9 },
        queries: [
          { expr: samples(METRIC), legend: '{{cluster}} samples' },
          {
            expr: `${BY} (${METRICS.customMetricSamplesNeeded.name}{${METRIC}})`,
            legend: '{{cluster}} samples needed',
          },
        ],
        noValue: 'No samples: a gauge, a query, or nothing was sent',
      },
      'short'
    ),
    timeseries(
      variant,
      {
        id: 13,
        title: 'Refused samples',
        description: 'Samples that were sent for this model and not counted, per second, by reason.',
        gridPos: { x: 0, y: 27, w: 12, h: 8 },
        queries: [
          {
            expr: `sum by (cluster, reason) (rate(${METRICS.customMetricRefused.name}{${ONE}}[5m]))`,
            legend: '{{cluster}} {{reason}}',
          },
        ],
        noValue: 'Nothing was sent to a metric of this model',
      },
      'cps'
    ),
    timeseries(
      variant,
      {
        id: 14,
        title: 'Predictions without a value of $metric',
        description: 'Predictions for which the expression of the metric gave no value, per second, by reason.',
        gridPos: { x: 12, y: 27, w: 12, h: 8 },
        queries: [
          {
            expr: `sum by (cluster, reason) (rate(${METRICS.customMetricErrors.name}{${METRIC}}[5m]))`,
            legend: '{{cluster}} {{reason}}',
          },
        ],
        noValue: 'It has no expression',
      },
      'cps'
    ),
  ];
}

export function customDashboard(variant: Variant): Dashboard {
  return dashboard(variant, {
    dashboard: 'customMetrics',
    title: 'Custom metrics',
    description: 'The numbers that the owner of a model declared: value, baseline, limits and verdict of each.',
    variables: CUSTOM_VARIABLES,
    transitions: { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] },
    panels: [...all(variant), ...chosen(variant)],
  });
}
