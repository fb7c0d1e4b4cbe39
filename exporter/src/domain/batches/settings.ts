/** Whether the batches of a model are told apart, and what the last ones mean for its health. */
import { DEFAULT_FAILING_BATCHES, DEFAULT_LAST_BATCHES, type LastBatches } from '@modelwatch/contract';

/** As the owner of a model declares it; a model of which nobody does has none. */
export interface BatchSettings {
  /** Batches that are told apart, and that its health is of. */
  readonly last?: LastBatches | undefined;
  /** Of these, how many must have drifted for the model to be critical; with one it is a warning. */
  readonly failing?: number | undefined;
}

export type BatchPlan = Required<{ [Key in keyof BatchSettings]: NonNullable<BatchSettings[Key]> }>;

export function batchPlan({ last, failing }: BatchSettings): BatchPlan {
  return { last: last ?? DEFAULT_LAST_BATCHES, failing: failing ?? DEFAULT_FAILING_BATCHES };
}
