/** Time and chance as the sources see them, so that tests can pass their own. */
export interface Clock {
  /** Seconds since 1970. */
  nowSeconds(): number;
  /** Runs once after that many seconds; the returned function calls it off. Never keeps the process alive. */
  after(seconds: number, run: () => void): () => void;
  /** A number in [0, 1), for jitter. */
  random(): number;
}

export const SYSTEM_CLOCK: Clock = {
  nowSeconds: () => Date.now() / 1000,
  after(seconds, run) {
    const timer = setTimeout(run, seconds * 1000);
    timer.unref();
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Resolves after that many seconds, or at once when the signal is aborted; never rejects. */
export function sleep(clock: Clock, seconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(seconds, done);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Lets other work of the process run when the caller has held it for longer than `budgetMs`. */
export class Slices {
  private startedMs = performance.now();

  constructor(private readonly budgetMs = 15) {}

  get due(): boolean {
    return performance.now() - this.startedMs > this.budgetMs;
  }

  async yield(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.startedMs = performance.now();
  }
}
