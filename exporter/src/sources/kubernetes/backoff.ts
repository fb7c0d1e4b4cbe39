import type { Clock } from '../clock';

/**
 * Growing pauses between attempts: 0.5 s doubling up to 30 s, each shortened at random by up to half, so that exporters
 * that failed together do not come back together.
 */
export class Backoff {
  private failures = 0;

  constructor(
    private readonly clock: Pick<Clock, 'random'>,
    private readonly firstSeconds = 0.5,
    private readonly maxSeconds = 30
  ) {}

  /** Failures since the last success. */
  get attempts(): number {
    return this.failures;
  }

  /** Counts a failure and says how long to wait; never less than the server asked for. */
  next(retryAfterSeconds = 0): number {
    const full = Math.min(this.maxSeconds, this.firstSeconds * 2 ** Math.min(this.failures, 20));
    this.failures += 1;
    return Math.max(retryAfterSeconds, full * (0.5 + this.clock.random() / 2));
  }

  reset(): void {
    this.failures = 0;
  }
}
