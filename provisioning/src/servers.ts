/** Dashboard *Servers*: whether replicas of model servers answer, what they carry, and what they use. */
import { METRICS, RECORDED, type MetricFamily, type RecordedSeries } from '@modelwatch/contract';
import { figurePanel } from './figures';
import { SERVER_VARIABLES, dashboard } from './frame';
import { row, timeline, timeseries, type Query } from './parts';
import type { Dashboard, GridPosition, Panel, Variant } from './types';

const SELECTED = 'cluster=~"$cluster", namespace=~"$namespace", server=~"$server"';
const BY = 'cluster, namespace, server';
const SERVER = '{{cluster}} {{namespace}}/{{server}}';
const NOT_SELDON = 'Only servers of Seldon Core 2 say this';

function availability(variant: Variant): Panel[] {
  const answers = `min by (${BY}, replica) (${METRICS.endpointUp.name}{${SELECTED}} + ${METRICS.endpointReady.name}{${SELECTED}})`;
  const common = { kind: 'endpoints', selected: SELECTED, without: [] } as const;
  return [
    timeline(
      variant,
      {
        id: 1,
        title: 'Replicas',
        description: 'What each replica said when it was probed. A gap: nobody probed it.',
        gridPos: { x: 0, y: 0, w: 24, h: 8 },
        queries: [{ expr: answers, legend: `${SERVER} {{replica}}` }],
      },
      [
        { value: 0, text: 'no answer', color: 'dark-red' },
        { value: 1, text: 'not ready', color: 'orange' },
        { value: 2, text: 'ready', color: 'blue' },
      ]
    ),
    figurePanel(variant, {
      ...common,
      id: 2,
      title: 'Share of successful probes',
      metrics: ['probe_success'],
      gridPos: { x: 0, y: 8, w: 8, h: 8 },
    }),
    figurePanel(variant, {
      ...common,
      id: 3,
      title: 'Duration of probes',
      metrics: ['probe_duration'],
      gridPos: { x: 8, y: 8, w: 8, h: 8 },
    }),
    figurePanel(variant, {
      ...common,
      id: 4,
      title: 'Failed probes by cause',
      metrics: ['probe_failures'],
      gridPos: { x: 16, y: 8, w: 8, h: 8 },
      noValue: 'No probe failed',
    }),
  ];
}

interface Lines {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly queries: readonly Query[];
  readonly gridPos: GridPosition;
  readonly unit: string;
  readonly noValue?: string;
}

const draw = (variant: Variant, { unit, ...spec }: Lines): Panel => timeseries(variant, spec, unit);
const recorded = (series: RecordedSeries, legend = ''): Query => ({
  expr: `max by (${series.labels.join(', ')}) (${series.name}{${SELECTED}})`,
  legend: `${SERVER} ${legend}`.trim(),
});
/** Of replicas: two exporters say the same of one, and the replicas add up. */
const ofReplicas = (family: MetricFamily, legend: string): Query => ({
  expr: `sum by (${BY}) (max by (${BY}, replica) (${family.name}{${SELECTED}}))`,
  legend: `${SERVER} ${legend}`,
});
/** Beside recorded rates, over their window: `5m`. */
const rateOf = (family: MetricFamily, legend: string, window = '$__rate_interval'): Query => ({
  expr: `sum by (${BY}) (max by (${BY}, replica) (rate(${family.name}{${SELECTED}}[${window}])))`,
  legend: `${SERVER} ${legend}`,
});

const SERVICE: readonly Lines[] = [
  {
    id: 6,
    title: 'Requests',
    description: RECORDED.serverRequestsRate.help,
    queries: [recorded(RECORDED.serverRequestsRate, '{{outcome}}')],
    gridPos: { x: 0, y: 17, w: 8, h: 8 },
    unit: 'reqps',
  },
  {
    id: 7,
    title: 'Response time',
    description: 'Mean and 95th percentile of the duration of requests, of all models of a server.',
    queries: [recorded(RECORDED.serverDurationMean, 'mean'), recorded(RECORDED.serverDurationP95, 'p95')],
    gridPos: { x: 8, y: 17, w: 8, h: 8 },
    unit: 's',
  },
  {
    id: 8,
    title: 'Running and waiting requests',
    description: 'Requests that are worked on and that wait, where the server says so.',
    queries: [recorded(RECORDED.serverRunning, 'running'), recorded(RECORDED.serverWaiting, 'waiting')],
    gridPos: { x: 16, y: 17, w: 8, h: 8 },
    unit: 'short',
    noValue: 'No server here says how many requests it has',
  },
];

