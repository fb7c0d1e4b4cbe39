import type { DataFrame, FieldConfig } from '@grafana/data';
import { DRIFT_SCORE_FIELDS, type DistributionSubject } from '@modelwatch/contract';
import { driftConfig, UNITS } from '../appearance';
import { moment, quantity, tableFrame, text, type Column } from '../columns';
import type { FrameContext } from '../inventoryFrame';
import type { DriftRow } from './subjects';

const SCORE: FieldConfig = { decimals: 2 };
const COUNT: FieldConfig = { unit: UNITS.count };

const COLUMNS: Readonly<Record<keyof typeof DRIFT_SCORE_FIELDS, Column<DriftRow>>> = {
  cluster: text('Cluster', (row) => row.cluster || undefined),
  namespace: text('Namespace', (row) => row.namespace),
  model: text('Model', (row) => row.model),
  subject: text('Subject', (row) => row.subject),
  feature: text('Feature', (row) => row.feature),
  type: text('Type', (row) => row.type),
  state: text('State', (row) => row.state, driftConfig('State')),
  since: moment('Since', UNITS.time, (row) => row.sinceMs),
  score: quantity('Score', SCORE, (row) => row.score),
  scoreBefore: quantity('Score a week before', SCORE, (row) => row.scoreBefore),
  method: text('Method', (row) => row.method),
  window: text('Window', (row) => row.window),
  rows: quantity('Rows', COUNT, (row) => row.rows),
  rowsNeeded: quantity('Rows needed', COUNT, (row) => row.rowsNeeded),
  warning: quantity('Warning from', SCORE, (row) => row.warning),
  critical: quantity('Critical from', SCORE, (row) => row.critical),
  importance: quantity('Importance', { unit: UNITS.ratio }, (row) => row.importance),
  weight: text('Weight', (row) => row.weight),
  reference: text('Reference', (row) => row.reference),
  referenceName: text('Name of the reference', (row) => row.referenceName),
  referenceRows: quantity('Rows of the reference', COUNT, (row) => row.referenceRows),
  lastPrediction: moment('Last prediction', UNITS.ago, (row) => row.lastPredictionMs),
};
const KEYS = Object.keys(COLUMNS) as Array<keyof typeof DRIFT_SCORE_FIELDS>;

/** One row as a frame `distribution` carries it. */
export function subjectOf(row: DriftRow): DistributionSubject {
  return Object.fromEntries(KEYS.map((key) => [key, COLUMNS[key].value(row) ?? null])) as DistributionSubject;
}

/** Drift as the panel reads it (contract, DRIFT_SCORE_FIELDS). What nobody said is null. */
export function driftScoresFrame(rows: readonly DriftRow[], context: FrameContext): DataFrame {
  const columns = KEYS.map((key) => [DRIFT_SCORE_FIELDS[key], COLUMNS[key]] as const);
  return tableFrame('Drift', { kind: 'drift-scores' }, columns, rows, context);
}
