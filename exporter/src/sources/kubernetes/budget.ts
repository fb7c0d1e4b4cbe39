/**
 * How often the API server may be asked, for all lists, watches and discovery together: a token bucket. What cannot be
 * asked at once waits its turn. When the server says that it is too busy (429) everybody waits, not only who was told.
 */
import { sleep, type Clock } from '../clock';

export interface Budget {
  /** Resolves when the request may be sent, or when the signal is aborted. */
  take(signal: AbortSignal): Promise<void>;
  /** Nothing is sent for so long. */
  pause(seconds: number): void;
}

/** Requests that may be sent at once after a quiet time: two seconds' worth. */
const BURST_SECONDS = 2;
/** One answer does not hold up everything for longer; who was told waits as long as it was told. */
const MAX_PAUSE_SECONDS = 30;

/** @param waited told of each wait when it is over */
export function createBudget(
  perSecond: number,
  clock: Pick<Clock, 'monotonicSeconds' | 'after'>,
  waited: (seconds: number) => void
): Budget {
  const burst = Math.max(1, perSecond * BURST_SECONDS);
  let tokens = burst;
  let filledAt = clock.monotonicSeconds();
  let pausedUntil = -Infinity;

  return {
    async take(signal) {
      const now = clock.monotonicSeconds();
      tokens = Math.min(burst, tokens + (now - filledAt) * perSecond);
      filledAt = now;
      // Taken before it is there: whoever comes next waits for the one after it.
      tokens -= 1;
      const mine = now + Math.max(0, -tokens / perSecond);
      for (let at = now; !signal.aborted; at = clock.monotonicSeconds()) {
        const wait = Math.max(mine, pausedUntil) - at;
        if (wait <= 0) break;
        await sleep(clock, wait, signal);
        // A timer may ring a moment early.
        if (wait < 0.001) break;
      }
      const took = clock.monotonicSeconds() - now;
      if (took > 0.001) waited(took);
    },
    pause(seconds) {
      pausedUntil = Math.max(pausedUntil, clock.monotonicSeconds() + Math.min(seconds, MAX_PAUSE_SECONDS));
    },
  };
}
