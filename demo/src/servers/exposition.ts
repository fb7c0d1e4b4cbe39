/** Writes Prometheus text in the hand of each client library; they differ in numbers, order and what they leave out. */
import type { Distribution } from '../fleet/meter';

/** Upper bounds that Python's and Seldon's clients use when nobody chose others, in seconds; +Inf is added in writing. */
export const PYTHON_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;

export type Labels = Readonly<Record<string, string>>;

/** How a client library writes a number and where it puts the label `le`. */
export interface Hand {
  readonly number: (value: number) => string;
  /** The sum of a histogram; absent: as any number. */
  readonly sum?: (value: number) => string;
  readonly bound: (value: number) => string;
  /** Python sorts the labels of a bucket, `le` among them; others put it last. */
  readonly sorted: boolean;
  /** Which of sum and count comes first. */
  readonly countFirst: boolean;
}

/** Python writes whole floats with `.0`. */
export function pythonFloat(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}

/** Go's shortest form takes an exponent from a million up. */
export function goFloat(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

const PYTHON: Hand = { number: pythonFloat, bound: pythonFloat, sorted: true, countFirst: true };
export const GO: Hand = { number: goFloat, bound: goFloat, sorted: false, countFirst: false };
export const PLAIN: Hand = { number: String, bound: String, sorted: false, countFirst: false };

export function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

export function header(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

/** Samples of a histogram, without its header. */
export function histogramText(
  name: string,
  labels: Labels,
  bounds: readonly number[],
  values: Distribution,
  hand: Hand = PYTHON
): string {
  const bucket = (le: string, value: number) => {
    const all = { ...labels, le };
    const written = hand.sorted ? Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))) : all;
    return `${name}_bucket${labelText(written)} ${hand.number(value)}\n`;
  };
  const count = `${name}_count${labelText(labels)} ${hand.number(values.count)}\n`;
  const sum = `${name}_sum${labelText(labels)} ${(hand.sum ?? hand.number)(values.sum)}\n`;
  return (
    bounds.map((bound, i) => bucket(hand.bound(bound), values.within[i] ?? 0)).join('') +
    bucket('+Inf', values.count) +
    (hand.countFirst ? count + sum : sum + count)
  );
}
