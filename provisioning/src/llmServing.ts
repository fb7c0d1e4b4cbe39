/** Dashboard *LLM serving*: tokens, how long users wait for them, and the caches that run full. */
import { METRICS } from '@modelwatch/contract';
import { figurePanels, tiled, type FigureEntry } from './figures';
import { LLM_VARIABLES, dashboard } from './frame';
import { timeline } from './parts';
import type { Dashboard, Variant } from './types';

const SELECTED = 'cluster=~"$cluster", namespace=~"$namespace", model=~"$model"';

const PANELS: readonly FigureEntry[] = tiled({ y: 0, w: 12, h: 8 }, [
  { id: 1, title: 'Tokens', metrics: ['tokens'] },
  {
    id: 2,
    title: 'Time to first token',
    metrics: ['first_token_p50', 'first_token_p95', 'first_token_p99'],
    names: ['p50', 'p95', 'p99'],
    noValue: 'No requests in this time, or servers that do not measure it',
  },
  {
    id: 3,
    title: 'Time between tokens',
    metrics: ['inter_token_p50', 'inter_token_p95'],
    names: ['p50', 'p95'],
    noValue: 'No requests in this time, or servers that do not measure it',
  },
  {
    id: 4,
    title: 'Requests running and waiting',
    metrics: ['running', 'waiting'],
    names: ['running', 'waiting'],
  },
  { id: 5, title: 'KV cache', metrics: ['kv_cache'] },
  {
    id: 6,
    title: 'Prefix cache hits',
    metrics: ['prefix_cache_hits'],
    noValue: 'No prompt was looked up in a prefix cache',
  },
  {
    id: 7,
    title: 'Response time',
    kind: 'service-health',
    metrics: ['duration_p50', 'duration_p95'],
    names: ['p50', 'p95'],
  },
  {
    id: 8,
    title: 'Requests put aside',
    metrics: ['preemptions'],
  },
  { id: 9, title: 'Why answers ended', metrics: ['finished'] },
  {
    id: 10,
    title: 'Failed requests',
    kind: 'service-health',
    metrics: ['errors'],
    noValue: 'No server here counts failures',
  },
  {
    id: 11,
    title: 'GPU memory',
    kind: 'resources',
    metrics: ['gpu_memory'],
    noValue: 'No GPU of these models is measured',
  },
]);

export function llmServingDashboard(variant: Variant): Dashboard {
  const common = { kind: 'language-models', selected: SELECTED, without: [] } as const;
  const by = 'cluster, namespace, model, adapter';
  const name = METRICS.inferenceAdapter.name;
  const adapters = timeline(
    variant,
    {
      id: 12,
      title: 'Adapters with requests',
      description: 'Adapters (LoRA) that had requests: running, or only waiting.',
      gridPos: { x: 12, y: 40, w: 12, h: 8 },
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
    panels: [...figurePanels(variant, common, PANELS), adapters],
  });
}
