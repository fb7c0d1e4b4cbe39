import type { DataFrame, FieldConfig } from '@grafana/data';
import { FAIRNESS_FIELDS } from '@modelwatch/contract';
import { driftConfig, UNITS } from '../appearance';
import { quantity, tableFrame, text, type Column } from '../columns';
import type { FrameContext } from '../inventoryFrame';
import type { FairnessRow } from './join';

const words = (name: string): string => name.replaceAll('_', ' ');
const SCORE: FieldConfig = { decimals: 3 };
const COUNT: FieldConfig = { unit: UNITS.count, decimals: 0 };
const SHARE: FieldConfig = { unit: UNITS.ratio, decimals: 1 };

const COLUMNS: Readonly<Record<keyof typeof FAIRNESS_FIELDS, Column<FairnessRow>>> = {
  cluster: text('Cluster', (row) => row.cluster || undefined),
  namespace: text('Namespace', (row) => row.namespace),
  model: text('Model', (row) => row.model),
  segment: text('Attribute', (row) => row.segment),
  group: text('Group', (row) => row.group || undefined),
  metric: text('Metric', (row) => words(row.metric)),
  state: text('State', (row) => row.state, driftConfig('State')),
  score: quantity('Score', SCORE, (row) => row.score),
  warning: quantity('Warning from', SCORE, (row) => row.warning),
  critical: quantity('Critical from', SCORE, (row) => row.critical),
  rate: text('Rate', (row) => words(row.rate)),
  groupRate: quantity('Of the group', SHARE, (row) => row.groupRate),
  referenceGroup: text('Compared with', (row) => row.referenceGroup),
  referenceRate: quantity('Rate of that', SHARE, (row) => row.referenceRate),
  margin: quantity('By chance up to', SCORE, (row) => row.margin),
  rows: quantity('Rows', COUNT, (row) => row.rows && Math.round(row.rows)),
  rowsNeeded: quantity('Rows needed', COUNT, (row) => row.rowsNeeded),
  favourableClass: text('Favourable', (row) => row.favourableClass || undefined),
  window: text('Window', (row) => row.window || undefined),
};

export function fairnessFrame(rows: readonly FairnessRow[], context: FrameContext): DataFrame {
  const keys = Object.keys(COLUMNS) as (keyof typeof FAIRNESS_FIELDS)[];
  const columns = keys
    // Where there is one Prometheus for one cluster, nobody has a name for it.
    .filter((key) => key !== 'cluster' || rows.some(({ cluster }) => cluster !== ''))
    .map((key) => {
      const { config, ...column } = COLUMNS[key];
      // What a panel says in place of an empty answer is not meant for a cell.
      return [FAIRNESS_FIELDS[key], { ...column, config: { ...config, noValue: '–' } }] as const;
    });
  return tableFrame('Fairness', { kind: 'fairness' }, columns, rows, context);
}
