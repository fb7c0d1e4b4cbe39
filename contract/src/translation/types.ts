/**
 * How a server's own metrics become ours: data, one table per kind of server, read by the exporter (which polls and
 * translates), by the rules (which translate where Prometheus scrapes the servers itself) and by the test of docs.
 */
import type { InferenceHistogram, InferenceNumber } from '../metrics/inference';
import type {
  FinishReason,
  InferenceCapability,
  RequestOutcome,
  ResponseCode,
  TokenDirection,
} from '../vocabulary/inference';

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
 * - `responses`: the same by the status of the answer; a server with any series of them counts them all, from 0. `counted`:
 *   its other series say that it does.
 * - `histogram`: of a histogram or summary all it has (quantiles of a summary are not used: they cannot be added up), or
 *   the `part` of it alone, where several families together are one of ours; of a counter or gauge the `part` that it is.
 * - `number`: one value; series of one model add up, or the highest stands (shares of something).
 * - `adapters`: labels with lists of names, separated by commas; of several series that with the highest value, which is
 *   the time when it was written.
 */
export type TranslationTarget =
  | { readonly requests: RequestOutcome | ByLabel<RequestOutcome> }
  | { readonly counted: readonly RequestOutcome[] }
  | { readonly responses: ByLabel<ResponseCode> | 'counted' }
  | { readonly tokens: TokenDirection; readonly part?: 'sum' }
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

/**
 * A counter that the server does not have: by how much the counters `of` are ahead of the counters `less` (none of `less`
 * on the page: by all). Both grow at different moments of a request, so their plain difference also falls, and a counter
 * that falls looks like a restart. Which side a request in flight is on decides what is safe:
 * - `inFlight: true`: it is counted in `of` first. Only what two polls in a row saw is taken, and it never falls.
 * - `inFlight: false`: it is counted in `less` first. The highest difference so far is taken.
 * A rule takes `clamp_min(sum(rate(of)) - sum(rate(less)), 0)` per model and version, where requests in flight cancel out.
 */
export interface DifferenceTranslation {
  /** Names of samples: of a histogram with `_count`. They add up. */
  readonly of: readonly string[];
  readonly less: readonly string[];
  readonly inFlight: boolean;
  /** `requests` by a plain outcome, or the `count` of a histogram. */
  readonly to:
    { readonly requests: RequestOutcome } | { readonly histogram: InferenceHistogram; readonly part: 'count' };
}

/** What an engine inside the server adds where it is used: its families on the page say that it is. */
export interface EngineTranslation {
  readonly families: readonly FamilyTranslation[];
  readonly capabilities: readonly InferenceCapability[];
}

export interface ServerTranslation {
  /** Labels that may name the model; the first that is there counts. None, or none there: the server's only model. */
  readonly modelLabels: readonly string[];
  readonly versionLabels: readonly string[];
  /** What the version label says of requests that named none; the version is empty then. */
  readonly noVersion?: string;
  /** `path`: models are called by where they come from (`org/model`, a file); what follows the last slash is the name. */
  readonly modelNames?: 'path';
  readonly families: readonly FamilyTranslation[];
  readonly differences?: readonly DifferenceTranslation[];
  readonly engines?: readonly EngineTranslation[];
  /** What the server can say of its requests, if it is set up to say all it can. */
  readonly capabilities: readonly InferenceCapability[];
}
