/** Dashboard *Pipelines*: whether pipelines serve, how many requests they get and how these end, and their steps. */
import { METRICS, RECORDED, SERVING_STATES } from '@modelwatch/contract';
import { figurePanel } from './figures';
import { PIPELINE_VARIABLES, dashboard } from './frame';
import { timeline, timeseries, type State } from './parts';
import type { Dashboard, GridPosition, Panel, Variant } from './types';

const SELECTED = 'cluster=~"$cluster", namespace=~"$namespace", pipeline=~"$pipeline"';
const NO_REQUESTS = 'No gateway of these pipelines is measured, or there were no requests';

const COLORS = ['dark-red', 'orange', 'text', 'text', 'text', 'text', 'blue'];
const STATES: readonly State[] = SERVING_STATES.map((text, index) => ({
  value: SERVING_STATES.length - 1 - index,
  text,
  color: COLORS[index] ?? 'text',
}));

function state(variant: Variant): Panel {
  const numbers = SERVING_STATES.map(
    (name, index) =>
      `${METRICS.pipelineServing.name}{state="${name}", ${SELECTED}} * ${SERVING_STATES.length - 1 - index}`
  );
  return timeline(
    variant,
    {
      id: 1,
      title: 'State',
      description: 'Serving state of each pipeline: of several exporters the worst opinion.',
      gridPos: { x: 0, y: 0, w: 24, h: 7 },
      queries: [
        {
          expr: `sum by (cluster, namespace, pipeline) (max by (cluster, namespace, pipeline, state) (${numbers.join(' or ')}))`,
          legend: '{{cluster}} {{namespace}}/{{pipeline}}',
        },
      ],
    },
    STATES
  );
}

function requests(variant: Variant): Panel[] {
  const common = { kind: 'pipelines', selected: SELECTED, without: [], noValue: NO_REQUESTS } as const;
  return [
    figurePanel(variant, {
      ...common,
      id: 2,
      title: 'Requests',
      metrics: ['rate_by_outcome'],
      gridPos: { x: 0, y: 7, w: 12, h: 8 },
    }),
    figurePanel(variant, {
      ...common,
      id: 3,
      title: 'Failed requests',
      metrics: ['errors'],
      gridPos: { x: 12, y: 7, w: 12, h: 8 },
    }),
    figurePanel(variant, {
      ...common,
      id: 4,
      title: 'Response time',
      metrics: ['duration_p50', 'duration_p95', 'duration_p99'],
      names: ['p50', 'p95', 'p99'],
      gridPos: { x: 0, y: 15, w: 24, h: 6 },
    }),
  ];
}

/** What each step of the pipelines got: a step that lags, or fails, is where a pipeline breaks. */
function steps(variant: Variant): Panel[] {
  const step = `group by (cluster, namespace, model) (${METRICS.pipelineStep.name}{${SELECTED}})`;
  const ofSteps = (expr: string) => `(${expr}) and on (cluster, namespace, model) ${step}`;
  const rate = `sum by (cluster, namespace, model) (${RECORDED.inferenceRequestsRate.name}{cluster=~"$cluster", namespace=~"$namespace"})`;
  const duration = `${RECORDED.inferenceDurationMean.name}{cluster=~"$cluster", namespace=~"$namespace"}`;
  const errors = `${RECORDED.inferenceErrorsRatio.name}{cluster=~"$cluster", namespace=~"$namespace"}`;
  const legend = '{{cluster}} {{namespace}}/{{model}}';
  const panel = (id: number, title: string, description: string, expr: string, gridPos: GridPosition, unit: string) =>
    timeseries(variant, { id, title, description, gridPos, queries: [{ expr: ofSteps(expr), legend }] }, unit);
  return [
    panel(
      5,
      'Requests of steps',
      'Requests per second to the models that are steps, all callers together.',
      rate,
      { x: 0, y: 21, w: 12, h: 8 },
      'reqps'
    ),
    panel(
      6,
      'Failed requests of steps',
      'Share of the requests to the steps that failed.',
      errors,
      { x: 12, y: 21, w: 12, h: 8 },
      'percentunit'
    ),
    panel(
      7,
      'Response time of steps, mean',
      'Mean duration of requests to the steps.',
      duration,
      { x: 0, y: 29, w: 24, h: 6 },
      's'
    ),
  ];
}

export function pipelinesDashboard(variant: Variant): Dashboard {
  return dashboard(variant, {
    dashboard: 'pipelines',
    title: 'Pipelines',
    description: 'State, requests, errors and response time of pipelines and of their steps.',
    variables: PIPELINE_VARIABLES,
    panels: [state(variant), ...requests(variant), ...steps(variant)],
  });
}
