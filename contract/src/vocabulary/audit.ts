/** The event log: what happened to models, and what was done about it. */

/**
 * What an event is about. `health`, `serving`: of a model. `alert`: one of our alerts began or stopped firing. `slo`: an
 * objective began or stopped to page, to be a ticket, or to be spent. `drift`: of a feature or the predictions. `accuracy`:
 * of a metric. `configuration`: of the exporter. `references`: what data are compared with. `response`: an automated action.
 * `prediction`: one answer of a model, where predictions are logged.
 */
export const EVENT_KINDS = [
  'health',
  'serving',
  'alert',
  'slo',
  'drift',
  'accuracy',
  'configuration',
  'references',
  'response',
  'prediction',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Kinds that the read API tells: predictions are too many to be remembered. */
export const REMEMBERED_EVENT_KINDS = EVENT_KINDS.filter((kind) => kind !== 'prediction');
export type RememberedEventKind = (typeof REMEMBERED_EVENT_KINDS)[number];

/** As ECS has `event.type`, those that we use. */
export const EVENT_TYPES = ['start', 'end', 'change', 'info', 'denied', 'error'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** As ECS has `event.outcome`. */
export const EVENT_OUTCOMES = ['success', 'failure', 'unknown'] as const;
export type EventOutcome = (typeof EVENT_OUTCOMES)[number];

/** Where lines of the event log go. */
export const EVENT_SINKS = ['stdout', 'file', 'elasticsearch'] as const;
export type EventSinkKind = (typeof EVENT_SINKS)[number];

/**
 * Why a line never reached a sink. `queue_full`: more waited than there is room for, the oldest went. `disk`: the disk took
 * no more. `refused`: the sink will never take it. `backpressure`: nobody reads standard output. `too_large`: of one line.
 */
export const EVENT_DROPS = ['queue_full', 'disk', 'refused', 'backpressure', 'too_large'] as const;
export type EventDrop = (typeof EVENT_DROPS)[number];

/** Why an attempt to write failed; what it was to write waits. */
export const EVENT_SINK_FAILURES = [
  'unreachable',
  'timeout',
  'unauthorized',
  'throttled',
  'server_error',
  'rejected',
  'invalid_response',
  'credentials',
  'disk',
] as const;
export type EventSinkFailure = (typeof EVENT_SINK_FAILURES)[number];
