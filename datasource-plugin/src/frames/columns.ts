/** Frames with a row per thing: each column says its type, its looks and where its values come from. */
import { createDataFrame, FieldType, type DataFrame, type FieldConfig } from '@grafana/data';
import type { FrameMark } from '@modelwatch/contract';
import type { FrameContext } from './inventoryFrame';

export interface Column<Row> {
  readonly type: FieldType;
  readonly config: FieldConfig;
  readonly value: (row: Row) => string | number | undefined;
}

export const text = <Row>(title: string, value: Column<Row>['value'], config: FieldConfig = {}): Column<Row> => ({
  type: FieldType.string,
  config: { displayNameFromDS: title, ...config },
  value,
});
export const quantity = <Row>(title: string, config: FieldConfig, value: Column<Row>['value']): Column<Row> => ({
  type: FieldType.number,
  config: { displayNameFromDS: title, ...config },
  value,
});
export const moment = <Row>(title: string, unit: string, value: Column<Row>['value']): Column<Row> => ({
  type: FieldType.time,
  config: { displayNameFromDS: title, unit },
  value,
});

/** Every field is always there: the panel tells by them what it can draw. What nobody said is null. */
export function tableFrame<Row>(
  name: string,
  mark: Omit<FrameMark, 'answeredAtMs'>,
  columns: ReadonlyArray<readonly [field: string, column: Column<Row>]>,
  rows: readonly Row[],
  { refId, answeredAtMs, notices }: FrameContext
): DataFrame {
  return createDataFrame({
    refId,
    name,
    meta: {
      custom: { modelwatch: { answeredAtMs, ...mark } },
      preferredVisualisationType: 'table',
      ...(notices?.length && { notices: [...notices] }),
    },
    fields: columns.map(([field, { type, config, value }]) => ({
      name: field,
      type,
      config: { ...config },
      values: rows.map((row) => value(row) ?? null),
    })),
  });
}
