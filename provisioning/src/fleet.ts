/** Dashboard *Fleet*: which model is worst, and is the fleet busy, correct and fast. Recorded series only. */
import { HEALTH_STATES, METRICS, RECORDED, type RecordedSeries } from '@modelwatch/contract';
import { figureOf } from '../../datasource-plugin/src/query/figures';
import { DASHBOARD_UIDS, FLEET_PANELS } from '../../exporter/src/rules';
import { notMonitored } from './coverage';
import { FLEET_VARIABLES, dashboard } from './frame';
import { HEALTH_NUMBERS, healthPanel, stat, timeline, timeseries } from './parts';
import type { Dashboard, Panel, Variant } from './types';

const SELECTED = 'cluster=~"$cluster", namespace=~"$namespace"';
const HEALTH = RECORDED.modelHealth.name;
const MODEL_NAME = '{{cluster}} {{namespace}}/{{model}}';

/** Health of each selected model as one number, the worse the higher. */
export function healthNumber(selected: string): string {
  const states = HEALTH_STATES.map(
    (health, index) => `${HEALTH}{health="${health}", ${selected}} * ${HEALTH_STATES.length - 1 - index}`
  );
  return `sum by (cluster, namespace, model) (${states.join(' or ')})`;
}

function health(variant: Variant): Panel[] {
  const spec = {
    id: FLEET_PANELS.health,
    title: 'Model health',
    description:
      'Every model, worst first, with its worst reason in words. Health is recorded by Prometheus rules; a model without fresh data is never shown as healthy.',
  };
  if (variant === 'plugins') {
    const queries = [{ expr: `${HEALTH}{health="failed", ${SELECTED}}`, legend: MODEL_NAME }];
    const ofModel = 'var-cluster=${cluster}&var-namespace=${namespace}&var-model=${model}&${__url_time_range}';
    return [
      {
        ...healthPanel(
          { ...spec, gridPos: { x: 0, y: 0, w: 24, h: 16 }, queries },
          { cluster: ['$cluster'], namespace: ['$namespace'] },
          `/d/${DASHBOARD_UIDS.model}?${ofModel}`
        ),
        links: (['drift', 'accuracy'] as const).map((name) => ({
          title: `${name === 'drift' ? 'Drift' : 'Accuracy'} of one model`,
          url: `/d/${DASHBOARD_UIDS[name]}?\${__url_time_range}`,
        })),
      },
    ];
  }
  return [
    stat(
      variant,
      {
        id: 11,
        title: 'Models by health',
        description: 'How many models are in each state now.',
        gridPos: { x: 0, y: 0, w: 24, h: 4 },
        queries: [{ expr: `sum by (cluster, health) (${HEALTH}{${SELECTED}})`, legend: '{{cluster}} {{health}}' }],
      },
      'short'
    ),
    timeline(
      variant,
      {
        ...spec,
        description:
          'Models that were not healthy at some time of the range; a gap means healthy or unknown to Prometheus.',
        gridPos: { x: 0, y: 4, w: 24, h: 12 },
        queries: [{ expr: `${healthNumber(SELECTED)} > 0`, legend: MODEL_NAME }],
      },
      HEALTH_NUMBERS
    ),
  ];
}

const WORST = 'Of each namespace the worst model of now, and the one that was worst in the time range.';

/** At most two models of a namespace, the same at each step, so that lines are whole and have the names of models. */
function worstOf({ name }: RecordedSeries): string {
  const all = `${name}{${SELECTED}}`;
  const worst = (value: string) => `topk by (cluster, namespace) (1, ${value})`;
  return `${all} and on (cluster, namespace, model) (${worst(`${all} @ end()`)} or ${worst(`max_over_time(${all}[$__range] @ end())`)})`;
}

/** The rest is the same in both variants. */
function traffic(variant: Variant): Panel[] {
  const legend = '{{cluster}} {{namespace}}';
  return [
    timeseries(
      variant,
      {
        id: 2,
        title: 'Requests',
        description: 'Inference requests per second by namespace, as the model servers counted them.',
        gridPos: { x: 0, y: 16, w: 6, h: 8 },
        queries: [
          { expr: `sum by (cluster, namespace) (${RECORDED.inferenceRequestsRate.name}{${SELECTED}})`, legend },
        ],
      },
      'reqps'
    ),
    timeseries(
      variant,
      {
        id: FLEET_PANELS.errors,
        title: 'Failed requests, worst models',
        description: `Share of requests that failed over 5 minutes, and not by the fault of the client. ${WORST}`,
        gridPos: { x: 6, y: 16, w: 9, h: 8 },
        queries: [{ expr: worstOf(RECORDED.inferenceErrorsRatio), legend: MODEL_NAME }],
      },
      'percentunit',
      0,
      figureOf('service-health', 'errors').thresholds
    ),
    timeseries(
      variant,
      {
        id: FLEET_PANELS.latency,
        title: 'Latency, slowest models',
        description: `Duration in the server over 5 minutes: mean, and 95th percentile where the servers have buckets. ${WORST}`,
        gridPos: { x: 15, y: 16, w: 9, h: 8 },
        queries: [
          { expr: worstOf(RECORDED.inferenceDurationMean), legend: `${MODEL_NAME} mean` },
          { expr: worstOf(RECORDED.inferenceDurationP95), legend: `${MODEL_NAME} p95` },
        ],
      },
      's'
    ),
  ];
}

function operations(variant: Variant): Panel[] {
  const missing = `${RECORDED.modelReplicasDesired.name}{${SELECTED}} - ${RECORDED.modelReplicasAvailable.name}{${SELECTED}}`;
  return [
    timeseries(
      variant,
      {
        id: FLEET_PANELS.replicas,
        title: 'Missing replicas',
        description: 'How many replicas are missing, by namespace; 0 where every model has all of its replicas.',
        gridPos: { x: 0, y: 24, w: 12, h: 7 },
        queries: [
          { expr: `sum by (cluster, namespace) (clamp_min(${missing}, 0))`, legend: '{{cluster}} {{namespace}}' },
        ],
      },
      'short'
    ),
    timeline(
      variant,
      {
        id: FLEET_PANELS.exporters,
        title: 'Exporters',
        description:
          'Whether each exporter has synced and fresh sources. A gap means that Prometheus could not scrape it.',
        gridPos: { x: 12, y: 24, w: 12, h: 7 },
        queries: [{ expr: `${METRICS.exporterSynced.name}{cluster=~"$cluster"}`, legend: '{{cluster}} {{instance}}' }],
      },
      [
        { value: 0, text: 'not synced', color: 'orange' },
        { value: 1, text: 'synced', color: 'blue' },
      ]
    ),
  ];
}

export function fleetDashboard(variant: Variant): Dashboard {
  return dashboard(variant, {
    dashboard: 'fleet',
    title: 'Fleet',
    description: 'Health, traffic, errors and latency of every machine-learning model.',
    variables: FLEET_VARIABLES,
    panels: [
      ...health(variant),
      ...traffic(variant),
      ...operations(variant),
      notMonitored(variant, SELECTED, { x: 0, y: 31, w: 24, h: 9 }),
    ],
  });
}
