/** Shapes of rules, the same whatever file they end up in. */
import type { AlertName, DriftMethod } from '@modelwatch/contract';

/** Records `expr` under the name of one of RECORDED, with fixed labels added. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export type Severity = 'critical' | 'warning';

export interface AlertRule {
  readonly alert: AlertName;
  /**
   * 1 where the alert holds and 0 where it does not, for everything that it watches: never empty while there is data, so
   * that Grafana can tell "nothing is wrong" from "nothing is known".
   */
  readonly condition: string;
  readonly forSeconds: number;
  readonly severity: Severity;
  readonly summary: string;
  /** The summary in Prometheus' own templates, where these can say more. */
  readonly inNumbers?: string;
  readonly description: string;
  /** PromQL whose `reason` labels explain the alert in Prometheus' own templates; `%q`s are cluster, namespace, model. */
  readonly reasonQuery?: string;
  /** Prometheus' own template that ends the description, where reasons do not say it. */
  readonly explanation?: string;
  /** Panel that shows what the alert is about. */
  readonly panel: FleetPanel | DriftPanel | AccuracyPanel | FairnessPanel | SloPanel;
}

/** Panels of the Fleet dashboard that alerts point to; their ids are fixed, since stored rules name them. */
export const FLEET_PANELS = { health: 1, errors: 3, latency: 4, replicas: 5, exporters: 6, coverage: 7 } as const;
export type FleetPanel = keyof typeof FLEET_PANELS;
/** The same of the Drift dashboard. It is of one model. */
export const DRIFT_PANELS = { drift: 1, batches: 62 } as const;
export type DriftPanel = keyof typeof DRIFT_PANELS;
/** The same of the Accuracy dashboard. */
export const ACCURACY_PANELS = { accuracy: 1 } as const;
export type AccuracyPanel = keyof typeof ACCURACY_PANELS;
/** The same of the Fairness dashboard. */
export const FAIRNESS_PANELS = { fairness: 1 } as const;
export type FairnessPanel = keyof typeof FAIRNESS_PANELS;
/** The same of the dashboard of one objective. */
export const SLO_PANELS = { slo: 3 } as const;
export type SloPanel = keyof typeof SLO_PANELS;
/** Uids of the dashboards are part of the public interface: alerts, links and bookmarks hold them. */
export const DASHBOARD_UIDS = {
  fleet: 'modelwatch-fleet',
  model: 'modelwatch-model',
  drift: 'modelwatch-drift',
  challengers: 'modelwatch-challengers',
  customMetrics: 'modelwatch-custom-metrics',
  accuracy: 'modelwatch-accuracy',
  fairness: 'modelwatch-fairness',
  servers: 'modelwatch-servers',
  llmServing: 'modelwatch-llm-serving',
  generative: 'modelwatch-generative',
  pipelines: 'modelwatch-pipelines',
  usage: 'modelwatch-usage',
  sloOverview: 'modelwatch-slo-overview',
  sloDetail: 'modelwatch-slo-detail',
  alerts: 'modelwatch-alerts',
} as const;

export interface RuleGroup {
  readonly name: string;
  readonly intervalSeconds: number;
  /** Evaluated in this order: a rule sees what those above it recorded in the same evaluation. */
  readonly recordings: readonly RecordingRule[];
  readonly alerts: readonly AlertRule[];
}

/** Rules that nothing else rests on: what pods and models use; figures of namespaces, servers and platforms; use and its hours; drift; accuracy; custom metrics; objectives. */
export const OPTIONAL_PARTS = ['resources', 'aggregates', 'usage', 'drift', 'accuracy', 'custom', 'slo'] as const;
export type OptionalPart = (typeof OPTIONAL_PARTS)[number];

export interface RuleOptions {
  /** How often rules are evaluated; at least the scrape interval of the exporter. */
  readonly intervalSeconds: number;
  /** How long a model must be unable to serve before its alert fires. Default: one interval. */
  readonly forSeconds?: number;
  /**
   * Age from which data is stale. Default: the 150 s after which the exporter itself gives a source up, and two intervals
   * until Prometheus has noticed.
   */
  readonly staleAfterSeconds?: number;
  /** Interval of what looks back a whole day. Default: 8 intervals, at most 240 s; above 280 s its series would have holes. */
  readonly slowIntervalSeconds?: number;
  /** Share of requests that fail, not by the fault of the client, from which errors are a warning. Default: 0.01. */
  readonly errorsWarningRatio?: number;
  /** The same for critical. Default: 0.05. */
  readonly errorsCriticalRatio?: number;
  /** Share of requests over the threshold of the model from which latency is a warning. Default: 0.05. */
  readonly slowWarningRatio?: number;
  /** The same for critical. Default: 0.2. */
  readonly slowCriticalRatio?: number;
  /** Requests in 5 minutes below which there is no verdict. Default: 25, so that one failure alone is never critical. */
  readonly minRequests?: number;
  /** How often drift, accuracy and custom metrics are looked at. Default: 8 intervals, at most 240 s; above 280 s its series would have holes. */
  readonly driftIntervalSeconds?: number;
  /** How often objectives are judged. Default: one interval, at least 60 s. */
  readonly sloIntervalSeconds?: number;
  /** How often windows of days and budgets are: some of those intervals. Default: as many as are in 4 minutes. */
  readonly sloCoarseIntervalSeconds?: number;
  /** Statistics that models may ask for; of one that asks for another there is no score. Default: psi. */
  readonly driftMethods?: readonly DriftMethod[];
  /** How much more frequent missing, new, invalid and out-of-range values may be than in the reference. Default: 0.05. */
  readonly qualityMarginRatio?: number;
  /** Parts to leave out. */
  readonly without?: readonly OptionalPart[];
}

