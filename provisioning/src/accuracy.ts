/** Dashboard *Accuracy*: how right one model is, by the actuals that came, and what its scores are made of. */
import { ACCURACY_STATES, METRICS, RECORDED } from '@modelwatch/contract';
import { ACCURACY_PANELS } from '../../exporter/src/rules';
import { figurePanel, figurePanels, tiled, type FigureEntry } from './figures';
import { ACCURACY_VARIABLES, dashboard } from './frame';
import { NO_ROWS } from './modelExploration';
import {
  accuracyPanel,
  facadeLines,
  facadeTable,
  matrix,
  row,
  stateTiles,
  timeline,
  timeseries,
  type State,
} from './parts';
import type { Dashboard, Panel, Variant } from './types';

const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model"';
const OF_PAIRS = `version=~"$version", age=~"$age", ${ONE}`;
const FILTERS = { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] } as const;
const DETAIL_FILTERS = { ...FILTERS, version: ['$version'], age: ['$age'] } as const;
const COMMON = { kind: 'accuracy-figures', selected: ONE, without: ['namespace', 'model'] } as const;

export const NO_ACTUALS = 'No actual of this model has met its prediction';
const TOO_FEW = 'Too few pairs for a score, or no actuals';
const NO_CLASSES = 'Too few pairs, or the model has no classes';
const NO_SCORES = 'Too few pairs, or the model gives no probabilities';

const COLORS = ['dark-red', 'orange', 'text', 'text', 'blue'];
/** States as numbers for core panels, which know no words: the worst is the highest. */
const STATES: readonly State[] = ACCURACY_STATES.map((state, index) => ({
  value: ACCURACY_STATES.length - 1 - index,
  text: state.replaceAll('_', ' '),
  color: COLORS[index] ?? 'text',
}));

const SETTINGS = `${RECORDED.accuracySettings.name}{${ONE}}`;
const inWindow = (series: string) => `${series} and on (cluster, namespace, model, window) ${SETTINGS}`;

/** State of each score as one number, of the window that the verdict on the model rests on. */
function stateNumber(by: string): string {
  const states = ACCURACY_STATES.map(
    (state, index) => `${RECORDED.accuracyState.name}{state="${state}", ${ONE}} * ${ACCURACY_STATES.length - 1 - index}`
  );
  return `max by (${by}) ((${states.join(' or ')}) and on (cluster, namespace, model, window) ${SETTINGS})`;
}

/** One row per score: what is the same in `figure` is a column. */
function scoresTable(): string {
  const by = 'cluster, metric';
  const score = `${RECORDED.accuracyScore.name}{${ONE}}`;
  const scores = `max by (${by}) (${inWindow(score)})`;
  const baseline = `max by (${by}) (${RECORDED.accuracyBaseline.name}{${ONE}})`;
  const limit = (level: string) => `max by (${by}) (${RECORDED.accuracyLimit.name}{level="${level}", ${ONE}})`;
  // Of the model, and beside each of its scores.
  const beside = (series: string) =>
    `0 * group by (${by}) (${inWindow(score)} or ${inWindow(`${RECORDED.accuracyState.name}{${ONE}}`)}) + on (cluster) group_left () max by (cluster) (${series})`;
  const columns: Readonly<Record<string, string>> = {
    state: stateNumber(by),
    score: scores,
    baseline,
    change: `${scores} - on (${by}) ${baseline}`,
    'warning from': limit('warning'),
    'critical from': limit('critical'),
    pairs: beside(inWindow(`${RECORDED.accuracyPairs.name}{${ONE}}`)),
    'pairs needed': beside(`${RECORDED.accuracyRowsNeeded.name}{${ONE}}`),
  };
  return Object.entries(columns)
    .map(([name, expr]) => `label_replace(${expr}, "figure", "${name}", "", "")`)
    .join('\nor ');
}

