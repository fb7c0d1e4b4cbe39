/** Row *Coverage* of the dashboards *Drift* and *Model*, and whom *Fleet* shows as not monitored. Core panels only. */
import {
  COVERAGE_ROWS_NEEDED,
  COVERAGE_STATES,
  METRICS,
  RECORDED,
  UNSEEN_FROM_RATIO,
  type CoveragePart,
} from '@modelwatch/contract';
import { FLEET_PANELS } from '../../exporter/src/rules';
import { facadeTable, row, table, timeline, timeseries, type PanelSpec, type Query, type State } from './parts';
import type { GridPosition, Panel, Variant } from './types';

const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model"';
const MODEL = 'cluster, namespace, model';
const STATE = RECORDED.modelCoverage.name;
const NO_EVENTS = 'No event of this model arrived in this time range';
const NO_ACTUALS = 'No actual met a prediction, or no prediction has an id';
const COLORS = ['orange', 'text', 'text', 'text', 'blue'];
/** States as numbers for core panels, which know no words: the worst is the highest, and `complete` is 0. */
const STATES: readonly State[] = COVERAGE_STATES.map((state, index) => ({
  value: COVERAGE_STATES.length - 1 - index,
  text: state.replaceAll('_', ' '),
  color: COLORS[index] ?? 'text',
}));

function stateNumber(selected: string): string {
  const states = COVERAGE_STATES.map(
    (state, index) => `${STATE}{state="${state}", ${selected}} * ${COVERAGE_STATES.length - 1 - index}`
  );
  return `max by (${MODEL}) (${states.join(' or ')})`;
}

const perSecond = (counter: string, by = 'cluster') => `sum by (${by}) (rate(${counter}{${ONE}}[$__rate_interval]))`;

/** Without the not-a-number of an hour in which nothing came: an empty chart says why it is empty. */
function delay(histogram: string): Query[] {
  const buckets = `sum by (cluster, le) (increase(${histogram}_bucket{${ONE}}[1h]))`;
  return [
    { expr: `histogram_quantile(0.95, ${buckets}) >= 0`, legend: '{{cluster}} 95th percentile' },
    { expr: `histogram_quantile(0.5, ${buckets}) >= 0`, legend: '{{cluster}} median' },
  ];
}

function share(part: CoveragePart, legend: string): Query {
  const expr = `max by (cluster) (${RECORDED.coverageRatio.name}{part="${part}", ${ONE}})`;
  return { expr, legend: `{{cluster}} ${legend}` };
}

function rows(variant: Variant): Panel[] {
  return [
    timeline(
      variant,
      {
        id: 71,
        title: 'Coverage',
        description:
          'How much of what the model predicts is seen as events. Only complete and partial are a verdict; it stands for a day after the last event.',
        gridPos: { x: 0, y: 1, w: 8, h: 8 },
        queries: [{ expr: stateNumber(ONE), legend: '{{cluster}} coverage' }],
        noValue: 'Prometheus has recorded no coverage of this model',
      },
      STATES
    ),
    timeseries(
      variant,
      {
        id: 72,
        title: 'Rows by what became of them',
        description:
          'Rows per second that were counted, and those that were dropped, by reason. Of the counted ones, those of a version without a reference and those without an id.',
        gridPos: { x: 8, y: 1, w: 8, h: 8 },
        queries: [
          { expr: perSecond(METRICS.predictions.name), legend: '{{cluster}} counted' },
          { expr: perSecond(METRICS.eventsDropped.name, 'cluster, reason'), legend: '{{cluster}} dropped: {{reason}}' },
          { expr: perSecond(METRICS.eventsUncompared.name), legend: '{{cluster}} without a reference' },
          { expr: perSecond(METRICS.eventsMissingId.name), legend: '{{cluster}} without an id' },
        ],
        noValue: NO_EVENTS,
      },
      'cps'
    ),
    timeseries(
      variant,
      {
        id: 73,
        title: 'Share of rows that are not seen',
        description:
          'Of the rows received in an hour, those that were dropped, that have not all watched features, or have no reference: coverage is partial from the dashed line on. A feature that the reference does not have is only told.',
        gridPos: { x: 16, y: 1, w: 8, h: 8 },
        queries: [
          share('dropped', 'dropped'),
          share('absent_features', 'absent features'),
          share('uncompared', 'without a reference'),
          share('unknown_features', 'unknown features'),
        ],
        noValue: `Fewer than ${COVERAGE_ROWS_NEEDED} rows arrived in an hour`,
      },
      'percentunit',
      0,
      { warning: UNSEEN_FROM_RATIO }
    ),
  ];
}

