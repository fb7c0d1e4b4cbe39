/** How probes end, synthetic inference among them. */

/** Why a probe failed. Once it did, nothing that the endpoint said before is believed. */
export const PROBE_ERROR_CAUSES = [
  'timeout',
  'refused',
  'closed',
  'too_large',
  'invalid_response',
  'http_status',
  'redirect',
  'unauthorized',
  'tls',
  'other',
] as const;
export type ProbeErrorCause = (typeof PROBE_ERROR_CAUSES)[number];

/** Causes that are answers: something is there, if not what was asked for. */
export const ANSWERED_CAUSES: readonly ProbeErrorCause[] = [
  'too_large',
  'invalid_response',
  'http_status',
  'redirect',
  'unauthorized',
];

/** Why a probe counts as a failure: it went wrong, or the server said no. */
export const PROBE_FAILURE_CAUSES = [...PROBE_ERROR_CAUSES, 'not_live', 'not_ready'] as const;
export type ProbeFailureCause = (typeof PROBE_FAILURE_CAUSES)[number];

/** Why synthetic inference failed: it went wrong, the answer was not the expected one, or a failed model had nobody to ask. */
export const SYNTHETIC_FAILURE_CAUSES = [...PROBE_ERROR_CAUSES, 'unexpected_answer', 'no_replica'] as const;
export type SyntheticFailureCause = (typeof SYNTHETIC_FAILURE_CAUSES)[number];

export const PROBE_OUTCOMES = ['success', 'failure'] as const;
export type ProbeOutcome = (typeof PROBE_OUTCOMES)[number];
