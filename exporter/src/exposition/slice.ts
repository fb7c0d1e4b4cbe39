import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longer work on the event loop would delay probes and watches. */
const SLICE_MS = 5;

/** Says when work on the event loop should let others have their turn. */
export function createSlice() {
  let started = performance.now();
  return {
    isOver: () => performance.now() - started > SLICE_MS,
    next: async () => {
      await nextTurn();
      started = performance.now();
    },
  };
}
