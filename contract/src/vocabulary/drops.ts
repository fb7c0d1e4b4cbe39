/** Why something that came in from outside was not used. Each drop is counted under one of these. */
export const DROP_REASONS = [
  'malformed_json',
  'wrong_type',
  'missing_field',
  'too_large',
  'unknown_value',
  'name_conflict',
  'invalid_sample',
  'duplicate_sample',
  'stale_sample',
  'truncated',
  'unknown_model',
  'over_limit',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];