function overview(variant: Variant): Panel[] {
  if (variant === 'plugins') {
    return [
      accuracyPanel(
        {
          id: ACCURACY_PANELS.accuracy,
          title: 'Accuracy of $model',
          description:
            'Each score with its limit, its baseline and the pairs that it rests on, and over time by arrival of the actual. What has too few pairs is marked as such and never drawn as good.',
          gridPos: { x: 0, y: 0, w: 24, h: 11 },
        },
        { kind: 'accuracy', filters: FILTERS },
        'auto'
      ),
    ];
  }
  return [
    stateTiles(
      variant,
      {
        id: ACCURACY_PANELS.accuracy,
        title: 'State of each score',
        description: 'Verdict on each score that has a limit, over the window that the verdict on the model rests on.',
        gridPos: { x: 0, y: 0, w: 8, h: 5 },
        queries: [{ expr: stateNumber('cluster, metric'), legend: '{{cluster}} {{metric}}' }],
        noValue: 'No score of this model has a limit',
      },
      STATES
    ),
    timeline(
      variant,
      {
        id: 2,
        title: 'State of each score over time',
        description: 'Too few pairs and missing actuals are states of their own.',
        gridPos: { x: 8, y: 0, w: 16, h: 5 },
        queries: [{ expr: stateNumber('cluster, metric'), legend: '{{cluster}} {{metric}}' }],
        noValue: 'No score of this model has a limit',
      },
      STATES
    ),
    matrix(
      variant,
      {
        id: 3,
        title: 'Scores',
        description:
          'Each score, its baseline and the change against it, its limits, and the pairs that it rests on of those needed.',
        gridPos: { x: 0, y: 5, w: 24, h: 6 },
        queries: [{ expr: scoresTable(), legend: '' }],
        noValue: TOO_FEW,
      },
      { rows: 'metric', columns: 'figure', states: { column: 'state', states: STATES } }
    ),
  ];
}

function score(variant: Variant): Panel[] {
  return [
    row(variant, 10, 'Score $metric', 11),
    figurePanel(variant, {
      ...COMMON,
      id: 11,
      title: 'Score $metric over time',
      description:
        'The score by arrival of the actual, its baseline on data that the model was not trained on, and the values from which it is a warning, and critical.',
      metrics: ['score', 'baseline', 'limit'],
      names: ['score', 'baseline', 'from'],
      without: ['namespace', 'model', 'metric', 'window'],
      narrowed: 'metric="$metric"',
      fromZero: false,
      gridPos: { x: 0, y: 12, w: 16, h: 9 },
      noValue: TOO_FEW,
    }),
    figurePanel(variant, {
      ...COMMON,
      id: 12,
      title: 'Pairs',
      description:
        'Pairs of prediction and actual in the window that the verdict rests on, and those needed for a verdict.',
      metrics: ['pairs', 'pairs_needed'],
      names: ['pairs', 'needed'],
      without: ['namespace', 'model', 'window'],
      gridPos: { x: 16, y: 12, w: 8, h: 9 },
      noValue: NO_ACTUALS,
    }),
  ];
}

const DETAILS = 'Of the versions and ages that are chosen.';

function details(variant: Variant): Panel[] {
  const heading = row(variant, 20, 'What scores are made of', 21);
  if (variant === 'core') return [heading, ...coreDetails()];
  const panel = (id: number, title: string, what: string, mode: string, x: number, w: number) =>
    accuracyPanel(
      { id, title, description: `${what} ${DETAILS}`, gridPos: { x, y: 22, w, h: 11 } },
      { kind: 'accuracy-detail', filters: DETAIL_FILTERS },
      mode
    );
  return [
    heading,
    panel(
      21,
      'Predicted and actual by arrival',
      'What was predicted beside what came true, by arrival of the actual.',
      'predicted-actual',
      0,
      9
    ),
    panel(22, 'Confusion matrix', 'Pairs by predicted and actual class.', 'confusion', 9, 5),
    panel(
      23,
      'Calibration',
      'Share of positives among predictions of about the same score: on the diagonal where scores can be believed.',
      'calibration',
      14,
      6
    ),
    panel(24, 'Age of predictions', 'How old predictions were when their actual came.', 'ages', 20, 4),
    facadeLines(
      {
        id: 25,
        title: 'Predicted and actual by time of prediction, of the last rows that are held',
        description:
          'The same by time of prediction: of the rows that data exploration holds, at most 10,000, each point of at least 100. The counters above are complete, and know only when an actual arrived.',
        gridPos: { x: 0, y: 33, w: 24, h: 9 },
        noValue: `Fewer than 100 rows with an actual. ${NO_ROWS}`,
      },
      {
        kind: 'exploration',
        show: 'predicted-actual',
        filters: { namespace: ['$namespace'], model: ['$model'], version: ['$version'] },
      }
    ),
    facadeTable(
      {
        id: 26,
        title: 'Scores by version',
        description: `Each score of each version over the time range, against the baseline: what is recorded is of all versions together. A version with too few pairs is marked as such, and has no score. ${DETAILS}`,
        gridPos: { x: 0, y: 42, w: 24, h: 8 },
        noValue: NO_ACTUALS,
      },
      { kind: 'accuracy-versions', filters: DETAIL_FILTERS },
      { states: ['state'], hidden: ['namespace', 'model', 'positive_class', 'window'] }
    ),
  ];
}

