/** Dashboard *Drift*: how the data and the predictions of one model differ from its reference, feature by feature. */
import { DRIFT_STATES, METRICS, RECORDED } from '@modelwatch/contract';
import { DRIFT_PANELS } from '../../exporter/src/rules';
import { alertMarks } from './annotations';
import { batches } from './batches';
import { coverage } from './coverage';
import { detectors } from './detectors';
import { figurePanels, figurePanel } from './figures';
import { below, driftVariables, dashboard } from './frame';
import {
  ACCURACY_LINK,
  FEATURE_LINK,
  driftPanel,
  facadeLines,
  row,
  timeline,
  timeseries,
  type Query,
  type State,
} from './parts';
import { segments } from './segments';
import type { Dashboard, Panel, Variant } from './types';

const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model"';
const FEATURE = 'feature="$feature"';
const FILTERS = { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] } as const;
/** Of what is counted by version; what is recorded is of all versions. */
const OF_VERSION = { ...FILTERS, version: ['$version'] } as const;
const COMMON = { selected: ONE, without: ['namespace', 'model'] } as const;
const OF_FEATURE = { selected: ONE, narrowed: FEATURE, without: ['namespace', 'model', 'feature'] } as const;

export const NO_REFERENCE = 'No reference to compare with, or no rows yet';
const TOO_FEW = 'Too few rows for a score, or no reference';
/** The core panels of one feature know no predictions, which the variable may stand on. */
const TOO_FEW_OF_ONE = `${TOO_FEW}. Predictions are in the row below`;

const COLORS = ['dark-red', 'orange', 'text', 'text', 'blue'];
/** States as numbers for core panels, which know no words: the worst is the highest. */
const STATES: readonly State[] = DRIFT_STATES.map((state, index) => ({
  value: DRIFT_STATES.length - 1 - index,
  text: state.replaceAll('_', ' '),
  color: COLORS[index] ?? 'text',
}));

/** State of each feature as one number, of the window that the verdict on the model rests on. */
function stateNumber(): string {
  const states = DRIFT_STATES.map(
    (state, index) => `${RECORDED.driftState.name}{state="${state}", ${ONE}} * ${DRIFT_STATES.length - 1 - index}`
  );
  return (
    `max by (cluster, subject, feature) ((${states.join(' or ')})` +
    ` and on (cluster, namespace, model, window) ${RECORDED.driftSettings.name}{${ONE}})`
  );
}

/** Limits beside a score; `of` chooses the subject. */
function limits(of: string): Query[] {
  return (['critical', 'warning'] as const).map((level) => ({
    expr: `max by (cluster) (${RECORDED.driftThreshold.name}{level="${level}", ${of}, ${ONE}})`,
    legend: `{{cluster}} ${level} from`,
  }));
}

function overview(variant: Variant): Panel[] {
  if (variant === 'core') {
    return [
      timeline(
        variant,
        {
          id: DRIFT_PANELS.drift,
          title: 'Drift of each feature',
          description: 'Verdict on each feature, and on the predictions: against the reference of the model.',
          gridPos: { x: 0, y: 0, w: 24, h: 12 },
          queries: [{ expr: stateNumber(), legend: '{{cluster}} {{subject}} {{feature}}' }],
          noValue: NO_REFERENCE,
        },
        STATES
      ),
      figurePanel(variant, {
        ...COMMON,
        kind: 'drift-figures',
        id: 2,
        title: 'Drift score of each feature',
        metrics: ['score'],
        gridPos: { x: 0, y: 12, w: 24, h: 12 },
        noValue: TOO_FEW,
      }),
    ];
  }
  return [
    driftPanel(
      {
        id: DRIFT_PANELS.drift,
        title: 'Drift of each feature',
        description:
          'Drift score of each feature, and of the predictions, over time, the most important that drifted most first. What has too few rows, or was not evaluated, is marked as such and never drawn as calm.',
        gridPos: { x: 0, y: 0, w: 24, h: 12 },
      },
      [{ kind: 'drift', filters: FILTERS }],
      { driftMode: 'heatmap', featureDashboard: FEATURE_LINK }
    ),
    driftPanel(
      {
        id: 2,
        title: 'Drift by importance',
        description:
          'How far each feature has drifted, by what it carries of the model. The tail of a mark is where it was a week ago.',
        gridPos: { x: 0, y: 12, w: 10, h: 12 },
      },
      [{ kind: 'drift', filters: FILTERS }],
      { driftMode: 'scatter', featureDashboard: FEATURE_LINK }
    ),
    driftPanel(
      {
        id: 3,
        title: 'Distribution of $feature',
        description:
          'Shares of rows by bin, of the reference and of the window that the verdict rests on, and what each bin adds to the score. Choose a feature above, or click one, or the predictions.',
        gridPos: { x: 10, y: 12, w: 14, h: 12 },
      },
      [{ kind: 'distribution', subject: 'feature', filters: { ...OF_VERSION, feature: ['$feature'] } }],
      { driftMode: 'distribution', featureDashboard: '' }
    ),
  ];
}

