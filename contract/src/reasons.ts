/**
 * Reasons in words, said the same way by the API, the landing page, the panel and alerts. Closed templates, cause first;
 * no cause that was not measured.
 */
import { LOWER_IS_BETTER, type BaselineMetric } from './vocabulary/accuracy';
import type { UnseenPart } from './vocabulary/coverage';
import type { CustomSide } from './vocabulary/custom';
import {
  DRIFT_LEFT_BELOW,
  type DistributionMethod,
  type DriftMethod,
  type DriftSubject,
  type DriftWindow,
} from './vocabulary/drift';
import type { FairnessMetric } from './vocabulary/fairness';
import type { HealthState, ServingReason } from './vocabulary/health';

const CAUSES: Record<ServingReason, string> = {
  out_of_memory: 'Out of memory',
  crash_loop: 'Container keeps crashing',
  image_pull_failed: 'Image pull fails',
  unschedulable: 'No node has room for a replica',
  load_failed: 'Model fails to load',
  schedule_failed: 'No server can take the model',
  invalid_spec: 'Specification is invalid',
  no_matching_runtime: 'No runtime supports the model',
  runtime_unhealthy: 'Runtime is unhealthy',
  workload_failed: 'Workload failed',
  no_replicas_available: 'No replica is available',
  replicas_unavailable: 'Some replicas are not ready',
  endpoint_unreachable: 'Server does not answer',
  endpoint_not_live: 'Server is not live',
  endpoint_not_ready: 'Server is not ready',
  model_not_ready: 'Server does not have the model ready',
  invalid_response: 'Server answers something else',
  synthetic_failed: 'Answers a known request wrongly or not at all',
  component_down: 'A component of the platform is down',
  dependency_not_ready: 'A dependency is not ready',
  route_not_ready: 'Route is not ready',
  exporter_silent: 'No exporter answers',
  source_silent: 'No news from Kubernetes',
  probe_silent: 'No probe for too long',
  no_status: 'Never seen: no status yet',
  not_watched: 'No server is watched, only events are',
  unknown_status: 'Status says nothing that is known',
  loading: 'Loading',
  rolling_out: 'Rolling out',
  terminating: 'Terminating',
  scaled_to_zero: 'Scaled to zero on purpose',
  stopped: 'Stopped on purpose',
  other: 'Not ready for another reason',
};

export interface ReplicaCounts {
  readonly desired?: number | undefined;
  readonly available?: number | undefined;
}

/** The words for a reason alone, without counts. */
export function causeText(reason: ServingReason): string {
  return CAUSES[reason];
}

/** `Out of memory: 0 of 3 replicas ready`. Counts are left out where they are unknown or say nothing. */
export function reasonSentence(reason: ServingReason, replicas: ReplicaCounts = {}): string {
  const cause = CAUSES[reason];
  const { desired, available } = replicas;
  if (desired === undefined || desired === 0 || reason === 'scaled_to_zero' || reason === 'stopped') return cause;
  const ready = available ?? 0;
  if (ready >= desired && reason !== 'rolling_out') return cause;
  return `${cause}: ${ready} of ${desired} ${desired === 1 ? 'replica' : 'replicas'} ready`;
}

/** What each health means, for legends and docs. */
export const HEALTH_MEANINGS: Record<HealthState, string> = {
  failed: 'cannot serve, or far over an objective',
  degraded: 'serves, but one channel is over its limit',
  stale: 'had data, now silent',
  unknown: 'never seen, or too little data for a verdict',
  progressing: 'loading or rolling out',
  idle: 'scaled to zero on purpose',
  healthy: 'every channel fresh and within limits',
};

/** What statistics and windows are called in a sentence. */
export const DRIFT_METHOD_NAMES: Record<DriftMethod, string> = {
  psi: 'PSI',
  js: 'JS distance',
  kl: 'KL divergence',
  hellinger: 'Hellinger distance',
  tvd: 'total variation',
  linf: 'largest difference',
  chi2: 'chi-square',
};
export const DISTRIBUTION_METHOD_NAMES: Record<DistributionMethod, string> = {
  ...DRIFT_METHOD_NAMES,
  ks: 'KS on bins',
  wasserstein: 'Wasserstein on bins',
  wasserstein_normed: 'Normed Wasserstein on bins',
};
export const DRIFT_WINDOW_NAMES: Record<DriftWindow, string> = {
  '10m': '10 min',
  '1h': '1 h',
  '1d': '24 h',
  '7d': '7 d',
};

export interface DriftFigures {
  readonly subject: DriftSubject;
  readonly feature: string;
  readonly method: DriftMethod;
  readonly window: DriftWindow;
  readonly score: number;
  /** Of the state that holds; a state is held while the score is not far below it. */
  readonly threshold: number;
}

/**
 * `merchant_country drifted: PSI 0.31 over 24 h, threshold 0.25`. Of a state that is held by a score below its threshold
 * `..., still above 0.225`, and of one that is about to be left no limit at all: it is not over any.
 */
