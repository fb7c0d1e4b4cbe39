/** Dashboard *Generative*: what a generative model is asked and answers, what it costs, and what is thought of it. */
import { METRICS } from '@modelwatch/contract';
import { GENERATIVE_VARIABLES, dashboard } from './frame';
import { FEATURE_LINK, driftPanel, row, timeseries } from './parts';
import type { Dashboard, GridPosition, Panel, Variant } from './types';

const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model"';
const FILTERS = { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] } as const;
/** Of fewer, a share says little: none is drawn. */
const LEAST = 30;
const NO_TEXTS = 'No prompts and completions were taken in';
const TOO_FEW = `Fewer than ${LEAST} in this time`;

/** Share of each value of a label among all, over a window; absent while there are few. */
function shares(metric: string, window: string, label: string, within: string, chosen = ''): string {
  const counted = (by: string, more: string) => `sum by (${by}) (increase(${metric}{${more}${ONE}}[${window}]))`;
  return `${counted(`${within}, ${label}`, chosen)} / on (${within}) group_left () (${counted(within, '')} >= ${LEAST})`;
}

function sums(variant: Variant): Panel[] {
  return [
    timeseries(
      variant,
      {
        id: 1,
        title: 'Tokens per second',
        description: 'Tokens that events tell, by kind. Each counts once: cached ones are not among the input.',
        gridPos: { x: 0, y: 0, w: 12, h: 8 },
        queries: [
          {
            expr: `sum by (cluster, direction) (rate(${METRICS.generativeTokens.name}{${ONE}}[$__rate_interval]))`,
            legend: '{{cluster}} {{direction}}',
          },
        ],
        noValue: 'No event tells its tokens',
      },
      'short'
    ),
    timeseries(
      variant,
      {
        id: 2,
        title: 'Cost per day, by class of consumers',
        description: 'At the pace of the last hour, by the prices in the settings of the model.',
        gridPos: { x: 12, y: 0, w: 12, h: 8 },
        queries: [
          {
            expr: `sum by (cluster, consumer_class, currency) (rate(${METRICS.generativeCost.name}{${ONE}}[1h])) * 86400`,
            legend: '{{cluster}} {{consumer_class}} ({{currency}})',
          },
        ],
        noValue: 'No prices in the settings of the model',
      },
      'none'
    ),
    timeseries(
      variant,
      {
        id: 3,
        title: 'Prompts without an answer',
        description: 'Shares of the completions of the last hour that were refused, empty, truncated or filtered.',
        gridPos: { x: 0, y: 8, w: 12, h: 8 },
        queries: [
          {
            expr: shares(METRICS.completions.name, '1h', 'outcome', 'cluster', 'outcome!="answered", '),
            legend: '{{cluster}} {{outcome}}',
          },
        ],
        noValue: TOO_FEW,
      },
      'percentunit'
    ),
    timeseries(
      variant,
      {
        id: 4,
        title: 'Feedback',
        description:
          'Shares of the feedback of the last day. Few people say what they think: compare it with other days.',
        gridPos: { x: 12, y: 8, w: 12, h: 8 },
        queries: [
          { expr: shares(METRICS.feedback.name, '1d', 'verdict', 'cluster'), legend: '{{cluster}} {{verdict}}' },
        ],
        noValue: TOO_FEW,
      },
      'percentunit'
    ),
    timeseries(
      variant,
      {
        id: 5,
        title: 'Verdicts of guards',
        description: 'Shares of the verdicts of the last hour, of guards that the settings of the model declare.',
        gridPos: { x: 0, y: 16, w: 12, h: 8 },
        queries: [
          {
            expr: shares(METRICS.guardVerdicts.name, '1h', 'verdict', 'cluster, guard'),
            legend: '{{cluster}} {{guard}}: {{verdict}}',
          },
        ],
        noValue: `${TOO_FEW}, or no guards in the settings of the model`,
      },
      'percentunit'
    ),
    timeseries(
      variant,
      {
        id: 6,
        title: 'Completions per second',
        description: 'Completions that were taken in, by version of the model.',
        gridPos: { x: 12, y: 16, w: 12, h: 8 },
        queries: [
          {
            expr: `label_replace(sum by (cluster, version) (rate(${METRICS.completions.name}{${ONE}}[$__rate_interval])), "version", "not told", "version", "")`,
            legend: '{{cluster}} version {{version}}',
          },
        ],
        noValue: NO_TEXTS,
      },
      'short'
    ),
  ];
}

/** Of our panel: a feature of the texts against its reference. */
function distribution(id: number, title: string, feature: string, gridPos: GridPosition): Panel {
  return driftPanel(
    { id, title, description: `Shares of rows by bin of ${feature}, of the reference and of now.`, gridPos },
    [{ kind: 'distribution', subject: 'feature', filters: { ...FILTERS, feature: [feature] } }],
    { driftMode: 'distribution', featureDashboard: FEATURE_LINK }
  );
}

/** Core panels know no names of bins: these are numbers that the API and the panel explain. */
function binShares(variant: Variant, id: number, title: string, feature: string, gridPos: GridPosition): Panel {
  const metric = METRICS.featureObservations.name;
  const chosen = `feature="${feature}", `;
  const all = `sum by (cluster, reference) (increase(${metric}{${chosen}${ONE}}[1h]))`;
  return timeseries(
    variant,
    {
      ...{ id, title, gridPos },
      description: `Shares of rows by bin of ${feature} in the last hour.`,
      queries: [
        {
          expr: `sum by (cluster, reference, bin) (increase(${metric}{${chosen}${ONE}}[1h])) / on (cluster, reference) group_left () (${all} >= ${LEAST})`,
          legend: '{{cluster}} {{bin}}',
        },
      ],
      noValue: `${TOO_FEW}, or no reference with this feature`,
    },
    'percentunit'
  );
}

const TEXTS = [
  [11, 'Languages of prompts', 'prompt_language'],
  [12, 'Keywords of prompts', 'prompt_keyword'],
  [13, 'Lengths of prompts', 'prompt_length'],
  [14, 'Lengths of completions', 'completion_length'],
] as const;

function texts(variant: Variant): Panel[] {
  const plugins = variant === 'plugins';
  const all = driftPanel(
    {
      id: 15,
      title: 'Drift of prompts and completions',
      description: 'Drift score of each feature over time. What has too few rows is marked as such.',
      gridPos: { x: 0, y: 45, w: 24, h: 12 },
    },
    [{ kind: 'drift', filters: FILTERS }],
    { driftMode: 'heatmap', featureDashboard: FEATURE_LINK }
  );
  return [
    row(variant, 10, 'Prompts and completions against their reference', 24),
    ...TEXTS.map(([id, title, feature], index) => {
      const gridPos = { x: (index % 2) * 12, y: 25 + Math.floor(index / 2) * 10, w: 12, h: 10 };
      return plugins ? distribution(id, title, feature, gridPos) : binShares(variant, id, title, feature, gridPos);
    }),
    ...(plugins ? [all] : []),
  ];
}

export function generativeDashboard(variant: Variant): Dashboard {
  return dashboard(variant, {
    dashboard: 'generative',
    title: 'Generative',
    description: 'Prompts, completions, tokens, cost, guards and feedback of one generative model.',
    variables: GENERATIVE_VARIABLES,
    transitions: FILTERS,
    panels: [...sums(variant), ...texts(variant)],
  });
}
