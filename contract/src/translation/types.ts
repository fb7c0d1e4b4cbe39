/**
 * How a server's own metrics become ours: data, one table per kind of server, read by the exporter (which polls and
 * translates), by the rules (which translate where Prometheus scrapes the servers itself) and by the test of docs.
 */
import type { InferenceHistogram, InferenceNumber } from '../metrics/inference';
import type { FinishReason, InferenceCapability, RequestOutcome, TokenDirection } from '../vocabulary';

/** Chosen by the value of a label of the series; a value that is not listed is `otherwise`, or not used without one. */
export interface ByLabel<Value extends string> {
  readonly label: string;
  readonly values: Readonly<Record<string, Value>>;
  /** Of values with three digits that are not listed: by the first of them (HTTP statuses). */
  readonly classes?: Readonly<Record<string, Value>>;
  readonly otherwise?: Value;
}

/**
 * What a series is for us.
 * - `requests`, `tokens`, `finished`: counters, added up. Of a histogram or summary `tokens` is the sum, the others are
 *   the count.
 * - `counted`: the server counts requests with these outcomes; where it has no series of them there were none.
 * - `histogram`: of a histogram or summary all it has (quantiles of a summary are not used: they cannot be added up);
 *   of a counter or gauge the `part` that it is.
 * - `number`: one value; series of one model add up, or the highest stands (shares of something).
 * - `adapters`: labels with lists of names, separated by commas.
 */
export type TranslationTarget =
  | { readonly requests: RequestOutcome | ByLabel<RequestOutcome> }
  | { readonly counted: readonly RequestOutcome[] }
  | { readonly tokens: TokenDirection }
  | { readonly finished: ByLabel<FinishReason> }
  | { readonly histogram: InferenceHistogram; readonly part?: 'sum' | 'count' }
  | { readonly number: InferenceNumber; readonly combine: 'add' | 'highest' }
  | { readonly adapters: { readonly running: string; readonly waiting: string } };

export interface FamilyTranslation {
  /** As the server writes it: the name of the samples, without `_bucket`, `_sum` and `_count` of histograms and summaries. */
  readonly family: string;
  /** What the family really is, whatever its TYPE line says. */
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  /** To base units: 1e-6 for microseconds. Of histograms the sums and bounds, of others the values. */
  readonly scale?: number;
  /** Only series whose label has one of the values. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /** No series whose label has one of the values; a label that is not there has the value "". */
  readonly except?: Readonly<Record<string, readonly string[]>>;
  /** Names of the same figure in other versions of the server: where this one is there, those are not read. */
  readonly replaces?: readonly string[];
  readonly to: readonly TranslationTarget[];
}

export interface ServerTranslation {
  /** Labels that may name the model; the first that is there counts. None: the server holds one model. */
  readonly modelLabels: readonly string[];
  readonly versionLabels: readonly string[];
  readonly families: readonly FamilyTranslation[];
  /** What the server can say of its requests, if it is set up to say all it can. */
  readonly capabilities: readonly InferenceCapability[];
}