const MODELS: readonly Lines[] = [
  {
    id: 10,
    title: 'Models in memory',
    description: 'Models that are placed on the replicas of a server, and those of them that are in memory.',
    queries: [
      ofReplicas(METRICS.serverReplicaModelsRegistered, 'placed'),
      ofReplicas(METRICS.serverReplicaModelsInMemory, 'in memory'),
    ],
    gridPos: { x: 0, y: 26, w: 8, h: 8 },
    unit: 'short',
    noValue: NOT_SELDON,
  },
  {
    id: 11,
    title: 'Memory for models',
    description: 'Memory as models and containers declare it: capacity, with overcommitment, loaded and evicted.',
    queries: [
      ofReplicas(METRICS.serverReplicaMemoryCapacity, 'capacity'),
      ofReplicas(METRICS.serverReplicaMemoryOvercommitCapacity, 'with overcommitment'),
      ofReplicas(METRICS.serverReplicaMemoryLoaded, 'loaded'),
      ofReplicas(METRICS.serverReplicaMemoryEvicted, 'evicted'),
    ],
    gridPos: { x: 8, y: 26, w: 8, h: 8 },
    unit: 'bytes',
    noValue: NOT_SELDON,
  },
  {
    id: 12,
    title: 'Hits, misses and evictions',
    description: 'Requests that found their model in memory, those that had to load it again, and models put out.',
    queries: [
      recorded(RECORDED.serverCacheHitsRate, 'hits'),
      recorded(RECORDED.serverCacheMissesRate, 'misses'),
      rateOf(METRICS.serverCacheEvictions, 'evictions', '5m'),
    ],
    gridPos: { x: 16, y: 26, w: 8, h: 8 },
    unit: 'cps',
    noValue: NOT_SELDON,
  },
  {
    id: 13,
    title: 'Loads and unloads',
    description: 'Models that were loaded because they were placed on a server, and taken away again.',
    queries: [rateOf(METRICS.serverModelLoads, 'loads'), rateOf(METRICS.serverModelUnloads, 'unloads')],
    gridPos: { x: 0, y: 34, w: 24, h: 6 },
    unit: 'cps',
    noValue: NOT_SELDON,
  },
];

const RESOURCES: readonly Lines[] = [
  {
    id: 15,
    title: 'CPU cores',
    description: RECORDED.serverCpu.help,
    queries: [recorded(RECORDED.serverCpu)],
    gridPos: { x: 0, y: 41, w: 8, h: 8 },
    unit: 'short',
    noValue: 'cAdvisor is not scraped',
  },
  {
    id: 16,
    title: 'Memory',
    description: RECORDED.serverMemory.help,
    queries: [recorded(RECORDED.serverMemory)],
    gridPos: { x: 8, y: 41, w: 8, h: 8 },
    unit: 'bytes',
    noValue: 'cAdvisor is not scraped',
  },
  {
    id: 17,
    title: 'GPUs in use',
    description: RECORDED.serverGpusBusy.help,
    queries: [recorded(RECORDED.serverGpusBusy)],
    gridPos: { x: 16, y: 41, w: 8, h: 8 },
    unit: 'short',
    noValue: 'No GPU of these servers is measured',
  },
];

export function serversDashboard(variant: Variant): Dashboard {
  return dashboard(variant, {
    dashboard: 'servers',
    title: 'Servers',
    description: 'Replicas of model servers: whether they answer, what they carry, and what they use.',
    variables: SERVER_VARIABLES,
    panels: [
      ...availability(variant),
      row(variant, 5, 'Service', 16),
      ...SERVICE.map((lines) => draw(variant, lines)),
      row(variant, 9, 'Models and memory', 25),
      ...MODELS.map((lines) => draw(variant, lines)),
      row(variant, 14, 'Resources', 40),
      ...RESOURCES.map((lines) => draw(variant, lines)),
    ],
  });
}
