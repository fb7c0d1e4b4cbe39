import {
  createDataFrame,
  FieldType,
  type DataFrame,
  type FieldConfig,
  type QueryResultMetaNotice,
} from '@grafana/data';
import { CHANNELS, compareChannels, customMetricOf, INVENTORY_FIELDS, type FrameMark } from '@modelwatch/contract';
import { healthConfig, UNITS } from './appearance';
import type { InventoryRow } from './inventory';

interface Column {
  readonly name: string;
  readonly type: FieldType;
  readonly config: FieldConfig;
  readonly value: (row: InventoryRow) => string | number | undefined;
  /** Kept even when no row has a value: without it the frame could not be read. */
  readonly always?: boolean;
}

const text = (name: string, title: string, value: Column['value'], always = false): Column => ({
  name,
  type: FieldType.string,
  config: { displayNameFromDS: title },
  value,
  always,
});
const quantity = (name: string, title: string, unit: string, value: Column['value']): Column => ({
  name,
  type: FieldType.number,
  config: { displayNameFromDS: title, unit },
  value,
});
const moment = (name: string, title: string, unit: string, value: Column['value']): Column => ({
  ...quantity(name, title, unit, value),
  type: FieldType.time,
});

const COLUMNS: readonly Column[] = [
  text(INVENTORY_FIELDS.cluster, 'Cluster', (row) => row.cluster || undefined),
  text(INVENTORY_FIELDS.namespace, 'Namespace', (row) => row.namespace, true),
  text(INVENTORY_FIELDS.model, 'Model', (row) => row.model, true),
  text(INVENTORY_FIELDS.platform, 'Platform', (row) => row.platform),
  { ...text(INVENTORY_FIELDS.health, 'Health', (row) => row.health, true), config: healthConfig('Health') },
  text(INVENTORY_FIELDS.reason, 'Reason', (row) => row.reason),
  moment(INVENTORY_FIELDS.since, 'Since', UNITS.time, (row) => row.sinceMs),
  quantity(INVENTORY_FIELDS.replicasDesired, 'Replicas desired', UNITS.count, (row) => row.replicasDesired),
  quantity(INVENTORY_FIELDS.replicasAvailable, 'Replicas available', UNITS.count, (row) => row.replicasAvailable),
  moment(INVENTORY_FIELDS.lastObserved, 'Last observed', UNITS.ago, (row) => row.lastObservedMs),
  text(INVENTORY_FIELDS.server, 'Server', (row) => row.server),
  text(INVENTORY_FIELDS.runtime, 'Runtime', (row) => row.runtime),
  text(INVENTORY_FIELDS.version, 'Version', (row) => row.version),
  text(INVENTORY_FIELDS.owner, 'Owner', (row) => row.owner),
  quantity(INVENTORY_FIELDS.requestsPerSecond, 'Requests', UNITS.requestsPerSecond, (row) => row.requestsPerSecond),
  moment(INVENTORY_FIELDS.lastRequest, 'Last prediction', UNITS.ago, (row) => row.lastRequestMs),
  quantity(INVENTORY_FIELDS.requestsPerDay, 'Predictions in 24 h', UNITS.count, (row) => row.requestsPerDay),
  quantity(INVENTORY_FIELDS.errorsRatio, 'Failed requests', UNITS.ratio, (row) => row.errorsRatio),
  quantity(INVENTORY_FIELDS.slowRatio, 'Slow requests', UNITS.ratio, (row) => row.slowRatio),
  quantity(INVENTORY_FIELDS.featuresDrifted, 'Features drifted', UNITS.count, (row) => row.featuresDrifted),
  quantity(INVENTORY_FIELDS.budgetLeft, 'Budget left', UNITS.ratio, (row) => row.budgetLeft),
  ...CHANNELS.map((channel) =>
    text(`${INVENTORY_FIELDS.channelPrefix}${channel}`, `Channel ${channel}`, (row) => row.channels.get(channel))
  ),
];

/** Names of custom metrics are the users': a fleet may have many, and a frame has so many columns of them. */
const MOST_CUSTOM_COLUMNS = 50;

function customColumns(rows: readonly InventoryRow[]): Column[] {
  const channels = new Set(rows.flatMap((row) => [...row.channels.keys()]));
  const custom = [...channels].filter((channel) => customMetricOf(channel) !== undefined).sort(compareChannels);
  return custom
    .slice(0, MOST_CUSTOM_COLUMNS)
    .map((channel) =>
      text(`${INVENTORY_FIELDS.channelPrefix}${channel}`, `Channel ${channel}`, (row) => row.channels.get(channel))
    );
}

export interface FrameContext {
  readonly refId: string;
  readonly answeredAtMs: number;
  readonly notices?: readonly QueryResultMetaNotice[];
}

/** The inventory as the panel reads it (contract, INVENTORY_FIELDS). A field that no row can fill is left out. */
export function inventoryFrame(rows: readonly InventoryRow[], context: FrameContext): DataFrame {
  const mark: FrameMark = { kind: 'inventory', answeredAtMs: context.answeredAtMs };
  const fields = [...COLUMNS, ...customColumns(rows)].flatMap(({ name, type, config, value, always }) => {
    const values = rows.map((row) => value(row) ?? null);
    return always || values.some((entry) => entry !== null) ? [{ name, type, config: { ...config }, values }] : [];
  });
  return createDataFrame({
    refId: context.refId,
    name: 'Models',
    meta: {
      custom: { modelwatch: mark },
      preferredVisualisationType: 'table',
      ...(context.notices?.length && { notices: [...context.notices] }),
    },
    fields,
  });
}
