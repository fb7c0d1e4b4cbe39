/** The responder: what it is told, what it may do, and what became of it. */

/** Who sends webhooks. */
export const RESPONDER_SENDERS = ['alertmanager', 'grafana'] as const;
export type ResponderSender = (typeof RESPONDER_SENDERS)[number];

/**
 * What became of a request with alerts. `busy`: there is no room for them now, and the sender is to come again; `no_secret`:
 * it is to come again, too, since the file that tells who it is has no secret that could be used.
 */
export const WEBHOOK_RESULTS = ['accepted', 'unauthorized', 'malformed', 'too_large', 'busy', 'no_secret'] as const;
export type WebhookResult = (typeof WEBHOOK_RESULTS)[number];

/** `dry-run` says what would be done; `auto` does it. */
export const RESPONDER_MODES = ['dry-run', 'auto'] as const;
export type ResponderMode = (typeof RESPONDER_MODES)[number];

export const RESPONSE_ACTIONS = ['scale', 'traffic', 'rollback', 'job', 'call'] as const;
export type ResponseAction = (typeof RESPONSE_ACTIONS)[number];

/** Kinds of Kubernetes that `scale` changes. */
export const SCALED_KINDS = ['Model', 'Server', 'InferenceService', 'HorizontalPodAutoscaler'] as const;
export type ScaledKind = (typeof SCALED_KINDS)[number];

/** Kinds of Kubernetes of which `traffic` takes traffic away from a candidate. */
export const TRAFFIC_KINDS = ['Experiment', 'InferenceService'] as const;
export type TrafficKind = (typeof TRAFFIC_KINDS)[number];

/** Kinds that `rollback` takes back to the version before. */
export const ROLLED_BACK_KINDS = ['Model', 'InferenceService'] as const;
export type RolledBackKind = (typeof ROLLED_BACK_KINDS)[number];

/** Kinds of which something is changed, and can be changed back. */
export const CHANGED_KINDS = [...SCALED_KINDS, 'Experiment'] as const;
export type ChangedKind = (typeof CHANGED_KINDS)[number];

/** Kinds that `job` creates. */
export const CREATED_KINDS = ['Job', 'Workflow'] as const;
export type CreatedKind = (typeof CREATED_KINDS)[number];

export const RESPONDER_KINDS = [...CHANGED_KINDS, ...CREATED_KINDS] as const;
export type ResponderKind = (typeof RESPONDER_KINDS)[number];

/** `proposed`: a dry run got as far as the API server's consent. `unchanged`: things are as they should be already. */
export const RESPONSE_RESULTS = ['acted', 'proposed', 'unchanged', 'refused', 'failed'] as const;
export type ResponseResult = (typeof RESPONSE_RESULTS)[number];

/** Why nothing was done; `none` where something was, or would have been. */
export const RESPONSE_REASONS = [
  'none',
  /** The alert is over, or was over before it could be acted upon. */
  'resolved',
  /** The alert itself says that there is no data. */
  'no_data',
  'no_policy',
  /** The labels of the alert name no object that could exist. */
  'no_target',
  'not_allowed',
  'paused',
  /** Done before, for this very alert. */
  'duplicate',
  /** Begun before, and how it ended is not known. */
  'unfinished',
  'attempts',
  'breaker',
  'cooldown',
  'rate_limit',
  'precondition',
  /** What would tell that the alert still holds gave no answer. */
  'no_evidence',
  /** Another responder acts. */
  'lock',
  /** What was done on the last day fills the memory that cooldowns and repetitions rest on. */
  'memory_full',
  /** Nobody says which version was healthy last. */
  'unknown_version',
  'not_found',
  'forbidden',
  'conflict',
  /** The other side understood, and does not want it. */
  'rejected',
  'unavailable',
  /** It was accepted, and then it was not there. */
  'not_verified',
] as const;
export type ResponseReason = (typeof RESPONSE_REASONS)[number];
