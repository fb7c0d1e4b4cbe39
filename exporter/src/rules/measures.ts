/**
 * Figures of single replicas, whoever brought them to Prometheus: what the rules on request metrics are made of.
 * Two exporters that polled one replica are one figure: the highest.
 */
import type { MetricFamily } from '@modelwatch/contract';
import { ID } from './promql';

/** What identifies a figure of a replica, besides the labels that its family has of its own. */
export const REPLICA = `${ID}, replica, version`;

export interface Counted {
  readonly family: MetricFamily;
  /** Of histograms. */
  readonly part?: 'sum' | 'count' | 'bucket';
  /** Labels besides those of REPLICA. */
  readonly keep?: readonly string[];
  readonly window?: string;
  /** Of requests only: those that the server answered, rightly or with a refusal. */
  readonly answered?: boolean;
  /** Of buckets only: those with a bound, or the last one. Servers without buckets have the last one, too. */
  readonly bound?: 'finite' | 'infinite';
}

export interface Measures {
  /** Increase per second of a counter, a series for each replica, version and label in `keep`. */
  readonly rate: (counted: Counted) => string;
  /** A gauge, a series for each replica and version. */
  readonly value: (family: MetricFamily) => string;
  /** Replicas that have requests of a model to tell of, or the model itself; one lost scrape does not end them. */
  readonly present: (window: string) => string;
}

export const WINDOW = '5m';

/** Selects what is counted, in our own vocabulary. */
export function selector({ answered = false, bound }: Counted): string {
  if (bound !== undefined) return bound === 'finite' ? '{le!="+Inf"}' : '{le="+Inf"}';
  return answered ? '{outcome!="server_error"}' : '';
}

/** `le` is no label of a family: a histogram has it in its buckets, and the last one needs none. */
export function labelsOf({ part, bound, keep = [] }: Counted): readonly string[] {
  return part === 'bucket' && bound !== 'infinite' ? [...keep, 'le'] : keep;
}

/** Sum over replicas, and over versions unless `keep` has them. */
export function total(measures: Measures, counted: Counted, keep: readonly string[] = labelsOf(counted)): string {
  return `sum by (${[ID, ...keep].join(', ')}) (${measures.rate(counted)})`;
}

/** Nothing where nothing was counted, instead of a quotient that is no number. */
export function quotient(part: string, whole: string): string {
  return `${part}
/
(${whole} > 0)`;
}

export function mean(measures: Measures, family: MetricFamily, keep: readonly string[] = []): string {
  const part = (name: 'sum' | 'count') => total(measures, { family, part: name }, keep);
  return quotient(part('sum'), part('count'));
}

/**
 * Buckets added up, without those that only some of what is added up have: such a one would count the requests of these
 * alone beside a last one that counts all, and quantiles would be too high. The last one stays, and says nothing alone.
 *
 * @param buckets the last one among them
 * @param last one series for everything that is added up
 */
export function commonBuckets(by: string, buckets: string, last: string): string {
  return `sum by (${by}, le) (${buckets})
and on (${by}, le)
(
  count by (${by}, le) (${buckets})
  == on (${by}) group_left ()
  count by (${by}) (${last})
)`;
}

/** Without buckets, or without requests, the quantile is not a number; the comparison drops it. */
export function quantile(
  measures: Measures,
  share: number,
  family: MetricFamily,
  keep: readonly string[] = []
): string {
  const rate = (bound?: 'infinite') => measures.rate({ family, part: 'bucket', ...(bound ? { bound } : {}) });
  return `histogram_quantile(${share}, ${commonBuckets([ID, ...keep].join(', '), rate(), rate('infinite'))}) >= 0`;
}
