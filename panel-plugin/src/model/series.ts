/** Frames of any shape Prometheus queries come in (time series, table, wide) -> one list of labelled series. */
import { FieldType, type DataFrame, type Field, type Labels } from '@grafana/data';
import type { FrameKind } from '@modelwatch/contract';
import { frameMark } from './mark';
import type { Origin } from './types';

export interface Series {
  /** Metric name, where the answer tells it. */
  readonly name?: string;
  readonly labels: Labels;
  /** Milliseconds since 1970, ascending; empty when the frame has no time. */
  readonly timesMs: readonly number[];
  readonly values: readonly (number | string | null)[];
  readonly stepMs?: number;
  readonly kind?: FrameKind;
  readonly origin: Origin;
}

/** The single metric of ours in a text; undefined when there is none or more than one. Names of others could be functions. */
function nameIn(text: string | undefined): string | undefined {
  const found = new Set((text ?? '').match(/(?<![\w:])modelwatch[_:][\w:]*/g));
  return found.size === 1 ? [...found][0] : undefined;
}

function metricName(frame: DataFrame, field: Field, labels: Labels): string | undefined {
  return labels.__name__ ?? nameIn(field.name) ?? nameIn(frame.name) ?? nameIn(frame.meta?.executedQueryString);
}

function isValue(field: Field): boolean {
  return field.type === FieldType.number || (field.type === FieldType.string && field.labels !== undefined);
}

function cell(value: unknown): number | string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' ? value : null;
}

function wideSeries(frame: DataFrame, time: Field | undefined, kind: FrameKind | undefined): Series[] {
  const timesMs = time ? time.values.map(Number) : [];
  return frame.fields.filter(isValue).map((field) => {
    const labels = field.labels ?? {};
    return {
      name: metricName(frame, field, labels),
      labels,
      timesMs,
      values: field.values.map(cell),
      stepMs: time?.config.interval ?? undefined,
      kind,
      origin: { field, rowIndex: Math.max(0, frame.length - 1) },
    };
  });
}

/** Rows with label columns, as the format "table" has them. */
function longSeries(frame: DataFrame, time: Field | undefined, kind: FrameKind | undefined): Series[] {
  const columns = frame.fields.filter((field) => field.type === FieldType.string);
  const out: Series[] = [];
  for (const field of frame.fields.filter((candidate) => candidate.type === FieldType.number)) {
    const bySet = new Map<string, { labels: Labels; rows: number[] }>();
    for (let row = 0; row < frame.length; row++) {
      const entries = columns.flatMap((column): Array<[string, string]> => {
        const value: unknown = column.values[row];
        return typeof value === 'string' && value !== '' ? [[column.name, value]] : [];
      });
      const set = JSON.stringify(entries);
      const group = bySet.get(set) ?? { labels: Object.fromEntries(entries), rows: [] };
      group.rows.push(row);
      bySet.set(set, group);
    }
    for (const { labels, rows } of bySet.values()) {
      rows.sort((a, b) => Number(time?.values[a] ?? 0) - Number(time?.values[b] ?? 0));
      out.push({
        name: metricName(frame, field, labels),
        labels: { ...field.labels, ...labels },
        timesMs: time ? rows.map((row) => Number(time.values[row])) : [],
        values: rows.map((row) => cell(field.values[row])),
        stepMs: time?.config.interval ?? undefined,
        kind,
        origin: { field, rowIndex: rows[rows.length - 1] ?? 0 },
      });
    }
  }
  return out;
}

/** Every labelled series of a frame. */
export function seriesOf(frame: DataFrame): Series[] {
  const time = frame.fields.find((field) => field.type === FieldType.time);
  const kind = frameMark(frame)?.kind;
  const hasColumns = frame.fields.some((field) => field.name === 'model' && field.type === FieldType.string);
  return hasColumns ? longSeries(frame, time, kind) : wideSeries(frame, time, kind);
}
