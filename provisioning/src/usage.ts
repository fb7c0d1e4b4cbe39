/** Dashboard *Usage*: what is deployed, what it takes, and how many hours of it there were. */
import { METRICS, RECORDED } from '@modelwatch/contract';
import { figurePanel } from './figures';
import { USAGE_VARIABLES, dashboard } from './frame';
import { stat, timeseries, type Query } from './parts';
import type { Dashboard, GridPosition, Panel, Variant } from './types';

const SELECTED = 'cluster=~"$cluster", namespace=~"$namespace"';

const sum = (series: { readonly name: string }, legend: string): Query => ({
  expr: `sum by (cluster) (${series.name}{${SELECTED}})`,
  legend: `{{cluster}} ${legend}`,
});
const hours = (series: { readonly name: string }, legend: string): Query => ({
  expr: `sum by (cluster) (sum_over_time(${series.name}{${SELECTED}}[$__range]))`,
  legend: `{{cluster}} ${legend}`,
});

function totals(variant: Variant): Panel[] {
  return [
    stat(
      variant,
      {
        id: 1,
        title: 'Deployed now',
        description: 'Models, pipelines, experiments and servers, each once however many exporters see it.',
        gridPos: { x: 0, y: 0, w: 10, h: 4 },
        queries: [
          sum(RECORDED.usageModels, 'models'),
          sum(RECORDED.usagePipelines, 'pipelines'),
          sum(RECORDED.usageExperiments, 'experiments'),
          sum(RECORDED.usageServers, 'servers'),
        ],
      },
      'short'
    ),
    stat(
      variant,
      {
        id: 2,
        title: 'Requested now',
        description:
          'CPU cores and GPUs that pods of model servers request, and nodes of the whole cluster that they run on.',
        gridPos: { x: 10, y: 0, w: 9, h: 4 },
        queries: [
          sum(RECORDED.usageCpuCores, 'CPU cores'),
          sum(RECORDED.usageGpus, 'GPUs'),
          {
            expr: `max by (cluster) (${RECORDED.usageNodes.name}{cluster=~"$cluster"})`,
            legend: '{{cluster}} nodes of the whole cluster',
          },
        ],
      },
      'short'
    ),
    stat(
      variant,
      {
        id: 3,
        title: 'Memory now',
        description: 'Memory that pods of model servers request.',
        gridPos: { x: 19, y: 0, w: 5, h: 4 },
        queries: [sum(RECORDED.usageMemoryBytes, 'requested')],
      },
      'bytes'
    ),
    stat(
      variant,
      {
        id: 4,
        title: 'Hours in the time range',
        description:
          'Model-hours, replica-hours, core-hours and GPU-hours. A time in which Prometheus did not record is not in them.',
        gridPos: { x: 0, y: 4, w: 16, h: 4 },
        queries: [
          hours(RECORDED.usageModelHours, 'model-hours'),
          hours(RECORDED.usageServerReplicaHours, 'replica-hours of servers'),
          hours(RECORDED.usageCpuCoreHours, 'core-hours'),
          hours(RECORDED.usageGpuHours, 'GPU-hours'),
        ],
      },
      'short'
    ),
    stat(
      variant,
      {
        id: 5,
        title: 'Sharing, overcommitment',
        description: 'Share of the servers that host more than one model, and of those that may be overcommitted.',
        gridPos: { x: 16, y: 4, w: 8, h: 4 },
        queries: [
          share(RECORDED.usageMultiModelServers, 'several models'),
          share(RECORDED.usageOvercommitServers, 'overcommit'),
        ],
      },
      'percentunit'
    ),
  ];
}

function share(series: { readonly name: string }, legend: string): Query {
  const total = `sum by (cluster) (${RECORDED.usageServers.name}{${SELECTED}})`;
  return { expr: `sum by (cluster) (${series.name}{${SELECTED}}) / (${total} > 0)`, legend: `{{cluster}} ${legend}` };
}

const OVER_TIME: readonly (readonly [id: number, title: string, metric: string, gridPos: GridPosition])[] = [
  [6, 'Models', 'models', { x: 0, y: 8, w: 8, h: 8 }],
  [7, 'Replicas of servers', 'server_replicas', { x: 8, y: 8, w: 8, h: 8 }],
  [8, 'Versions with traffic', 'versions', { x: 16, y: 8, w: 8, h: 8 }],
  [9, 'Requested CPU cores', 'cpu', { x: 0, y: 16, w: 8, h: 8 }],
  [10, 'Requested memory', 'memory', { x: 8, y: 16, w: 8, h: 8 }],
  [11, 'Requested GPUs', 'gpus', { x: 16, y: 16, w: 8, h: 8 }],
];

function requests(variant: Variant): Panel {
  return timeseries(
    variant,
    {
      id: 12,
      title: 'Requests by platform, of the whole cluster',
      description:
        'Inference requests per second over 5 minutes of all models of a platform in all namespaces, by outcome.',
      gridPos: { x: 0, y: 24, w: 24, h: 8 },
      queries: [
        {
          expr: `max by (cluster, platform, outcome) (${RECORDED.platformRequestsRate.name}{cluster=~"$cluster"})`,
          legend: '{{cluster}} {{platform}} {{outcome}}',
        },
      ],
    },
    'reqps'
  );
}

function consumers(variant: Variant): Panel {
  return timeseries(
    variant,
    {
      id: 13,
      title: 'Different consumers of the last day, by model',
      description:
        'How many different consumers the events of a model named in the last 24 full hours and the one that runs; within 3.3 %, as a standard error. One that uses two models is in both lines.',
      gridPos: { x: 0, y: 32, w: 24, h: 8 },
      queries: [
        {
          expr: `max by (cluster, namespace, model) (${METRICS.consumers.name}{${SELECTED}, window="1d"})`,
          legend: '{{cluster}} {{namespace}}/{{model}}',
        },
      ],
    },
    'short'
  );
}

export function usageDashboard(variant: Variant): Dashboard {
  const overTime = OVER_TIME.map(([id, title, metric, gridPos]) =>
    figurePanel(variant, { id, title, kind: 'usage', metrics: [metric], gridPos, selected: SELECTED, without: [] })
  );
  return dashboard(variant, {
    dashboard: 'usage',
    title: 'Usage',
    description: 'What is deployed, by namespace and platform, what it requests and for how many hours.',
    variables: USAGE_VARIABLES,
    panels: [...totals(variant), ...overTime, requests(variant), consumers(variant)],
  });
}
