/** Dashboard *Model*: one model, from its verdict to its replicas. */
import { METRICS, RECORDED } from '@modelwatch/contract';
import { alertMarks, responseMarks, versionMarks } from './annotations';
import { coverage } from './coverage';
import { healthNumber } from './fleet';
import { MODEL_VARIABLES, below, dashboard } from './frame';
import { modelAccuracy } from './modelAccuracy';
import { modelCustom } from './modelCustom';
import { modelExploration } from './modelExploration';
import { CHALLENGERS_LINK, drift, DRIFT_LINK, resources, serviceHealth } from './modelRows';
import {
  alertsPanel,
  driftPanel,
  FEATURE_LINK,
  HEALTH_NUMBERS,
  healthPanel,
  row,
  sloPanel,
  timeline,
  timeseries,
} from './parts';
import { SLO_DETAIL_LINK } from './slo';
import type { Dashboard, Panel, Variant } from './types';

const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model"';
const FILTERS = { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] } as const;
const CHANNEL = RECORDED.modelChannel.name;
const REPLICA = 'cluster, namespace, model, replica';

function verdict(variant: Variant): Panel[] {
  if (variant === 'core') return [];
  return [
    healthPanel(
      {
        id: 1,
        title: '',
        description: 'The verdict on this model: health, since when, reasons and channels.',
        gridPos: { x: 0, y: 0, w: 14, h: 7 },
        queries: [{ expr: `${RECORDED.modelHealth.name}{health="failed", ${ONE}}`, legend: '{{namespace}}/{{model}}' }],
      },
      FILTERS,
      ''
    ),
    alertsPanel(
      {
        id: 14,
        title: 'Alerts',
        description: 'What fires of this model or waits to, who is told by Alertmanager, and what is silenced.',
        gridPos: { x: 14, y: 0, w: 10, h: 7 },
      },
      FILTERS,
      { objectiveDashboard: SLO_DETAIL_LINK, modelDashboard: '' }
    ),
  ];
}

/** Beside the verdict on the first screen: is it asked what it was trained for, and does it keep its promises. */
function driftAndObjectives(variant: Variant): Panel[] {
  if (variant === 'core') return [];
  return [
    {
      ...driftPanel(
        {
          id: 51,
          title: 'Drift',
          description:
            'Drift score of each feature, and of the predictions, over time. What has too few rows is marked as such.',
          gridPos: { x: 0, y: 7, w: 14, h: 10 },
        },
        [{ kind: 'drift', filters: FILTERS }],
        { driftMode: 'auto', featureDashboard: FEATURE_LINK }
      ),
      links: [DRIFT_LINK, CHALLENGERS_LINK],
    },
    sloPanel(
      {
        id: 13,
        title: 'SLO status',
        description: 'Each objective of this model: the budget that is left, and how fast it burns.',
        gridPos: { x: 14, y: 7, w: 10, h: 10 },
      },
      [{ kind: 'slo-status', filters: FILTERS }],
      { objectiveDashboard: SLO_DETAIL_LINK, modelDashboard: '' }
    ),
  ];
}

const STATUS_NUMBERS = [
  { value: 0, text: 'ok', color: 'blue' },
  { value: 1, text: 'too little data', color: 'text' },
  { value: 2, text: 'stale', color: 'text' },
  { value: 3, text: 'warning', color: 'orange' },
  { value: 4, text: 'critical', color: 'dark-red' },
] as const;

function history(variant: Variant): Panel[] {
  const statuses = STATUS_NUMBERS.map(
    ({ value, text }) => `${CHANNEL}{status="${text.replaceAll(' ', '_')}", ${ONE}} * ${value}`
  );
  return [
    timeline(
      variant,
      {
        id: 2,
        title: 'Health over time',
        description: 'The recorded health of the model.',
        gridPos: { x: 0, y: 6, w: 8, h: 6 },
        queries: [{ expr: healthNumber(ONE), legend: '{{cluster}} health' }],
      },
      HEALTH_NUMBERS
    ),
    timeline(
      variant,
      {
        id: 3,
        title: 'Channels',
        description: 'Status of each channel that has a verdict. A channel that is not here is not watched.',
        gridPos: { x: 8, y: 6, w: 8, h: 6 },
        queries: [
          {
            expr: `sum by (cluster, namespace, model, channel) (${statuses.join(' or ')})`,
            legend: '{{cluster}} {{channel}}',
          },
        ],
      },
      STATUS_NUMBERS
    ),
    timeline(
      variant,
      {
        id: 4,
        title: 'Reasons',
        description:
          'Why the model was not simply serving, and when it was. Errors and latency are channels, not reasons.',
        gridPos: { x: 16, y: 6, w: 8, h: 6 },
        queries: [
          { expr: `${RECORDED.modelServingReason.name}{${ONE}}`, legend: '{{reason}}' },
          // A row for the quiet times, so that an empty chart can only mean that nobody watched.
          { expr: `0 * (${RECORDED.modelServing.name}{state="serving", ${ONE}} == 1)`, legend: '{{cluster}} none' },
        ],
      },
      [
        { value: 0, text: 'serving', color: 'blue' },
        { value: 1, text: 'holds', color: 'orange' },
      ]
    ),
  ];
}

