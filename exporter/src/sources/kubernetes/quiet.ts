import type { Clock } from '../clock';

/** Rings once when nothing was heard for so long, by a clock that never jumps. */
export class Quiet {
  /** Whether it has rung. */
  rang = false;
  private heardAt: number;
  private cancel: () => void;

  constructor(
    private readonly clock: Pick<Clock, 'monotonicSeconds' | 'after'>,
    private seconds: number,
    private readonly ring: () => void
  ) {
    this.heardAt = clock.monotonicSeconds();
    this.cancel = clock.after(seconds, this.look);
  }

  heard(): void {
    this.heardAt = this.clock.monotonicSeconds();
  }

  /** Another patience from now on. */
  expect(seconds: number): void {
    this.cancel();
    this.seconds = seconds;
    this.heard();
    this.cancel = this.clock.after(seconds, this.look);
  }

  stop(): void {
    this.cancel();
  }

  /** One timer that looks again, not one for each event: events come by the thousand. */
  private readonly look = (): void => {
    const left = this.heardAt + this.seconds - this.clock.monotonicSeconds();
    if (left > 0.001) {
      this.cancel = this.clock.after(left, this.look);
    } else {
      this.rang = true;
      this.ring();
    }
  };
}
