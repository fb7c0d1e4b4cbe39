/**
 * Frame `slo-status` of the query of that name: a row per objective, as of the end of the time range. Without a verdict
 * (`stale`, `too_little_data`, none at all) `attained`, `budget_left`, the burn rates and `exhaustion` are null.
 */
export const SLO_STATUS_FIELDS = {
  cluster: 'cluster',
  namespace: 'namespace',
  /** Of model and pipeline one is empty. */
  model: 'model',
  pipeline: 'pipeline',
  slo: 'slo',
  /** One of SLO_STATES; null where no rule has judged it. */
  state: 'state',
  /** Since when this state holds; null when longer than the time range. */
  since: 'since',
  /** One of SLO_INDICATORS, and of SLO_METHODS. */
  indicator: 'indicator',
  method: 'method',
  /** Of accuracy the score, of cost the currency. */
  metric: 'metric',
  /** Share of events that must be good, 0 to 1. */
  objective: 'objective',
  /** Seconds, a score, or a cost; `threshold_op` is one of `lte`, `gte`. */
  threshold: 'threshold',
  thresholdOp: 'threshold_op',
  /** One of SLO_WINDOWS. */
  window: 'window',
  attained: 'attained',
  /** Share of the budget; negative when more was spent than there was. */
  budgetLeft: 'budget_left',
  /** Of an objective that is `stale`: what was left when its events were last counted. */
  budgetLeftBefore: 'budget_left_before',
  /** Burn rates over an hour and over 5 minutes. */
  burn: 'burn',
  burnShort: 'burn_short',
  /** Lowest and highest burn rate above which an alert pages; null where none does. */
  pageFrom: 'page_from',
  pageTo: 'page_to',
  /** Of the alert that holds: one of BURN_SEVERITIES, its two windows, and the burn over the long one. */
  severity: 'severity',
  long: 'long',
  short: 'short',
  alertBurn: 'alert_burn',
  /** Seconds until the budget is spent; 0 when it is, null while nothing burns. */
  exhaustion: 'exhaustion',
  /** Events of the window of the budget, those that were bad, and how many it takes that a single bad one is allowed. */
  events: 'events',
  badEvents: 'bad_events',
  eventsNeeded: 'events_needed',
  owner: 'owner',
  /** Why this state, in words; null where there is nothing to say. */
  reason: 'reason',
} as const;

/**
 * Frame `slo-budget` of the query of that name: of one objective, over the window of its budget, not over the time range. The
 * last row is of the end of the time range.
 */
export const SLO_BUDGET_FIELDS = {
  time: 'time',
  /** Share of the budget that is left of what this window allows; it only falls. */
  budgetLeft: 'budget_left',
  /** Share of the budget that was spent since the row before. */
  spent: 'spent',
} as const;

/**
 * Frame `slo-events` beside it: a row per rollout and start of drift of the model in that window, and
 * per time that an alert fired: of this objective, or of the model without being of any objective.
 */
export const SLO_EVENT_FIELDS = {
  time: 'time',
  /** Null: it is still so. Of a rollout the time itself. */
  end: 'end',
  /** One of SLO_EVENT_KINDS. */
  kind: 'kind',
  /** Version, status of drift, or name of the alert. */
  title: 'title',
  severity: 'severity',
  /** Of an alert the objective that it is about; null where it is about none. */
  slo: 'slo',
} as const;
export const SLO_EVENT_KINDS = ['rollout', 'drift', 'alert'] as const;
export type SloEventKind = (typeof SLO_EVENT_KINDS)[number];

/**
 * Frame `slo-burn` of the query of that name: of one objective a field `time`, then a field per window, with labels cluster,
 * namespace, model, pipeline, slo and window: the highest burn rate over that window since the time before.
 */
export const SLO_BURN_LABELS = ['cluster', 'namespace', 'model', 'pipeline', 'slo', 'window'] as const;

/** Frame `slo-tiers` beside it: a row per alert on the burn rate, the fastest first. */
export const SLO_TIER_FIELDS = {
  severity: 'severity',
  long: 'long',
  short: 'short',
  /** Burn rate above which it holds. */
  line: 'line',
  burnLong: 'burn_long',
  burnShort: 'burn_short',
  events: 'events',
  eventsNeeded: 'events_needed',
  /** `yes` where it holds, else `no`. */
  holds: 'holds',
} as const;
