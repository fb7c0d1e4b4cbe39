/** Dashboard *Challengers*: one champion and its challengers on the same requests. */
import {
  CHALLENGER_STATE_NAMES,
  CHALLENGER_STATES,
  METRICS,
  RECORDED,
  type RecordedSeries,
} from '@modelwatch/contract';
import { CHALLENGER_VARIABLES, dashboard } from './frame';
import { facadeTable, row, timeline, timeseries, type State } from './parts';
import type { Dashboard, GridPosition, Panel, Variant } from './types';

const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model"';
const FILTERS = { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] } as const;

const NONE = 'No challenger, or no request that both answered yet';
const TOO_FEW = 'Too few pairs with an actual, or no challenger';

const COLORS = ['blue', 'orange', 'text', 'text', 'text'];
/** States as numbers for core panels, which know no words. */
const STATES: readonly State[] = CHALLENGER_STATES.map((state, index) => ({
  value: CHALLENGER_STATES.length - 1 - index,
  text: CHALLENGER_STATE_NAMES[state],
  color: COLORS[index] ?? 'text',
}));

/** Of the window that the verdict on the champion's accuracy rests on. */
function ofWindow({ name }: RecordedSeries, matchers = ''): string {
  const chosen = matchers === '' ? ONE : `${matchers}, ${ONE}`;
  return `${name}{${chosen}} and on (cluster, namespace, model, window) ${RECORDED.accuracySettings.name}{${ONE}}`;
}

function stateNumber(): string {
  const states = CHALLENGER_STATES.map(
    (state, index) =>
      `${RECORDED.challengerState.name}{state="${state}", ${ONE}} * ${CHALLENGER_STATES.length - 1 - index}`
  );
  return `max by (cluster, challenger, metric) ((${states.join(' or ')}) and on (cluster, namespace, model, window) ${RECORDED.accuracySettings.name}{${ONE}})`;
}

/** One of the frames of the query *challengers*. */
function table(id: number, title: string, description: string, gridPos: GridPosition, frameIndex: number): Panel {
  return facadeTable(
    { id, title, description, gridPos, noValue: NONE },
    { kind: 'challengers', filters: FILTERS },
    { states: ['state'], frameIndex }
  );
}

function tables(variant: Variant): Panel[] {
  if (variant === 'core') return [];
  return [
    table(
      1,
      'Candidates',
      'The champion, and each challenger: how many requests both answered, how alike, the verdict, and how each serves.',
      { x: 0, y: 0, w: 24, h: 6 },
      0
    ),
    table(
      2,
      'Scores on the same rows',
      'Scores of champion and challenger from the same rows with an actual. A lead within what chance makes of it is none.',
      { x: 0, y: 6, w: 24, h: 8 },
      1
    ),
  ];
}

function verdicts(variant: Variant): Panel[] {
  const by = 'max by (cluster, challenger, metric)';
  const margin = `${by} (${ofWindow(RECORDED.challengerMargin)})`;
  return [
    timeline(
      variant,
      {
        id: 3,
        title: 'Verdict',
        description: 'Whether each challenger is ahead of the champion, by each score that chance is known of.',
        gridPos: { x: 0, y: 14, w: 12, h: 8 },
        queries: [{ expr: stateNumber(), legend: '{{cluster}} {{challenger}} {{metric}}' }],
        noValue: NONE,
      },
      STATES
    ),
    timeseries(
      variant,
      {
        id: 4,
        title: 'Lead of the challengers',
        description: 'By how much each is better than the champion, and between which lines that may be chance.',
        gridPos: { x: 12, y: 14, w: 12, h: 8 },
        queries: [
          {
            expr: `${by} (${ofWindow(RECORDED.challengerLead, 'metric=~"accuracy|brier|mae"')})`,
            legend: '{{cluster}} {{challenger}} {{metric}}',
          },
          { expr: margin, legend: '{{cluster}} {{challenger}} {{metric}} ahead from' },
          { expr: `-${margin}`, legend: '{{cluster}} {{challenger}} {{metric}} behind from' },
        ],
        noValue: TOO_FEW,
      },
      'none',
      null
    ),
    timeseries(
      variant,
      {
        id: 5,
        title: 'Scores of both',
        description: 'Scores of champion and challenger from the same rows.',
        gridPos: { x: 0, y: 22, w: 24, h: 8 },
        queries: [
          {
            expr: `max by (cluster, challenger, role, metric) (${ofWindow(RECORDED.challengerScore)})`,
            legend: '{{cluster}} {{challenger}} {{metric}}: {{role}}',
          },
        ],
        noValue: TOO_FEW,
      },
      'none'
    ),
  ];
}

function answers(variant: Variant): Panel[] {
  const by = 'max by (cluster, challenger)';
  const counted = `${METRICS.challengerPredictions.name}{outcome!="paired", ${ONE}}`;
  return [
    row(variant, 10, 'Answers', 30),
    timeseries(
      variant,
      {
        id: 11,
        title: 'Same answer',
        description: 'Share of the requests that both answered with the same class.',
        gridPos: { x: 0, y: 31, w: 12, h: 8 },
        queries: [{ expr: `${by} (${ofWindow(RECORDED.challengerAgreement)})`, legend: '{{cluster}} {{challenger}}' }],
        noValue: 'Too few pairs, or a regression',
      },
      'percentunit'
    ),
    timeseries(
      variant,
      {
        id: 12,
        title: 'Difference of the answers',
        description: 'By how much the answers to one request of a regression differ.',
        gridPos: { x: 12, y: 31, w: 12, h: 8 },
        queries: [
          {
            expr: `max by (cluster, challenger, statistic) (${ofWindow(RECORDED.challengerDifference)})`,
            legend: '{{cluster}} {{challenger}} {{statistic}}',
          },
        ],
        noValue: 'Too few pairs, or a classification',
      },
      'none'
    ),
    timeseries(
      variant,
      {
        id: 13,
        title: 'Answered by both',
        description:
          'Share of the champion’s answers that the challenger has one beside. Less than all is what was not mirrored, or not answered.',
        gridPos: { x: 0, y: 39, w: 12, h: 8 },
        queries: [
          {
            expr: `${by} (${ofWindow(RECORDED.challengerPairs)}) / on (cluster, challenger) (${by} (${ofWindow(RECORDED.challengerExpected)}) > 0)`,
            legend: '{{cluster}} {{challenger}}',
          },
        ],
        noValue: NONE,
      },
      'percentunit'
    ),
    timeseries(
      variant,
      {
        id: 14,
        title: 'Answers that were not compared',
        description:
          'Answers of challengers per second that did not meet one of the champion, and why: alone, without an id, a repetition, or not comparable.',
        gridPos: { x: 12, y: 39, w: 12, h: 8 },
        queries: [
          {
            expr: `sum by (cluster, challenger, outcome) (rate(${counted}[$__rate_interval]))`,
            legend: '{{cluster}} {{challenger}} {{outcome}}',
          },
        ],
        noValue: NONE,
      },
      'cps'
    ),
  ];
}

export function challengersDashboard(variant: Variant): Dashboard {
  return dashboard(variant, {
    dashboard: 'challengers',
    title: 'Challengers',
    description:
      'A champion beside its challengers: how alike they answer the same requests, and which is right more often.',
    variables: CHALLENGER_VARIABLES,
    transitions: FILTERS,
    panels: [...tables(variant), ...verdicts(variant), ...answers(variant)],
  });
}
