/** Time and chance as the sources see them, so that tests can pass their own. */
export interface Clock {
  /** Seconds since 1970. What is shown has this time; intervals are never measured by it, because it can jump. */
  nowSeconds(): number;
  /** Seconds since any moment; never jumps. */
  monotonicSeconds(): number;
  /**
   * Calls back when the time since 1970 has jumped, before any caller of `nowSeconds` sees the new one: whoever kept a
   * time can tell it anew first. The returned function ends it.
   */
  onJump(listener: () => void): () => void;
  /** Runs once after that many seconds; the returned function calls it off. Never keeps the process alive. */
  after(seconds: number, run: () => void): () => void;
  /** A number in [0, 1), for jitter. */
  random(): number;
}

/** A correction of the clock below this is no jump: nothing here is decided by less. */
const JUMP_SECONDS = 1;

/** @param wallMs what the system's clock says; replaced by tests that let it jump */
export function createClock(wallMs: () => number = Date.now): Clock {
  const monotonicSeconds = () => performance.now() / 1000;
  const listeners = new Set<() => void>();
  let offset = wallMs() / 1000 - monotonicSeconds();
  return {
    nowSeconds() {
      const now = wallMs() / 1000;
      const offsetNow = now - monotonicSeconds();
      if (Math.abs(offsetNow - offset) > JUMP_SECONDS) {
        offset = offsetNow;
        for (const listener of [...listeners]) listener();
      }
      return now;
    },
    monotonicSeconds,
    onJump(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    after(seconds, run) {
      const timer = setTimeout(run, seconds * 1000);
      timer.unref();
      return () => clearTimeout(timer);
    },
    random: Math.random,
  };
}

export const SYSTEM_CLOCK: Clock = createClock();

/** Resolves after that many seconds, or at once when the signal is aborted; never rejects. */
export function sleep(clock: Pick<Clock, 'after'>, seconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const give = () => {
      cancel();
      resolve();
    };
    const cancel = clock.after(seconds, () => {
      signal.removeEventListener('abort', give);
      resolve();
    });
    signal.addEventListener('abort', give, { once: true });
  });
}

/**
 * Lets other work of the process run when those who share this have held it for longer than `budgetMs`. Of those who
 * wait, one goes on in each turn of the event loop: their slices never add up to one long one.
 */
export class Slices {
  private readonly waiting: (() => void)[] = [];
  private startedMs = performance.now();

  constructor(private readonly budgetMs = 6) {}

  get due(): boolean {
    return this.waiting.length > 0 || performance.now() - this.startedMs > this.budgetMs;
  }

  yield(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.waiting.length === 1) setImmediate(this.next);
    });
  }

  private readonly next = (): void => {
    const resolve = this.waiting.shift();
    if (this.waiting.length > 0) setImmediate(this.next);
    this.startedMs = performance.now();
    resolve?.();
  };
}
