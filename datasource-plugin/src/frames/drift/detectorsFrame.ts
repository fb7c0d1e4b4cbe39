import type { DataFrame, FieldConfig } from '@grafana/data';
import { DRIFT_DETECTOR_FIELDS } from '@modelwatch/contract';
import { driftConfig, UNITS } from '../appearance';
import { moment, quantity, tableFrame, text, type Column } from '../columns';
import type { FrameContext } from '../inventoryFrame';
import type { DetectorRow } from './detectors';

/** Each is on the scale of its method. */
const SCORE: FieldConfig = {};

const COLUMNS: Readonly<Record<keyof typeof DRIFT_DETECTOR_FIELDS, Column<DetectorRow>>> = {
  cluster: text('Cluster', (row) => row.cluster || undefined),
  namespace: text('Namespace', (row) => row.namespace),
  model: text('Model', (row) => row.model),
  detector: text('Detector', (row) => row.detector),
  source: text('Source', (row) => row.source),
  method: text('Method', (row) => row.method),
  feature: text('Feature', (row) => row.feature),
  state: text('State', (row) => row.state, driftConfig('State')),
  score: quantity('Score', SCORE, (row) => row.score),
  scoreThreshold: quantity('Drift above', SCORE, (row) => row.scoreThreshold),
  pValue: quantity('p-value', SCORE, (row) => row.pValue),
  pValueThreshold: quantity('Drift below', SCORE, (row) => row.pValueThreshold),
  lastResult: moment('Last result', UNITS.ago, (row) => row.lastResultMs),
};
const KEYS = Object.keys(COLUMNS) as Array<keyof typeof DRIFT_DETECTOR_FIELDS>;

/** What detectors of others say, as the panel reads it (contract, DRIFT_DETECTOR_FIELDS). */
export function detectorsFrame(rows: readonly DetectorRow[], context: FrameContext): DataFrame {
  const columns = KEYS.map((key) => [DRIFT_DETECTOR_FIELDS[key], COLUMNS[key]] as const);
  return tableFrame('Detectors of others', { kind: 'drift-detectors' }, columns, rows, context);
}