export type ResolvedOptions = Required<Omit<RuleOptions, 'without'>>;

/** @throws RangeError naming the option, its value and what was expected. */
export function resolveOptions(options: RuleOptions): ResolvedOptions {
  const { intervalSeconds } = options;
  const resolved: ResolvedOptions = {
    intervalSeconds,
    forSeconds: options.forSeconds ?? intervalSeconds,
    staleAfterSeconds: options.staleAfterSeconds ?? 150 + 2 * intervalSeconds,
    slowIntervalSeconds: options.slowIntervalSeconds ?? Math.max(intervalSeconds, Math.min(240, 8 * intervalSeconds)),
    errorsWarningRatio: options.errorsWarningRatio ?? 0.01,
    errorsCriticalRatio: options.errorsCriticalRatio ?? 0.05,
    slowWarningRatio: options.slowWarningRatio ?? 0.05,
    slowCriticalRatio: options.slowCriticalRatio ?? 0.2,
    minRequests: options.minRequests ?? 25,
    ...sloOptions(options),
    ...driftOptions(options),
  };
  const check = (name: SecondsOption, min: number, max: number) => {
    const value = resolved[name];
    if (Number.isInteger(value) && value >= min && value <= max) return;
    throw new RangeError(`${name}: expected a whole number of seconds from ${min} to ${max}, got ${value}`);
  };
  // Rate windows of 5 minutes need four scrapes, so 75 s; series of rules live 5 minutes, so anything above leaves holes.
  check('intervalSeconds', 1, 75);
  check('forSeconds', 0, 86_400);
  check('staleAfterSeconds', 2 * intervalSeconds, 86_400);
  check('slowIntervalSeconds', intervalSeconds, 280);
  check('driftIntervalSeconds', intervalSeconds, 280);
  // Windows of days are made of what is recorded at least twice in four minutes.
  check('sloIntervalSeconds', intervalSeconds, 120);
  check('sloCoarseIntervalSeconds', resolved.sloIntervalSeconds, 280);
  checkRatios(resolved, 'errorsWarningRatio', 'errorsCriticalRatio');
  checkRatios(resolved, 'slowWarningRatio', 'slowCriticalRatio');
  if (!Number.isInteger(resolved.minRequests) || resolved.minRequests < 1 || resolved.minRequests > 1_000_000) {
    throw new RangeError(`minRequests: expected a whole number from 1 to 1000000, got ${resolved.minRequests}`);
  }
  return resolved;
}

function driftOptions(options: RuleOptions) {
  const { intervalSeconds, driftMethods = ['psi'], qualityMarginRatio = 0.05 } = options;
  const driftIntervalSeconds =
    options.driftIntervalSeconds ?? Math.max(intervalSeconds, Math.min(240, 8 * intervalSeconds));
  if (qualityMarginRatio > 0 && qualityMarginRatio < 1) {
    return { driftMethods, qualityMarginRatio, driftIntervalSeconds };
  }
  throw new RangeError(`qualityMarginRatio: expected a share above 0 and below 1, got ${qualityMarginRatio}`);
}

function sloOptions({ intervalSeconds, ...options }: RuleOptions) {
  const sloIntervalSeconds = options.sloIntervalSeconds ?? Math.max(intervalSeconds, 60);
  const inFourMinutes = Math.floor(240 / sloIntervalSeconds) * sloIntervalSeconds;
  const sloCoarseIntervalSeconds = options.sloCoarseIntervalSeconds ?? inFourMinutes;
  if (sloCoarseIntervalSeconds % sloIntervalSeconds === 0) return { sloIntervalSeconds, sloCoarseIntervalSeconds };
  throw new RangeError(
    `sloCoarseIntervalSeconds: expected a multiple of sloIntervalSeconds (${sloIntervalSeconds}), got ${sloCoarseIntervalSeconds}`
  );
}

type SecondsOption =
  | 'intervalSeconds'
  | 'forSeconds'
  | 'staleAfterSeconds'
  | 'slowIntervalSeconds'
  | 'driftIntervalSeconds'
  | 'sloIntervalSeconds'
  | 'sloCoarseIntervalSeconds';
type RatioOption = 'errorsWarningRatio' | 'errorsCriticalRatio' | 'slowWarningRatio' | 'slowCriticalRatio';

function checkRatios(options: ResolvedOptions, warning: RatioOption, critical: RatioOption): void {
  for (const name of [warning, critical]) {
    const value = options[name];
    // From 0 every model would be over its limit, failures or not.
    if (!(value > 0 && value <= 1)) throw new RangeError(`${name}: expected a share above 0, up to 1, got ${value}`);
  }
  if (options[warning] > options[critical]) {
    throw new RangeError(`${warning}: expected at most ${critical} (${options[critical]}), got ${options[warning]}`);
  }
}