function delays(variant: Variant): Panel[] {
  const panel = (spec: Omit<PanelSpec, 'gridPos'>, x: number, unit: string) =>
    timeseries(variant, { ...spec, gridPos: { x, y: 9, w: 6, h: 8 } }, unit);
  return [
    panel(
      {
        id: 74,
        title: 'Delay of events',
        description: 'From the time of a prediction to its arrival, of those that arrived within an hour.',
        queries: delay(METRICS.eventLag.name),
        noValue: 'No event with a plausible time of its own arrived within an hour',
      },
      0,
      's'
    ),
    panel(
      {
        id: 75,
        title: 'Delay of actuals that were joined',
        description: 'From a prediction to its actual, of the actuals that met their prediction within an hour.',
        queries: delay(METRICS.actualDelay.name),
        noValue: NO_ACTUALS,
      },
      6,
      's'
    ),
    panel(
      {
        id: 76,
        title: 'Predictions that wait for their actual',
        description: 'Predictions with an id whose actual has not come, and is still waited for.',
        queries: [
          { expr: `sum by (cluster) (${METRICS.openPredictions.name}{${ONE}})`, legend: '{{cluster}} waiting' },
        ],
        noValue: 'No prediction of this model has an id, or no actuals are taken in',
      },
      12,
      'short'
    ),
    panel(
      {
        id: 77,
        title: 'Actuals, and predictions that waited in vain',
        description:
          'Actuals per second by what became of them, and predictions whose actual did not come in time, or for which there was no room.',
        queries: [
          { expr: perSecond(METRICS.actuals.name, 'cluster, outcome'), legend: '{{cluster}} {{outcome}}' },
          { expr: perSecond(METRICS.expiredPredictions.name), legend: '{{cluster}} expired' },
        ],
        noValue: NO_ACTUALS,
      },
      18,
      'cps'
    ),
  ];
}

function limits(variant: Variant): Panel[] {
  const panel = (spec: Omit<PanelSpec, 'gridPos'>, x: number, unit: string) =>
    timeseries(variant, { ...spec, gridPos: { x, y: 17, w: 8, h: 7 } }, unit);
  const represented = `(${perSecond(METRICS.predictionsRepresented.name)} > 0)`;
  return [
    panel(
      {
        id: 78,
        title: 'Series that there was no room for',
        description: 'Series of bins over the limit of the model or the exporter: their features are not watched.',
        queries: [
          { expr: `max by (cluster) (${METRICS.eventSeriesRefused.name}{${ONE}})`, legend: '{{cluster}} refused' },
        ],
        noValue: 'This model has no reference, or its exporter is not scraped',
      },
      0,
      'short'
    ),
    panel(
      {
        id: 79,
        title: 'Requests turned away unread',
        description:
          'Requests per second whose address names the model, by reason. How many events were in them, and whether they were sent again, nobody knows.',
        queries: [
          { expr: perSecond(METRICS.ingestRefusedRequests.name, 'cluster, reason'), legend: '{{cluster}} {{reason}}' },
        ],
        noValue: 'None was counted whose address names this model',
      },
      8,
      'reqps'
    ),
    panel(
      {
        id: 80,
        title: 'Share of the predictions that is sent',
        description: 'Rows that were counted, of the predictions that their senders say they stand for: 100 % is all.',
        queries: [
          {
            expr: `${perSecond(METRICS.predictions.name)} / on (cluster) ${represented}`,
            legend: '{{cluster}} sample',
          },
        ],
        noValue: NO_EVENTS,
      },
      16,
      'percentunit'
    ),
  ];
}

/** At a glance what the charts above it show over time. */
function lastHour(): Panel {
  return facadeTable(
    {
      id: 81,
      title: 'Coverage of the last hour, in words',
      description:
        'Rows that arrived and what became of them, actuals that were joined, and the delay of events. What nobody counted is empty; one row can be in several numbers.',
      gridPos: { x: 0, y: 24, w: 24, h: 5 },
      noValue: 'Prometheus has recorded no coverage of this model',
    },
    { kind: 'coverage', filters: { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] } },
    {
      states: ['state'],
      frameIndex: 0,
      hidden: ['namespace', 'model', 'duplicates', 'unknown_features', 'series_refused', 'expired', 'lag_p50'],
    }
  );
}

/** Its first line is 0: it goes below whatever stands on the dashboard. Ids from 70 on. */
export function coverage(variant: Variant): Panel[] {
  const charts = [row(variant, 70, 'Coverage', 0), ...rows(variant), ...delays(variant), ...limits(variant)];
  return variant === 'plugins' ? [...charts, lastHour()] : charts;
}

/** More are no list that anybody reads. */
const NOT_MONITORED_MOST = 500;

/** Models of the fleet whose data is not seen, or not all of it. `selected`: of the variables of the dashboard. */
export function notMonitored(variant: Variant, selected: string, gridPos: GridPosition): Panel {
  return table(
    variant,
    {
      id: FLEET_PANELS.coverage,
      title: 'Not monitored',
      description: `Models of whose data and predictions not all, or nothing, is seen, the worst first (at most ${NOT_MONITORED_MOST} of a cluster). Partial: rows are dropped, incomplete or not compared, or features are not watched. No events: none came for a day.`,
      gridPos,
      queries: [
        {
          expr: `sort_desc(topk by (cluster) (${NOT_MONITORED_MOST}, ${stateNumber(selected)} > 0))`,
          legend: 'Coverage',
        },
      ],
      noValue: 'Every model whose coverage is recorded is complete, or none is recorded',
    },
    { Coverage: STATES },
    'model'
  );
}