function feature(variant: Variant): Panel[] {
  const of = `subject="feature", ${FEATURE}`;
  const settings = `${RECORDED.driftSettings.name}{${ONE}}`;
  const score = `${RECORDED.driftScore.name}{${of}, ${ONE}} and on (cluster, namespace, model, window) ${settings}`;
  const rows = `${RECORDED.driftRows.name}{${of}, ${ONE}} and on (cluster, namespace, model, window) ${settings}`;
  return [
    row(variant, 10, 'Feature $feature', 24),
    timeseries(
      variant,
      {
        id: 11,
        title: 'Score of $feature',
        description: 'Drift score over time, with the values from which it is a warning, and critical.',
        gridPos: { x: 0, y: 25, w: 12, h: 8 },
        queries: [
          { expr: `max by (cluster, method, window) (${score})`, legend: '{{cluster}} {{method}} over {{window}}' },
          ...limits(of),
        ],
        noValue: TOO_FEW_OF_ONE,
      },
      'none'
    ),
    timeseries(
      variant,
      {
        id: 12,
        title: 'Rows of $feature',
        description: 'Rows that were compared with the reference, and those needed for a verdict.',
        gridPos: { x: 12, y: 25, w: 12, h: 8 },
        queries: [
          { expr: `max by (cluster, window) (${rows})`, legend: '{{cluster}} rows of {{window}}' },
          {
            expr: `max by (cluster) (${RECORDED.driftRowsNeeded.name}{${of}, ${ONE}})`,
            legend: '{{cluster}} rows needed',
          },
        ],
        noValue: NO_REFERENCE,
      },
      'short'
    ),
    figurePanel(variant, {
      ...OF_FEATURE,
      kind: 'drift-figures',
      id: 13,
      title: 'Data quality of $feature',
      description:
        'Shares of the rows of the last hour whose value is missing, of a category that the reference does not have, out of its range, or no value of this type.',
      metrics: ['missing', 'new', 'out_of_range', 'invalid'],
      names: ['missing', 'new category', 'out of range', 'invalid'],
      gridPos: { x: 0, y: 33, w: 12, h: 8 },
      noValue: TOO_FEW_OF_ONE,
    }),
    figurePanel(variant, {
      ...COMMON,
      kind: 'predictions',
      id: 14,
      title: 'Features that drifted',
      metrics: ['features_drifted'],
      gridPos: { x: 12, y: 33, w: 12, h: 8 },
      noValue: NO_REFERENCE,
    }),
  ];
}

function predictions(variant: Variant): Panel[] {
  const of = 'subject="prediction"';
  const score = `${RECORDED.driftScore.name}{${of}, ${ONE}} and on (cluster, namespace, model, window) ${RECORDED.driftSettings.name}{${ONE}}`;
  const drawn = timeseries(
    variant,
    {
      id: 22,
      title: 'Score of the predictions',
      description: 'Drift of what the model answers, with the values from which it is a warning, and critical.',
      gridPos: { x: 12, y: 42, w: 12, h: 9 },
      queries: [
        { expr: `max by (cluster, method, window) (${score})`, legend: '{{cluster}} {{method}} over {{window}}' },
        ...limits(of),
      ],
      noValue: TOO_FEW,
    },
    'none'
  );
  return [
    row(variant, 20, 'Predictions', 41),
    variant === 'plugins'
      ? driftPanel(
          {
            id: 21,
            title: 'Distribution of the predictions',
            description: 'Shares of the predictions by class or range, of the reference and of now.',
            gridPos: { x: 0, y: 42, w: 12, h: 9 },
          },
          [{ kind: 'distribution', subject: 'prediction', filters: OF_VERSION }],
          { driftMode: 'distribution', featureDashboard: '' }
        )
      : timeseries(
          variant,
          {
            id: 21,
            title: 'Last prediction',
            description: 'Age of the last prediction that was taken in.',
            gridPos: { x: 0, y: 42, w: 12, h: 9 },
            queries: [
              {
                expr: `time() - max by (cluster) (${METRICS.lastPrediction.name}{${ONE}})`,
                legend: '{{cluster}} last prediction',
              },
            ],
            noValue: 'No prediction was taken in',
          },
          's'
        ),
    ...(variant === 'plugins' ? [{ ...drawn, links: [ACCURACY_LINK] }] : [drawn]),
    ...figurePanels(variant, { ...COMMON, kind: 'predictions' }, [
      {
        id: 23,
        title: 'Predictions by class or range',
        metrics: ['shares'],
        gridPos: { x: 0, y: 51, w: 12, h: 8 },
        noValue: NO_REFERENCE,
      },
      {
        id: 24,
        title: 'Predictions per second',
        metrics: ['rate'],
        gridPos: { x: 12, y: 51, w: 12, h: 8 },
        noValue: 'No prediction was taken in',
      },
    ]),
    ...(variant === 'plugins'
      ? [
          facadeLines(
            {
              id: 25,
              title: 'Predictions over time',
              description:
                'Mean of the predictions with their 10th and 90th percentile, from their bins, or the share of each class. Each point is of the hour before it; with fewer rows than a verdict on the predictions needs there is none.',
              gridPos: { x: 0, y: 59, w: 24, h: 9 },
              noValue: `Too few predictions within an hour. ${NO_REFERENCE}`,
            },
            { kind: 'prediction-history', filters: OF_VERSION },
            [{ matcher: { id: 'byName', options: 'p90' }, properties: [{ id: 'custom.fillBelowTo', value: 'p10' }] }]
          ),
        ]
      : []),
  ];
}

export function driftDashboard(variant: Variant): Dashboard {
  const panels = [
    ...overview(variant),
    ...feature(variant),
    ...predictions(variant),
    ...segments(variant, variant === 'plugins' ? 68 : 59),
  ];
  const withBatches = [...panels, ...below(panels, batches(variant))];
  const withDetectors = [...withBatches, ...below(withBatches, detectors(variant))];
  return dashboard(variant, {
    dashboard: 'drift',
    title: 'Drift',
    description: 'Drift of the features and predictions of one model from its reference, and the quality of its data.',
    variables: driftVariables(variant),
    transitions: FILTERS,
    events: [
      {
        name: 'Drift and references',
        events: ['drift', 'references'],
        filters: { ...FILTERS, feature: ['$feature'] },
        enable: true,
      },
    ],
    marks: [alertMarks(ONE)],
    panels: [...withDetectors, ...below(withDetectors, coverage(variant))],
  });
}
