/** Custom metrics over time: values, with what they normally are and their limits, and since when a state holds. */
import { FieldColorModeId, type DataFrame, type FieldConfig } from '@grafana/data';
import { CUSTOM_HISTORY_LABELS, CUSTOM_STATES, RECORDED, type CustomState } from '@modelwatch/contract';
import { modelIdKey, modelTitle } from '../identity';
import type { FrameContext } from '../inventoryFrame';
import { linesFrame, type Line } from '../lines';
import { everyStep, startOfRun, takeState } from '../runs';
import type { Series } from '../samples';
import { limitOf, metricIdOf, metricKey, type CustomRow } from './join';

/** By time in milliseconds since 1970. */
type Values = Map<number, number>;

interface OfMetric {
  readonly states: Map<number, CustomState>;
  /** `value`, `baseline`, or the limit. */
  readonly lines: Map<string, Values>;
}

export interface CustomHistory {
  readonly timesMs: readonly number[];
  readonly metrics: ReadonlyMap<string, OfMetric>;
}

function lineOf(labels: Series['labels']): string | undefined {
  switch (labels['__name__']) {
    case RECORDED.customMetricValue.name:
      return 'value';
    case RECORDED.customMetricBaseline.name:
      return 'baseline';
    case RECORDED.customMetricLimit.name:
      return limitOf(labels);
    default:
      return undefined;
  }
}

function takeSeries({ states, lines }: OfMetric, { labels, timesMs, values }: Series, known: number[]): void {
  const state = CUSTOM_STATES.find((one) => one === labels['state']);
  const line = lineOf(labels);
  const found: Values = (line && lines.get(line)) || new Map<number, number>();
  if (line) lines.set(line, found);
  timesMs.forEach((timeMs, index) => {
    const value = values[index] ?? null;
    if (value === null) return;
    known.push(timeMs);
    if (state && value === 1) takeState(states, CUSTOM_STATES, timeMs, state);
    found.set(timeMs, value);
  });
}

export function readCustomHistory(
  series: readonly Series[],
  range: { readonly fromMs: number; readonly toMs: number }
): CustomHistory {
  const metrics = new Map<string, OfMetric>();
  const known: number[] = [];
  for (const one of series) {
    const id = metricIdOf(one.labels);
    if (!id) continue;
    const metric = metrics.get(metricKey(id)) ?? { states: new Map(), lines: new Map() };
    metrics.set(metricKey(id), metric);
    takeSeries(metric, one, known);
  }
  return { timesMs: everyStep(known, range.fromMs, range.toMs), metrics };
}

/** Since when the state of a row holds, as `startOfRun` has it. */
export function customSinceMs(row: CustomRow, { metrics, timesMs }: CustomHistory, toMs: number): number | undefined {
  return startOfRun(row.state, metrics.get(metricKey(row))?.states, timesMs[0], toMs);
}

const LINES = ['value', 'baseline', 'warning below', 'critical below', 'warning above', 'critical above'] as const;
const COLORS: Record<string, string> = { baseline: 'text', warning: 'orange', critical: 'dark-red' };

/** A limit looks like one, whatever its metric. */
function configOf(line: string, { unit }: CustomRow): FieldConfig {
  const fixedColor = COLORS[line.split(' ')[0] ?? ''];
  return {
    ...(unit && { unit }),
    ...(fixedColor && {
      color: { mode: FieldColorModeId.Fixed, fixedColor },
      custom: { fillOpacity: 0, lineStyle: { fill: 'dash', dash: [6, 6] } },
    }),
  };
}

/** Frame `custom-metric-history`; none where nothing was recorded. */
export function customHistoryFrames(
  rows: readonly CustomRow[],
  { timesMs, metrics }: CustomHistory,
  context: FrameContext
): DataFrame[] {
  if (!timesMs.length) return [];
  const ofSeveral = new Set(rows.map(modelIdKey)).size > 1;
  const lines = rows.flatMap((row) =>
    LINES.flatMap((line): Line[] => {
      const values = metrics.get(metricKey(row))?.lines.get(line);
      // A value is a line of its own also where there was none: that is a gap.
      if (!values && line !== 'value') return [];
      const labels = { cluster: row.cluster, namespace: row.namespace, model: row.model, metric: row.metric, line };
      const title = [...(ofSeveral ? [modelTitle(row)] : []), row.metric, ...(line === 'value' ? [] : [line])];
      return [
        {
          labels: Object.fromEntries(CUSTOM_HISTORY_LABELS.map((label) => [label, labels[label]])),
          title: title.join(', '),
          values: values ?? new Map<number, number>(),
          config: configOf(line, row),
        },
      ];
    })
  );
  return [linesFrame('value', { kind: 'custom-metric-history' }, { timesMs, lines, config: {} }, context)];
}
