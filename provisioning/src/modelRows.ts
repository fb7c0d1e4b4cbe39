/** Rows of the dashboard *Model*: service health and resources. */
import { DASHBOARD_UIDS } from '../../exporter/src/rules';
import { NO_REFERENCE } from './drift';
import { figurePanel, figurePanels, figureStats, tiled, type FigureEntry } from './figures';
import { row } from './parts';
import type { Panel, Variant } from './types';

const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model"';
const COMMON = { selected: ONE, without: ['namespace', 'model'] } as const;
const NOT_MEASURED = 'This server does not measure it, or there were no requests';
const NO_EXPORTER = 'Its exporter is not scraped, or does not see pods of this model';

const TILES: readonly FigureEntry[] = [
  {
    id: 21,
    title: 'Errors now',
    metrics: ['system_errors', 'data_errors', 'unknown_errors'],
    names: ['system errors', 'data errors', 'cause unknown'],
    gridPos: { x: 0, y: 29, w: 8, h: 4 },
    noValue: 'This server does not count failures, or there were no requests',
  },
  {
    id: 22,
    title: 'Response time now',
    metrics: ['duration_p50', 'duration_p90', 'duration_p95', 'duration_p99'],
    names: ['p50', 'p90', 'p95', 'p99'],
    gridPos: { x: 8, y: 29, w: 10, h: 4 },
    noValue: 'This server has no buckets, or there were no requests',
  },
  { id: 23, title: 'Uptime', metrics: ['uptime'], gridPos: { x: 18, y: 29, w: 6, h: 4 } },
];

const SERVICE: readonly FigureEntry[] = tiled({ y: 33, w: 8, h: 8 }, [
  {
    id: 24,
    title: 'Errors by side',
    metrics: ['system_errors', 'data_errors', 'unknown_errors'],
    names: ['system errors (5xx)', 'data errors (4xx)', 'cause unknown'],
    noValue: NOT_MEASURED,
  },
  {
    id: 25,
    title: 'Where the time goes',
    description: 'Mean response time, and the parts of it in which the model worked and in which requests waited.',
    metrics: ['duration_mean', 'execution_mean', 'queue_mean'],
    names: ['response', 'execution', 'queue'],
    noValue: NOT_MEASURED,
  },
  {
    id: 26,
    title: 'Slow requests',
    metrics: ['slow'],
    noValue: 'No threshold is configured for this model, or its server has no buckets',
  },
  {
    id: 27,
    title: 'Load and its peak',
    metrics: ['rate', 'peak_hour'],
    names: ['now', 'peak of the last hour'],
  },
  {
    id: 28,
    title: 'Requests, now and a day ago',
    metrics: ['rate'],
    names: ['now'],
    before: '1d',
  },
  {
    id: 29,
    title: 'Running and waiting',
    metrics: ['running', 'waiting'],
    names: ['running', 'waiting'],
    noValue: 'This server does not say how many requests it has',
  },
  {
    id: 30,
    title: 'Requests by version',
    metrics: ['version_rate'],
  },
  {
    id: 31,
    title: 'Failed requests by version',
    metrics: ['version_errors'],
    noValue: 'This server does not count failures, or there were no requests',
  },
  {
    id: 32,
    title: 'Response time by version',
    metrics: ['version_duration_p95', 'version_duration_mean'],
    names: ['p95', 'mean'],
    noValue: NOT_MEASURED,
  },
]);

const RESOURCES: readonly FigureEntry[] = tiled({ y: 58, w: 6, h: 8 }, [
  { id: 41, title: 'CPU', metrics: ['cpu'], noValue: NO_EXPORTER },
  {
    id: 42,
    title: 'CPU held back',
    metrics: ['cpu_throttled'],
    noValue: 'No CPU limit, or cAdvisor is not scraped',
  },
  { id: 43, title: 'Memory', metrics: ['memory'], noValue: NO_EXPORTER },
  {
    id: 44,
    title: 'Memory limit used',
    metrics: ['memory_limit'],
    noValue: 'No memory limit, or cAdvisor is not scraped',
  },
  {
    id: 45,
    title: 'GPU',
    metrics: ['gpu_utilisation', 'gpu_memory'],
    names: ['utilisation', 'memory in use'],
    noValue: 'No GPU of this model is measured',
  },
  { id: 46, title: 'Network', metrics: ['network'], noValue: NO_EXPORTER },
  { id: 47, title: 'Disk', metrics: ['disk'], noValue: NO_EXPORTER },
  {
    id: 48,
    title: 'Restarts, OOM kills',
    metrics: ['restarts', 'oom_kills'],
    names: ['restarts', 'OOM kills'],
    noValue: NO_EXPORTER,
  },
]);

export function serviceHealth(variant: Variant): Panel[] {
  const common = { ...COMMON, kind: 'service-health' } as const;
  return [
    row(variant, 20, 'Service health', 28),
    ...figureStats(variant, common, TILES),
    ...figurePanels(variant, common, SERVICE),
  ];
}

export const DRIFT_LINK = {
  title: 'Drift dashboard',
  url: `/d/${DASHBOARD_UIDS.drift}?\${cluster:queryparam}&\${namespace:queryparam}&\${model:queryparam}&\${__url_time_range}`,
};

export const CHALLENGERS_LINK = {
  title: 'Challengers dashboard',
  url: DRIFT_LINK.url.replace(DASHBOARD_UIDS.drift, DASHBOARD_UIDS.challengers),
};

/** How many features drifted; which ones stands on the first screen, and all of it on a dashboard of its own. */
export function drift(variant: Variant): Panel[] {
  const overTime = figurePanel(variant, {
    ...COMMON,
    kind: 'predictions',
    id: 52,
    title: 'Features that drifted',
    metrics: ['features_drifted'],
    gridPos: { x: 0, y: 75, w: 24, h: 8 },
    noValue: NO_REFERENCE,
  });
  return [row(variant, 50, 'Drift', 74), overTime];
}

/** Of a model that shares its pods the figures are parts: the legend says so. */
export function resources(variant: Variant): Panel[] {
  return [row(variant, 40, 'Resources', 57), ...figurePanels(variant, { ...COMMON, kind: 'resources' }, RESOURCES)];
}
