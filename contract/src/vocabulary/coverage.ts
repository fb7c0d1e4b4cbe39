/** Coverage: how much of what a model predicts is seen by what watches its data. */

/**
 * What rows amount to; one row can be in several. `dropped`: arrived and was not counted, for another reason than that it
 * was known. `absent_features`, `uncompared`: counted, and not all of it is compared with the reference, or none.
 * `unknown_features`: has something that nobody watches.
 */
export const COVERAGE_PARTS = [
  'received',
  'counted',
  'dropped',
  'duplicate',
  'missing_id',
  'absent_features',
  'unknown_features',
  'uncompared',
] as const;
export type CoveragePart = (typeof COVERAGE_PARTS)[number];

/** Parts that are missing from what drift is computed from. */
export const UNSEEN_PARTS = ['dropped', 'absent_features', 'uncompared'] as const satisfies readonly CoveragePart[];
export type UnseenPart = (typeof UNSEEN_PARTS)[number];

/**
 * Verdict on a model, worst first. `partial`: a considerable share of its rows is not seen, or features are not watched
 * for want of room. `no_reference`: its rows are counted, and compared with nothing. `no_events`: nothing came for a day.
 */
export const COVERAGE_STATES = ['partial', 'no_reference', 'no_events', 'too_little_data', 'complete'] as const;
export type CoverageState = (typeof COVERAGE_STATES)[number];

/** Share of the rows from which it is considerable. */
export const UNSEEN_FROM_RATIO = 0.05;
/** Rows in an hour below which there is no share: one bad row alone is never a verdict. */
export const COVERAGE_ROWS_NEEDED = 20;
