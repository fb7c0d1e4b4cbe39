import { Slices } from '../../clock';

/** All pages share one: together they do not hold the process longer than one of them. */
export const SLICES = new Slices();

/** The clock is looked at after so many samples. */
const STEP = 1_024;

/** Does so much work in parts, between which others of the process have their turn. What it throws ends it. */
export async function inSteps(count: number, work: (from: number, to: number) => void): Promise<void> {
  for (let from = 0; from < count; from += STEP) {
    work(from, Math.min(count, from + STEP));
    if (SLICES.due) await SLICES.yield();
  }
}
