/** A metric is a row: its family (named in contract) and the samples that one view gives. */
import type { MetricFamily } from '@modelwatch/contract';

export interface Sample<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

/** Cumulative; `buckets` ascending without +Inf. */
export interface HistogramRow<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly buckets: readonly { readonly le: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}

/** What one view (a model, a server, ...) contributes to one family. */
export interface Row<View> {
  readonly family: MetricFamily;
  /** Sample lines of the view, ready to join: each ends in a newline; empty text when it has none. */
  readonly render: (view: View) => string;
}
