/** Data exploration: rows that are held so that somebody may look at them. */

/** Why a row is held no more: too many, too large, too old, forgotten by its id, or held as is not allowed any more. */
export const ROW_REMOVALS = ['rows', 'bytes', 'retention', 'deleted', 'settings'] as const;
export type RowRemoval = (typeof ROW_REMOVALS)[number];

/** What stands in place of a value that is masked. */
export const MASKED = '***';
