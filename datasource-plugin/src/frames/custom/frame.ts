import type { DataFrame } from '@grafana/data';
import { CUSTOM_METRIC_FIELDS } from '@modelwatch/contract';
import { DIRECTION_CONFIG, driftConfig, UNITS } from '../appearance';
import { moment, quantity, tableFrame, text, type Column } from '../columns';
import type { FrameContext } from '../inventoryFrame';
import type { CustomRow, LimitKey } from './join';

/** Metrics of one table have different units: the unit is a column. */
const plain = (title: string, value: (row: CustomRow) => number | undefined) => quantity<CustomRow>(title, {}, value);
const count = (title: string, value: (row: CustomRow) => number | undefined) =>
  quantity<CustomRow>(title, { unit: UNITS.count, decimals: 0 }, (row) => {
    const found = value(row);
    return found && Math.round(found);
  });
const limit = (title: string, key: LimitKey) => plain(title, ({ limits }) => limits.get(key));

const COLUMNS: Readonly<Record<keyof typeof CUSTOM_METRIC_FIELDS, Column<CustomRow>>> = {
  cluster: text('Cluster', (row) => row.cluster || undefined),
  namespace: text('Namespace', (row) => row.namespace),
  model: text('Model', (row) => row.model),
  metric: text('Metric', (row) => row.metric),
  state: text('State', (row) => row.state, driftConfig('State')),
  since: moment('Since', UNITS.time, (row) => row.sinceMs),
  value: plain('Value', (row) => row.value),
  unit: text('Unit', (row) => row.unit || undefined),
  baseline: plain('Baseline', (row) => row.baseline),
  change: plain('Change against the baseline', ({ value, baseline }) =>
    value === undefined || baseline === undefined ? undefined : value - baseline
  ),
  direction: text('Direction', (row) => row.direction, DIRECTION_CONFIG),
  warningBelow: limit('Warning below', 'warning below'),
  criticalBelow: limit('Critical below', 'critical below'),
  warningAbove: limit('Warning above', 'warning above'),
  criticalAbove: limit('Critical above', 'critical above'),
  aggregation: text('Aggregation', (row) => row.aggregation),
  window: text('Window', (row) => row.window || undefined),
  source: text('Source', (row) => row.source),
  samples: count('Samples', (row) => row.samples),
  samplesNeeded: count('Samples needed', (row) => row.samplesNeeded),
  lastVerdict: moment('Last judged', UNITS.ago, (row) => row.lastVerdictMs),
};

/** Frame `custom-metrics` (contract, CUSTOM_METRIC_FIELDS). */
export function customMetricsFrame(rows: readonly CustomRow[], context: FrameContext): DataFrame {
  const columns = (Object.keys(COLUMNS) as Array<keyof typeof CUSTOM_METRIC_FIELDS>).map(
    (key) => [CUSTOM_METRIC_FIELDS[key], COLUMNS[key]] as const
  );
  return tableFrame('Custom metrics', { kind: 'custom-metrics' }, columns, rows, context);
}