const BY_HOUR = 'Each point is of the pairs whose actual arrived in the hour before.';

/** Grafana's own panels over the time range; a share is there only with as many pairs as a verdict needs. */
function coreDetails(): Panel[] {
  const increase = (name: string, matchers: string, by: string, window: string) =>
    `sum by (cluster, ${by}) (increase(${name}{${[matchers, OF_PAIRS].filter(Boolean).join(', ')}}[${window}]))`;
  const needed = `on (cluster) max by (cluster) (${RECORDED.accuracyRowsNeeded.name}{${ONE}})`;
  const all = (name: string, window: string) =>
    `(sum by (cluster) (increase(${name}{${OF_PAIRS}}[${window}])) >= ${needed})`;
  const share = (side: 'predicted' | 'actual') =>
    `${increase(METRICS.outcomes.name, '', side, '1h')} / on (cluster) group_left () ${all(METRICS.outcomes.name, '1h')} > 0`;
  const net = (name: string) => {
    const of = (sign: string) => `sum by (cluster) (increase(${name}{sign="${sign}", ${OF_PAIRS}}[1h]))`;
    return `(${of('over')} - on (cluster) ${of('under')})`;
  };
  const mean = (sum: string) => `${sum} / on (cluster) ${all(METRICS.pairs.name, '1h')}`;
  const ofBin = (name: string, matchers: string) => increase(name, matchers, 'bin', '$__range');
  const scored = `(${ofBin(METRICS.scoreOutcomes.name, '')} > 0 and on (cluster) ${all(METRICS.scoreOutcomes.name, '$__range')})`;
  const calibration = {
    pairs: ofBin(METRICS.scoreOutcomes.name, ''),
    'mean score': `${ofBin(METRICS.scoreSum.name, '')} / on (cluster, bin) ${scored}`,
    'share of positives': `${ofBin(METRICS.scoreOutcomes.name, 'actual="1"')} / on (cluster, bin) ${scored}`,
  };
  return [
    timeseries(
      'core',
      {
        id: 21,
        title: 'Predicted and actual classes',
        description: `Share of the pairs that were predicted to be of a class, and that are. ${BY_HOUR} ${DETAILS}`,
        gridPos: { x: 0, y: 22, w: 12, h: 9 },
        queries: [
          { expr: share('predicted'), legend: '{{cluster}} {{predicted}}, predicted' },
          { expr: share('actual'), legend: '{{cluster}} {{actual}}, actual' },
        ],
        noValue: NO_CLASSES,
      },
      'percentunit'
    ),
    timeseries(
      'core',
      {
        id: 22,
        title: 'Predicted and actual values',
        description: `Means of the predictions and of the actuals of a regression. ${BY_HOUR} ${DETAILS}`,
        gridPos: { x: 12, y: 22, w: 12, h: 9 },
        queries: [
          {
            expr: mean(`(${net(METRICS.actualSum.name)} + on (cluster) ${net(METRICS.errorSum.name)})`),
            legend: '{{cluster}} predicted',
          },
          { expr: mean(net(METRICS.actualSum.name)), legend: '{{cluster}} actual' },
        ],
        noValue: 'Too few pairs, or the model predicts no numbers',
      },
      'none',
      null
    ),
    matrix(
      'core',
      {
        id: 23,
        title: 'Confusion matrix',
        description: `Pairs by predicted class (a row) and actual class (a column), over the time range. ${DETAILS}`,
        gridPos: { x: 0, y: 31, w: 12, h: 8 },
        queries: [{ expr: increase(METRICS.outcomes.name, '', 'predicted, actual', '$__range'), legend: '' }],
        noValue: NO_CLASSES,
      },
      { rows: 'predicted', columns: 'actual' }
    ),
    matrix(
      'core',
      {
        id: 24,
        title: 'Calibration',
        description: `Mean score and share of positives by bin of the score (20 equal ones, from 0), over the time range. ${DETAILS}`,
        gridPos: { x: 12, y: 31, w: 12, h: 8 },
        queries: [
          {
            expr: Object.entries(calibration)
              .map(([name, expr]) => `label_replace(${expr}, "figure", "${name}", "", "")`)
              .join('\nor '),
            legend: '',
          },
        ],
        noValue: NO_SCORES,
      },
      { rows: 'bin', columns: 'figure', isNumbered: true }
    ),
  ];
}

