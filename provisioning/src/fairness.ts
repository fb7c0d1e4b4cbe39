/** Dashboard *Fairness*: what the groups of the protected attributes of one model were decided. */
import {
  FAIRNESS_STATES,
  RECORDED,
  type FairnessMetric,
  type GroupRate,
  type RecordedSeries,
} from '@modelwatch/contract';
import { dashboard, FAIRNESS_VARIABLES } from './frame';
import { facadeTable, timeline, timeseries, type State } from './parts';
import type { Dashboard, GridPosition, Panel, Variant } from './types';

const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model", segment=~"$segment"';
const FILTERS = {
  ...{ cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] },
  segment: ['$segment'],
} as const;
const MODEL_FILTERS = { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] } as const;
const IN_WINDOW = `on (cluster, namespace, model, segment, window) ${RECORDED.fairnessSettings.name}{${ONE}}`;

const NO_FAIRNESS = 'No protected attribute is declared for this model, or no decisions yet';
const TOO_FEW = 'No protected attribute, or too few rows in each group';
const TOO_FEW_ACTUALS = 'No protected attribute, or too few actuals in each group';

const COLORS = ['dark-red', 'orange', 'text', 'text', 'blue'];
/** States as numbers for core panels, which know no words. */
const STATES: readonly State[] = FAIRNESS_STATES.map((state, index) => ({
  value: FAIRNESS_STATES.length - 1 - index,
  text: state.replaceAll('_', ' '),
  color: COLORS[index] ?? 'text',
}));

/** Of the window that the verdict rests on. */
function ofWindow({ name }: RecordedSeries, matchers = ''): string {
  return `${name}{${matchers === '' ? '' : `${matchers}, `}${ONE}} and ${IN_WINDOW}`;
}

function stateNumber(): string {
  const states = FAIRNESS_STATES.map(
    (state, index) => `${RECORDED.fairnessState.name}{state="${state}", ${ONE}} * ${FAIRNESS_STATES.length - 1 - index}`
  );
  return `max by (cluster, segment, value, metric) ((${states.join(' or ')}) and ${IN_WINDOW})`;
}

const BY_GROUP = 'max by (cluster, segment, value)';
const GROUP = '{{cluster}} {{segment}} {{value}}';

function verdicts(variant: Variant): Panel[] {
  const overTime = timeline(
    variant,
    {
      id: variant === 'plugins' ? 2 : 1,
      title: 'Verdict by group',
      description:
        'Each group by each metric that has limits. What has too few rows, or a difference that chance alone can make, is no verdict.',
      gridPos: { x: 0, y: variant === 'plugins' ? 12 : 0, w: 24, h: 9 },
      queries: [{ expr: stateNumber(), legend: '{{cluster}} {{segment}} {{value}} {{metric}}' }],
      noValue: NO_FAIRNESS,
    },
    STATES
  );
  if (variant === 'core') return [overTime];
  const groups = facadeTable(
    {
      id: 1,
      title: 'Groups, worst first',
      description:
        'Of each group by each metric: its rate, that of the group that it is compared with, how far they are apart, the limits, and how many rows that rests on.',
      gridPos: { x: 0, y: 0, w: 24, h: 12 },
      noValue: NO_FAIRNESS,
    },
    { kind: 'fairness', filters: FILTERS },
    { states: ['state'], hidden: ['namespace', 'model', 'favourable_class', 'window'] }
  );
  return [groups, overTime];
}

function rate(variant: Variant, id: number, of: GroupRate, title: string, text: string, gridPos: GridPosition): Panel {
  return timeseries(
    variant,
    {
      ...{ id, title, gridPos, noValue: of === 'selection_rate' ? TOO_FEW : TOO_FEW_ACTUALS },
      description: text,
      queries: [{ expr: `${BY_GROUP} (${ofWindow(RECORDED.fairnessRate, `rate="${of}"`)})`, legend: GROUP }],
    },
    'percentunit'
  );
}

function rates(variant: Variant): Panel[] {
  return [
    rate(
      ...([variant, 3, 'selection_rate', 'Favourable decisions'] as const),
      'Share of the rows of each group that got the favourable outcome: statistical parity and disparate impact compare it.',
      { x: 0, y: 21, w: 8, h: 9 }
    ),
    rate(
      ...([variant, 4, 'true_positive_rate', 'Favourable decisions of those that deserved them'] as const),
      'Among the rows whose actual is the favourable outcome, by arrival of the actual: equal opportunity compares it.',
      { x: 8, y: 21, w: 8, h: 9 }
    ),
    rate(
      ...([variant, 5, 'positive_predictive_value', 'Favourable decisions that came true'] as const),
      'Among the rows that got the favourable outcome, by arrival of the actual: predictive parity compares it.',
      { x: 16, y: 21, w: 8, h: 9 }
    ),
  ];
}

function apart(variant: Variant): Panel[] {
  const limit = (metric: FairnessMetric, level: string) =>
    `max by (cluster) (${RECORDED.fairnessLimit.name}{metric="${metric}", level="${level}", cluster=~"$cluster", namespace="$namespace", model="$model"})`;
  const rows = ofWindow(RECORDED.fairnessRows, 'rate="selection_rate"');
  return [
    timeseries(
      variant,
      {
        id: 6,
        title: 'Disparate impact',
        description:
          'Share of favourable decisions of each group, by that of the group that it is compared with. The four-fifths rule asks for 0.8.',
        gridPos: { x: 0, y: 30, w: 8, h: 9 },
        queries: [
          {
            expr: `${BY_GROUP} (${ofWindow(RECORDED.fairnessScore, 'metric="disparate_impact"')})`,
            legend: GROUP,
          },
          { expr: limit('disparate_impact', 'critical'), legend: '{{cluster}} critical from' },
        ],
        noValue: TOO_FEW,
      },
      'none',
      null
    ),
    timeseries(
      variant,
      {
        id: 7,
        title: 'Differences of rates',
        description:
          'Rate of each group less that of the group that it is compared with, by metric: 0 is alike, below 0 less favoured.',
        gridPos: { x: 8, y: 30, w: 8, h: 9 },
        queries: [
          {
            expr: `max by (cluster, segment, value, metric) (${ofWindow(RECORDED.fairnessScore, 'metric!="disparate_impact"')})`,
            legend: `${GROUP}: {{metric}}`,
          },
        ],
        noValue: TOO_FEW,
      },
      'none',
      null
    ),
    timeseries(
      variant,
      {
        id: 8,
        title: 'Rows by group',
        description: 'Decisions of each group in the window, and how many a rate needs.',
        gridPos: { x: 16, y: 30, w: 8, h: 9 },
        queries: [
          { expr: `${BY_GROUP} (${rows})`, legend: GROUP },
          {
            expr: `max by (cluster) (${RECORDED.fairnessRowsNeeded.name}{cluster=~"$cluster", namespace="$namespace", model="$model"})`,
            legend: '{{cluster}} needed',
          },
        ],
        noValue: NO_FAIRNESS,
      },
      'short'
    ),
  ];
}

export function fairnessDashboard(variant: Variant): Dashboard {
  return dashboard(variant, {
    dashboard: 'fairness',
    title: 'Fairness',
    description: 'Whether one model decides for the groups of its protected attributes alike.',
    variables: FAIRNESS_VARIABLES,
    transitions: MODEL_FILTERS,
    panels: [...verdicts(variant), ...rates(variant), ...apart(variant)],
  });
}
