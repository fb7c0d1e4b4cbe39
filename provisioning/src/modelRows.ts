/** Rows of the dashboard *Model*: service health and resources. */
import { figurePanel, figureStat, type FigureSpec } from './figures';
import { row } from './parts';
import type { Panel, Variant } from './types';

const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model"';
const COMMON = { selected: ONE, without: ['namespace', 'model'] } as const;
const NOT_MEASURED = 'This server does not measure it, or there were no requests';
const NO_EXPORTER = 'Its exporter is not scraped, or does not see pods of this model';

type Spec = Omit<FigureSpec, 'selected' | 'without' | 'kind'>;

const TILES: readonly Spec[] = [
  {
    id: 21,
    title: 'Errors now',
    metrics: ['system_errors', 'data_errors', 'unknown_errors'],
    names: ['system errors', 'data errors', 'cause unknown'],
    gridPos: { x: 0, y: 28, w: 8, h: 4 },
    noValue: 'This server does not count failures, or there were no requests',
  },
  {
    id: 22,
    title: 'Response time now',
    metrics: ['duration_p50', 'duration_p90', 'duration_p95', 'duration_p99'],
    names: ['p50', 'p90', 'p95', 'p99'],
    gridPos: { x: 8, y: 28, w: 10, h: 4 },
    noValue: 'This server has no buckets, or there were no requests',
  },
  { id: 23, title: 'Uptime', metrics: ['uptime'], gridPos: { x: 18, y: 28, w: 6, h: 4 } },
];

const SERVICE: readonly Spec[] = [
  {
    id: 24,
    title: 'Errors by side',
    metrics: ['system_errors', 'data_errors', 'unknown_errors'],
    names: ['system errors (5xx)', 'data errors (4xx)', 'cause unknown'],
    gridPos: { x: 0, y: 32, w: 8, h: 8 },
    noValue: NOT_MEASURED,
  },
  {
    id: 25,
    title: 'Where the time goes',
    description: 'Mean response time, and the parts of it in which the model worked and in which requests waited.',
    metrics: ['duration_mean', 'execution_mean', 'queue_mean'],
    names: ['response', 'execution', 'queue'],
    gridPos: { x: 8, y: 32, w: 8, h: 8 },
    noValue: NOT_MEASURED,
  },
  {
    id: 26,
    title: 'Slow requests',
    metrics: ['slow'],
    gridPos: { x: 16, y: 32, w: 8, h: 8 },
    noValue: 'No threshold is configured for this model, or its server has no buckets',
  },
  {
    id: 27,
    title: 'Load and its peak',
    metrics: ['rate', 'peak_hour'],
    names: ['now', 'peak of the last hour'],
    gridPos: { x: 0, y: 40, w: 8, h: 8 },
  },
  {
    id: 28,
    title: 'Requests, this day and the day before',
    metrics: ['rate'],
    names: ['now'],
    before: '1d',
    gridPos: { x: 8, y: 40, w: 8, h: 8 },
  },
  {
    id: 29,
    title: 'Running and waiting',
    metrics: ['running', 'waiting'],
    names: ['running', 'waiting'],
    gridPos: { x: 16, y: 40, w: 8, h: 8 },
    noValue: 'This server does not say how many requests it has',
  },
  {
    id: 30,
    title: 'Requests by version',
    metrics: ['version_rate'],
    gridPos: { x: 0, y: 48, w: 8, h: 8 },
  },
  {
    id: 31,
    title: 'Failed requests by version',
    metrics: ['version_errors'],
    gridPos: { x: 8, y: 48, w: 8, h: 8 },
    noValue: 'This server does not count failures, or there were no requests',
  },
  {
    id: 32,
    title: 'Response time by version',
    metrics: ['version_duration_p95', 'version_duration_mean'],
    names: ['p95', 'mean'],
    gridPos: { x: 16, y: 48, w: 8, h: 8 },
    noValue: NOT_MEASURED,
  },
];

const RESOURCES: readonly Spec[] = [
  { id: 41, title: 'CPU', metrics: ['cpu'], gridPos: { x: 0, y: 57, w: 6, h: 8 }, noValue: NO_EXPORTER },
  {
    id: 42,
    title: 'CPU held back',
    metrics: ['cpu_throttled'],
    gridPos: { x: 6, y: 57, w: 6, h: 8 },
    noValue: 'No CPU limit, or cAdvisor is not scraped',
  },
  { id: 43, title: 'Memory', metrics: ['memory'], gridPos: { x: 12, y: 57, w: 6, h: 8 }, noValue: NO_EXPORTER },
  {
    id: 44,
    title: 'Memory, share of the limit',
    metrics: ['memory_limit'],
    gridPos: { x: 18, y: 57, w: 6, h: 8 },
    noValue: 'No memory limit, or cAdvisor is not scraped',
  },
  {
    id: 45,
    title: 'GPU',
    metrics: ['gpu_utilisation', 'gpu_memory'],
    names: ['utilisation', 'memory'],
    gridPos: { x: 0, y: 65, w: 6, h: 8 },
    noValue: 'No GPU of this model is measured',
  },
  { id: 46, title: 'Network', metrics: ['network'], gridPos: { x: 6, y: 65, w: 6, h: 8 }, noValue: NO_EXPORTER },
  { id: 47, title: 'Disk', metrics: ['disk'], gridPos: { x: 12, y: 65, w: 6, h: 8 }, noValue: NO_EXPORTER },
  {
    id: 48,
    title: 'Restarts and kills for memory',
    metrics: ['restarts', 'oom_kills'],
    names: ['restarts', 'killed for memory'],
    gridPos: { x: 18, y: 65, w: 6, h: 8 },
    noValue: NO_EXPORTER,
  },
];

export function serviceHealth(variant: Variant): Panel[] {
  const kind = 'service-health';
  return [
    row(variant, 20, 'Service health', 27),
    ...TILES.map((spec) => figureStat(variant, { ...COMMON, ...spec, kind })),
    ...SERVICE.map((spec) => figurePanel(variant, { ...COMMON, ...spec, kind })),
  ];
}

/** Of a model that shares its pods the figures are parts: the legend says `apportioned`. */
export function resources(variant: Variant): Panel[] {
  return [
    row(variant, 40, 'Resources', 56),
    ...RESOURCES.map((spec) => figurePanel(variant, { ...COMMON, ...spec, kind: 'resources' })),
  ];
}
