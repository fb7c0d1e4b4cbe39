/** Writes Prometheus text as the servers that run on Python's client do, which is not how Go writes it. */

/** Upper bounds that Python's client uses when nobody chose others, in seconds; +Inf is added in writing. */
export const PYTHON_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;

/** Python writes whole floats with `.0`. */
export function pythonFloat(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}

export function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

export function header(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

export interface HistogramValues {
  readonly within: readonly number[];
  readonly sumSeconds: number;
  readonly count: number;
}

/** Samples of a histogram over PYTHON_BUCKETS; labels of a bucket are sorted by name, as Python's client sorts them. */
export function histogramText(name: string, labels: Readonly<Record<string, string>>, values: HistogramValues): string {
  const bucket = (le: string, value: number) => {
    const sorted = Object.fromEntries(Object.entries({ ...labels, le }).sort(([a], [b]) => (a < b ? -1 : 1)));
    return `${name}_bucket${labelText(sorted)} ${pythonFloat(value)}\n`;
  };
  const buckets = PYTHON_BUCKETS.map((bound, i) => bucket(pythonFloat(bound), values.within[i] ?? 0)).join('');
  return (
    buckets +
    bucket('+Inf', values.count) +
    `${name}_count${labelText(labels)} ${pythonFloat(values.count)}\n` +
    `${name}_sum${labelText(labels)} ${pythonFloat(values.sumSeconds)}\n`
  );
}
