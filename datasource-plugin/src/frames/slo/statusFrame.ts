import type { DataFrame, FieldConfig } from '@grafana/data';
import { SLO_STATUS_FIELDS } from '@modelwatch/contract';
import { sloConfig, UNITS } from '../appearance';
import { moment, quantity, tableFrame, text, type Column } from '../columns';
import type { FrameContext } from '../inventoryFrame';
import type { SloRow } from './status';

const SHARE: FieldConfig = { unit: UNITS.ratio };
const BURN: FieldConfig = { unit: 'suffix:×', decimals: 1 };
const COUNT: FieldConfig = { unit: UNITS.count, decimals: 0 };

const COLUMNS: Readonly<Record<keyof typeof SLO_STATUS_FIELDS, Column<SloRow>>> = {
  cluster: text('Cluster', (row) => row.cluster || undefined),
  namespace: text('Namespace', (row) => row.namespace),
  model: text('Model', (row) => row.model || undefined),
  pipeline: text('Pipeline', (row) => row.pipeline || undefined),
  slo: text('Objective', (row) => row.slo),
  state: text('State', (row) => row.state, sloConfig('State')),
  since: moment('Since', UNITS.time, (row) => row.sinceMs),
  indicator: text('Indicator', (row) => row.indicator),
  method: text('Method', (row) => row.method),
  metric: text('Metric', (row) => row.metric || undefined),
  objective: quantity('At least', { ...SHARE, decimals: 3 }, (row) => row.objective),
  threshold: quantity('Threshold', {}, (row) => row.threshold),
  thresholdOp: text('Which way', (row) => row.thresholdOp),
  window: text('Window', (row) => row.window || undefined),
  attained: quantity('Attained', { ...SHARE, decimals: 3 }, (row) => row.attained),
  budgetLeft: quantity('Budget left', { ...SHARE, decimals: 0 }, (row) => row.budgetLeft),
  budgetLeftBefore: quantity('Budget left when last counted', { ...SHARE, decimals: 0 }, (row) => row.budgetLeftBefore),
  burn: quantity('Burn rate, 1 h', BURN, (row) => row.burn),
  burnShort: quantity('Burn rate, 5 min', BURN, (row) => row.burnShort),
  pageFrom: quantity('Pages from', BURN, (row) => row.pageFrom),
  pageTo: quantity('Pages at once from', BURN, (row) => row.pageTo),
  severity: text('Alert', (row) => row.alert?.severity),
  long: text('Its long window', (row) => row.alert?.long),
  short: text('Its short window', (row) => row.alert?.short),
  alertBurn: quantity('Burn over the long window', BURN, (row) => row.alert?.burn),
  exhaustion: quantity('Budget gone in', { unit: UNITS.seconds }, (row) => row.exhaustion),
  events: quantity('Events', COUNT, (row) => row.events),
  badEvents: quantity('Bad events', COUNT, (row) => row.badEvents),
  eventsNeeded: quantity('Events needed', COUNT, (row) => row.eventsNeeded),
  owner: text('Owner', (row) => row.owner || undefined),
  reason: text('Reason', (row) => row.reason),
};

export function sloStatusFrame(rows: readonly SloRow[], context: FrameContext): DataFrame {
  const keys = Object.keys(COLUMNS) as (keyof typeof SLO_STATUS_FIELDS)[];
  const columns = keys
    // Where there is one Prometheus for one cluster, nobody has a name for it.
    .filter((key) => key !== 'cluster' || rows.some(({ cluster }) => cluster !== ''))
    .map((key) => [SLO_STATUS_FIELDS[key], COLUMNS[key]] as const);
  return tableFrame('SLO status', { kind: 'slo-status' }, columns, rows, context);
}
