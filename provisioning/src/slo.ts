/** Dashboards of objectives: *SLO overview* of all of them, *SLO detail* of one. */
import { BURN_WINDOWS, RECORDED, SLO_LABELS, SLO_STATES } from '@modelwatch/contract';
import { DASHBOARD_UIDS, SLO_PANELS } from '../../exporter/src/rules';
import { alertMarks, responseMarks, versionMarks } from './annotations';
import { dashboard, OF_HOLDER, SLO_FLEET_VARIABLES, SLO_VARIABLES } from './frame';
import { alertsPanel, facadeTable, PANEL_MODEL_LINK, sloPanel, stat, timeline, timeseries, type State } from './parts';
import type { Dashboard, Panel, Variant } from './types';

const FLEET = 'cluster=~"$cluster", namespace=~"$namespace"';
const IN = 'cluster=~"$cluster", namespace="$namespace"';
const ONE = `${OF_HOLDER}, slo="$slo"`;
const NO_OBJECTIVES = 'No objective is declared';
const NO_VERDICT = 'No objective, or no events yet';
const NAME = '{{cluster}} {{namespace}}/{{model}}{{pipeline}} {{slo}}';

const COLORS: Readonly<Record<(typeof SLO_STATES)[number], string>> = {
  page: 'dark-red',
  spent: 'dark-red',
  ticket: 'orange',
  stale: 'text',
  idle: 'text',
  too_little_data: 'text',
  met: 'blue',
};
/** States as numbers for core panels, which know no words: the worst is the highest. */
const STATES: readonly State[] = SLO_STATES.map((state, index) => ({
  value: SLO_STATES.length - 1 - index,
  text: state.replaceAll('_', ' '),
  color: COLORS[state],
}));

function stateNumber(selected: string): string {
  const states = SLO_STATES.map(
    (state, index) => `${RECORDED.sloState.name}{state="${state}", ${selected}} * ${SLO_STATES.length - 1 - index}`
  );
  return `max by (${SLO_LABELS}) (${states.join(' or ')})`;
}

/** Of each namespace the one that is worst now, the same at each step, so that lines are whole. */
function worstOf(series: string, choose: 'topk' | 'bottomk'): string {
  return `${series} and on (${SLO_LABELS}) ${choose} by (cluster, namespace) (1, ${series} @ end())`;
}

/** Of the two names one is empty. */
export const SLO_DETAIL_LINK =
  `/d/${DASHBOARD_UIDS.sloDetail}?var-cluster=\${cluster}&var-namespace=\${namespace}` +
  '&var-model=${model}${pipeline}&var-slo=${slo}&${__url_time_range}';

function overview(variant: Variant): Panel[] {
  const spec = {
    id: 1,
    title: 'Objectives',
    description:
      'Every objective, those first whose budget is spent or soonest gone. What has no data, or too little, has no verdict, and is never drawn as met.',
  };
  if (variant === 'plugins') {
    return [
      sloPanel(
        { ...spec, gridPos: { x: 0, y: 0, w: 24, h: 16 } },
        [{ kind: 'slo-status', filters: { cluster: ['$cluster'], namespace: ['$namespace'] } }],
        { objectiveDashboard: SLO_DETAIL_LINK, modelDashboard: PANEL_MODEL_LINK }
      ),
    ];
  }
  return [
    timeline(
      variant,
      {
        ...spec,
        gridPos: { x: 0, y: 0, w: 24, h: 16 },
        queries: [{ expr: `${stateNumber(FLEET)} > 0`, legend: NAME }],
        noValue: NO_OBJECTIVES,
      },
      STATES
    ),
  ];
}

export function sloOverviewDashboard(variant: Variant): Dashboard {
  const left = `${RECORDED.sloBudgetLeft.name}{${FLEET}}`;
  const burn = `${RECORDED.sloBurnRate.name}{window="1h", ${FLEET}}`;
  return dashboard(variant, {
    dashboard: 'sloOverview',
    title: 'SLO overview',
    description: 'What is promised of models and pipelines, and how much of each promise is left.',
    variables: SLO_FLEET_VARIABLES,
    panels: [
      ...overview(variant),
      stat(
        variant,
        {
          id: 2,
          title: 'Objectives by state',
          description: 'How many objectives are in each state now.',
          gridPos: { x: 0, y: 16, w: 24, h: 4 },
          queries: [
            { expr: `sum by (cluster, state) (${RECORDED.sloState.name}{${FLEET}})`, legend: '{{cluster}} {{state}}' },
          ],
          noValue: NO_OBJECTIVES,
        },
        'short'
      ),
      timeseries(
        variant,
        {
          id: 3,
          title: 'Least budget left',
          description:
            'Of each namespace the objective with the least budget left now. Below 0 more was spent than there was.',
          gridPos: { x: 0, y: 20, w: 12, h: 9 },
          queries: [{ expr: worstOf(left, 'bottomk'), legend: NAME }],
          noValue: NO_VERDICT,
          worst: 'lowest',
        },
        'percentunit',
        null
      ),
      timeseries(
        variant,
        {
          id: 4,
          title: 'Highest burn rate',
          description:
            'Of each namespace the objective that burns fastest now, over an hour. At 1 a budget lasts for just its window.',
          gridPos: { x: 12, y: 20, w: 12, h: 9 },
          queries: [{ expr: worstOf(burn, 'topk'), legend: NAME }],
          noValue: NO_VERDICT,
        },
        'none'
      ),
    ],
  });
}

