/** Row *Segments* of the dashboard *Drift*: the same by the values of a column. */
import { METRICS } from '@modelwatch/contract';
import { DASHBOARD_UIDS } from '../../exporter/src/rules';
import { driftPanel, facadeTable, row, timeseries } from './parts';
import type { Panel, Variant } from './types';

const NO_SEGMENTS = 'No segment is declared for this model, or no rows yet';
const FILTERS = { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] } as const;
const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model"';

/** Chooses the value that was clicked. */
const VALUE_LINK =
  `/d/${DASHBOARD_UIDS.drift}?\${cluster:queryparam}&\${namespace:queryparam}&\${model:queryparam}&\${feature:queryparam}` +
  '&var-segment=${__data.fields.segment}&var-segment_value=${__data.fields.value}&${__url_time_range}';

function plugins(y: number): Panel[] {
  return [
    facadeTable(
      {
        id: 31,
        title: 'Rows, drift and accuracy by segment',
        description:
          'Of each value of each segment over the time range: its rows, the drift of its predictions and of its worst feature, and how right the model is for it. What has too few rows or pairs is marked as such, and has no score. A click on a value chooses it.',
        gridPos: { x: 0, y, w: 24, h: 9 },
        noValue: NO_SEGMENTS,
      },
      { kind: 'segments', filters: FILTERS },
      { states: ['state', 'worst_state', 'accuracy_state'], link: { field: 'value', url: VALUE_LINK } }
    ),
    driftPanel(
      {
        id: 32,
        title: 'Distribution of $feature where $segment is $segment_value',
        description: 'Shares of rows by bin, of the reference and of the time range, among the rows with this value.',
        gridPos: { x: 0, y: y + 9, w: 12, h: 9 },
        noValue: NO_SEGMENTS,
      },
      [
        {
          kind: 'distribution',
          subject: 'feature',
          window: 'range',
          filters: { ...FILTERS, feature: ['$feature'], segment: ['$segment'], segment_value: ['$segment_value'] },
        },
      ],
      { driftMode: 'distribution', featureDashboard: '' }
    ),
  ];
}

/** @param y below what stands before it */
export function segments(variant: Variant, y: number): Panel[] {
  const of = `${ONE}, segment="$segment"`;
  const top = variant === 'plugins' ? y + 10 : y + 1;
  return [
    row(variant, 30, 'Segments', y),
    ...(variant === 'plugins' ? plugins(y + 1) : []),
    timeseries(
      variant,
      {
        id: 33,
        title: 'Predictions by $segment',
        description:
          'Predictions per second by value of the segment; values are numbers where their names are not shown.',
        gridPos: { x: 12, y: top, w: 12, h: 9 },
        queries: [
          {
            expr: `sum by (cluster, value) (rate(${METRICS.segmentPredictions.name}{${of}}[$__rate_interval]))`,
            legend: '{{cluster}} {{value}}',
          },
        ],
        noValue: NO_SEGMENTS,
      },
      'cps'
    ),
    ...(variant === 'plugins' ? [] : [sharesRight(of, top)]),
  ];
}

/** Where only core panels are: the classification by its accuracy, by arrival of the actual. */
function sharesRight(of: string, y: number): Panel {
  const pairs = `sum by (cluster, value) (increase(${METRICS.segmentPairs.name}{${of}}[1h]))`;
  const both = `sum by (cluster, value) (increase(${METRICS.segmentClassPairs.name}{counted="both", ${of}}[1h]))`;
  return timeseries(
    'core',
    {
      id: 34,
      title: 'Accuracy by $segment',
      description:
        'Of a classification, by arrival of the actual: pairs of the last hour that were predicted right, where there are at least 100.',
      gridPos: { x: 0, y, w: 12, h: 9 },
      queries: [{ expr: `${both} / (${pairs} >= 100)`, legend: '{{cluster}} {{value}}' }],
      noValue: 'Too few actuals, or no segment',
    },
    'percentunit'
  );
}
