export type MetricType = 'gauge' | 'counter' | 'histogram';

export interface MetricFamily<Label extends string = string> {
  /** The full sample name (for a histogram the base name). Counters end in `_total`. */
  readonly name: string;
  readonly type: MetricType;
  /** Label names in the order in which they are written. A histogram's `le` is not listed. */
  readonly labels: readonly Label[];
  readonly help: string;
  /** Beside its labels it has others, whose names come from users and begin so: `label_`. */
  readonly openPrefix?: string;
}

/** A row of the tables beside this file; the prefix is added here. */
export function family<const Label extends string>(
  name: string,
  type: MetricType,
  labels: readonly Label[],
  help: string
): MetricFamily<Label> {
  return { name: `modelwatch_${name}`, type, labels, help };
}

/** A family with labels whose names users choose, each with the prefix. */
export function openFamily<const Label extends string>(
  name: string,
  labels: readonly Label[],
  openPrefix: string,
  help: string
): MetricFamily<Label> & { readonly openPrefix: string } {
  return { ...family(name, 'gauge', labels, help), openPrefix };
}

/** Labels that say whose sample it is. */
export const MODEL = ['namespace', 'model'] as const;
export const SERVER = ['namespace', 'server'] as const;
export const PIPELINE = ['namespace', 'pipeline'] as const;
export const EXPERIMENT = ['namespace', 'experiment'] as const;
export const ENDPOINT = ['namespace', 'server', 'replica'] as const;
export const INFERENCE = ['namespace', 'model', 'replica', 'version'] as const;
export const POD = ['namespace', 'server', 'pod'] as const;
export const NODE = ['node'] as const;
export const USAGE = ['namespace', 'platform'] as const;
export const SERVER_TYPE_USAGE = [...USAGE, 'server_type'] as const;
