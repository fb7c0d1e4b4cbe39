/** A figure over time as one wide frame: a time field, and a field per line with unit, name and thresholds set. */
import {
  createDataFrame,
  FieldType,
  ThresholdsMode,
  type DataFrame,
  type Field,
  type FieldConfig,
  type Labels,
} from '@grafana/data';
import { APPORTIONED, PATH_LABELS, type Figure } from '../query/figures';
import type { FrameContext } from './inventoryFrame';
import type { Series } from './samples';

interface Line {
  readonly labels: Labels;
  readonly valueAt: Map<number, number>;
}

function inWords(name: string, value: string): string[] {
  if (name === 'apportioned') return value === 'true' ? [APPORTIONED] : [];
  return [`${name.replaceAll('_', ' ')} ${value}`];
}

/**
 * `eu/payments/fraud-scorer, version 3`: the place first, then what is beside it in words; for what has no place at all
 * the label of the figure.
 */
function lineTitle(labels: Labels, figure: Figure): string {
  const path = PATH_LABELS.flatMap((name) => (figure.by.includes(name) && labels[name] ? [labels[name]] : []));
  const rest = figure.by.flatMap((name) => {
    const value = labels[name];
    return PATH_LABELS.includes(name) || !value ? [] : inWords(name, value);
  });
  return [...(path.length ? [path.join('/')] : []), ...rest].join(', ') || figure.label;
}

/** Series of the same line add nothing: where two meet at one time the higher stands. */
function linesOf(series: readonly Series[], figure: Figure): Line[] {
  const lines = new Map<string, Line>();
  for (const one of series) {
    const labels: Labels = {};
    for (const name of figure.by) if (one.labels[name]) labels[name] = one.labels[name];
    const key = JSON.stringify(labels);
    const line = lines.get(key) ?? { labels, valueAt: new Map<number, number>() };
    lines.set(key, line);
    one.timesMs.forEach((timeMs, index) => {
      const value = one.values[index] ?? null;
      if (value === null) return;
      line.valueAt.set(timeMs, Math.max(value, line.valueAt.get(timeMs) ?? -Infinity));
    });
  }
  return [...lines.values()];
}

function configOf(figure: Figure, title: string): FieldConfig {
  const { unit, description, thresholds } = figure;
  return {
    displayNameFromDS: title,
    unit,
    description,
    ...(thresholds && {
      thresholds: {
        mode: ThresholdsMode.Absolute,
        steps: [
          { value: -Infinity, color: 'blue' },
          { value: thresholds.warning, color: 'orange' },
          { value: thresholds.critical, color: 'dark-red' },
        ],
      },
    }),
  };
}

const BEFORE = 'the period before';

/**
 * @param metric name of the fields
 * @param before the same lines in the period before; PromQL has moved them onto this one already
 */
export function figureFrame(
  metric: string,
  figure: Figure,
  series: { readonly now: readonly Series[]; readonly before: readonly Series[] },
  context: FrameContext
): DataFrame {
  const all = [
    ...linesOf(series.now, figure).map((line) => ({ ...line, period: '' })),
    ...linesOf(series.before, figure).map((line) => ({ ...line, period: BEFORE })),
  ].map((line) => ({ ...line, title: lineTitle(line.labels, figure) + (line.period && `, ${line.period}`) }));
  const natural = new Intl.Collator('en', { numeric: true });
  all.sort((a, b) => natural.compare(a.title, b.title));
  const times = [...new Set(all.flatMap(({ valueAt }) => [...valueAt.keys()]))].sort((a, b) => a - b);
  return createDataFrame({
    refId: context.refId,
    meta: { preferredVisualisationType: 'graph', ...(context.notices?.length && { notices: [...context.notices] }) },
    fields: [
      { name: 'time', type: FieldType.time, config: {}, values: times },
      ...all.map(({ labels, valueAt, period, title }): Omit<Field, 'values'> & { values: Array<number | null> } => ({
        name: metric,
        type: FieldType.number,
        labels: { ...labels, ...(period && { period: 'before' }) },
        config: configOf(figure, title),
        values: times.map((time) => valueAt.get(time) ?? null),
      })),
    ],
  });
}
