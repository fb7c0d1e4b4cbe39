/** Frames over time: a field `time`, then a field per line. */
import { createDataFrame, FieldType, type DataFrame, type FieldConfig, type Labels } from '@grafana/data';
import type { FrameMark } from '@modelwatch/contract';
import type { FrameContext } from './inventoryFrame';

export interface Line {
  readonly labels: Labels;
  readonly title: string;
  /** By time in milliseconds since 1970; a time without an entry is a gap. */
  readonly values: ReadonlyMap<number, number>;
  /** Over that of all lines. */
  readonly config?: FieldConfig;
}

/** @param name of the fields */
export function linesFrame(
  name: string,
  mark: Omit<FrameMark, 'answeredAtMs'>,
  of: { readonly timesMs: readonly number[]; readonly lines: readonly Line[]; readonly config: FieldConfig },
  { refId, answeredAtMs }: FrameContext
): DataFrame {
  const { timesMs, lines, config } = of;
  return createDataFrame({
    refId,
    meta: { preferredVisualisationType: 'graph', custom: { modelwatch: { answeredAtMs, ...mark } } },
    fields: [
      { name: 'time', type: FieldType.time, config: {}, values: [...timesMs] },
      ...lines.map(({ labels, title, values, config: own }) => ({
        name,
        type: FieldType.number,
        labels: { ...labels },
        config: { ...config, ...own, displayNameFromDS: title },
        values: timesMs.map((time) => values.get(time) ?? null),
      })),
    ],
  });
}
