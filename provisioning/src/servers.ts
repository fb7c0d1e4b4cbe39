/** Dashboard *Servers*: whether replicas of model servers answer, what they carry, and what they use. */
import { METRICS, RECORDED, type MetricFamily, type RecordedSeries } from '@modelwatch/contract';
import { SERVER_VARIABLES, dashboard } from './frame';
import { row, stat, timeline, timeseries, type Query, type State } from './parts';
import type { Dashboard, GridPosition, Panel, Variant } from './types';

const SELECTED = 'cluster=~"$cluster", namespace=~"$namespace", server=~"$server"';
const BY = 'cluster, namespace, server';
const SERVER = '{{cluster}} {{namespace}}/{{server}}';
const NOT_SELDON = 'Only servers of Seldon Core 2 say this';

/** Of each replica: 0 no answer, 1 not ready, 2 ready; of several exporters the worst opinion. */
const ANSWERS = `min by (${BY}, replica) (${METRICS.endpointUp.name}{${SELECTED}} + ${METRICS.endpointReady.name}{${SELECTED}})`;
const REPLICA_STATES: readonly State[] = [
  { value: 0, text: 'no answer', color: 'dark-red' },
  { value: 1, text: 'not ready', color: 'orange' },
  { value: 2, text: 'ready', color: 'blue' },
];

function replicas(variant: Variant): Panel[] {
  const troubled = `min_over_time(${METRICS.endpointReady.name}{${SELECTED}}[$__range] @ end()) == 0`;
  const count = ({ value, text }: State): Query => ({
    // Zero where there are replicas and none is so; without a probe there is no number.
    expr: `count by (cluster) (${ANSWERS} == ${value}) or on (cluster) 0 * count by (cluster) (${ANSWERS})`,
    legend: `{{cluster}} ${text}`,
    ...(value === 2 ? { unjudged: true } : {}),
  });
  return [
    stat(
      variant,
      {
        id: 18,
        title: 'Replicas now',
        description: 'What the replicas of the chosen servers said when they were last probed.',
        gridPos: { x: 0, y: 0, w: 6, h: 8 },
        queries: [...REPLICA_STATES].reverse().map(count),
        noValue: 'No replica is probed',
      },
      'short',
      { warning: 1 }
    ),
    timeline(
      variant,
      {
        id: 1,
        title: 'Replicas in trouble',
        description:
          'The worst replica of each namespace, and each replica that was not ready at some time of the range. A gap: nobody probed it.',
        gridPos: { x: 6, y: 0, w: 18, h: 8 },
        queries: [
          { expr: `min by (cluster, namespace) (${ANSWERS})`, legend: '{{cluster}} {{namespace}}, worst' },
          { expr: `${ANSWERS} and on (${BY}, replica) (${troubled})`, legend: '{{cluster}} {{namespace}}/{{replica}}' },
        ],
        noValue: 'No replica is probed',
      },
      REPLICA_STATES
    ),
  ];
}

/** Two exporters that probe one replica are two opinions: their probes add up. */
function probes(variant: Variant): Panel[] {
  const rate = ({ name }: { readonly name: string }, matcher = '') =>
    `sum by (${BY}) (rate(${name}{${matcher}${SELECTED}}[5m]))`;
  const all = rate(METRICS.endpointProbes);
  return [
    timeseries(
      variant,
      {
        id: 2,
        title: 'Successful probes',
        description: 'Share of the probes over 5 minutes that found a replica that can serve.',
        gridPos: { x: 0, y: 8, w: 12, h: 8 },
        queries: [{ expr: `${rate(METRICS.endpointProbes, 'outcome="success", ')} / ${all}`, legend: SERVER }],
        worst: 'lowest',
      },
      'percentunit'
    ),
    timeseries(
      variant,
      {
        id: 3,
        title: 'Duration of probes',
        description: 'Mean duration of the probes over 5 minutes, successful or not.',
        gridPos: { x: 12, y: 8, w: 12, h: 8 },
        queries: [{ expr: `${rate(METRICS.endpointProbeTime)} / ${all}`, legend: SERVER }],
      },
      's'
    ),
    timeseries(
      variant,
      {
        id: 4,
        title: 'Failed probes by cause',
        description: 'Failed probes per second over 5 minutes, by cause.',
        gridPos: { x: 0, y: 16, w: 24, h: 6 },
        queries: [
          {
            expr: `sum by (${BY}, cause) (max by (${BY}, replica, cause) (rate(${METRICS.endpointProbeFailures.name}{${SELECTED}}[5m])))`,
            legend: `${SERVER} {{cause}}`,
          },
        ],
        noValue: 'No probe failed, or none was made',
      },
      'cps'
    ),
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
    gridPos: { x: 0, y: 23, w: 12, h: 8 },
    unit: 'reqps',
  },
  {
    id: 7,
    title: 'Response time',
    description: 'Mean and 95th percentile of the duration of requests, of all models of a server.',
    queries: [recorded(RECORDED.serverDurationMean, 'mean'), recorded(RECORDED.serverDurationP95, 'p95')],
    gridPos: { x: 12, y: 23, w: 12, h: 8 },
    unit: 's',
  },
  {
    id: 8,
    title: 'Running and waiting requests',
    description: 'Requests that are worked on and that wait, where the server says so.',
    queries: [recorded(RECORDED.serverRunning, 'running'), recorded(RECORDED.serverWaiting, 'waiting')],
    gridPos: { x: 0, y: 31, w: 24, h: 6 },
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
    gridPos: { x: 0, y: 38, w: 12, h: 8 },
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
    gridPos: { x: 12, y: 38, w: 12, h: 8 },
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
    gridPos: { x: 0, y: 46, w: 12, h: 8 },
    unit: 'cps',
    noValue: NOT_SELDON,
  },
  {
    id: 13,
    title: 'Loads and unloads',
    description: 'Models that were loaded because they were placed on a server, and taken away again.',
    queries: [rateOf(METRICS.serverModelLoads, 'loads'), rateOf(METRICS.serverModelUnloads, 'unloads')],
    gridPos: { x: 12, y: 46, w: 12, h: 8 },
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
    gridPos: { x: 0, y: 55, w: 12, h: 8 },
    unit: 'short',
    noValue: 'cAdvisor is not scraped',
  },
  {
    id: 16,
    title: 'Memory',
    description: RECORDED.serverMemory.help,
    queries: [recorded(RECORDED.serverMemory)],
    gridPos: { x: 12, y: 55, w: 12, h: 8 },
    unit: 'bytes',
    noValue: 'cAdvisor is not scraped',
  },
  {
    id: 17,
    title: 'GPUs in use',
    description: RECORDED.serverGpusBusy.help,
    queries: [recorded(RECORDED.serverGpusBusy)],
    gridPos: { x: 0, y: 63, w: 24, h: 6 },
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
      ...replicas(variant),
      ...probes(variant),
      row(variant, 5, 'Service', 22),
      ...SERVICE.map((lines) => draw(variant, lines)),
      row(variant, 9, 'Models and memory', 37),
      ...MODELS.map((lines) => draw(variant, lines)),
      row(variant, 14, 'Resources', 54),
      ...RESOURCES.map((lines) => draw(variant, lines)),
    ],
  });
}
