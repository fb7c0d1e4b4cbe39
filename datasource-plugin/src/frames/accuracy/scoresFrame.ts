import type { DataFrame, FieldConfig } from '@grafana/data';
import { ACCURACY_SCORE_FIELDS, directionOf } from '@modelwatch/contract';
import { DIRECTION_CONFIG, driftConfig, METRIC_CONFIG, UNITS } from '../appearance';
import { moment, quantity, tableFrame, text, type Column } from '../columns';
import type { FrameContext } from '../inventoryFrame';
import type { AccuracyRow } from './scores';

/** Scores near 1 differ in the third place. */
const SCORE: FieldConfig = { decimals: 3 };
const COUNT: FieldConfig = { unit: UNITS.count };

const COLUMNS: Readonly<Record<keyof typeof ACCURACY_SCORE_FIELDS, Column<AccuracyRow>>> = {
  cluster: text('Cluster', (row) => row.cluster || undefined),
  namespace: text('Namespace', (row) => row.namespace),
  model: text('Model', (row) => row.model),
  metric: text('Metric', (row) => row.metric, METRIC_CONFIG),
  task: text('Task', (row) => row.task),
  positiveClass: text('Positive class', (row) => row.positiveClass),
  state: text('State', (row) => row.state, driftConfig('State')),
  since: moment('Since', UNITS.time, (row) => row.sinceMs),
  score: quantity('Score', SCORE, (row) => row.score),
  scoreBefore: quantity('Score a week before', SCORE, (row) => row.scoreBefore),
  baseline: quantity('Baseline', SCORE, (row) => row.baseline),
  change: quantity('Change against the baseline', SCORE, ({ score, baseline }) =>
    score === undefined || baseline === undefined ? undefined : score - baseline
  ),
  direction: text('Direction', (row) => directionOf(row.metric), DIRECTION_CONFIG),
  warning: quantity('Warning from', SCORE, (row) => row.warning),
  critical: quantity('Critical from', SCORE, (row) => row.critical),
  window: text('Window', (row) => row.window),
  pairs: quantity('Pairs', COUNT, (row) => row.pairs),
  pairsNeeded: quantity('Pairs needed', COUNT, (row) => row.pairsNeeded),
  lastPair: moment('Last pair', UNITS.ago, (row) => row.lastPairMs),
  openPredictions: quantity('Open predictions', COUNT, (row) => row.openPredictions),
  actualDelay: quantity('Delay of actuals', { unit: UNITS.seconds }, (row) => row.actualDelaySeconds),
};
const KEYS = Object.keys(COLUMNS) as Array<keyof typeof ACCURACY_SCORE_FIELDS>;

/** Accuracy as the panel reads it (contract, ACCURACY_SCORE_FIELDS). */
export function accuracyScoresFrame(rows: readonly AccuracyRow[], context: FrameContext): DataFrame {
  const columns = KEYS.map((key) => [ACCURACY_SCORE_FIELDS[key], COLUMNS[key]] as const);
  return tableFrame('Accuracy', { kind: 'accuracy-scores' }, columns, rows, context);
}