function service(variant: Variant): Panel[] {
  return [
    timeseries(
      variant,
      {
        id: 5,
        title: 'Latency',
        description: 'Mean and 95th percentile of the duration of requests in the model server, over 5 minutes.',
        gridPos: { x: 0, y: 12, w: 8, h: 8 },
        queries: [
          { expr: `${RECORDED.inferenceDurationP95.name}{${ONE}}`, legend: '{{cluster}} p95' },
          { expr: `${RECORDED.inferenceDurationMean.name}{${ONE}}`, legend: '{{cluster}} mean' },
        ],
      },
      's'
    ),
    timeseries(
      variant,
      {
        id: 6,
        title: 'Requests',
        description: 'Requests per second by outcome, over 5 minutes.',
        gridPos: { x: 8, y: 12, w: 8, h: 8 },
        queries: [{ expr: `${RECORDED.inferenceRequestsRate.name}{${ONE}}`, legend: '{{cluster}} {{outcome}}' }],
      },
      'reqps'
    ),
    timeseries(
      variant,
      {
        id: 7,
        title: 'Failed requests',
        description: 'Share of the requests that failed in the server, over 5 minutes. No requests, no share.',
        gridPos: { x: 16, y: 12, w: 8, h: 8 },
        queries: [{ expr: `${RECORDED.inferenceErrorsRatio.name}{${ONE}}`, legend: '{{cluster}} failed requests' }],
      },
      'percentunit'
    ),
  ];
}

/** Per replica, so from the raw series: two exporters that see one replica are folded by `max`. */
function replicas(variant: Variant): Panel[] {
  const rate = `max by (${REPLICA}, version, outcome) (rate(${METRICS.inferenceRequests.name}{${ONE}}[$__rate_interval]))`;
  const queue = (part: string) =>
    `sum by (${REPLICA}) (max by (${REPLICA}, version) (rate(${METRICS.inferenceQueue.name}_${part}{${ONE}}[$__rate_interval])))`;
  return [
    row(variant, 12, 'Replicas', 20),
    timeseries(
      variant,
      {
        id: 8,
        title: 'Replica count',
        description: 'Replicas that the model should have, and those that can serve.',
        gridPos: { x: 0, y: 21, w: 6, h: 7 },
        queries: [
          { expr: `${RECORDED.modelReplicasDesired.name}{${ONE}}`, legend: '{{cluster}} desired' },
          { expr: `${RECORDED.modelReplicasAvailable.name}{${ONE}}`, legend: '{{cluster}} available' },
        ],
      },
      'short'
    ),
    timeline(
      variant,
      {
        id: 9,
        title: 'Ready, by replica',
        description: 'What each replica of the server answers when it is asked whether it can serve the model.',
        gridPos: { x: 6, y: 21, w: 6, h: 7 },
        queries: [{ expr: `max by (${REPLICA}) (${METRICS.endpointModelReady.name}{${ONE}})`, legend: '{{replica}}' }],
      },
      [
        { value: 0, text: 'not ready', color: 'orange' },
        { value: 1, text: 'ready', color: 'blue' },
      ]
    ),
    timeseries(
      variant,
      {
        id: 10,
        title: 'Load per replica',
        description: 'Requests per second of each replica; an uneven share points to a replica in trouble.',
        gridPos: { x: 12, y: 21, w: 6, h: 7 },
        queries: [{ expr: `sum by (${REPLICA}) (${rate})`, legend: '{{replica}}' }],
      },
      'reqps'
    ),
    timeseries(
      variant,
      {
        id: 11,
        title: 'Queue per replica',
        description: 'Mean time that a request waited in the queue of the server, where the server measures it.',
        gridPos: { x: 18, y: 21, w: 6, h: 7 },
        queries: [{ expr: `${queue('sum')} / (${queue('count')} > 0)`, legend: '{{replica}}' }],
        noValue: 'This server does not measure its queue, or had no requests',
      },
      's'
    ),
  ];
}

export function modelDashboard(variant: Variant): Dashboard {
  const first = [...verdict(variant), ...driftAndObjectives(variant)];
  const rest = [
    ...history(variant),
    ...service(variant),
    ...replicas(variant),
    ...serviceHealth(variant),
    ...resources(variant),
    ...drift(variant),
  ];
  const top = Math.min(...rest.map(({ gridPos }) => gridPos.y));
  const raised = rest.map((panel) => ({ ...panel, gridPos: { ...panel.gridPos, y: panel.gridPos.y - top } }));
  const upper = [...first, ...below(first, raised)];
  const lower = [modelAccuracy(variant), coverage(variant), modelCustom(variant), modelExploration(variant)];
  return dashboard(variant, {
    dashboard: 'model',
    title: 'Model',
    description:
      'One machine-learning model: verdict, drift, objectives, history, service, replicas, resources, accuracy, coverage, custom metrics and rows.',
    variables: MODEL_VARIABLES,
    transitions: FILTERS,
    events: [
      { name: 'Objectives and references', events: ['slo', 'references'], filters: FILTERS, enable: true },
      // Of forty features all may drift in one minute.
      { name: 'Drift and accuracy', events: ['drift', 'accuracy'], filters: FILTERS, enable: false },
    ],
    marks: [versionMarks(ONE), responseMarks(ONE), alertMarks(ONE)],
    panels: lower.reduce<readonly Panel[]>((panels, row) => [...panels, ...below(panels, row)], upper),
  });
}
