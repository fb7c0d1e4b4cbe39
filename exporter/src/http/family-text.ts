/** One small family as exposition text. The large ones are pre-rendered elsewhere; this is for our own few series. */
import type { Format } from '../exposition/store';

export interface FamilyValues {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly {
    readonly value: number;
    readonly labels: Readonly<Record<string, string | number | undefined>>;
    /** Sample name where it is not the family's: `x_bucket`, `x_sum`, `x_count`. */
    readonly metricName?: string;
  }[];
}

/** Empty text for a family without samples. */
export function familyText(family: FamilyValues, format: Format): string {
  if (family.values.length === 0) return '';
  // OpenMetrics names a counter without `_total` in its metadata, and with it in its samples.
  const isTotal = format === 'openmetrics' && family.type === 'counter';
  const name = isTotal ? family.name.replace(/_total$/, '') : family.name;
  const help = format === 'openmetrics' ? escapeLabel(family.help) : escapeHelp(family.help);
  const lines = family.values.map(
    ({ metricName, labels, value }) => `${metricName ?? family.name}${labelText(labels)} ${numberText(value)}`
  );
  return `# HELP ${name} ${help}\n# TYPE ${name} ${family.type}\n${lines.join('\n')}\n`;
}

function labelText(labels: FamilyValues['values'][number]['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