export function driftSentence({ subject, feature, method, window, score, threshold }: DriftFigures): string {
  const what = subject === 'prediction' ? 'Predictions' : feature;
  const figure = method === 'chi2' ? String(Number(score.toPrecision(3))) : score.toFixed(2);
  const drifted = `${what} drifted: ${DRIFT_METHOD_NAMES[method]} ${figure} over ${DRIFT_WINDOW_NAMES[window]}`;
  const shown = (limit: number) => Number(limit.toPrecision(3));
  if (score >= threshold) return `${drifted}, threshold ${shown(threshold)}`;
  const leftBelow = DRIFT_LEFT_BELOW * threshold;
  return score >= leftBelow ? `${drifted}, still above ${shown(leftBelow)}` : drifted;
}

/** What scores are called in a sentence. */
export const ACCURACY_METRIC_NAMES: Record<BaselineMetric, string> = {
  accuracy: 'Accuracy',
  precision: 'Precision',
  recall: 'Recall',
  f1: 'F1',
  auc: 'AUC',
  log_loss: 'Log loss',
  brier: 'Brier score',
  calibration_error: 'Calibration error',
  mae: 'MAE',
  rmse: 'RMSE',
  r2: 'R²',
  mape: 'MAPE',
};

export interface AccuracyFigures {
  readonly metric: BaselineMetric;
  readonly window: DriftWindow;
  readonly score: number;
  /** Of the state that holds; a state is held until the score is clearly within its limit. */
  readonly limit: number;
  readonly baseline?: number | undefined;
}

/** `AUC 0.61 over 24 h, limit 0.68 (baseline 0.81)`; of a state that is held `..., not yet clear of its limit 0.68`. */
export function accuracySentence({ metric, window, score, limit, baseline }: AccuracyFigures): string {
  const short = (value: number) => String(Number(value.toPrecision(3)));
  const before = baseline === undefined ? '' : ` (baseline ${short(baseline)})`;
  const within = LOWER_IS_BETTER.includes(metric) ? score < limit : score > limit;
  const words = within ? 'not yet clear of its limit' : 'limit';
  return `${ACCURACY_METRIC_NAMES[metric]} ${short(score)} over ${DRIFT_WINDOW_NAMES[window]}, ${words} ${short(limit)}${before}`;
}

/** What metrics of fairness are called in a sentence. */
export const FAIRNESS_METRIC_NAMES: Record<FairnessMetric, string> = {
  statistical_parity: 'Statistical parity',
  disparate_impact: 'Disparate impact',
  equal_opportunity: 'Equal opportunity',
  predictive_parity: 'Predictive parity',
};

export interface FairnessFigures {
  readonly metric: FairnessMetric;
  /** The protected attribute, and the group of it. */
  readonly segment: string;
  readonly value: string;
  readonly window: DriftWindow;
  readonly score: number;
  /** Of the state that holds; a state is held until the groups are clearly closer. */
  readonly limit: number;
}

/** `Disparate impact of age_group 55+ 0.52 over 24 h, limit 0.8`. */
export function fairnessSentence({ metric, segment, value, window, score, limit }: FairnessFigures): string {
  const short = (number: number) => String(Number(number.toPrecision(3)));
  return `${FAIRNESS_METRIC_NAMES[metric]} of ${segment} ${value} ${short(score)} over ${DRIFT_WINDOW_NAMES[window]}, limit ${short(limit)}`;
}

export interface CustomFigures {
  readonly metric: string;
  /** Absent where a value stands for no span: a gauge, and what a query of its own says. */
  readonly window?: DriftWindow | undefined;
  readonly value: number;
  /** Of the state that holds, by side; a state is held until the value is clearly within its limit. */
  readonly limits: Readonly<Partial<Record<CustomSide, number>>>;
  readonly baseline?: number | undefined;
}

/** `rejected_share: 0.31 over 10 min, limit 0.25 (baseline 0.12)`. Of two limits the one that is nearer. */
export function customSentence({ metric, window, value, limits, baseline }: CustomFigures): string {
  const short = (number: number) => String(Number(number.toPrecision(3)));
  const far = ([, limit]: readonly [string, number]) => Math.abs(value - limit);
  const [nearest] = Object.entries(limits).sort((one, other) => far(one) - far(other));
  const span = window === undefined ? '' : ` over ${DRIFT_WINDOW_NAMES[window]}`;
  const limit = nearest === undefined ? '' : `, limit ${short(nearest[1])}`;
  return `${metric}: ${short(value)}${span}${limit}${baseline === undefined ? '' : ` (baseline ${short(baseline)})`}`;
}

const UNSEEN_WORDS: Record<UnseenPart, string> = {
  dropped: 'were dropped',
  absent_features: 'lack a feature',
  uncompared: 'have no reference',
};

/** `2 of the last 5 batches drifted`. */
export function batchesSentence(drifted: number, of: number): string {
  return of === 1 ? 'The last batch drifted' : `${drifted} of the last ${of} batches drifted`;
}

/** `8 % of the events of the last hour were dropped`. */
export function coverageSentence(part: UnseenPart, ratio: number): string {
  return `${Number((ratio * 100).toPrecision(2))} % of the events of the last hour ${UNSEEN_WORDS[part]}`;
}
