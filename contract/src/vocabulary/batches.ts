/** Batches: rows that a model scored in one run, told apart by the id that whoever sends them gives. */

/** How many batches of a model may be told apart: the last ones. Rules read them by these numbers. */
export const LAST_BATCHES = [1, 5, 10, 20, 50] as const;
export type LastBatches = (typeof LAST_BATCHES)[number];
export const DEFAULT_LAST_BATCHES: LastBatches = 10;
/** Of these so many must have drifted for the model to be critical. */
export const DEFAULT_FAILING_BATCHES = 1;

/** `forgotten`: nothing of it is to be shown any more. */
export const BATCH_LIVES = ['open', 'closed', 'forgotten'] as const;
export type BatchLife = (typeof BATCH_LIVES)[number];

/**
 * Why rows are not counted in the batch that they name, or a batch is not opened. `batches_not_enabled`: nobody declared
 * that the model has batches. `closed_batch`: it was closed, or forgotten, before. `too_many_batches`: as many as may be are open.
 */
export const BATCH_REFUSALS = ['batches_not_enabled', 'closed_batch', 'too_many_batches'] as const;
export type BatchRefusal = (typeof BATCH_REFUSALS)[number];

/**
 * Verdict on a batch, worst first. `incomplete`: a part of its rows was lost with an exporter, or never came; what is left
 * says nothing of the whole.
 */
export const BATCH_STATES = ['critical', 'warning', 'incomplete', 'too_little_data', 'ok'] as const;
export type BatchState = (typeof BATCH_STATES)[number];
