import { Lane } from '../lane';
import type { Clock } from '../clock';

/** Who has not answered by then is waited for elsewhere. */
const LATE_SECONDS = 0.5;
/** Waiting costs little: so many times as many may wait as are asked. */
const WAITING = 4;

/**
 * So many endpoints are asked at a time. One that hangs makes room for the others after half a second, and the next time
 * it is asked beside them from the start: however many hang, nobody else is late for it.
 */
export class Lanes {
  private readonly swift: Lane;
  private readonly slow: Lane;

  constructor(
    width: number,
    private readonly clock: Pick<Clock, 'after'>
  ) {
    this.swift = new Lane(width);
    this.slow = new Lane(width * WAITING);
  }

  /** @param hung it did the last time */
  async run<T>(hung: boolean, work: () => Promise<T>): Promise<T> {
    if (hung) return this.slow.run(work);
    let leave = await this.swift.enter();
    const cancel = this.clock.after(LATE_SECONDS, () => {
      const leaveSlow = this.slow.enterNow();
      if (!leaveSlow) return;
      leave();
      leave = leaveSlow;
    });
    try {
      return await work();
    } finally {
      cancel();
      leave();
    }
  }
}