const ACTUALS: readonly Omit<FigureEntry, 'gridPos'>[] = [
  {
    id: 31,
    title: 'Actuals by outcome',
    metrics: ['actuals'],
    noValue: NO_ACTUALS,
  },
  {
    id: 32,
    title: 'Delay of actuals',
    metrics: ['delay_p50', 'delay_p95'],
    names: ['median', '95th percentile'],
    noValue: 'No actual came within the last hour',
  },
  {
    id: 33,
    title: 'Pairs by age of the prediction',
    metrics: ['pairs_by_age'],
    noValue: NO_ACTUALS,
  },
  { id: 34, title: 'Open predictions', metrics: ['open'], noValue: 'No prediction of this model has an id' },
  { id: 35, title: 'Expired predictions', metrics: ['expired'], noValue: 'No prediction of this model has an id' },
  {
    id: 36,
    title: 'Predictions that met their actual',
    metrics: ['joined'],
    noValue: 'No prediction was resolved or given up within a day',
  },
];

function actuals(variant: Variant): Panel[] {
  const y = variant === 'core' ? 39 : 50;
  return [row(variant, 30, 'Actuals', y), ...figurePanels(variant, COMMON, tiled({ y: y + 1, w: 8, h: 8 }, ACTUALS))];
}

/** What scores of the model lead to expect, before anybody knows the truth. */
function estimates(variant: Variant): Panel[] {
  const y = variant === 'core' ? 56 : 67;
  const estimated = inWindow(`${RECORDED.estimatedAccuracyScore.name}{stage="made", ${ONE}}`);
  const realised = inWindow(`${RECORDED.accuracyScore.name}{metric=~"accuracy|precision|recall|f1", ${ONE}}`);
  return [
    row(variant, 40, 'Before actuals come', y),
    timeseries(
      variant,
      {
        id: 41,
        title: 'Estimated and realised scores',
        description:
          'Dashed: what calibrated scores lead to expect of the predictions of the window, without an actual. Not dashed: what came true, by arrival of the actual. An estimate knows nothing of a world that has changed.',
        gridPos: { x: 0, y: y + 1, w: 14, h: 9 },
        queries: [
          { expr: `max by (cluster, metric) (${estimated})`, legend: '{{cluster}} {{metric}} estimated' },
          { expr: `max by (cluster, metric) (${realised})`, legend: '{{cluster}} {{metric}}' },
        ],
        noValue: 'Too few predictions with a score, or no two classes',
      },
      'none',
      null
    ),
    timeseries(
      variant,
      {
        id: 42,
        title: 'Gap of the estimate to the truth',
        description:
          'Scores of the pairs whose actual came in the window, less what was to be expected of the same pairs: away from 0 the estimate is not to be trusted.',
        gridPos: { x: 14, y: y + 1, w: 10, h: 9 },
        queries: [
          {
            expr: `max by (cluster, metric) (${inWindow(`${RECORDED.estimatedAccuracyGap.name}{${ONE}}`)})`,
            legend: '{{cluster}} {{metric}}',
          },
        ],
        noValue: 'Too few pairs with a score, or no two classes',
      },
      'none',
      null
    ),
  ];
}

/** A step of the query: one mark for each. After a gap of the exporter a version is new again, for nobody can tell. */
const MARK_STEP = '1m';

function newVersions(): string {
  const by = 'cluster, namespace, model, version';
  const predictions = `${METRICS.predictions.name}{${ONE}}`;
  return `group by (${by}) (${predictions}) unless on (${by}) ${predictions} offset ${MARK_STEP}`;
}

export function accuracyDashboard(variant: Variant): Dashboard {
  return dashboard(variant, {
    dashboard: 'accuracy',
    title: 'Accuracy',
    description: 'How right one model is by the actuals that came, against its baseline and its limits.',
    variables: ACCURACY_VARIABLES,
    transitions: FILTERS,
    marks: [{ name: 'New versions', expr: newVersions(), step: MARK_STEP, title: 'Version {{version}}' }],
    panels: [...overview(variant), ...score(variant), ...details(variant), ...actuals(variant), ...estimates(variant)],
  });
}
