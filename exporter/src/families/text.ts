/**
 * Sample lines of Prometheus text 0.0.4 and OpenMetrics 1.0, which write gauges, counters and cumulative buckets alike.
 * Source: prometheus.io/docs/instrumenting/exposition_formats and the OpenMetrics 1.0 specification.
 */
import type { MetricFamily } from '@modelwatch/contract';
import type { HistogramRow, Row, Sample } from './row';

/** Backslash, quote and newline are the only characters that must be escaped in a label value. */
export function escapeLabel(value: string): string {
  return /[\\"\n]/.test(value) ? value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`)) : value;
}

/** JavaScript's shortest form is valid Go float syntax; only the infinities and NaN are spelled otherwise. */
export function formatValue(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

function labelText(family: MetricFamily, labels: Readonly<Record<string, string>>, extra = ''): string {
  let text = '';
  for (const name of family.labels) text += `${text ? ',' : '{'}${name}="${escapeLabel(labels[name] ?? '')}"`;
  if (extra) text += `${text ? ',' : '{'}${extra}`;
  return text && `${text}}`;
}

/**
 * The lines as one flat string. A string that was put together by `+` or a template keeps all its parts, and these texts
 * are kept for as long as the object lives: that is six times the memory. `join` with two parts or more copies.
 */
function flat(lines: string[]): string {
  if (lines.length === 1) lines.push('');
  return lines.join('');
}

/** A row whose view gives gauge or counter samples. Every label of the family is written, empty where not given. */
export function row<View, Label extends string>(
  family: MetricFamily<Label>,
  samples: (view: View) => readonly Sample<Label>[]
): Row<View> {
  return {
    family,
    render: (view) => {
      const lines: string[] = [];
      for (const { labels, value } of samples(view)) {
        lines.push(`${family.name}${labelText(family, labels)} ${formatValue(value)}\n`);
      }
      return flat(lines);
    },
  };
}

/** One of a closed list holds. */
export interface Choice {
  /** All labels of the family but the last. */
  readonly labels: Readonly<Record<string, string>>;
  /** The value of the last label that holds. */
  readonly holds: string;
}

/**
 * A row of sets: for each choice one line per value of the closed list, 1 for the value that holds. A third of all lines
 * are such, so what their lines have in common is written once.
 */
export function setRow<View>(
  family: MetricFamily,
  values: readonly string[],
  choices: (view: View) => readonly Choice[]
): Row<View> {
  const last = family.labels[family.labels.length - 1] ?? '';
  const ends = values.map((value) => ({ value, text: `${last}="${escapeLabel(value)}"} ` }));
  return {
    family,
    render: (view) => {
      const lines: string[] = [];
      for (const { labels, holds } of choices(view)) {
        let start = `${family.name}{`;
        for (const name of family.labels) {
          if (name !== last) start += `${name}="${escapeLabel(labels[name] ?? '')}",`;
        }
        for (const { value, text } of ends) lines.push(start + text + (value === holds ? '1\n' : '0\n'));
      }
      return flat(lines);
    },
  };
}

/** A row of one sample with value 1, which has labels of its own beside those of the family, in the order of their names. */
export function openRow<View, Label extends string>(
  family: MetricFamily<Label>,
  sample: (
    view: View
  ) => { readonly labels: Readonly<Record<Label, string>>; readonly more: Readonly<Record<string, string>> } | undefined
): Row<View> {
  return {
    family,
    render: (view) => {
      const found = sample(view);
      if (!found) return '';
      const more = Object.keys(found.more).sort();
      const pairs = more.map((name) => `${name}="${escapeLabel(found.more[name] ?? '')}"`).join(',');
      return flat([`${family.name}${labelText(family, found.labels, pairs)} 1\n`]);
    },
  };
}

/** A row of histograms. One without buckets gets the single `le="+Inf"`, which claims nothing but the count. */
export function histogramRow<View, Label extends string>(
  family: MetricFamily<Label>,
  histograms: (view: View) => readonly HistogramRow<Label>[]
): Row<View> {
  return {
    family,
    render: (view) => {
      const lines: string[] = [];
      for (const { labels, buckets, sum, count } of histograms(view)) {
        for (const { le, count: cumulative } of [...buckets, { le: Infinity, count }]) {
          const bound = labelText(family, labels, `le="${formatLe(le)}"`);
          lines.push(`${family.name}_bucket${bound} ${formatValue(cumulative)}\n`);
        }
        const plain = labelText(family, labels);
        lines.push(
          `${family.name}_sum${plain} ${formatValue(sum)}\n${family.name}_count${plain} ${formatValue(count)}\n`
        );
      }
      return flat(lines);
    },
  };
}

/**
 * A bound as OpenMetrics and Prometheus 3 write it (Go's shortest form, always a float): `1.0`, `1e-05`. Prometheus 3
 * writes those of buckets so itself, but leaves a label `le` elsewhere as it is: only like this the two can be joined.
 */
export function formatLe(le: number): string {
  const [digits = '', exponent] = le.toExponential().split('e');
  const power = Number(exponent);
  if (le === 0 || !Number.isFinite(le) || (power >= -4 && power < 6)) {
    return Number.isInteger(le) ? le.toFixed(1) : formatValue(le);
  }
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** At most one sample: none when the value is not known, since a missing fact is not a zero. */
export function known<Label extends string>(
  labels: Readonly<Record<Label, string>>,
  value: number | undefined
): Sample<Label>[] {
  return value === undefined ? [] : [{ labels, value }];
}
