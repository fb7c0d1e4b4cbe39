/** Row *Batches* of the dashboard *Drift*: the last runs of a model that scores in batches, the newest on the right. */
import { BATCH_STATES, RECORDED } from '@modelwatch/contract';
import { DRIFT_PANELS } from '../../exporter/src/rules';
import { facadeBars, facadeTable, row, table, type State } from './parts';
import type { Panel, Variant } from './types';

const NO_BATCHES = 'No batches are declared for this model, or none came yet';
const FILTERS = { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] } as const;
const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model"';

const COLORS = ['dark-red', 'orange', 'text', 'text', 'blue'];
/** As numbers for core panels, which know no words: the worst is the highest. */
const STATES: readonly State[] = BATCH_STATES.map((state, index) => ({
  value: BATCH_STATES.length - 1 - index,
  text: state.replaceAll('_', ' '),
  color: COLORS[index] ?? 'text',
}));

function plugins(y: number): Panel[] {
  return [
    facadeBars(
      {
        id: 61,
        title: 'Drift of the predictions and of $feature by batch',
        description:
          'Drift score of each of the last batches of the model, against its reference; the newest is on the right, and the predictions are the left one of two bars. The colour is the verdict on the batch: grey where there is none, since rows are too few or missing.',
        gridPos: { x: 0, y, w: 12, h: 9 },
        noValue: NO_BATCHES,
      },
      { kind: 'batches', show: 'scores', filters: { ...FILTERS, feature: ['$feature'] } },
      'batch',
      'state'
    ),
    facadeTable(
      {
        id: DRIFT_PANELS.batches,
        title: 'Batches',
        description:
          'Each of the last batches, the newest last: its rows, its verdict, the drift of its predictions and of its worst feature, and how right the model was.',
        gridPos: { x: 12, y, w: 12, h: 9 },
        noValue: NO_BATCHES,
      },
      { kind: 'batches', filters: FILTERS },
      { states: ['state', 'accuracy_state'] }
    ),
  ];
}

function core(y: number): Panel {
  const states = STATES.map(
    ({ value }, index) => `${RECORDED.batchState.name}{state="${BATCH_STATES[index]}", ${ONE}} * ${value}`
  );
  const score = (of: string) => `max by (cluster, batch) (${RECORDED.batchDriftScore.name}{${of}, ${ONE}})`;
  return table(
    'core',
    {
      id: DRIFT_PANELS.batches,
      title: 'Batches',
      description:
        'Each of the last batches of the model: its verdict, its rows, and the drift of its predictions and of the chosen feature.',
      gridPos: { x: 0, y, w: 24, h: 9 },
      queries: [
        { expr: `max by (cluster, batch) (${states.join(' or ')})`, legend: 'State' },
        { expr: `max by (cluster, batch) (${RECORDED.batchRows.name}{${ONE}})`, legend: 'Rows' },
        { expr: score('subject="prediction"'), legend: 'Drift of the predictions' },
        { expr: score('subject="feature", feature="$feature"'), legend: 'Drift of $feature' },
      ],
      noValue: NO_BATCHES,
    },
    { State: STATES }
  );
}

/** Its first line is 0: it goes below whatever stands on the dashboard. */
export function batches(variant: Variant): Panel[] {
  return [row(variant, 60, 'Batches', 0), ...(variant === 'plugins' ? plugins(1) : [core(1)])];
}