const OF_MODEL = { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] } as const;
const FILTERS = { ...OF_MODEL, pipeline: ['$model'], slo: ['$slo'] } as const;

function one(variant: Variant): Panel[] {
  if (variant === 'core') return [];
  return [
    sloPanel(
      {
        id: 1,
        title: '',
        description:
          'Budget over its window: each drop is where it was spent, the dashed line is the present pace. Below it the burn rate, with the lines of its alerts.',
        gridPos: { x: 0, y: 0, w: 24, h: 18 },
      },
      (['slo-status', 'slo-budget', 'slo-burn'] as const).map((kind) => ({ kind, filters: FILTERS })),
      { objectiveDashboard: '', modelDashboard: PANEL_MODEL_LINK }
    ),
    facadeTable(
      {
        id: 2,
        title: 'Alerts on the burn rate',
        description:
          'Each alert of this objective: its line, what burns over both of its windows, and whether it holds.',
        gridPos: { x: 0, y: 18, w: 14, h: 7 },
        noValue: NO_OBJECTIVES,
      },
      { kind: 'slo-burn', filters: FILTERS },
      { states: [], frameIndex: 1 }
    ),
    alertsPanel(
      {
        id: 7,
        title: 'Alerts of this objective',
        description: 'What fires or waits, who is told by Alertmanager, and what is silenced.',
        gridPos: { x: 14, y: 18, w: 10, h: 7 },
      },
      FILTERS,
      { objectiveDashboard: '', modelDashboard: '' }
    ),
  ];
}

export function sloDetailDashboard(variant: Variant): Dashboard {
  const y = variant === 'plugins' ? 25 : 0;
  const coarse = (rate: { readonly name: string }) => `sum by (${SLO_LABELS}) (${rate.name}{${ONE}})`;
  return dashboard(variant, {
    dashboard: 'sloDetail',
    title: 'SLO detail',
    description:
      'One objective of a model or a pipeline: what spent its budget, how fast it burns, and when it is gone.',
    variables: SLO_VARIABLES,
    transitions: OF_MODEL,
    events: [
      { name: 'Objectives and references', events: ['slo', 'references'], filters: FILTERS, enable: true },
      { name: 'Drift and accuracy', events: ['drift', 'accuracy'], filters: FILTERS, enable: true },
    ],
    // What is about no objective may have spent this one; what is about another one has not.
    marks: [
      versionMarks(`${IN}, model="$model"`),
      responseMarks(`${IN}, model="$model"`),
      alertMarks(...['model', 'pipeline'].map((label) => `${IN}, ${label}="$model", slo=~\`|\${slo:regex}\``)),
    ],
    panels: [
      ...one(variant),
      timeline(
        variant,
        {
          id: SLO_PANELS.slo,
          title: 'State over time',
          description: 'The recorded state of the objective.',
          gridPos: { x: 0, y, w: 12, h: 5 },
          queries: [{ expr: stateNumber(ONE), legend: '{{cluster}} {{slo}}' }],
          noValue: NO_OBJECTIVES,
        },
        STATES
      ),
      timeseries(
        variant,
        {
          id: 4,
          title: 'Budget left over time',
          description: 'As it was recorded: budget comes back when old failures leave the window.',
          gridPos: { x: 12, y, w: 12, h: 9 },
          queries: [{ expr: `${RECORDED.sloBudgetLeft.name}{${ONE}}`, legend: '{{cluster}} budget left' }],
          noValue: NO_VERDICT,
          worst: 'lowest',
        },
        'percentunit',
        null
      ),
      timeseries(
        variant,
        {
          id: 5,
          title: 'Burn rates',
          description: 'Over each window of its alerts: a long one holds an alert up, a short one ends it.',
          gridPos: { x: 0, y: y + 9, w: 12, h: 9 },
          queries: [
            {
              expr: `${RECORDED.sloBurnRate.name}{window=~"${BURN_WINDOWS.join('|')}", ${ONE}}`,
              legend: '{{cluster}} {{window}}',
            },
          ],
          noValue: NO_VERDICT,
        },
        'none'
      ),
      timeseries(
        variant,
        {
          id: 6,
          title: 'Events',
          description:
            'What counts for this objective, each second, over 5 minutes: requests, or minutes that are judged.',
          gridPos: { x: 12, y: y + 9, w: 12, h: 9 },
          queries: [
            { expr: coarse(RECORDED.sloEventsRate), legend: '{{cluster}} all' },
            { expr: coarse(RECORDED.sloBadEventsRate), legend: '{{cluster}} bad' },
          ],
          noValue: NO_VERDICT,
        },
        'cps'
      ),
    ],
  });
}
