/** Dashboard *LLM serving*: tokens, how long users wait for them, and the caches that run full. */
import { METRICS } from '@modelwatch/contract';
import { figurePanel, type FigureSpec } from './figures';
import { LLM_VARIABLES, dashboard } from './frame';
import { timeline } from './parts';
import type { Dashboard, Variant } from './types';

const SELECTED = 'cluster=~"$cluster", namespace=~"$namespace", model=~"$model"';

type Spec = Omit<FigureSpec, 'selected' | 'without' | 'kind'> & Partial<Pick<FigureSpec, 'kind'>>;

const PANELS: readonly Spec[] = [
  { id: 1, title: 'Tokens', metrics: ['tokens'], gridPos: { x: 0, y: 0, w: 8, h: 8 } },
  {
    id: 2,
    title: 'Time to first token',
    metrics: ['first_token_p50', 'first_token_p95', 'first_token_p99'],
    names: ['p50', 'p95', 'p99'],
    gridPos: { x: 8, y: 0, w: 8, h: 8 },
    noValue: 'No requests in this time, or servers that do not measure it',
  },
  {
    id: 3,
    title: 'Time between tokens',
    metrics: ['inter_token_p50', 'inter_token_p95'],
    names: ['p50', 'p95'],
    gridPos: { x: 16, y: 0, w: 8, h: 8 },
    noValue: 'No requests in this time, or servers that do not measure it',
  },
  {
    id: 4,
    title: 'Requests running and waiting',
    metrics: ['running', 'waiting'],
    names: ['running', 'waiting'],
    gridPos: { x: 0, y: 8, w: 8, h: 8 },
  },
  { id: 5, title: 'KV cache', metrics: ['kv_cache'], gridPos: { x: 8, y: 8, w: 8, h: 8 } },
  {
    id: 6,
    title: 'Prefix cache hits',
    metrics: ['prefix_cache_hits'],
    gridPos: { x: 16, y: 8, w: 8, h: 8 },
    noValue: 'No prompt was looked up in a prefix cache',
  },
  {
    id: 7,
    title: 'Response time',
    kind: 'service-health',
    metrics: ['duration_p50', 'duration_p95'],
    names: ['p50', 'p95'],
    gridPos: { x: 0, y: 16, w: 8, h: 8 },
  },
  {
    id: 8,
    title: 'Requests put aside',
    metrics: ['preemptions'],
    gridPos: { x: 8, y: 16, w: 8, h: 8 },
  },
  { id: 9, title: 'Why answers ended', metrics: ['finished'], gridPos: { x: 16, y: 16, w: 8, h: 8 } },
  {
    id: 10,
    title: 'Failed requests',
    kind: 'service-health',
    metrics: ['errors'],
    gridPos: { x: 0, y: 24, w: 8, h: 8 },
    noValue: 'No server here counts failures',
  },
  {
    id: 11,
    title: 'GPU memory',
    kind: 'resources',
    metrics: ['gpu_memory'],
    gridPos: { x: 8, y: 24, w: 8, h: 8 },
    noValue: 'No GPU of these models is measured',
  },
];

export function llmServingDashboard(variant: Variant): Dashboard {
  const panels = PANELS.map((spec) =>
    figurePanel(variant, { kind: 'language-models', ...spec, selected: SELECTED, without: [] })
  );
  const by = 'cluster, namespace, model, adapter';
  const name = METRICS.inferenceAdapter.name;
  const adapters = timeline(
    variant,
    {
      id: 12,
      title: 'Adapters with requests',
      description: 'Adapters (LoRA) that had requests: running, or only waiting.',
      gridPos: { x: 16, y: 24, w: 8, h: 8 },
      queries: [
        {
          expr: `max by (${by}) (${name}{phase="running", ${SELECTED}} * 2 or ${name}{phase="waiting", ${SELECTED}})`,
          legend: '{{cluster}} {{namespace}}/{{model}} {{adapter}}',
        },
      ],
      noValue: 'No adapter had requests',
    },
    [
      { value: 1, text: 'waiting', color: 'orange' },
      { value: 2, text: 'running', color: 'blue' },
    ]
  );
  return dashboard(variant, {
    dashboard: 'llmServing',
    title: 'LLM serving',
    description: 'Tokens, waiting times, caches and adapters of large language models, whatever serves them.',
    variables: LLM_VARIABLES,
    panels: [...panels, adapters],
  });
}
