/** Service level objectives: what is promised of a model or a pipeline, and how much of the promise is left. */

/**
 * What an objective is about. `availability`, `latency`, `first_token` and `inter_token` are of requests; `freshness`,
 * `drift`, `accuracy` and `cost` of minutes; `query` is what the PromQL of its owner says.
 */
export const SLO_INDICATORS = [
  'availability',
  'latency',
  'first_token',
  'inter_token',
  'freshness',
  'drift',
  'accuracy',
  'cost',
  'query',
] as const;
export type SloIndicator = (typeof SLO_INDICATORS)[number];

/**
 * How the budget is spent, by the names of OpenSLO. `occurrences`: by bad events. `timeslices`: by minutes in which too
 * many events were bad. `ratio_timeslices`: by the mean of the minutes' shares of bad events.
 */
export const SLO_METHODS = ['occurrences', 'timeslices', 'ratio_timeslices'] as const;
export type SloMethod = (typeof SLO_METHODS)[number];

/** Indicators that are of minutes: each is good or bad, however much was asked. */
export const SLICED_INDICATORS: readonly SloIndicator[] = ['freshness', 'drift', 'accuracy', 'cost'];

export const THRESHOLD_OPS = ['lte', 'gte', 'lt', 'gt'] as const;
export type ThresholdOp = (typeof THRESHOLD_OPS)[number];

/** PromQL of the owner of an objective; its syntax was looked at, and not whether it finds anything. */
export type SloQuery =
  /** Events a second; those that are bad, or those that are good. */
  | { readonly kind: 'bad' | 'good'; readonly events: string; readonly total: string }
  /** A share from 0 to 1 that is judged each minute. */
  | { readonly kind: 'failure_ratio' | 'success_ratio'; readonly ratio: string }
  /** A value; its minute is good while `value op threshold` holds. */
  | { readonly kind: 'threshold'; readonly value: string; readonly op: ThresholdOp; readonly threshold: number };

/** Windows that a budget may be of; all of them roll. */
export const SLO_WINDOWS = ['7d', '14d', '28d', '30d', '90d'] as const;
export type SloWindow = (typeof SLO_WINDOWS)[number];
export const DEFAULT_SLO_WINDOW: SloWindow = '30d';

export const SLO_WINDOW_SECONDS: Readonly<Record<SloWindow, number>> = {
  '7d': 604_800,
  '14d': 1_209_600,
  '28d': 2_419_200,
  '30d': 2_592_000,
  '90d': 7_776_000,
};

/** Windows over which burn rates are recorded. */
export const BURN_WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
export type BurnWindow = (typeof BURN_WINDOWS)[number];

/** `page` wakes somebody; `ticket` is for the next morning. */
export const BURN_SEVERITIES = ['page', 'ticket'] as const;
export type BurnSeverity = (typeof BURN_SEVERITIES)[number];

/**
 * The state of an objective; of those that hold the first one counts. `page` and `ticket`: an alert on its burn rate
 * holds. `spent`: nothing of its budget is left. `stale`: its events are not counted any more. `idle`: the model is scaled
 * to zero, and its budget stands still. `too_little_data`: so few events that one bad one would spend the budget. `met`:
 * some budget is left, and nothing burns it too fast.
 */
export const SLO_STATES = ['page', 'spent', 'ticket', 'stale', 'idle', 'too_little_data', 'met'] as const;
export type SloState = (typeof SLO_STATES)[number];

/** As names of Kubernetes objects, and so of OpenSLO. */
export const SLO_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** Of one model or pipeline. */
export const MOST_SLOS = 20;
